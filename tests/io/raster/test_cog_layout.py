"""The layout of tiles that are compressed already, against GDAL's reader and an independent validator."""

import numpy as np
import pytest
import rasterio
from rio_cogeo import cog_validate

from pyterra.errors import ArgumentError
from pyterra.io.raster import cog_layout
from pyterra.io.raster.cog import cog_problems
from pyterra.io.raster.cog_layout import Level, changed_chunks, lay_out

TRANSFORM = rasterio.Affine(10, 0, 500000, 0, -10, 0)


def part(path, values, **more):
    count, height, width = values.shape
    profile = {
        "height": height,
        "width": width,
        "count": count,
        "dtype": values.dtype.name,
        "transform": TRANSFORM,
    }
    tiles = {"tiled": True, "blockxsize": 64, "blockysize": 64, "compress": "deflate", "sparse_ok": True}
    with rasterio.open(path, "w", driver="GTiff", crs="EPSG:32632", **{**profile, **tiles, **more}) as file:
        file.write(values)
        file.update_tags(1, note="kept")
        file.set_band_description(1, "first")
    return Level.of(path)


@pytest.fixture
def levels(tmp_path):
    rng = np.random.default_rng(1)
    values = rng.integers(0, 9, (2, 600, 530)).astype("uint16")
    values[:, :128, 64:] = 7
    whole = part(tmp_path / "whole.tif", values, nodata=7)
    return values, [whole, part(tmp_path / "half.tif", values[:, ::2, ::2], nodata=7)]


@pytest.mark.parametrize("big", ["if needed", "yes", "no"])
def test_files_laid_out_are_valid_and_hold_the_same_values(tmp_path, levels, big):
    values, parts = levels
    chunks = lay_out(parts, tmp_path / "a.tif", big=big)
    assert (tmp_path / "a.tif").read_bytes()[2] == (43 if big == "yes" else 42)
    assert cog_validate(tmp_path / "a.tif", strict=True, quiet=True) == (True, [], [])
    assert cog_problems(tmp_path / "a.tif") == []
    assert list(changed_chunks(tmp_path / "a.tif", chunks)) == []
    with rasterio.open(tmp_path / "a.tif") as file:
        assert (file.nodata, file.crs, file.transform) == (7, "EPSG:32632", TRANSFORM)
        assert (file.tags(1)["note"], file.descriptions[0]) == ("kept", "first")
        np.testing.assert_array_equal(file.read(), values)
        assert file.get_tag_item("BLOCK_OFFSET_3_0", "TIFF", bidx=1) is None
    with rasterio.open(tmp_path / "a.tif", overview_level=0) as file:
        assert file.nodata == 7
        np.testing.assert_array_equal(file.read(), values[:, ::2, ::2])


def test_a_file_beyond_four_gigabytes_is_a_bigtiff(tmp_path, levels, monkeypatch):
    monkeypatch.setattr(cog_layout, "LARGEST", 10_000)
    lay_out(levels[1], tmp_path / "a.tif")
    assert (tmp_path / "a.tif").read_bytes()[2] == 43
    with pytest.raises(ArgumentError, match="must be a BigTIFF, got BIGTIFF=NO"):
        lay_out(levels[1], tmp_path / "b.tif", big="no")


def test_tiles_may_come_from_several_files(tmp_path):
    values = np.arange(2 * 64 * 64).reshape(1, 64, 128).astype("uint16")
    left, right = (part(tmp_path / f"{i}.tif", values[:, :, i * 64 : i * 64 + 64]) for i in range(2))
    whole = part(tmp_path / "whole.tif", values)
    joined = Level(
        whole.directory,
        (*left.files, *right.files),
        np.concatenate([left.offsets, right.offsets]),
        np.concatenate([left.counts, right.counts]),
        np.array([0, 1], np.int32),
    )
    lay_out([joined], tmp_path / "a.tif")
    with rasterio.open(tmp_path / "a.tif") as file:
        np.testing.assert_array_equal(file.read(), values)


def test_a_byte_that_changes_is_found(tmp_path, levels, monkeypatch):
    monkeypatch.setattr(cog_layout, "CHUNK", 10_000)
    chunks = lay_out(levels[1], tmp_path / "a.tif")
    data = bytearray((tmp_path / "a.tif").read_bytes())
    data[-100] ^= 1
    (tmp_path / "a.tif").write_bytes(data)
    assert list(changed_chunks(tmp_path / "a.tif", chunks)) == [chunks[-1]]


def test_a_tile_that_is_cut_short_is_an_error(tmp_path, levels):
    _, parts = levels
    path = parts[0].files[0]
    path.write_bytes(path.read_bytes()[: int(parts[0].offsets.max()) + 3])
    with pytest.raises(OSError, match=r"whole\.tif ends within a tile"):
        lay_out(parts, tmp_path / "a.tif")
