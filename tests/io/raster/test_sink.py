"""Raster files as sinks: tiles, compression, overviews."""

import numpy as np
import pytest
import rasterio
from rasterio.windows import Window

import pyterra as pt


@pytest.fixture
def path(tmp_path):
    return tmp_path / "r.tif"


def test_the_default_is_tiled_zstd_with_predictor(path):
    pt.rast(np.ones((600, 700), "float32")).write_raster(path)
    with rasterio.open(path) as f:
        assert f.profile["compress"] == "zstd"
        assert f.block_shapes == [(512, 512)]
        assert f.tags(ns="IMAGE_STRUCTURE")["PREDICTOR"] == "3"
        assert np.isnan(f.nodata)


@pytest.mark.parametrize(("compress", "found"), [("LZW", "lzw"), ("DEFLATE", "deflate"), ("NONE", None)])
def test_compression_is_a_choice(path, compress, found):
    r = pt.rast(np.arange(40_000.0).reshape(200, 200))
    back = r.write_raster(path, options={"compress": compress})
    with rasterio.open(path) as f:
        assert f.profile.get("compress") == found
    np.testing.assert_array_equal(back.to_numpy(), r.to_numpy())


@pytest.mark.parametrize(
    ("kind", "resampling"), [("num", "average"), ("factor", "mode"), ("bool", "nearest")]
)
def test_overviews_of_a_cog_suit_the_values(path, kind, resampling):
    from rio_cogeo import cog_validate

    rng = np.random.default_rng(4)
    values = rng.integers(1, 4, (1100, 1200)).astype("uint8")
    r = pt.rast(values, crs="EPSG:3035")
    if kind == "num":
        r = r * 1.5
    elif kind == "factor":
        r.levels = {1: "a", 2: "b", 3: "c"}
    else:
        r = r > 1
    r.write_raster(path, format="COG")
    valid, errors, warnings = cog_validate(path, strict=True)
    assert (valid, errors, warnings) == (True, [], [])
    with rasterio.open(path) as f:
        assert f.overviews(1) == [2, 4]
        assert f.profile["compress"] == "deflate"
        full = f.read(1, window=Window(0, 0, 400, 400)).astype(float)
    with rasterio.open(path, overview_level=0) as f:
        small = f.read(1, window=Window(0, 0, 200, 200)).astype(float)
    four = full.reshape(200, 2, 200, 2).transpose(0, 2, 1, 3).reshape(200, 200, 4)
    if resampling == "average":
        np.testing.assert_allclose(small, four.mean(axis=2))
    elif resampling == "nearest":
        assert np.isin(small, (0, 1)).all()
    else:
        counts = np.stack([(four == v).sum(axis=2) for v in (1, 2, 3)])
        chosen = np.take_along_axis(counts, small.astype(int)[None] - 1, axis=0)[0]
        assert (chosen == counts.max(axis=0)).all()


@pytest.mark.parametrize("format", ["GTiff", "COG"])
def test_zeros_stay_zeros_where_a_code_for_missing_comes_at_the_end(path, tmp_path, format):
    stored = np.zeros((1, 600, 1200), "uint8")
    stored[0, :, 1100:] = 3
    pt.rast(stored, crs="EPSG:3035").write_raster(tmp_path / "in.tif", datatype="uint8", nodata=None)
    r = pt.rast(tmp_path / "in.tif")
    masked = r.mask(r < 3, maskvalues=0)
    with rasterio.open(masked.write_raster(path, format=format).sources()[0]) as f:
        assert f.nodata == 255
        found = f.read(1)
    assert (found[:, :1100] == 0).all()
    assert (found[:, 1100:] == 255).all()
