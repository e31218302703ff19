"""The safe writer on a healthy disk: what comes out, what is refused, what is left behind."""

import os
import zlib
from itertools import product

import numpy as np
import pytest
import rasterio
from part_files import profile, values_for, write

from pyterra.errors import (
    ArgumentError,
    OutputExistsError,
    WriteError,
)
from pyterra.io.safe.safe_write import SafeRaster


def read(path):
    with rasterio.open(path) as raster:
        return raster.read()


def names(folder):
    return sorted(p.name for p in folder.iterdir())


@pytest.mark.parametrize(
    "creation",
    [
        {},
        {"tiled": True, "blockxsize": 16, "blockysize": 16, "compress": "zstd", "num_threads": 2},
        {"tiled": True, "blockxsize": 16, "blockysize": 16, "compress": "deflate", "interleave": "band"},
        {"tiled": True, "blockxsize": 16, "blockysize": 16, "compress": "jpeg"},
    ],
)
def test_a_committed_file_holds_every_value_and_nothing_lies_beside_it(tmp_path, creation):
    settings = profile(bands=2, dtype="uint8", **creation)
    values = values_for(settings)
    write(tmp_path / "a.tif", values, settings)
    if creation.get("compress") != "jpeg":
        np.testing.assert_array_equal(read(tmp_path / "a.tif"), values)
    assert names(tmp_path) == ["a.tif"]


@pytest.mark.parametrize("interleave", ["band", "pixel"])
@pytest.mark.parametrize("code", [None, 200])
def test_parts_of_tiles_become_tiles_and_what_never_came_is_missing(tmp_path, interleave, code):
    tiles = {"tiled": True, "blockxsize": 16, "blockysize": 16, "compress": "zstd", "interleave": interleave}
    settings = profile(bands=3, dtype="uint8", nodata=code, **tiles)
    values = values_for(settings)
    with SafeRaster(tmp_path / "a.tif", settings) as raster:
        for row, col in product(range(0, 40, 5), range(0, 60, 20)):
            if (row, col) != (20, 40):
                raster.write((row, col, 5, 20), values[:, row : row + 5, col : col + 20])
        raster.commit()
    values[:, 20:25, 40:] = code or 0
    np.testing.assert_array_equal(read(tmp_path / "a.tif"), values)


def test_leaving_without_a_commit_keeps_what_was_there(tmp_path):
    path = tmp_path / "a.tif"
    old = values_for(profile(), seed=1)
    write(path, old, profile())
    with SafeRaster(path, profile(), overwrite=True) as raster:
        raster.write((0, 0, 40, 60), values_for(profile(), seed=2))
    np.testing.assert_array_equal(read(path), old)
    assert names(tmp_path) == ["a.tif"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_an_exception_removes_the_part_file(tmp_path, error):
    def fail():
        with SafeRaster(tmp_path / "a.tif", profile()) as raster:
            assert raster.part.exists()
            raise error

    with pytest.raises(error):
        fail()
    assert names(tmp_path) == []


def test_metadata_and_tags_are_part_of_the_file(tmp_path):
    settings = profile(rows=300, cols=300, dtype="uint8", nodata=255, compress="deflate")
    values = values_for(settings)
    with SafeRaster(tmp_path / "a.tif", settings) as raster:
        with raster.editing() as dataset:
            dataset.update_tags(season="dry")
            dataset.set_band_description(1, "cover")
            dataset.write_colormap(1, {1: (10, 20, 30, 255)})
        raster.write((0, 0, 300, 300), values)
        raster.commit()
    with rasterio.open(tmp_path / "a.tif") as dataset:
        assert dataset.tags()["season"] == "dry"
        assert dataset.descriptions == ("cover",)
        assert dataset.colormap(1)[1] == (10, 20, 30, 255)
        np.testing.assert_array_equal(dataset.read(), values)
    assert names(tmp_path) == ["a.tif"]


def test_side_files_of_the_part_come_along_and_stale_ones_go(tmp_path):
    path = tmp_path / "a.tif"
    write(path, values_for(profile()), profile())
    (tmp_path / "a.tif.aux.xml").write_text("<PAMDataset>old</PAMDataset>")
    (tmp_path / "a.tif.msk").write_text("old")
    with SafeRaster(path, profile(), overwrite=True) as raster:
        raster.write((0, 0, 40, 60), values_for(profile(), seed=3))
        raster.part.with_name(raster.part.name + ".aux.xml").write_text("<PAMDataset>new</PAMDataset>")
        raster.commit()
    assert names(tmp_path) == ["a.tif", "a.tif.aux.xml"]
    assert "new" in (tmp_path / "a.tif.aux.xml").read_text()


def test_side_files_come_back_when_the_rename_fails(tmp_path, monkeypatch):
    path = tmp_path / "a.tif"
    write(path, values_for(profile()), profile())
    (tmp_path / "a.tif.aux.xml").write_text("<PAMDataset>old</PAMDataset>")
    genuine = os.replace

    def replace(source, target):
        if os.fspath(target) == os.fspath(path):
            raise OSError(5, "Input/output error")
        genuine(source, target)

    with SafeRaster(path, profile(), overwrite=True) as raster:
        raster.write((0, 0, 40, 60), values_for(profile(), seed=3))
        monkeypatch.setattr(os, "replace", replace)
        with pytest.raises(WriteError, match=r"a\.tif could not be completed: Input/output error"):
            raster.commit()
    assert names(tmp_path) == ["a.tif", "a.tif.aux.xml"]
    assert "old" in (tmp_path / "a.tif.aux.xml").read_text()


def test_the_mode_of_a_replaced_file_is_kept(tmp_path):
    path = tmp_path / "a.tif"
    write(path, values_for(profile()), profile())
    path.chmod(0o640)
    write(path, values_for(profile()), profile(), overwrite=True)
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_symbolic_link_is_written_through(tmp_path):
    real = tmp_path / "store" / "real.tif"
    real.parent.mkdir()
    link = tmp_path / "link.tif"
    link.symlink_to(real)
    write(link, values_for(profile()), profile())
    values = values_for(profile(), seed=5)
    write(link, values, profile(), overwrite=True)
    assert link.is_symlink()
    np.testing.assert_array_equal(read(real), values)


@pytest.mark.parametrize("link", ["same", "hard", "symbolic"])
def test_the_output_may_be_the_input(tmp_path, link):
    path, source = tmp_path / "a.tif", tmp_path / "source.tif"
    old = values_for(profile())
    write(path, old, profile())
    if link == "hard":
        os.link(path, source)
    elif link == "symbolic":
        source.symlink_to(path)
    else:
        source = path
    with rasterio.open(source) as data, SafeRaster(path, profile(), overwrite=True) as raster:
        for row in range(0, 40, 8):
            block = data.read(window=((row, row + 8), (0, 60)))
            raster.write((row, 0, 8, 60), block * 2)
        raster.commit()
    np.testing.assert_array_equal(read(path), old * 2)


def test_an_existing_file_needs_overwrite(tmp_path):
    (tmp_path / "a.tif").write_text("mine")
    with pytest.raises(OutputExistsError, match="overwrite=True"):
        SafeRaster(tmp_path / "a.tif", profile())
    assert (tmp_path / "a.tif").read_text() == "mine"


def test_wrong_blocks_are_refused_by_place_type_and_shape(tmp_path):
    with SafeRaster(tmp_path / "a.tif", profile()) as raster:
        with pytest.raises(ArgumentError, match=r"rows 0..1, columns 0..2 takes float32"):
            raster.write((0, 0, 2, 3), np.zeros((1, 2, 3)))
        with pytest.raises(ArgumentError, match="shape"):
            raster.write((0, 0, 2, 3), np.zeros((1, 3, 2), "float32"))


def test_a_wrong_byte_on_the_way_to_the_disk_is_found(tmp_path):
    with SafeRaster(tmp_path / "a.tif", profile()) as raster:
        raster.write((0, 0, 40, 60), values_for(profile()))
        raster._close()
        with raster.part.open("r+b") as file:
            file.seek(-5, os.SEEK_END)
            byte = file.read(1)[0]
            file.seek(-5, os.SEEK_END)
            file.write(bytes([byte ^ 1]))
        raster._open("r+")
        with pytest.raises(
            WriteError, match=r"a\.tif, rows 0\.\.39, columns 0\.\.59: what was read back differs"
        ):
            raster.commit()
    assert names(tmp_path) == []


@pytest.mark.parametrize("few", [4096, 2])
@pytest.mark.parametrize("interleave", ["band", "pixel"])
def test_a_sample_is_one_of_tiles_whatever_the_pieces_are(tmp_path, monkeypatch, few, interleave):
    monkeypatch.setattr("pyterra.io.safe.safe_write.FEW_TILES", few)
    settings = profile(
        bands=2, rows=70, cols=100, tiled=True, blockxsize=16, blockysize=16, interleave=interleave
    )
    values, cells = values_for(settings), []
    monkeypatch.setattr(
        "pyterra.io.safe.verify.digest",
        lambda array: cells.append(array[0].size) or zlib.crc32(array.tobytes()),
    )
    with SafeRaster(tmp_path / "a.tif", settings, verify="sample") as raster:
        raster.write((0, 0, 70, 100), values)
        written = list(cells)
        raster.commit()
    # Of 35 tiles the first four, two more, and the last one, of 6 rows and 4 columns.
    assert written == ([256] * 5 + [96, 24] if few > 2 else [7000])
    assert cells == 2 * written
    np.testing.assert_array_equal(read(tmp_path / "a.tif"), values)
