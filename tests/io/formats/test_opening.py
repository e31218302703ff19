"""Files as nodes: opened as their format says, and no cell is read."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError, GridMismatchError, LayerError, PyterraWarning
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
    with pytest.raises(ArgumentError, match="subds is for files of several data sets"):
        open_node(tif, "a")


def test_what_pyterra_reads_itself_is_known_by_its_ending_or_prefix(tif, tmp_path):
    assert own_format(tif) is None
    assert own_format(str(tmp_path / "a.nc")).name.lower() == "netcdf"
    assert own_format(f'NETCDF:"{tmp_path}/a.nc":t').name.lower() == "netcdf"
    assert own_format("https://example.org/a.nc") is None


@pytest.fixture
def hdf(tmp_path):
    h5py = pytest.importorskip("h5py")
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["a"] = np.arange(12.0).reshape(3, 4)
        file["deep/b"] = np.arange(24.0).reshape(2, 3, 4)
        file["c"] = np.arange(6.0).reshape(2, 3)
    return tmp_path / "a.h5"


def test_data_sets_on_the_grid_of_the_first_are_layers(hdf):
    with pytest.warns(
        PyterraWarning, match="c lie on another grid than a and were left out; take them with subds="
    ):
        r = pt.rast(hdf)
    assert r.names == ["a", "b_1", "b_2"]  # as terra 1.9-45
    np.testing.assert_array_equal(r[0].to_numpy()[0], np.arange(12.0).reshape(3, 4))


@pytest.mark.parametrize("subds", ["b", "deep/b", "//deep/b", 2])
def test_a_data_set_is_found_by_its_name_or_number(hdf, subds):
    assert pt.rast(hdf, subds=subds).names == ["b_1", "b_2"]
    assert pt.rast(hdf, subds=[subds, "a"]).names == ["b_1", "b_2", "a"]
    assert pt.rast(hdf, subds="c").shape == (1, 2, 3)


def test_data_sets_that_are_not_there_or_do_not_fit_are_refused(hdf):
    for subds in ("x", 3, -1):
        with pytest.raises(
            LayerError, match=r"subds must be one of a, c, deep/b, or its number \(0 to 2\), got"
        ):
            pt.rast(hdf, subds=subds)
    with pytest.raises(GridMismatchError, match="data sets must lie on one grid, got c on another than a"):
        pt.rast(hdf, subds=["a", "c"])


def test_names_in_a_hostile_file_move_no_cursor(tmp_path):
    h5py = pytest.importorskip("h5py")
    path = tmp_path / "hostile.h5"
    with h5py.File(path, "w") as file:
        file["a\x1b[2J"], file["b\x1b]0;t\x07"] = np.zeros((4, 5)), np.zeros((3, 3))
    with pytest.warns(PyterraWarning, match=r"b\?\]0;t\? lie on another grid than a\?\[2J") as warned:
        shown = repr(pt.rast(path))
    with pytest.raises(LayerError, match=r"hostile.h5: subds must be one of a\?\[2J, b\?\]0;t\?") as raised:
        pt.rast(path, subds="none")
    assert all("\x1b" not in text for text in (shown, str(warned[0].message), str(raised.value)))
