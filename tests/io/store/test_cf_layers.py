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
