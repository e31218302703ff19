"""COGs as the safe writer makes them, against an independent validator."""

import numpy as np
import pytest
import rasterio
import rasterio.shutil
from rio_cogeo import cog_validate

from pyterra.errors import WriteError
from pyterra.io.raster import cog
from pyterra.io.raster.cog import cog_problems
from pyterra.io.safe.safe_write import SafeRaster

PROFILE = {
    "width": 1100,
    "height": 700,
    "count": 1,
    "dtype": "uint8",
    "nodata": 255,
    "crs": "EPSG:4326",
    "transform": rasterio.Affine(0.01, 0.0, 5.0, 0.0, -0.01, 50.0),
    "tiled": True,
    "compress": "zstd",
}


def make(path, values, options, resampling="average", **profile):
    with SafeRaster(path, {**PROFILE, **profile}) as raster:
        raster.write((0, 0, *values.shape[1:]), values)
        raster.commit_cog(options, resampling)


@pytest.fixture
def values():
    return np.random.default_rng(1).integers(0, 100, (1, 700, 1100)).astype("uint8")


@pytest.mark.parametrize(
    "options", [{"compress": "deflate"}, {"compress": "zstd", "blocksize": 256, "num_threads": 2}]
)
def test_a_cog_is_valid_to_others_and_holds_the_values(tmp_path, values, options):
    path = tmp_path / "a.tif"
    make(path, values, options)
    assert cog_validate(path, strict=True, quiet=True) == (True, [], [])
    with rasterio.open(path) as raster:
        assert raster.compression.value.lower() == options["compress"]
        assert len(raster.overviews(1)) >= 1
        np.testing.assert_array_equal(raster.read(), values)
    assert [p.name for p in tmp_path.iterdir()] == ["a.tif"]


@pytest.mark.parametrize(
    ("resampling", "expected"), [("average", {5}), ("nearest", {0, 10}), ("mode", {0, 10})]
)
def test_overviews_are_made_as_asked(tmp_path, resampling, expected):
    checked = ((np.indices((700, 1100)).sum(axis=0) % 2) * 10).astype("uint8")[None]
    make(tmp_path / "a.tif", checked, {}, resampling)
    with rasterio.open(tmp_path / "a.tif", overview_level=0) as overview:
        assert set(np.unique(overview.read())) <= expected


def test_sparse_files_without_any_data_are_valid(tmp_path):
    path = tmp_path / "a.tif"
    with SafeRaster(path, {**PROFILE, "sparse_ok": True}) as raster:
        raster.commit_cog({"sparse_ok": True}, "nearest")
    assert cog_problems(path) == []
    assert cog_validate(path, strict=True, quiet=True)[0]
    assert path.stat().st_size < 2000


def plain(path, values, **options):
    with rasterio.open(path, "w", driver="GTiff", **{**PROFILE, **options}) as raster:
        raster.write(values)


def strips(path, values):
    plain(path, values, tiled=False)


def tiled_only(path, values):
    plain(path, values)


def overviews_added_later(path, values):
    plain(path, values)
    with rasterio.open(path, "r+") as raster:
        raster.build_overviews([2, 4])


def overviews_outside(path, values):
    plain(path, values)
    with rasterio.Env(TIFF_USE_OVR=True), rasterio.open(path, "r+") as raster:
        raster.build_overviews([2, 4])


def changed_later(path, values):
    plain(path.with_name("plain.tif"), values)
    rasterio.shutil.copy(path.with_name("plain.tif"), path, driver="COG")
    with rasterio.open(path, "r+", IGNORE_COG_LAYOUT_BREAK="YES") as raster:
        raster.write(np.random.default_rng(2).integers(0, 256, values.shape, dtype="uint8"))


@pytest.mark.parametrize(
    "make_bad", [strips, tiled_only, overviews_added_later, overviews_outside, changed_later]
)
def test_files_that_others_refuse_have_problems(tmp_path, values, make_bad):
    make_bad(tmp_path / "bad.tif", values)
    assert not cog_validate(tmp_path / "bad.tif", strict=True, quiet=True)[0]
    assert cog_problems(tmp_path / "bad.tif") != []


def test_a_cog_with_a_problem_is_not_published(tmp_path, values, monkeypatch):
    monkeypatch.setattr(cog, "copy_to_cog", lambda source, target, *_: plain(target, values))
    with pytest.raises(WriteError, match=r"would not be a valid COG: .*there are no overviews"):
        make(tmp_path / "a.tif", values, {})
    assert list(tmp_path.iterdir()) == []


def test_a_cog_with_other_values_is_not_published(tmp_path, values, monkeypatch):
    def copy_something_else(source, target, *_):
        plain(tmp_path / "other.tif", values + 1)
        rasterio.shutil.copy(tmp_path / "other.tif", target, driver="COG")

    monkeypatch.setattr(cog, "copy_to_cog", copy_something_else)
    with pytest.raises(WriteError, match=r"rows 0\.\.699, columns 0\.\.1099: what was read back differs"):
        make(tmp_path / "a.tif", values, {})
    assert [p.name for p in tmp_path.iterdir()] == ["other.tif"]
