"""Files as nodes: opened as their format says, and no cell is read."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError
from pyterra.expr import Read
from pyterra.io.formats.opening import open_node, own_format


@pytest.fixture
def tif(tmp_path):
    pt.rast(np.arange(6, dtype=np.uint8).reshape(1, 2, 3), names="a").write_raster(tmp_path / "a.tif")
    return str(tmp_path / "a.tif")


def test_a_file_is_a_read_of_all_its_bands(tif):
    node = open_node(tif)
    assert isinstance(node, Read)
    assert (node.bands, node.dtype) == ((0,), np.float32)
    assert ([layer.name for layer in node.layers], node.grid.ncol) == (["a"], 3)


def test_parts_are_of_formats_that_have_them(tif):
    with pytest.raises(ArgumentError, match="subds is for NetCDF files"):
        open_node(tif, "a")


def test_what_pyterra_reads_itself_is_known_by_its_ending_or_prefix(tif, tmp_path):
    assert own_format(tif) is None
    assert own_format(str(tmp_path / "a.nc")).name.lower() == "netcdf"
    assert own_format(f'NETCDF:"{tmp_path}/a.nc":t').name.lower() == "netcdf"
    assert own_format("https://example.org/a.nc") is None
