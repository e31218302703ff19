"""Vectors alone: overlay, buffers, areas."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

import pyterra as pt
from benchmarks.data import Data
from benchmarks.job import Job, workload
from benchmarks.jobs.between import r_vector

AREAS = "out <- rast(as.matrix(sort(expanse(i, transform = FALSE))))"
"""Areas in order, as a raster, so that they can be compared."""


def areas(v: pt.SpatVector) -> NDArray[np.float64]:
    """Areas in order, as a layer."""
    return as_column(np.sort(shapely.area(v.geoms)))


def as_column(values: Any) -> NDArray[np.float64]:
    """Numbers as a layer of one column."""
    return np.asarray(values, dtype=np.float64)[None, :, None]


@workload("intersect-polygons", 1.0)
def intersect_polygons(data: Data) -> Job:
    v = pt.vect(data.polygons)
    w = v.shift(100, 50)
    w.names = [f"{name}_w" for name in w.names]
    setup = r_vector("v", data.polygons) + "w <- shift(v, 100, 50)\n"
    return Job(lambda: areas(v.intersect(w)), f"i <- intersect(v, w); {AREAS}", setup)


@workload("buffer-polygons", 1.0)
def buffer_polygons(data: Data) -> Job:
    v = pt.vect(data.polygons)
    return Job(lambda: areas(v.buffer(100)), f"i <- buffer(v, 100); {AREAS}", r_vector("v", data.polygons))


@workload("expanse-polygons", 1.0)
def expanse_polygons(data: Data) -> Job:
    v = pt.vect(data.polygons)
    return Job(
        lambda: as_column(v.expanse()), "out <- rast(as.matrix(expanse(v)))", r_vector("v", data.polygons)
    )
