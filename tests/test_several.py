"""Data sets and collections made of files, rasters and each other."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError, PyterraWarning


@pytest.fixture
def r():
    return pt.rast(
        nrows=3, ncols=4, xmin=0, xmax=4, ymin=0, ymax=3, nlyrs=2, vals=range(1, 25), names=["a", "b"]
    )


@pytest.fixture
def s(r):
    return pt.sds(t=r, p=r * 10)


@pytest.fixture
def netcdf(tmp_path):
    xr = pytest.importorskip("xarray")
    pytest.importorskip("h5netcdf")
    y, x = np.array([2.5, 1.5, 0.5]), np.arange(4) + 0.5
    t = xr.DataArray(np.arange(24.0).reshape(2, 3, 4), dims=("time", "y", "x"), attrs={"units": "K"})
    p = xr.DataArray(
        np.arange(12.0).reshape(3, 4), dims=("y", "x"), attrs={"units": "mm", "long_name": "rain of a day"}
    )
    coarse = xr.DataArray(np.ones((2, 2)), dims=("v", "u"))
    data = xr.Dataset(
        {"t": t, "p": p, "w": coarse},
        coords={"x": x, "y": y, "u": [1.0, 3.0], "v": [2.0, 1.0], "time": [1, 2]},
    )
    data["u"].attrs["standard_name"] = data["x"].attrs["standard_name"] = "projection_x_coordinate"
    data["v"].attrs["standard_name"] = data["y"].attrs["standard_name"] = "projection_y_coordinate"
    path = tmp_path / "climate.nc"
    data.to_netcdf(path, engine="h5netcdf")
    return path


@pytest.fixture
def tiles(r):
    other = pt.rast(nrows=2, ncols=2, xmin=3, xmax=5, ymin=1, ymax=3, nlyrs=2, vals=range(101, 109))
    return pt.sprc(a=r, b=other)


def test_rasters_without_names_have_none(r):
    assert pt.sds(r, r).names == ["", ""]
    assert pt.sds([r, r]).names == ["", ""]
    assert pt.sds({"x": r, "y": r}).names == ["x", "y"]


def test_c_adds_members(s, r):
    assert pt.c(s, z=r).names == ["t", "p", "z"]
    assert pt.c(s, r).names == ["t", "p", ""]
    assert pt.c(s, s).names == ["t", "p", "t", "p"]
    assert len(s) == 2
    with pytest.raises(ArgumentError, match="must be a SpatRaster"):
        pt.c(s, 5)


def test_variables_of_a_netcdf_file_are_members(netcdf):
    with pytest.warns(PyterraWarning, match="w lie on another grid than t and were left out; sprc"):
        s = pt.sds(netcdf)
    assert (s.names, s.nlyr, s.units, s.long_names) == (
        ["t", "p"],
        [2, 1],
        ["K", "mm"],
        ["", "rain of a day"],
    )
    assert s["p"].values(drop=True).tolist() == list(range(12))
    assert "climate.nc" in repr(s)
    all_of_them = pt.sprc(netcdf)
    assert (all_of_them.names, all_of_them.ncol) == (["t", "p", "w"], [4, 4, 2])


def test_data_sets_of_an_hdf_file_are_members(tmp_path):
    h5py = pytest.importorskip("h5py")
    path = tmp_path / "a.h5"
    with h5py.File(path, "w") as file:
        file["t"] = np.arange(12.0).reshape(3, 4)
        file["deep/u"] = np.arange(12.0).reshape(3, 4) * 2
    s = pt.sds(path)
    assert s.names == ["deep/u", "t"]
    assert s["deep/u"].values(drop=True)[:3].tolist() == [0, 2, 4]


def test_a_file_with_nothing_inside_is_its_only_member(r, tmp_path):
    r.write_raster(tmp_path / "a.tif")
    s = pt.sds(tmp_path / "a.tif")
    assert (s.names, s.nlyr) == (["a"], [2])
    both = pt.sds([tmp_path / "a.tif", r])
    assert both.names == ["a", ""]
    assert pt.sprc(tmp_path / "a.tif", z=tmp_path / "a.tif").names == ["a", "z"]


def test_a_file_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(pt.errors.SourceError, match="does not exist"):
        pt.sds(tmp_path / "a.tif")
    with pytest.raises(pt.errors.SourceError, match="does not exist"):
        pt.sds(tmp_path / "a.nc")


def test_c_joins_collections(tiles, r):
    assert pt.c(tiles, tiles).names == ["a", "b", "a", "b"]
    assert pt.c(tiles, r).names == ["a", "b", ""]
