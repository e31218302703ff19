"""The shape of the land, edges of areas, zones and counts."""

from __future__ import annotations

import numpy as np

import pyterra as pt
from benchmarks.data import Data
from benchmarks.job import Job, in_memory, r_file, r_memory, workload


def _numbers(table: object, column: str) -> np.ndarray:
    """A column of a table as a raster's values."""
    return np.asarray(table[column], np.float64)[None, None]  # type: ignore[index]


@workload("terrain-slope-memory", 7.0)
def slope(data: Data) -> Job:
    x = in_memory(data.heights)
    return Job(
        lambda: x.terrain("slope").compute(), 'out <- terrain(x, "slope")', r_memory("x", data.heights)
    )


@workload("terrain-three-memory", 3.0)
def three(data: Data) -> Job:
    x = in_memory(data.heights)
    return Job(
        lambda: x.terrain(["slope", "aspect", "TRI"]).compute(),
        'out <- terrain(x, c("slope", "aspect", "TRI"))',
        r_memory("x", data.heights),
    )


@workload("boundaries-memory", 3.0)
def boundaries(data: Data) -> Job:
    x = in_memory(data.heights)
    return Job(lambda: x.boundaries().compute(), "out <- boundaries(x)", r_memory("x", data.heights))


@workload("surf-area-memory", 1.0)
def surface(data: Data) -> Job:
    x = in_memory(data.heights)
    return Job(lambda: x.surf_area().compute(), "out <- surfArea(x)", r_memory("x", data.heights))


@workload("shade-memory", 1.0)
def shade(data: Data) -> Job:
    x = in_memory(data.heights).terrain(["slope", "aspect"], unit="radians").compute()
    slope, aspect = x["slope"].compute(), x["aspect"].compute()
    return Job(
        lambda: slope.shade(aspect, 40, 270).compute(),
        "out <- shade(s, a, 40, 270)",
        r_memory("x", data.heights)
        + 's <- terrain(x, "slope", unit = "radians")\na <- terrain(x, "aspect", unit = "radians")\n',
    )


def directions(data: Data) -> tuple[pt.SpatRaster, str]:
    """Directions of flow, in memory for both."""
    code = r_memory("x", data.heights) + 'x <- terrain(x, "flowdir")\n'
    return in_memory(data.heights).terrain("flowdir").compute(), code


@workload("flow-accumulation-memory", 1.0, note="terra gives 1 where the direction is missing")
def flow(data: Data) -> Job:
    x, code = directions(data)
    return Job(lambda: x.flow_accumulation().compute(), "out <- flowAccumulation(x)", code, unequal=0.2)


@workload("watershed-memory", 1.0, note="terra gives 0 where the direction is missing")
def watershed(data: Data) -> Job:
    x, code = directions(data)
    point = x.xy_from_cell([int(np.nanargmax(x.flow_accumulation().to_numpy()))])
    return Job(
        lambda: x.watershed(point).compute(),
        f"out <- watershed(x, cbind({point[0, 0]}, {point[0, 1]}))",
        code,
        unequal=0.2,
    )


@workload("pitfinder-memory", 1.0, note="terra gives 0 where the direction is missing")
def pitfinder(data: Data) -> Job:
    x, code = directions(data)
    return Job(lambda: (x.pitfinder() * 0).compute(), "out <- pitfinder(x) * 0", code, unequal=0.2)


@workload("zonal-mean-file", 3.0, note="200 zones")
def zonal(data: Data) -> Job:
    return Job(
        lambda: _numbers(pt.rast(data.heights).zonal(pt.rast(data.classes), na_rm=True), "heights"),
        'd <- zonal(x, z, "mean", na.rm = TRUE)\nout <- rast(matrix(d[, 2], 1))',
        r_file("x", data.heights) + r_file("z", data.classes),
        inputs=(data.heights, data.classes),
    )


@workload("zonal-sd-memory", 3.0, note="200 zones; terra collects all values")
def zonal_sd(data: Data) -> Job:
    x, z = in_memory(data.hills), in_memory(data.classes)
    z = z.crop(pt.ext(*z.ext).intersect(x.ext)).compute()
    return Job(
        lambda: _numbers(x.zonal(z, "sd", na_rm=True), "hills"),
        'd <- zonal(x, z, "sd", na.rm = TRUE)\nout <- rast(matrix(d[, 2], 1))',
        r_memory("x", data.hills) + r_memory("z", data.classes) + "z <- crop(z, x)\n",
    )


@workload("freq-file", 3.0)
def freq(data: Data) -> Job:
    return Job(
        lambda: _numbers(pt.rast(data.classes).freq(), "count"),
        "out <- rast(matrix(freq(x)$count, 1))",
        r_file("x", data.classes),
        inputs=(data.classes,),
    )


@workload("crosstab-memory", 3.0, note="200 values by 8")
def crosstab(data: Data) -> Job:
    x = in_memory(data.classes)
    pair = pt.c(x, x % 8)
    pair.names = ["a", "b"]
    pair = pair.compute()
    return Job(
        lambda: _numbers(pair.crosstab(long=True), "n"),
        "out <- rast(matrix(crosstab(x, long = TRUE)$n, 1))",
        r_memory("x", data.classes) + "x <- c(x, x %% 8)\nnames(x) <- c('a', 'b')\n",
    )
