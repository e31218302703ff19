"""What the engine itself is good for: fused chains, many files, users' functions, threads."""

from __future__ import annotations

import shutil
from itertools import pairwise

import numpy as np

import pyterra as pt
from benchmarks.data import Data
from benchmarks.job import LZW, R_LZW, Job, in_memory, r_file, workload
from benchmarks.jobs.cells import ndvi

CUTS = (0, *(i / 10 + 0.000037 for i in range(1, 10)), 1)
"""Off the round numbers: terra works in float64, and 0.3 in float32 lies on the other side of 0.3."""
CLASSES = [[low, high, i + 1] for i, (low, high) in enumerate(pairwise(CUTS))]


def chain(data: Data) -> pt.SpatRaster:
    """Index, limits, classes, smoothing."""
    index = ndvi(pt.rast(data.red), pt.rast(data.nir)).clamp(0, 1)
    return index.classify(CLASSES, include_lowest=True).focal(3, "mean", na_rm=True)


@workload("chain-file", 3.5)
def chain_file(data: Data) -> Job:
    out, theirs = data.output("chain"), data.output("chain-terra")
    return Job(
        lambda: chain(data).write_raster(out, overwrite=True, options=LZW),
        "i <- clamp((nir - red) / (nir + red), 0, 1)\n"
        "k <- classify(i, rcl, include.lowest = TRUE)\n"
        f'out <- focal(k, 3, "mean", na.rm = TRUE, filename = "{theirs}", datatype = "FLT4S", {R_LZW})',
        r_file("red", data.red)
        + r_file("nir", data.nir)
        + f"rcl <- cbind(c{CUTS[:-1]}, c{CUTS[1:]}, 1:10)\n",
        inputs=(data.red, data.nir),
        output=out,
        unequal=1e-4,
    )


def doubled(data: Data, out: str) -> pt.SpatRaster:
    """A file read and written block by block."""
    red = pt.rast(data.red)
    with red.read_start() as source, red.write_start(out, overwrite=True, options=LZW) as target:
        for (row, nrows), values in source:
            target.write_values(values * 2, row, nrows)
    return target.raster


@workload("by-rows", 1.2)
def by_rows(data: Data) -> Job:
    out, theirs = data.output("rows"), data.output("rows-terra")
    return Job(
        lambda: doubled(data, out),
        "o <- rast(red); readStart(red)\n"
        f'b <- writeStart(o, "{theirs}", datatype = "FLT4S", {R_LZW})\n'
        "for (i in 1:b$n) writeValues(o, readValues(red, b$row[i], b$nrows[i]) * 2, b$row[i], b$nrows[i])\n"
        "readStop(red); out <- writeStop(o)",
        r_file("red", data.red),
        inputs=(data.red,),
        output=out,
    )


@workload(
    "update", 0.8, note="terra changes the file itself, without a copy; before 1.9 it writes all of it anew"
)
def update(data: Data) -> Job:
    ours, theirs = data.output("updated"), data.output("updated-terra")
    for path in (ours, theirs):
        shutil.copy(data.red, path)
    cells = np.random.default_rng(1).choice(data.sizes.large**2, 1000, replace=False)
    return Job(
        lambda: pt.rast(ours).update(cells=cells, values=0.5),
        "if (exists('chunk', asNamespace('terra'))) {update(x, cells = cells, values = 0.5)} else {\n"
        f'x[cells] <- 0.5; writeRaster(x, paste0("{theirs}", ".tif"), overwrite = TRUE)}}\nout <- rast("{theirs}")',
        r_file("x", theirs) + f"cells <- c({', '.join(map(str, cells + 1))})\n",
    )


@workload("chain-against-slowest", 1 / 1.2, "NDVI alone", note="of the verbs alone, the index is the slowest")
def chain_against_slowest(data: Data) -> Job:
    out, alone = data.output("chain"), data.output("slowest")
    return Job(
        lambda: chain(data).write_raster(out, overwrite=True, options=LZW),
        rival=lambda: ndvi(pt.rast(data.red), pt.rast(data.nir)).write_raster(
            alone, overwrite=True, options=LZW
        ),
        inputs=(data.red, data.nir),
    )


def r_files(data: Data) -> str:
    """R code that opens the hundred files."""
    return "x <- rast(c(" + ", ".join(f'"{path}"' for path in data.files) + "))\n"


@workload("hundred-files", 15.0, note="terra gives a matrix of doubles, pyterra an array of bytes")
def hundred_files(data: Data) -> Job:
    files = data.files
    return Job(
        lambda: pt.read_rasters(files, dtype="uint8"),
        "out <- x; v <- values(x)",
        r_files(data),
        inputs=tuple(files),
    )


@workload("hundred-layers", 3.0, note="terra gives a matrix of doubles, pyterra an array of float32")
def hundred_layers(data: Data) -> Job:
    files = data.files
    return Job(
        lambda: pt.rast(files).to_numpy(), "out <- x; v <- values(x)", r_files(data), inputs=tuple(files)
    )


def own_mean(v: np.ndarray) -> float:
    """A mean as a user writes it."""
    total = 0.0
    for i in range(v.size):
        total += v[i]
    return total / v.size


@workload("own-function-app", 1 / 3, "built-in")
def own_function(data: Data) -> Job:
    stack = in_memory(data.stack)
    return Job(lambda: stack.app(own_mean).compute(), rival=lambda: stack.app("mean").compute())


@workload("own-function-focal", 1 / 3, "built-in")
def own_focal(data: Data) -> Job:
    x = in_memory(data.heights)
    return Job(lambda: x.focal(3, own_mean).compute(), rival=lambda: x.focal(3, "mean").compute())


@workload("two-threads-memory", 1.6, "one thread", "wall")
def two_threads(data: Data) -> Job:
    x = in_memory(data.hills)

    def run(workers: int) -> pt.SpatRaster:
        with pt.options(workers=workers):
            return x.focal(11, "median", na_rm=True).compute()

    return Job(lambda: run(2), rival=lambda: run(1))


@workload("two-threads-file", 1.6, "one thread", "wall")
def two_threads_file(data: Data) -> Job:
    out = data.output("threads")

    def run(workers: int) -> pt.SpatRaster:
        with pt.options(workers=workers):
            return ndvi(pt.rast(data.red), pt.rast(data.nir)).write_raster(out, overwrite=True, options=LZW)

    return Job(lambda: run(2), rival=lambda: run(1), inputs=(data.red, data.nir))
