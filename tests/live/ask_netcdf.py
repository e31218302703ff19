"""Questions about NetCDF files that we write: terra reads them with GDAL."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from live.random_rasters import a_raster
from live.trial import Trial, lit, new_folder

Rng = np.random.Generator


def written(rng: Rng) -> Trial:
    x = a_raster(rng, least=2, kind=str(rng.choice(["num", "double", "int"])))
    x = replace(x, place="metres" if x.place == "none" else x.place)
    path = str(new_folder() / "x.nc")
    x.ours().write_cdf(path, "v", overwrite=True, compression=int(rng.integers(10)))
    return Trial("write_cdf", {}, f"pt.rast({path!r})", f"rast({lit(path)})", names=False, rtol=1e-6)


def south_first(rng: Rng) -> Trial:
    """A file whose first row is the southernmost, or in which y falls; some have times."""
    import h5netcdf

    nrow, ncol, count = (int(v) for v in rng.integers(2, 7, 3))
    path = str(new_folder() / "x.nc")
    lat = np.arange(nrow) * 0.5 + 40
    lat = lat[::-1] if rng.random() < 0.5 else lat
    with h5netcdf.File(path, "w") as file:
        file.attrs["Conventions"] = "CF-1.8"
        file.dimensions = {"time": count, "lat": nrow, "lon": ncol}
        for name, values, units in (
            ("time", np.arange(count), "days since 2001-01-01"),
            ("lat", lat, "degrees_north"),
            ("lon", np.arange(ncol) * 0.5 + 5, "degrees_east"),
        ):
            file.create_variable(name, (name,), float, data=values.astype(float)).attrs["units"] = units
        made = file.create_variable(
            "t", ("time", "lat", "lon"), float, data=rng.normal(size=(count, nrow, ncol))
        )
        made.attrs["units"] = "K"
    return Trial("pt.rast", {}, f"pt.rast({path!r})", f"rast({lit(path)})")


QUESTIONS: list[Callable[[Rng], Trial]] = [written, written, south_first, south_first]
