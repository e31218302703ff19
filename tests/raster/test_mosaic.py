"""Rasters side by side: merge, mosaic and vrt."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import (
    GridMismatchError,
    LayerError,
    PyterraWarning,
)

NAN = np.nan


@pytest.fixture
def r():
    return pt.rast(np.arange(12.0).reshape(1, 3, 4), extent=(0, 4, 0, 3), names="v")


def test_merge_shows_the_first_and_mosaic_a_statistic():
    a = pt.rast([[1.0, 1.0]], extent=(0, 2, 0, 1))
    b = pt.rast([[5.0, NAN]], extent=(1, 3, 0, 1))
    np.testing.assert_array_equal(a.merge(b).values(drop=True), [1, 1, NAN])
    np.testing.assert_array_equal(b.merge(a).values(drop=True), [1, 5, NAN])
    np.testing.assert_array_equal(a.merge(b, first=False).values(drop=True), [1, 5, NAN])
    np.testing.assert_array_equal(a.mosaic(b).values(drop=True), [1, 3, NAN])
    for fun, middle in (
        ("sum", 6),
        ("min", 1),
        ("max", 5),
        ("median", 3),
        ("first", 1),
        ("last", 5),
        ("modal", 1),
    ):
        assert a.mosaic(b, fun=fun).values(drop=True)[1] == middle
    assert pt.merge([a, b]).shape == (1, 1, 3)


def test_merge_resamples_what_does_not_fit_and_says_so():
    a = pt.rast(np.ones((2, 2)), extent=(0, 2, 0, 2))
    b = pt.rast(np.ones((2, 2)), extent=(2.5, 4.5, 0, 2))
    with pytest.warns(PyterraWarning, match="coincide"):
        joined = a.merge(b)
    assert joined.res == (1, 1)
    with pytest.raises(LayerError, match="as many layers"):
        a.merge(pt.c(a, a))


def test_vrt_reads_many_files_as_one(tmp_path, r):
    for i in range(4):
        r.crop(pt.ext(i, i + 1, 0, 3)).write_raster(tmp_path / f"part{i}.tif")
    made = pt.vrt(str(tmp_path / "part*.tif"), tmp_path / "all.vrt")
    np.testing.assert_array_equal(made.to_numpy(), r.to_numpy())
    assert made.sources() == [str(tmp_path / "all.vrt")]
    part = pt.vrt([tmp_path / "part1.tif", tmp_path / "part3.tif"])
    np.testing.assert_array_equal(part.to_numpy()[0, 0], [1, NAN, 3])
    moved = tmp_path / "moved"
    tmp_path.joinpath("parts").mkdir()
    for file in tmp_path.glob("*.*"):
        file.rename(tmp_path / "parts" / file.name)
    tmp_path.joinpath("parts").rename(moved)  # the mosaic names its files relative to itself
    np.testing.assert_array_equal(pt.rast(moved / "all.vrt").to_numpy(), r.to_numpy())


def test_vrt_refuses_files_that_do_not_fit(tmp_path, r):
    r.write_raster(tmp_path / "a.tif")
    r.aggregate(2, "max", na_rm=True).write_raster(tmp_path / "b.tif")
    with pytest.raises(GridMismatchError, match=r"b\.tif"):
        pt.vrt([tmp_path / "a.tif", tmp_path / "b.tif"])
    (r > 1).write_raster(tmp_path / "c.tif")
    with pytest.raises(pt.errors.SourceError, match=r"c\.tif"):
        pt.vrt([tmp_path / "a.tif", tmp_path / "c.tif"])


def test_a_temporary_vrt_goes_with_its_raster(tmp_path, r):
    import gc

    r.write_raster(tmp_path / "a.tif")
    folder = tmp_path / "temporary"
    folder.mkdir()
    with pt.options(tempdir=folder):
        made = pt.vrt([tmp_path / "a.tif"])
    assert len(list(folder.iterdir())) == 1
    del made
    gc.collect()
    assert list(folder.iterdir()) == []
