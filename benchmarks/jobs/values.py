"""Values on another scale, and layers beside each other."""

from __future__ import annotations

import pyterra as pt
from benchmarks.data import Data
from benchmarks.job import Job, in_memory, r_memory, workload


def _two(data: Data) -> tuple[pt.SpatRaster, str]:
    """Two layers in memory, for both sides."""
    ours = pt.c(in_memory(data.red), in_memory(data.nir)).compute()
    return ours, r_memory("red", data.red) + r_memory("nir", data.nir) + "x <- c(red, nir)\n"


@workload("scale-memory", 2.0)
def scale_memory(data: Data) -> Job:
    x, setup = _two(data)
    return Job(lambda: x.scale().compute(), "out <- scale(x)", setup)


@workload("stretch-memory", 1.2)
def stretch_memory(data: Data) -> Job:
    x, setup = _two(data)
    return Job(
        lambda: x.stretch(smin=100, smax=3000).compute(), "out <- stretch(x, smin = 100, smax = 3000)", setup
    )


@workload("weighted-mean-memory", 2.0)
def weighted_mean_memory(data: Data) -> Job:
    x, setup = _two(data)
    return Job(lambda: x.weighted_mean([1, 3]).compute(), "out <- weighted.mean(x, c(1, 3))", setup)


@workload("layer-cor-memory", 2.0, note="1.7-3 takes other cells where some are missing")
def layer_cor_memory(data: Data) -> Job:
    x, setup = _two(data)
    return Job(
        lambda: x.layer_cor("cov", use="complete")["covariance"].to_numpy(),
        'out <- rast(layerCor(x, "cov")[[1]])',
        setup,
        unequal=1.0,
    )


@workload("any-na-memory", 1.5)
def any_na_memory(data: Data) -> Job:
    x, setup = _two(data)
    return Job(lambda: x.any_na().compute(), "out <- anyNA(x)", setup)


def _stack(data: Data) -> tuple[pt.SpatRaster, str]:
    """Six layers in memory, for both sides."""
    x, setup = _two(data)
    return pt.c(x, x * 2, x + 1).compute(), setup + "x <- c(x, x * 2, x + 1)\n"


@workload("roll-memory", 2.0)
def roll_memory(data: Data) -> Job:
    x, setup = _stack(data)
    return Job(lambda: x.roll(3, "mean").compute(), 'out <- roll(x, 3, "mean")', setup)


@workload("sort-memory", 1.2, note="terra does not sort cells with missing layers")
def sort_memory(data: Data) -> Job:
    x, setup = _stack(data)
    return Job(lambda: x.sort().compute(), "out <- sort(x)", setup, unequal=0.2)


@workload("range-memory", 0.9)
def range_memory(data: Data) -> Job:
    x, setup = _stack(data)
    first = (x[0] % 4).floor().compute()
    return Job(
        lambda: x.rapp(first, 4, "sum").compute(),
        'out <- rapp(x, first, 5, "sum")',
        setup + "first <- floor(x[[1]] %% 4) + 1\n",
    )
