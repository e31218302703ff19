"""The maps of a tile on stored bytes, against the verbs that they stand for."""

import numpy as np
import pytest
from small_glad import EPOCHS, write

import pyterra as pt
from pyterra.workflows.cropland_bytes import (
    Interpolation,
    coarse_blocks,
    fine_blocks,
    read_patterns,
    rounded,
)

YEARS = tuple(range(2000, 2023))


def interpolation(**how):
    return Interpolation(EPOCHS, YEARS, **{"method": "linear", "rule": 2, **how})


def stack(folder, values, nodata=None):
    files = [
        write(folder / f"crop_{year}.tif", layer, 5, 46, nodata=nodata)
        for year, layer in zip(EPOCHS, values, strict=True)
    ]
    return pt.rast(files)


def test_years_that_equal_another_share_its_band():
    bands = interpolation().bands()
    assert [bands[year] for year in (2000, 2003, 2004, 2019, 2022)] == [0, 0, 1, 16, 16]
    assert interpolation().distinct() == [2000, *range(2004, 2020)]
    assert len(interpolation(rule=1).distinct()) == 18
    assert interpolation(method="constant").distinct() == [2000, 2007, 2011, 2015, 2019]


@pytest.mark.parametrize("method", ["linear", "constant"])
@pytest.mark.parametrize("rule", [1, 2])
@pytest.mark.parametrize("nodata", [None, 255])
def test_tables_have_what_approximate_makes_of_the_values(tmp_path, method, rule, nodata):
    rng = np.random.default_rng(1)
    values = rng.integers(0, 2, (len(EPOCHS), 20, 30)).astype("uint8")
    if nodata is not None:
        values[rng.random(values.shape) < 0.2] = nodata
    epochs, how = stack(tmp_path, values, nodata), interpolation(method=method, rule=rule)
    stored = read_patterns(epochs, epochs.ext, False)
    annual = (epochs * 100).approximate(method, xout=how.distinct(), rule=rule, z=list(EPOCHS)).to_numpy()
    found = np.full(annual.shape, 0, "uint8")
    for window, block in fine_blocks(stored, how.table(stored.code, 255), 16):
        if block is not None:
            found[:, window.row : window.row_stop, window.col : window.col_stop] = block
    np.testing.assert_array_equal(found, rounded(annual, 255))
    assert (stored.complete, stored.has_ones) == (nodata is None, True)


def test_coarser_percent_is_the_average_of_the_verb(tmp_path):
    values = np.random.default_rng(1).integers(0, 2, (len(EPOCHS), 40, 80)).astype("uint8")
    epochs = stack(tmp_path, values)
    stored = read_patterns(epochs, epochs.ext, False)
    target = pt.rast(nrows=12, ncols=24, extent=epochs.ext, crs="EPSG:4326")
    percent = stored.percent(target._node.grid, 40, 12)
    shares = np.moveaxis(100 * percent.area / percent.whole[:, :, None], 2, 0)
    np.testing.assert_allclose(shares, (epochs * 100).resample(target, "average").to_numpy())
    how = interpolation()
    ((window, block),) = coarse_blocks(percent, how.distinct_weights(), 255, 32)
    assert (window.nrow, window.ncol) == (12, 24)
    annual = pt.rast(shares).approximate(xout=how.distinct(), rule=2, z=list(EPOCHS)).to_numpy()
    np.testing.assert_array_equal(block, rounded(annual, 255))


def test_halves_are_rounded_upward_exactly(tmp_path):
    values = np.zeros((len(EPOCHS), 40, 40), "uint8")
    values[1:, 0, :5] = 1  # 45 of 100 parts of a cell of 12 to a degree lie in it: 22.5 percent on the way
    epochs = stack(tmp_path, values)
    stored = read_patterns(epochs, epochs.ext, False)
    target = pt.rast(nrows=12, ncols=12, extent=epochs.ext, crs="EPSG:4326")
    percent = stored.percent(target._node.grid, 40, 12)
    shares = np.moveaxis(100 * percent.area / percent.whole[:, :, None], 2, 0)
    assert shares[:, 0, 0].tolist() == [0, 30, 30, 30, 30]
    assert shares[:, 0, 1].tolist() == [0, 15, 15, 15, 15]
    how = interpolation()
    ((_, block),) = coarse_blocks(percent, how.distinct_weights(), 255, 32)
    assert block[:5, 0, 1].tolist() == [0, 4, 8, 11, 15]  # 3.75, 7.5 and 11.25 among them
    assert not block[:, 1:].any()
    blocks = coarse_blocks(percent, how.distinct_weights(), 255, 6)
    assert [block is None for _, block in blocks] == [False, True, True, True]


def test_years_that_are_missing_have_their_code_where_there_is_cropland(tmp_path):
    values = np.zeros((len(EPOCHS), 40, 40), "uint8")
    values[:, 1, 2] = 1
    stored = read_patterns(stack(tmp_path, values), pt.ext(5, 6, 45, 46), False)
    percent = stored.percent(pt.rast(nrows=10, ncols=10, extent=(5, 6, 45, 46))._node.grid, 40, 10)
    how = interpolation(rule=1)
    ((_, block),) = coarse_blocks(percent, how.distinct_weights(), 255, 16)
    assert block[:2, :2, :2].tolist() == [[[255, 255], [255, 255]], [[6, 0], [0, 0]]]


@pytest.mark.parametrize("case", ["float", "many"])
def test_what_is_no_table_of_bytes_is_left_to_the_verbs(tmp_path, case):
    values = np.zeros((len(EPOCHS), 20, 20), "uint8")
    epochs = stack(
        tmp_path, values.astype("float32") if case == "float" else values, 255 if case == "many" else None
    )
    if case == "many":
        epochs = pt.c(epochs, epochs)  # 3 ** 10 patterns
    assert read_patterns(epochs, epochs.ext, False) is None


def test_emptiness_is_seen_without_computing_anything(tmp_path):
    epochs = stack(tmp_path, np.zeros((len(EPOCHS), 20, 20), "uint8"))
    assert not read_patterns(epochs, epochs.ext, False).has_ones
    assert read_patterns(epochs, pt.ext(50, 51, 0, 1), False) is None
