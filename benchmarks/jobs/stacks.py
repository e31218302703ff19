"""Statistics over the layers of each cell."""

from __future__ import annotations

import pyterra as pt
from benchmarks.data import Data
from benchmarks.job import LZW, R_GDAL, R_LZW, Job, in_memory, r_file, r_memory, workload

PROBS = (0.1, 0.5, 0.9)


@workload("mean-memory", 10.0)
def mean_memory(data: Data) -> Job:
    stack = in_memory(data.stack)
    return Job(
        lambda: stack.mean(na_rm=True).compute(), "out <- mean(x, na.rm = TRUE)", r_memory("x", data.stack)
    )


@workload("sd-memory", 10.0)
def sd_memory(data: Data) -> Job:
    stack = in_memory(data.stack)
    return Job(
        lambda: stack.stdev(pop=False, na_rm=True).compute(),
        "out <- stdev(x, pop = FALSE, na.rm = TRUE)",
        r_memory("x", data.stack),
    )


@workload("max-memory", 10.0)
def max_memory(data: Data) -> Job:
    stack = in_memory(data.stack)
    return Job(
        lambda: stack.max(na_rm=True).compute(), "out <- max(x, na.rm = TRUE)", r_memory("x", data.stack)
    )


@workload("quantile-memory", 10.0)
def quantile_memory(data: Data) -> Job:
    stack = in_memory(data.stack)
    return Job(
        lambda: stack.quantile(PROBS, na_rm=True).compute(),
        f"out <- quantile(x, probs = c{PROBS}, na.rm = TRUE)",
        r_memory("x", data.stack),
    )


@workload("mean-file", 2.5)
def mean_file(data: Data) -> Job:
    out, theirs = data.output("mean"), data.output("mean-terra")
    return Job(
        lambda: pt.rast(data.stack).mean(na_rm=True).write_raster(out, overwrite=True, options=LZW),
        f'out <- app(x, "mean", na.rm = TRUE, filename = "{theirs}", overwrite = TRUE, '
        f'wopt = list(datatype = "FLT4S", {R_GDAL}))',
        r_file("x", data.stack),
        inputs=(data.stack,),
        output=out,
    )


@workload("quantile-file", 3.0)
def quantile_file(data: Data) -> Job:
    out, theirs = data.output("quantile"), data.output("quantile-terra")
    return Job(
        lambda: (
            pt.rast(data.stack).quantile(PROBS, na_rm=True).write_raster(out, overwrite=True, options=LZW)
        ),
        f'out <- quantile(x, probs = c{PROBS}, na.rm = TRUE, filename = "{theirs}", datatype = "FLT4S", {R_LZW})',
        r_file("x", data.stack),
        inputs=(data.stack,),
        output=out,
    )
