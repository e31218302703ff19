"""Rasters that are read and written block by block. Values are worked out by hand."""

import gc
import os

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError, OutputExistsError, PyterraWarning, ValueRangeError
from pyterra.raster import blockwise

NAN = float("nan")


@pytest.fixture
def two():
    """Two layers of 5 rows and 3 columns: 1 to 30."""
    return pt.rast(np.arange(1.0, 31).reshape(2, 5, 3), names=["a", "b"])


@pytest.fixture
def low(monkeypatch):
    """Blocks of two rows of such a raster."""
    monkeypatch.setattr(blockwise, "MOST_BYTES", 2 * 8 * 3 * 2)


def test_blocks_are_rows_that_fit_the_memory(two, low):
    assert two.blocks() == [(0, 2), (2, 2), (4, 1)]
    assert pt.rast(nrows=5, ncols=3).blocks() == [(0, 4), (4, 1)]


def test_blocks_hold_whole_tiles(two, low, tmp_path, monkeypatch):
    tall = pt.rast(np.zeros((1, 64, 64))).write_raster(
        tmp_path / "t.tif", options={"BLOCKXSIZE": 16, "BLOCKYSIZE": 16}
    )
    monkeypatch.setattr(blockwise, "MOST_BYTES", 40 * 64 * 8)
    assert tall.blocks() == [(0, 32), (32, 32)]


def test_blocks_refuses_copies_that_are_no_count(two):
    for n in (0, 1.5, True):
        with pytest.raises(ArgumentError, match="blocks: n must be a whole number of copies above 0"):
            two.blocks(n)


def test_read_values_gives_what_terra_gives(two):
    # terra 1.9: readValues(r, 2, 2, 2, 2) of a raster of 1 to 30 in two layers of 5 x 3.
    assert two.read_values(1, 2, 1, 2).tolist() == [5, 6, 8, 9, 20, 21, 23, 24]
    assert two.read_values(1, 1, mat=True).tolist() == [[4, 19], [5, 20], [6, 21]]
    assert two.read_values(4).tolist() == [13, 14, 15, 28, 29, 30]
    frame = two.read_values(1, 1, dataframe=True)
    assert list(frame.columns) == ["a", "b"]
    assert frame["b"].tolist() == [19, 20, 21]


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        ((5, 1, 0, 1), "rows are numbered 0 to 4, got 5"),
        ((9,), "rows are numbered 0 to 4, got 9"),
        ((-1, 1, 0, 1), "rows are numbered 0 to 4, got -1"),
        ((0, 1, 3, 1), "columns are numbered 0 to 2, got 3"),
        ((0, 6, 0, 1), "nrows must be 1 to 5 and ncols 1 to 3 from there, got 6 and 1"),
        ((0, 1, 2, 2), "nrows must be 1 to 5 and ncols 1 to 1 from there, got 1 and 2"),
        ((0, 0, 0, 1), "nrows must be 1 to 5 and ncols 1 to 3 from there, got 0 and 1"),
    ],
)
def test_read_values_refuses_rows_outside(two, rows, text):
    with pytest.raises(ArgumentError, match=f"read_values: {text}"):
        two.read_values(*rows)


def test_a_reader_gives_all_blocks_of_an_expression(two, low):
    with (two * 2).read_start() as source:
        found = list(source)
    assert [block for block, _ in found] == two.blocks()
    assert (np.concatenate([values for _, values in found], axis=1) == two.to_numpy() * 2).all()


def test_members_of_a_data_set_are_read_together(two):
    found = pt.sds(two, two[0] * 2).read_values(1, 1)
    assert [values.tolist() for values in found] == [[4, 5, 6, 19, 20, 21], [8, 10, 12]]


def test_what_is_written_block_by_block_is_the_raster(two, low, tmp_path):
    file = tmp_path / "a.tif"
    with (two * 2).read_start() as source, two.write_start(file) as target:
        for (row, nrows), values in source:
            target.write_values(values + 1, row, nrows)
            assert not file.exists()
    assert target.raster.sources() == [str(file)]
    assert (target.raster.to_numpy() == two.to_numpy() * 2 + 1).all()
    assert target.raster.names == ["a", "b"]
    assert target.raster.ext == two.ext
    whole = (two * 2 + 1).write_raster(tmp_path / "b.tif")
    assert (whole.to_numpy() == target.raster.to_numpy()).all()
    assert target.raster.minmax().tolist() == [[3, 33], [31, 61]]


def test_rows_come_in_any_order_and_shape(two):
    values = two.to_numpy()
    target = two.write_start()
    target.write_values(values[:, 4:], 4, 1)
    target.write_values(values[:, :1].reshape(2, 3).T, 0, 1)  # (cell, layer)
    target.write_values(values[:, 1:4].ravel(), 1, 3)
    assert (target.write_stop().to_numpy() == values).all()


def test_terras_form(two, tmp_path):
    out = pt.rast(two)
    for row, nrows in out.write_start(tmp_path / "a.tif", datatype="INT2S", nodata=-1):
        out.write_values(two.read_values(row, nrows), row, nrows)
    found = out.write_stop()
    assert found.to_numpy().tolist() == two.to_numpy().tolist()
    assert found._node.layers[0].storage == "int16"
    assert found._node.layers[0].nodata == -1


def test_without_a_path_values_are_kept_exactly_until_nobody_holds_them(tmp_path):
    with pt.options(tempdir=tmp_path):
        r = pt.rast(nrows=1, ncols=3)
        with r.write_start() as target:
            target.write_values([0.1, NAN, 2**53], 0, 1)
        found = target.raster
        assert np.array_equal(found.values(drop=True), [0.1, NAN, 2**53], equal_nan=True)
        assert len(os.listdir(tmp_path)) == 1
        del found, target, r
        gc.collect()
        assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("temporary", [True, False])
def test_an_error_within_leaves_the_path_as_it_was(two, tmp_path, temporary):
    before = two.write_raster(tmp_path / "a.tif")
    with pt.options(tempdir=tmp_path):
        target = two.write_start(None if temporary else tmp_path / "a.tif", overwrite=True)
        target.write_values(np.zeros(6), 0, 1)
        with pytest.raises(ZeroDivisionError), target:
            raise ZeroDivisionError
        with pytest.raises(ArgumentError, match="write_values: the raster must be open for writing"):
            target.write_values(np.zeros(6), 1, 1)
        with pytest.raises(ArgumentError, match="must be complete"):
            target.raster  # noqa: B018
        del target
        given_up = two.copy()
        given_up.write_start(None if temporary else tmp_path / "a.tif", overwrite=True)
        del given_up
        gc.collect()
    assert os.listdir(tmp_path) == ["a.tif"]
    assert before.values().sum() == 465


def test_missing_rows_are_told_and_nothing_is_written(two, tmp_path):
    target = two.write_start(tmp_path / "a.tif")
    target.write_values(np.zeros(12), 0, 2)
    with pytest.raises(
        ArgumentError, match="write_stop: all rows must be written, got none for 3, row 2 first"
    ):
        target.write_stop()
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    ("v", "start", "nrows", "text"),
    [
        (np.zeros(5), 0, 1, "1 rows of 3 cells and 2 layers must have 6 values, got 5"),
        (np.zeros(6), 5, 1, "rows are numbered 0 to 4, got 5 to 5"),
        (np.zeros(6), 1, 1, "rows 1 to 1 must not be written yet"),
    ],
)
def test_write_values_refuses_what_does_not_fit(two, v, start, nrows, text):
    with two.write_start() as target:
        target.write_values(np.zeros(24), 1, 4)
        with pytest.raises(ArgumentError, match=text):
            target.write_values(v, start, nrows)
        target.write_values(np.zeros(6), 0, 1)


def test_what_cannot_be_written_is_refused_before_anything_is(two, tmp_path):
    two.write_raster(tmp_path / "a.tif")
    with pytest.raises(OutputExistsError):
        two.write_start(tmp_path / "a.tif")
    with pytest.raises(ArgumentError, match="netCDF is not written block by block"):
        two.write_start(tmp_path / "a.nc")
    with pytest.raises(ValueRangeError), two.write_start(tmp_path / "b.tif", datatype="uint8") as target:
        target.write_values(np.full(30, 300), 0, 5)
    for verb in (lambda: two.write_stop(), lambda: two.write_values([1], 0, 1)):
        with pytest.raises(ArgumentError, match="the raster must be open for writing, got one that is not"):
            verb()
    assert os.listdir(tmp_path) == ["a.tif"]


def test_formats_that_are_copied_are_written_too(two, tmp_path):
    with two[0].write_start(tmp_path / "a.asc") as target:
        target.write_values(two[0].values(), 0, 5)
    assert (target.raster.to_numpy() == two[0].to_numpy()).all()


def test_a_second_start_drops_the_first_with_a_warning(two, tmp_path):
    """As in terra, where the file stays."""
    target = pt.rast(two)
    target.write_start(tmp_path / "first.tif")
    target.write_values(two.read_values(0, 1), 0, 1)
    with pytest.warns(PyterraWarning, match="open for writing already"):
        target.write_start(tmp_path / "second.tif")
    target.write_values(two.read_values(), 0, two.nrow)
    assert target.write_stop().shape == two.shape
    assert [file.name for file in tmp_path.iterdir()] == ["second.tif"]
    with target.write_start(tmp_path / "third.tif"):
        target.write_values(two.read_values(), 0, two.nrow)
    target.write_start(tmp_path / "fourth.tif").abort()
