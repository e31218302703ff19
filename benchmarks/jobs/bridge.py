"""Objects between R and Python in one process, against the least that each route needs: copies and terra's work."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

import pyterra as pt
from benchmarks.data import Data, surface
from benchmarks.job import Job, workload

ROWS = 250


def session() -> Any:
    """The R session."""
    from pyterra.rbridge.session import session

    return session()


def r_raster(data: Data) -> tuple[Any, Any]:
    """R and a raster in its memory: 200 MB in four layers for full data."""
    r, side = session(), data.sizes.middle * 5 // 3
    values = np.stack([surface(side, seed) for seed in range(4)]).astype(np.float64)
    geometry = r.call("terra::rast", nrows=side, ncols=side, nlyrs=4)
    return r, r.call("terra::setValues", geometry, values.reshape(4, -1).T)


@workload("bridge-from-r", 0.8, "bare loop", note="readValues into one array; within 20 % of it")
def from_r_blocks(data: Data) -> Job:
    r, theirs = r_raster(data)
    names = "terra::readStart", "terra::readValues", "terra::readStop"
    start, read, stop = (r.function(name) for name in names)

    def bare() -> Any:
        nlyr, nrow, ncol = (int(r.number(r.call(f"terra::{f}", theirs))) for f in ("nlyr", "nrow", "ncol"))
        out = np.empty((nlyr, nrow, ncol))
        start(theirs)
        for row in range(0, nrow, ROWS):
            count = min(ROWS, nrow - row)
            out[:, row : row + count] = r.doubles(read(theirs, row + 1, count, 1, ncol)).reshape(
                nlyr, count, ncol
            )
        stop(theirs)
        return out

    return Job(lambda: pt.from_r(theirs), rival=bare)


@workload("bridge-to-r", 0.8, "bare loop", note="writeValues of doubles; within 20 % of it")
def to_r_blocks(data: Data) -> Job:
    r, theirs = r_raster(data)
    ours = pt.from_r(theirs)
    array = ours.to_numpy()
    nlyr, nrow, ncol = array.shape
    make, start, write, stop = (
        r.function(f"terra::{f}") for f in ("rast", "writeStart", "writeValues", "writeStop")
    )

    def bare() -> Any:
        out = make(nrows=nrow, ncols=ncol, nlyrs=nlyr)
        start(out, filename="")
        for row in range(0, nrow, ROWS):
            block = array[:, row : row + ROWS]
            write(out, r.vector(np.ascontiguousarray(block).reshape(-1)), row + 1, block.shape[1])
        return stop(out)

    def both_ways() -> Any:
        return ours.to_r()

    return Job(both_ways, rival=bare)


@workload("bridge-path", 0.8, "rasterio", note="a file of R is read here, against rasterio alone")
def from_r_path(data: Data) -> Job:
    import rasterio

    r, path = session(), data.output("bridge")
    pt.rast(surface(data.sizes.middle * 10 // 3, 1)).write_raster(
        path, overwrite=True, options={"COMPRESS": "NONE"}
    )
    theirs = r.call("terra::rast", str(path))

    def bare() -> Any:
        with rasterio.open(path) as file:
            return file.read()

    return Job(lambda: pt.from_r(theirs).to_numpy(), rival=bare, inputs=(path,))


def r_polygons(data: Data) -> tuple[Any, Any]:
    """R and polygons of 21 vertices there: 90,000 for full data."""
    r, side = session(), data.sizes.middle // 5
    angle = np.r_[np.linspace(0, 2 * np.pi, 20, endpoint=False), 0]
    x, y = (v.ravel().astype(float) for v in np.meshgrid(np.arange(side), np.arange(side)))
    rings = np.stack([x[:, None] + np.cos(angle) / 3, y[:, None] + np.sin(angle) / 3], axis=-1)
    ours = pt.vect(shapely.polygons(rings), atts={"id": np.arange(len(x))})
    return r, ours.to_r()


@workload("bridge-vector-from-r", 0.8, "bare route", note="geom() and ragged arrays with known offsets")
def from_r_vector(data: Data) -> Job:
    r, theirs = r_polygons(data)
    count = len(pt.from_r(theirs))
    geom = r.function("terra::geom")

    def bare() -> Any:
        vertices = r.doubles(geom(theirs))
        rings = np.flatnonzero(np.diff(vertices[:, 0], prepend=0))
        steps = np.arange(count + 1)
        offsets = (np.r_[rings, len(vertices)], steps)
        xy = np.ascontiguousarray(vertices[:, 2:4])
        return shapely.from_ragged_array(shapely.GeometryType.POLYGON, xy, offsets)

    return Job(lambda: pt.from_r(theirs), rival=bare)


@workload("bridge-vector-to-r", 0.8, "bare route", note="ragged arrays and vect() of the matrix")
def to_r_vector(data: Data) -> Job:
    r, theirs = r_polygons(data)
    ours = pt.from_r(theirs)
    build, shapes = r.function("shapes_of_matrix"), ours.geoms

    def bare() -> Any:
        _, xy, (rings, *_) = shapely.to_ragged_array(shapes)
        vertices = np.ones((len(xy), 5), order="F")
        vertices[:, 0] = np.repeat(np.arange(1, len(shapes) + 1), np.diff(rings))
        vertices[:, 2:4], vertices[:, 4] = xy, 0
        return build(r.vector(vertices), "polygons")

    return Job(lambda: ours.to_r(), rival=bare)
