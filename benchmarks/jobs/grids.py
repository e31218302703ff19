"""Other grids: resample, project, aggregate."""

from __future__ import annotations

import pyterra as pt
from benchmarks.data import Data
from benchmarks.job import LZW, R_GDAL, R_LZW, Job, in_memory, r_file, r_memory, workload


@workload("resample-file", 3.0)
def resample_file(data: Data) -> Job:
    out, theirs = data.output("resample"), data.output("resample-terra")
    target = pt.rast(data.finer)
    return Job(
        lambda: (
            pt.rast(data.hills).resample(target, "bilinear").write_raster(out, overwrite=True, options=LZW)
        ),
        f'out <- resample(x, y, "bilinear", filename = "{theirs}", datatype = "FLT4S", {R_LZW})',
        r_file("x", data.hills) + r_file("y", data.finer),
        inputs=(data.hills,),
        output=out,
        unequal=0.001,
    )


@workload("project-file", 4.0)
def project_file(data: Data) -> Job:
    out, theirs = data.output("project"), data.output("project-terra")
    target = pt.rast(data.degrees)
    return Job(
        lambda: (
            pt.rast(data.hills).project(target, "bilinear").write_raster(out, overwrite=True, options=LZW)
        ),
        f'out <- project(x, y, "bilinear", filename = "{theirs}", overwrite = TRUE, '
        f'wopt = list(datatype = "FLT4S", {R_GDAL}))',
        r_file("x", data.hills) + r_file("y", data.degrees),
        inputs=(data.hills,),
        output=out,
        tolerance=1e-3,
        unequal=0.01,
    )


@workload("project-swath-file", 2.0)
def project_swath_file(data: Data) -> Job:
    out, theirs = data.output("swath"), data.output("swath-terra")
    target = pt.rast(extent=(5, 13.4, 46, 51.6), resolution=8.4 / data.sizes.middle, crs="EPSG:4326")
    grid = ", ".join(map(str, (*target.ext, target.xres)))
    return Job(
        lambda: (
            pt.rast(data.swath).project(target, "bilinear").write_raster(out, overwrite=True, options=LZW)
        ),
        f'out <- project(x, y, "bilinear", filename = "{theirs}", overwrite = TRUE, '
        f'wopt = list(datatype = "FLT4S", {R_GDAL}))',
        r_file("x", data.swath) + f'g <- c({grid})\ny <- rast(ext(g[1:4]), res = g[5], crs = "EPSG:4326")\n',
        inputs=(data.swath,),
        output=out,
        tolerance=1.0,
        unequal=0.02,
    )


@workload("aggregate-memory", 4.0)
def aggregate_memory(data: Data) -> Job:
    x = in_memory(data.heights)
    return Job(
        lambda: x.aggregate(10, "mean", na_rm=True).compute(),
        'out <- aggregate(x, 10, "mean", na.rm = TRUE)',
        r_memory("x", data.heights),
    )


@workload("aggregate-file", 6.0)
def aggregate_file(data: Data) -> Job:
    out, theirs = data.output("aggregate"), data.output("aggregate-terra")
    return Job(
        lambda: (
            pt.rast(data.heights)
            .aggregate(10, "mean", na_rm=True)
            .write_raster(out, overwrite=True, options=LZW)
        ),
        f'out <- aggregate(x, 10, "mean", na.rm = TRUE, filename = "{theirs}", datatype = "FLT4S", {R_LZW})',
        r_file("x", data.heights),
        inputs=(data.heights,),
        output=out,
    )
