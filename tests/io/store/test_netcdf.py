"""NetCDF files that are damaged."""

import warnings

import numpy as np
import pandas as pd
import pytest

import pyterra as pt
from pyterra.errors import (
    ReadError,
    SourceError,
)

xr = pytest.importorskip("xarray")
pytest.importorskip("h5netcdf")

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


class TestDamage:
    @pytest.mark.parametrize("engine", ["h5netcdf", "scipy"])
    @pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.95])
    def test_a_file_that_was_cut_off_is_an_error_that_names_it(self, tmp_path, engine, share):
        values = np.random.default_rng(1).normal(size=(3, 60, 50))
        d = xr.Dataset(
            {"v": (("time", "y", "x"), values)},
            {"time": [0, 1, 2], "y": np.arange(60.0), "x": np.arange(50.0)},
        )
        path = saved(d, tmp_path / "a.nc", engine)
        path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
        with pytest.raises((SourceError, ReadError), match=r"a\.nc"):
            pt.rast(path).values()

    @pytest.mark.parametrize("engine", ["h5netcdf", "scipy"])
    def test_a_damaged_header_is_an_error_or_other_numbers_never_a_crash(self, tmp_path, engine):
        content = saved(dataset(), tmp_path / "a.nc", engine).read_bytes()
        rng = np.random.default_rng(3)
        for i in range(40):
            broken = bytearray(content)
            for at in rng.integers(8, min(len(content), 1500), 6):
                broken[at] = rng.integers(256)
            path = tmp_path / f"{i}.nc"
            path.write_bytes(broken)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                try:
                    pt.rast(path).values()
                except pt.errors.PyterraError:
                    continue
