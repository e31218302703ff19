"""Small NetCDF files as they are stored, for tests of what is read of them."""

import numpy as np
import pytest

xr = pytest.importorskip("xarray")


def write(
    path,
    values,
    told=None,
    x=(0.5, 1.5, 2.5),
    y=(1.5, 0.5),
    x_told=None,
    y_told=None,
    engine="h5netcdf",
    **more,
):
    """A file with one variable of two rows and three columns, as it is stored; nothing is encoded."""
    d = xr.Dataset(
        {"v": (("y", "x"), np.asarray(values), dict(told or {})), **more},
        {"x": ("x", np.asarray(x), dict(x_told or {})), "y": ("y", np.asarray(y), dict(y_told or {}))},
    )
    d.to_netcdf(
        path,
        engine=engine,
        encoding={n: {"_FillValue": None} for n in d.variables if "_FillValue" not in d[n].attrs},
    )
    return path
