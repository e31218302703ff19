"""What a variable says of its layers."""

import numpy as np
import pytest

import pyterra as pt

pytest.importorskip("h5netcdf")


xr = pytest.importorskip("xarray")


def test_a_time_without_a_dimension_is_that_of_all_layers(tmp_path):
    path = tmp_path / "a.nc"
    xr.Dataset(
        {
            "v": (("lat", "lon"), np.zeros((1, 2)), {"coordinates": "time"}),
            "time": ((), 3, {"units": "days since 2000-01-01"}),
        },
        {"lat": [0.0], "lon": [0.0, 1.0]},
    ).to_netcdf(path, engine="h5netcdf")
    assert pt.rast(path).time.astype(str).tolist() == ["2000-01-04"]


def test_texts_along_a_dimension_are_names(tmp_path):
    path = tmp_path / "a.nc"
    xr.Dataset(
        {"v": (("band", "lat", "lon"), np.zeros((2, 1, 2)))},
        {"band": ["red", "nir"], "lat": [0.0], "lon": [0.0, 1.0]},
    ).to_netcdf(path, engine="h5netcdf")
    assert pt.rast(path).names == ["red", "nir"]


def test_layers_know_the_variable_that_they_are_parts_of(tmp_path):
    # terra 1.9-45: varnames(rast(file)) is refl for two layers of a variable refl
    target = tmp_path / "a.nc"
    pt.rast(np.arange(4.0).reshape(2, 1, 2), names=["a", "b"]).write_cdf(target, varname="refl")
    assert pt.rast(target).varnames == ["refl", "refl"]
    assert pt.sds(target).varnames == ["refl"]


@pytest.mark.parametrize("axis", ["plev", "level", "lev", "number", "foo"])
@pytest.mark.parametrize("timed", [False, True])
def test_positions_along_another_axis_are_depths(tmp_path, axis, timed):
    # as terra 1.9-45, which has the axis before time: depth 1000 850 500, depthName plev
    told = {
        "plev": {"units": "hPa", "standard_name": "air_pressure", "positive": "down"},
        "level": {"units": "1"},
        "lev": {"units": "1", "standard_name": "atmosphere_sigma_coordinate"},
        "number": {"units": "1", "standard_name": "realization"},
        "foo": {},
    }[axis]
    at, times = [1000.0, 850.0, 500.0], 2 if timed else 1
    dims = (*(["time"] if timed else []), axis, "lat", "lon")
    values = np.arange(times * 3 * 2 * 4.0).reshape((*([times] if timed else []), 3, 2, 4))
    coordinates = {axis: (axis, at, told), "lat": [1.0, 0.0], "lon": np.arange(4.0)}
    if timed:
        coordinates["time"] = ("time", [0.0, 1.0], {"units": "days since 2000-01-01"})
    path = tmp_path / "a.nc"
    xr.Dataset({"ta": (dims, values)}, coordinates).to_netcdf(path, engine="h5netcdf")
    r = pt.rast(path)
    assert list(r.depth) == at * times
    assert (r.depth_name, r.depth_unit) == (axis, "hPa" if axis == "plev" else "")
    np.testing.assert_array_equal(r.to_numpy(), values.reshape(-1, 2, 4))
    r.write_cdf(tmp_path / "b.nc", "ta")
    back = pt.rast(tmp_path / "b.nc")
    assert (list(back.depth), back.depth_name, back.names) == (at * times, axis, r.names)
    np.testing.assert_array_equal(back.to_numpy(), r.to_numpy())


def test_bands_are_no_depths(tmp_path):
    path = tmp_path / "a.nc"
    place = {"band": [1, 2], "lat": [1.0, 0.0], "lon": [0.0, 1.0]}
    xr.Dataset({"v": (("band", "lat", "lon"), np.zeros((2, 2, 2)))}, place).to_netcdf(path, engine="h5netcdf")
    assert pt.rast(path).depth is None
