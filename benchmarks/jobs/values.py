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


@workload("layer-cor-memory", 2.0)
def layer_cor_memory(data: Data) -> Job:
    x, setup = _two(data)
    return Job(
        lambda: x.layer_cor("cov", use="pairwise")["covariance"].to_numpy(),
        'out <- rast(layerCor(x, "cov")[[1]])',
        setup,
    )


@workload("any-na-memory", 1.5)
def any_na_memory(data: Data) -> Job:
    x, setup = _two(data)
    return Job(lambda: x.any_na().compute(), "out <- anyNA(x)", setup)
