"""A source answers for itself: its name, where it lies, what it holds, which band of a file it is."""

import re
from pathlib import Path

import numpy as np
import pytest

import pyterra as pt
from pyterra.expr import FileBand

PLACE = {"extent": pt.ext(0, 3, 0, 2), "crs": "EPSG:3035"}


def source_of(r):
    return r._node.source


def test_an_array_is_held_and_lies_nowhere():
    source = source_of(pt.rast(np.array([[1, 2, 3], [4, 5, 6]], "uint8"), **PLACE))
    assert (source.name, source.where) == ("", "")
    assert source.held.tolist() == [[[1, 2, 3], [4, 5, 6]]]
    assert source.file_band(0) is None
    assert source.is_bytes((0,))
    assert source.by_byte((0,), np.dtype("float32"))[1][0, [0, 7, 255]].tolist() == [0, 7, 255]
    assert source.bits((0,), np.dtype("int64"), None) is None


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "a.tif"
    pt.rast(np.array([[1, 2, 3], [4, 5, 6]], "int64"), **PLACE).write_raster(path, tags={"k": "v"})
    return path


def test_a_file_tells_its_bands_tags_and_integers(file):
    source = source_of(pt.rast(file))
    assert (source.name, source.where, source.held) == (str(file), str(file), None)
    assert source.file_band(0) == FileBand(str(file), 0, "int64", None, 1.0, 0.0, (2, 3), source.tile)
    assert not source.is_bytes((0,))
    bits = source.bits((0,), np.dtype("int64"), None)
    assert bits.fetched((0,), pt.rast(file)._node.grid.window).arrays[0].tolist() == [[[1, 2, 3], [4, 5, 6]]]
    doubled = source.rescaled(0, 2.0, 1.0)
    assert (doubled.file_band(0).scale, doubled.file_band(0).offset) == (2.0, 1.0)


def test_a_variable_of_netcdf_lies_in_its_file_and_is_no_band_of_gdal(tmp_path):
    source = source_of(pt.rast(np.ones((2, 3)), **PLACE).write_cdf(tmp_path / "a.nc", "v"))
    assert (source.name, source.where) == (f"{tmp_path}/a.nc:v", f"{tmp_path}/a.nc")
    assert source.file_band(0) is None
    assert source.held is None


def test_no_verb_asks_of_which_class_a_source_is():
    package = Path(pt.__file__).parent
    asked = [
        str(path.relative_to(package))
        for path in package.rglob("*.py")
        if path.relative_to(package).parts[0] not in ("io",)
        and re.search(r"isinstance\([^\n]*\b(File|Array|Table|Netcdf|Xarray|Cf)Source\b", path.read_text())
    ]
    assert asked == []
