"""Codes for missing of 64-bit integers that float64 cannot hold."""

from functools import partial

import numpy as np
import pytest
import rasterio

import pyterra as pt
from pyterra.errors import (
    ArgumentError,
)
from pyterra.io.raster.wide_nodata import OF_TERRA
from pyterra.io.safe.safe_cog import SafeCog
from pyterra.io.safe.safe_write import SafeRaster


def profile(rows=40, cols=60, bands=1, dtype="float32", **more):
    return {
        "width": cols,
        "height": rows,
        "count": bands,
        "dtype": dtype,
        "crs": "EPSG:4326",
        "transform": rasterio.Affine(0.01, 0.0, 5.0, 0.0, -0.01, 50.0),
        **more,
    }


def values_for(settings, seed=0):
    rng = np.random.default_rng(seed)
    shape = (settings["count"], settings["height"], settings["width"])
    if np.dtype(settings["dtype"]).kind == "f":
        return rng.random(shape).astype(settings["dtype"])
    return rng.integers(0, 200, shape).astype(settings["dtype"])


def read(path):
    with rasterio.open(path) as raster:
        return raster.read()


def names(folder):
    return sorted(p.name for p in folder.iterdir())


@pytest.mark.parametrize(
    ("dtype", "nodata"),
    [
        ("int64", -(2**63)),
        ("int64", 2**63 - 1),
        ("int64", 2**53 + 1),
        ("int64", -9999),
        ("uint64", 2**64 - 1),
        ("uint64", 2**53 + 1),
    ],
)
@pytest.mark.parametrize("cog", [False, True])
def test_nodata_beyond_float64_is_exact(tmp_path, dtype, nodata, cog):
    settings = profile(dtype=dtype, nodata=nodata)
    values = values_for(settings)
    values[0, 0, 0] = nodata
    begin = partial(SafeCog, cog={}, overviews="nearest") if cog else SafeRaster
    with begin(tmp_path / "a.tif", settings) as raster:
        with raster.editing() as dataset:
            dataset.set_band_description(1, "counts")
        raster.write((0, 0, 40, 60), values)
        raster.commit()
    np.testing.assert_array_equal(read(tmp_path / "a.tif"), values)
    assert f"\x00{nodata}\x00".encode() in (tmp_path / "a.tif").read_bytes().replace(b" ", b"")
    with rasterio.open(tmp_path / "a.tif") as dataset:
        assert dataset.descriptions == ("counts",)
    assert names(tmp_path) == ["a.tif"]


@pytest.mark.parametrize(("dtype", "nodata"), [("int64", 2**63), ("uint64", -(2**60)), ("int64", 1e300)])
def test_wide_nodata_must_fit_the_datatype(tmp_path, dtype, nodata):
    with pytest.raises(ArgumentError, match="nodata must be an integer"):
        SafeRaster(tmp_path / "a.tif", profile(dtype=dtype, nodata=nodata))


def test_the_code_of_terra_is_what_its_cells_hold(tmp_path):
    # terra 1.9: writeRaster(rast(matrix(c(1, NA), 1)), datatype = "INT8U") stores 1 and 2^64 - 2048.
    settings = profile(dtype="uint64", nodata=OF_TERRA)
    values = values_for(settings)
    values[0, 0, 0] = 2**64 - 2048
    with SafeRaster(tmp_path / "a.tif", settings) as raster:
        raster.write((0, 0, 40, 60), values)
        raster.commit()
    found = pt.rast(tmp_path / "a.tif")
    assert np.isnan(found.to_numpy()[0, 0, 0])
    assert np.isfinite(found.to_numpy()[0, 0, 1])


def test_a_file_with_the_code_of_terra_is_not_written(tmp_path):
    # Its own missing cells would be numbers when it is read.
    r = pt.rast([[1, float("nan")]])
    with pytest.raises(
        ArgumentError,
        match=r"nodata: must not be the code of terra's own files, .*; give 18446744073709549568",
    ):
        r.write_raster(tmp_path / "a.tif", datatype="INT8U", nodata=OF_TERRA)
    assert not (tmp_path / "a.tif").exists()
    back = r.write_raster(tmp_path / "a.tif", datatype="INT8U", nodata=18446744073709549568)
    assert np.isnan(back.to_numpy()[0, 0]).tolist() == [False, True]
