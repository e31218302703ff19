"""Moving windows."""

from __future__ import annotations

import numpy as np

import pyterra as pt
from benchmarks.data import Data
from benchmarks.job import LZW, R_LZW, Job, in_memory, r_file, r_memory, workload

_ramp = np.array([1.0, 4.0, 6.0, 4.0, 1.0])
GAUSS = np.outer(_ramp, _ramp) / 256


@workload("focal3-memory", 5.0)
def focal3_memory(data: Data) -> Job:
    x = in_memory(data.heights)
    return Job(
        lambda: x.focal(3, "mean", na_rm=True).compute(),
        'out <- focal(x, 3, "mean", na.rm = TRUE)',
        r_memory("x", data.heights),
    )


@workload("focal11-memory", 5.0)
def focal11_memory(data: Data) -> Job:
    x = in_memory(data.heights)
    return Job(
        lambda: x.focal(11, "mean", na_rm=True).compute(),
        'out <- focal(x, 11, "mean", na.rm = TRUE)',
        r_memory("x", data.heights),
    )


@workload("focal-weights-memory", 8.0)
def focal_weights(data: Data) -> Job:
    x = in_memory(data.heights)
    return Job(
        lambda: x.focal(GAUSS, "sum", na_rm=True).compute(),
        'out <- focal(x, w, "sum", na.rm = TRUE)',
        r_memory("x", data.heights) + "w <- outer(c(1, 4, 6, 4, 1), c(1, 4, 6, 4, 1)) / 256\n",
    )


@workload("focal-median-memory", 18.0)
def focal_median(data: Data) -> Job:
    x = in_memory(data.hills)
    return Job(
        lambda: x.focal(11, "median", na_rm=True).compute(),
        'out <- focal(x, 11, "median", na.rm = TRUE)',
        r_memory("x", data.hills),
    )


@workload("focal3-file", 2.5)
def focal_file(data: Data) -> Job:
    out, theirs = data.output("focal"), data.output("focal-terra")
    return Job(
        lambda: (
            pt.rast(data.heights).focal(3, "mean", na_rm=True).write_raster(out, overwrite=True, options=LZW)
        ),
        f'out <- focal(x, 3, "mean", na.rm = TRUE, filename = "{theirs}", datatype = "FLT4S", {R_LZW})',
        r_file("x", data.heights),
        inputs=(data.heights,),
        output=out,
    )


@workload("focal3d-memory", 1.0, note="a fiftieth of the cells")
def focal_3d(data: Data) -> Job:
    x = in_memory(data.stack)
    x = (
        x[:6]
        .crop(pt.ext(x.xmin, x.xmin + x.xres * x.ncol // 7, x.ymin, x.ymin + x.yres * x.nrow // 7))
        .compute()
    )
    return Job(
        lambda: x.focal3d((3, 3, 3), "mean", na_rm=True).compute(),
        'out <- focal3D(x, c(3, 3, 3), fun = "mean", na.rm = TRUE)',
        r_memory("x", data.stack) + f"x <- crop(x[[1:6]], ext({', '.join(map(repr, x.ext))}))\n",
    )


@workload("focal-values-memory", 1.0)
def focal_values(data: Data) -> Job:
    x = in_memory(data.hills)
    rows = min(100, x.nrow)
    return Job(
        lambda: x.focal_values(3, nrows=rows).T[None],
        f"out <- rast(array(t(focalValues(x, 3, 1, {rows})), c(9, {rows} * ncol(x), 1)))",
        r_memory("x", data.hills),
        unequal=1,
        tolerance=1,
    )
