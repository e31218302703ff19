"""A variable as a source of values."""

import numpy as np
import pandas as pd
import pytest

import pyterra as pt
from pyterra.errors import (
    SourceChangedError,
)

pytest.importorskip("h5netcdf")


xr = pytest.importorskip("xarray")
LAT, LON = np.array([47.5, 46.5, 45.5]), np.array([5.5, 6.5, 7.5, 8.5])


def dataset(lat=LAT, lon=LON, attributes=True, **more):
    values = np.arange(24.0).reshape(2, 3, 4)
    days = pd.to_datetime(["2001-02-03", "2001-03-03"])
    d = xr.Dataset({"t": (("time", "lat", "lon"), values)}, {"time": days, "lat": LAT, "lon": LON}, **more)
    if attributes:
        d["lat"].attrs["units"], d["lon"].attrs["units"] = "degrees_north", "degrees_east"
    d["t"].attrs.update(units="K", long_name="Temperature")
    return d.reindex(lat=lat, lon=lon)


def saved(d, path, engine="h5netcdf", **more):
    d.to_netcdf(path, engine=engine, **more)
    return path


@pytest.mark.parametrize("engine", ["h5netcdf", "scipy"])
def test_a_file_is_open_only_while_it_is_read(tmp_path, engine):
    path = saved(dataset(), tmp_path / "a.nc", engine)
    r = pt.rast(path)
    first = (r + 0).to_numpy()
    with xr.open_dataset(path, engine=engine) as d:
        d = d.load()
    saved(d + 1, path, engine)
    with pytest.raises(SourceChangedError, match="has changed"):
        (r + 0).to_numpy()
    assert (pt.rast(path).to_numpy() == first + 1).all()
