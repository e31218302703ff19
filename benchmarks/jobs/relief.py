"""What water and sight follow: ways down, distances around, what can be seen."""

from __future__ import annotations

from benchmarks.data import CELL, CORNER, Data
from benchmarks.job import Job, in_memory, r_memory, workload


def centre(side: int) -> tuple[float, float]:
    """The middle of the cell in the middle of a raster."""
    return CORNER[0] + (side // 2 + 0.5) * CELL, CORNER[1] - (side // 2 + 0.5) * CELL


@workload(
    "viewshed-memory", 1.0, note="GDAL hides ground that falls away; up to a fifth of the cells may differ"
)
def viewshed(data: Data) -> Job:
    x = (in_memory(data.hills) * 1000).compute()
    lon, lat = centre(x.nrow)
    return Job(
        lambda: x.viewshed((lon, lat), observer=10).compute() * 1,
        f"out <- viewshed(x, c({lon}, {lat}), 10) * 1",
        r_memory("x", data.hills) + "x <- x * 1000\n",
        unequal=0.2,
    )


@workload("grid-dist-memory", 1.0)
def grid_dist(data: Data) -> Job:
    x = (in_memory(data.hills) > 300).ifel(1, 0).compute()
    return Job(
        lambda: x.grid_dist(target=0).compute(),
        "out <- gridDist(x, target = 0)",
        r_memory("x", data.hills) + "x <- ifel(x > 300, 1, 0)\n",
    )


@workload("nidp-memory", 1.0, note="terra gives 0 where the direction is missing")
def nidp(data: Data) -> Job:
    x = in_memory(data.heights).terrain("flowdir").compute()
    code = r_memory("x", data.heights) + 'x <- terrain(x, "flowdir")\n'
    return Job(lambda: x.nidp().compute(), "out <- NIDP(x)", code, unequal=0.2)


@workload("flow-dir-memory", 1.0, note="from terra 1.9 on, whose straight slopes lead aside")
def flow_dir(data: Data) -> Job:
    x = in_memory(data.hills)
    return Job(lambda: x.flow_dir().compute(), "out <- flowDir(x)", r_memory("x", data.hills), unequal=1)
