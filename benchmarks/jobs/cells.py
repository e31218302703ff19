"""Cell by cell: a vegetation index, a function of two layers, new values for old."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import rasterio

import pyterra as pt
from benchmarks.data import Data
from benchmarks.job import LZW, R_GDAL, R_LZW, Job, in_memory, r_file, r_memory, workload

EDGES = (0, 50, 120, 200, 300, 420, 500, 620, 700, 850, 1000)
RANGES = [[low, high, i + 1] for i, (low, high) in enumerate(pairwise(EDGES))]
R_RANGES = f"rcl <- cbind(c{EDGES[:-1]}, c{EDGES[1:]}, 1:10)\n"
CODES = [[i, (i * 7) % 200] for i in range(200)]


def ndvi(red: pt.SpatRaster, nir: pt.SpatRaster) -> pt.SpatRaster:
    """The index, by arithmetic."""
    return (nir - red) / (nir + red)


def index_of(red: np.ndarray, nir: np.ndarray) -> np.ndarray:
    """The same index as a function of arrays."""
    return (nir - red) / (nir + red)


@workload("ndvi-file", 4.0)
def ndvi_file(data: Data) -> Job:
    out, theirs = data.output("ndvi"), data.output("ndvi-terra")
    return Job(
        lambda: ndvi(pt.rast(data.red), pt.rast(data.nir)).write_raster(out, overwrite=True, options=LZW),
        f'out <- writeRaster((nir - red) / (nir + red), "{theirs}", datatype = "FLT4S", {R_LZW})',
        r_file("red", data.red) + r_file("nir", data.nir),
        inputs=(data.red, data.nir),
        output=out,
    )


@workload("ndvi-memory", 12.0)
def ndvi_memory(data: Data) -> Job:
    red, nir = in_memory(data.red), in_memory(data.nir)
    return Job(
        lambda: ndvi(red, nir).compute(),
        "out <- (nir - red) / (nir + red)",
        r_memory("red", data.red) + r_memory("nir", data.nir),
    )


@workload("lapp-file", 5.0)
def lapp_file(data: Data) -> Job:
    out, theirs = data.output("lapp"), data.output("lapp-terra")
    return Job(
        lambda: (
            pt.rast([data.red, data.nir])
            .lapp(index_of)
            .write_raster(out, overwrite=True, datatype="float32", options=LZW)
        ),
        f'out <- lapp(x, fun = function(r, n) (n - r) / (n + r), filename = "{theirs}", '
        f'wopt = list(datatype = "FLT4S", {R_GDAL}), overwrite = TRUE)',
        f'x <- rast(c("{data.red}", "{data.nir}"))',
        inputs=(data.red, data.nir),
        output=out,
    )


@workload("classify-memory", 5.0)
def classify_memory(data: Data) -> Job:
    heights = in_memory(data.heights)
    return Job(
        lambda: heights.classify(RANGES).compute(),
        "out <- classify(x, rcl)",
        r_memory("x", data.heights) + R_RANGES,
    )


@workload("classify-file", 2.5)
def classify_file(data: Data) -> Job:
    out, theirs = data.output("classify"), data.output("classify-terra")
    kind = f'filename = "{theirs}", datatype = "INT1U", NAflag = 255'
    return Job(
        lambda: (
            pt.rast(data.heights)
            .classify(RANGES, include_lowest=True)
            .write_raster(out, overwrite=True, datatype="uint8", nodata=255, options=LZW)
        ),
        f"out <- classify(x, rcl, include.lowest = TRUE, {kind}, {R_LZW})",
        r_file("x", data.heights) + R_RANGES,
        inputs=(data.heights,),
        output=out,
    )


@workload("codes-file", 3.5)
def codes_file(data: Data) -> Job:
    out, theirs = data.output("codes"), data.output("codes-terra")
    return Job(
        lambda: (
            pt.rast(data.classes)
            .classify(CODES)
            .write_raster(out, overwrite=True, datatype="uint8", nodata=255, options=LZW)
        ),
        f'out <- classify(x, rcl, filename = "{theirs}", datatype = "INT1U", NAflag = 255, {R_LZW})',
        r_file("x", data.classes) + "rcl <- cbind(0:199, (0:199 * 7) %% 200)\n",
        inputs=(data.classes,),
        output=out,
    )


@workload("codes-memory", 30.0)
def codes_memory(data: Data) -> Job:
    with rasterio.open(data.classes) as file:
        classes = pt.rast(file.read(), extent=pt.rast(data.classes).ext, crs=file.crs.to_wkt())
    return Job(
        lambda: classes.classify(CODES).compute(),
        "out <- classify(x, rcl)",
        r_memory("x", data.classes) + "x <- subst(x, NA, 255); rcl <- cbind(0:199, (0:199 * 7) %% 200)\n",
    )


@workload("subst-file", 3.5)
def subst_file(data: Data) -> Job:
    out, theirs = data.output("subst"), data.output("subst-terra")
    old, new = (list(column) for column in zip(*CODES, strict=True))
    return Job(
        lambda: (
            pt.rast(data.classes)
            .subst(old, new)
            .write_raster(out, overwrite=True, datatype="uint8", nodata=255, options=LZW)
        ),
        f'out <- subst(x, 0:199, (0:199 * 7) %% 200, filename = "{theirs}", datatype = "INT1U", NAflag = 255, {R_LZW})',
        r_file("x", data.classes),
        inputs=(data.classes,),
        output=out,
    )
