"""Directories of TIFF files, as GDAL writes them and as they are packed again."""

import struct

import numpy as np
import pytest
import rasterio

from pyterra.errors import ReadError
from pyterra.io.raster import tiff

TRANSFORM = rasterio.Affine(1, 0, 1, 0, -1, 0)


def write(path, *, shape=(40, 70), count=2, **more):
    profile = {
        "height": shape[0],
        "width": shape[1],
        "count": count,
        "dtype": "int16",
        "transform": TRANSFORM,
    }
    tiles = {"tiled": True, "blockxsize": 32, "blockysize": 16, "compress": "deflate"}
    values = np.random.default_rng(1).integers(0, 9, (count, *shape)).astype("int16")
    with rasterio.open(path, "w", driver="GTiff", **{**profile, **tiles, **more}) as file:
        file.write(values)
        file.update_tags(1, note="kept")
    return path


@pytest.mark.parametrize("big", ["YES", "NO"])
@pytest.mark.parametrize("endianness", ["LITTLE", "BIG"])
@pytest.mark.parametrize(("interleave", "planes"), [("pixel", 1), ("band", 2)])
def test_what_gdal_says_of_its_tiles_is_found(tmp_path, big, endianness, interleave, planes):
    path = write(tmp_path / "a.tif", bigtiff=big, endianness=endianness, interleave=interleave)
    (found,) = tiff.read_directories(path)
    assert found.order == ("<" if endianness == "LITTLE" else ">")
    assert (found.shape, found.tile, found.tiles) == ((40, 70), (16, 32), (planes, 3, 3))
    offsets, counts = (part.reshape(found.tiles) for part in found.places())
    with rasterio.open(path) as file:
        for plane, row, col in np.ndindex(found.tiles):
            names = (f"BLOCK_{what}_{col}_{row}" for what in ("OFFSET", "SIZE"))
            known = [int(file.get_tag_item(name, "TIFF", bidx=plane + 1)) for name in names]
            assert known == [offsets[plane, row, col], counts[plane, row, col]]


@pytest.mark.parametrize("interleave", ["pixel", "band"])
@pytest.mark.parametrize("rows", [1, 7, 40])
def test_strips_are_as_wide_as_the_file(tmp_path, interleave, rows):
    path = write(tmp_path / "a.tif", tiled=False, blockxsize=70, blockysize=rows, interleave=interleave)
    found = tiff.first_directory(path)
    planes = 2 if interleave == "band" else 1
    assert (found.strips, found.tile, found.tiles) == (True, (rows, 70), (planes, -(-40 // rows), 1))
    assert found.places()[1].size == planes * -(-40 // rows)
    assert found.places()[1].min() > 0


def test_a_directory_that_claims_too_much_is_an_error(tmp_path):
    path = tmp_path / "a.tif"
    path.write_bytes(struct.pack("<2sHHHQQ", b"II", 43, 8, 0, 16, 2**60))
    with pytest.raises(ReadError, match="claims 1152921504606846976 tags"):
        tiff.first_directory(path)
    path.write_bytes(struct.pack("<2sHL", b"II", 42, 0))
    with pytest.raises(ReadError):
        tiff.first_directory(path)
    write(path, shape=(400, 700))
    assert tiff.first_directory(path).shape == (400, 700)
    with pytest.raises(ReadError, match="tag 324 claims"):
        tiff.first_directory(path, 1000)


@pytest.mark.parametrize("big", [False, True])
@pytest.mark.parametrize("order", ["<", ">"])
def test_a_packed_directory_is_read_as_it_was(tmp_path, big, order):
    tags = {
        tiff.WIDTH: tiff.whole(order, tiff.SHORT, np.array([7])),
        tiff.TILE_OFFSETS: tiff.whole(order, tiff.LONG, np.arange(5)),
        tiff.NODATA: tiff.text("-9999"),
        tiff.METADATA: tiff.text("a"),
    }
    mark = b"II" if order == "<" else b"MM"
    start = mark + (struct.pack(order + "HHHQ", 43, 8, 0, 16) if big else struct.pack(order + "HL", 42, 8))
    data = tiff.pack(tags, order, big, len(start), 0)
    assert len(data) == tiff.packed_size(tags, big)
    (tmp_path / "a.tif").write_bytes(start + data)
    (found,) = tiff.read_directories(tmp_path / "a.tif")
    assert (found.order, found.offset, found.tags) == (order, len(start), tags)


def test_tiles_that_were_never_written_are_not_stored(tmp_path):
    path = tmp_path / "a.tif"
    profile = {
        "driver": "GTiff",
        "height": 64,
        "width": 64,
        "count": 1,
        "dtype": "uint8",
        "transform": TRANSFORM,
    }
    with rasterio.open(
        path, "w", tiled=True, blockxsize=32, blockysize=32, sparse_ok=True, **profile
    ) as file:
        file.write(np.ones((1, 32, 32), "uint8"), window=rasterio.windows.Window(32, 0, 32, 32))
    assert (tiff.read_directories(path)[0].places()[1] > 0).tolist() == [False, True, False, False]


@pytest.mark.parametrize("cut", [0, 3, 8, 20, 150])
def test_a_file_that_is_cut_short_is_an_error_with_its_name(tmp_path, cut):
    data = write(tmp_path / "a.tif").read_bytes()
    (tmp_path / "b.tif").write_bytes(data[:cut])
    with pytest.raises(ReadError, match=r"b\.tif: its directories cannot be read"):
        tiff.read_directories(tmp_path / "b.tif")


def test_directories_in_a_circle_are_an_error(tmp_path):
    start = b"II" + struct.pack("<HL", 42, 8)
    (tmp_path / "a.tif").write_bytes(start + tiff.pack({tiff.NODATA: tiff.text("1")}, "<", False, 8, 8))
    with pytest.raises(ReadError, match="lead back to one another"):
        tiff.read_directories(tmp_path / "a.tif")
