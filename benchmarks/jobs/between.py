"""Rasters and vectors, and verbs that need the whole raster."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

import pyterra as pt
from benchmarks.data import Data
from benchmarks.job import Job, in_memory, r_file, r_memory, workload

TABLE = "out <- rast(as.matrix(e[, -1, drop = FALSE]))"
"""A table without its first column, as a raster, so that values can be compared."""


def r_vector(name: str, path: object) -> str:
    """R code that reads a vector."""
    return f'{name} <- vect("{path}")\n'


def as_layer(table: Any) -> NDArray[np.float64]:
    """A table without its first column as a layer."""
    return table.iloc[:, 1:].to_numpy(np.float64)[None]


@workload("extract-polygons-file", 14.0)
def extract_polygons(data: Data) -> Job:
    v = pt.vect(data.polygons)
    return Job(
        lambda: as_layer(pt.rast(data.heights).extract(v, "mean", na_rm=True)),
        f"e <- extract(x, v, mean, na.rm = TRUE); {TABLE}",
        r_file("x", data.heights) + r_vector("v", data.polygons),
        inputs=(data.heights,),
    )


@workload("extract-exact-file", 500.0, note="terra on a twentieth of the polygons, scaled up")
def extract_exact(data: Data) -> Job:
    v = pt.vect(data.polygons)
    n = max(1, len(v) // 20)
    return Job(
        lambda: as_layer(pt.rast(data.heights).extract(v, "mean", exact=True, na_rm=True))[:, :n],
        f'e <- extract(x, v[1:{n}], "mean", exact = TRUE, na.rm = TRUE); {TABLE}',
        r_file("x", data.heights) + r_vector("v", data.polygons),
        share=n / len(v),
        inputs=(data.heights,),
        tolerance=1e-3,
    )


@workload("extract-points-file", 3.0)
def extract_points(data: Data) -> Job:
    v = pt.vect(data.points)
    return Job(
        lambda: as_layer(pt.rast(data.stack).extract(v)),
        f"e <- extract(x, v); {TABLE}",
        r_file("x", data.stack) + r_vector("v", data.points),
        inputs=(data.stack,),
    )


@workload("freq-polygons", 3.0, note="500 polygons, 200 values; not in terra before 1.9")
def freq_polygons(data: Data) -> Job:
    v = pt.vect(data.polygons)
    return Job(
        lambda: pt.rast(data.classes).freq(zones=v)["count"].to_numpy(np.float64)[None, None],
        "out <- rast(matrix(freq(x, zones = v)$count, 1))",
        r_file("x", data.classes) + r_vector("v", data.polygons),
        inputs=(data.classes,),
    )


@workload("rasterize-polygons", 2.0)
def rasterize_polygons(data: Data) -> Job:
    v, x = pt.vect(data.polygons), pt.rast(data.heights)
    return Job(
        lambda: v.rasterize(x, "id").compute(),
        'out <- rasterize(v, x, "id")',
        r_file("x", data.heights) + r_vector("v", data.polygons),
        unequal=1e-6,
    )


def around(data: Data) -> tuple[Any, float, str]:
    """Points with values, a radius that holds about ten of them, and R code that reads the points."""
    v = pt.vect(data.points)
    v["k"] = np.arange(len(v)) % 100.0
    r = pt.rast(data.hills)
    radius = float(np.sqrt(10 * r.ext.width * r.ext.height / np.pi / len(v)))
    return v, radius, r_vector("v", data.points) + "v$k <- (seq_len(nrow(v)) - 1) %% 100\n"


@workload("interp-near", 1.0)
def interp_near(data: Data) -> Job:
    v, radius, code = around(data)
    return Job(
        lambda: pt.rast(data.hills).interp_near(v, "k", radius=radius).compute(),
        f'out <- interpNear(rast(x), v, "k", radius = {radius})',
        r_file("x", data.hills) + code,
        unequal=1e-4,
    )


@workload("interp-idw", 1.0)
def interp_idw(data: Data) -> Job:
    v, radius, code = around(data)
    return Job(
        lambda: pt.rast(data.hills).interp_idw(v, "k", radius=radius).compute(),
        f'out <- interpIDW(rast(x), v, "k", radius = {radius})',
        r_file("x", data.hills) + code,
        tolerance=1e-3,
    )


@workload("rasterize-win", 1.0)
def rasterize_win(data: Data) -> Job:
    v, radius, code = around(data)
    return Job(
        lambda: v.rasterize_win(pt.rast(data.hills), "k", pars=radius, fun="mean").compute(),
        f'out <- rasterizeWin(v, rast(x), "k", pars = {radius}, fun = "mean")',
        r_file("x", data.hills) + code,
        tolerance=1e-3,
    )


@workload("rasterize-geom", 1.0)
def rasterize_geom(data: Data) -> Job:
    v = pt.vect(data.polygons)
    return Job(
        lambda: v.rasterize_geom(pt.rast(data.hills).aggregate(32), "area").compute(),
        'out <- rasterizeGeom(v, aggregate(rast(x), 32), "area")',
        r_file("x", data.hills) + r_vector("v", data.polygons),
        tolerance=1e-3,
    )


@workload("distance-memory", 4.0, note="1.7-3 is not exact: up to half of the cells may differ by a little")
def distance_memory(data: Data) -> Job:
    x = in_memory(data.sources)
    return Job(
        lambda: x.distance().compute(),
        "out <- distance(x)",
        r_memory("x", data.sources),
        tolerance=0.1,
        unequal=0.05,
    )


@workload("patches-memory", 500.0)
def patches_memory(data: Data) -> Job:
    x = in_memory(data.spots)
    return Job(
        lambda: (x.patches() * 0).compute(),
        "out <- patches(x) * 0",
        r_memory("x", data.spots),
    )


@workload("sieve-memory", 1.0)
def sieve_memory(data: Data) -> Job:
    x = in_memory(data.classes)
    return Job(lambda: x.sieve(6).compute(), "out <- sieve(x, 6)", r_memory("x", data.classes))


@workload("cost-distance-memory", 4.0)
def cost_memory(data: Data) -> Job:
    x = in_memory(data.friction)
    return Job(
        lambda: x.cost_dist().compute(),
        "out <- costDist(x)",
        r_memory("x", data.friction),
        tolerance=1e-4,
        unequal=0.01,
    )


@workload("as-polygons", 2.0)
def as_polygons(data: Data) -> Job:
    x = in_memory(data.zones)

    def areas(v: pt.SpatVector) -> NDArray[np.float64]:
        import shapely

        return shapely.area(v.geoms)[None, :, None]

    return Job(
        lambda: areas(x.as_polygons()),
        "v <- as.polygons(x); out <- rast(as.matrix(expanse(v, transform = FALSE)))",
        r_memory("x", data.zones),
    )
