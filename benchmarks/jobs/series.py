"""Layers as time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import numpy as np
from scipy.linalg import solveh_banded
from scipy.sparse import diags_array
from scipy.sparse.linalg import splu
from scipy.stats import theilslopes
from statsmodels.tsa.seasonal import STL

import pyterra as pt
from benchmarks.data import EPOCHS, YEARS, Data
from benchmarks.job import LZW, R_LZW, Job, in_memory, r_file, r_memory, workload
from pyterra.kernels.convolution import Weights, convolve, swa
from pyterra.kernels.whittaker import penalty
from pyterra.run.one_thread import one_thread

R_CLOSURE = 1 / 16
"""terra calls R's approx for each cell: it gets a sixteenth of the rows."""


def r_first_rows(name: str, share: float) -> str:
    """R code that keeps the first rows of a raster, in memory."""
    return (
        f"n <- max(1, round(nrow({name}) * {share}))\n"
        f"{name} <- crop({name}, ext(xmin({name}), xmax({name}), yFromRow({name}, n) - yres({name}) / 2, ymax({name})))\n"
        f"{name} <- setValues({name}, values({name}))\n"
    )


def r_gaps(name: str) -> str:
    """R code for all years as layers, missing but for the epochs."""
    return (
        f"full <- rast({name}[[1]], nlyrs = {len(YEARS)}); full <- setValues(full, NA)\n"
        f"for (i in 1:5) full[[c{EPOCHS}[i] - 1999]] <- {name}[[i]]\n"
    )


def _croplands(data: Data, method: Literal["linear", "constant"]) -> Job:
    """Five epochs of bytes to 23 years of bytes, from file to file."""
    out, theirs = data.output("years"), data.output("years-terra")
    code = f'full, "{method}", rule = 2, filename = "{theirs}", datatype = "INT1U", NAflag = 255'
    x = pt.rast(data.epochs)
    return Job(
        lambda: x.approximate(method, xout=YEARS, z=EPOCHS, rule=2).write_raster(
            out, overwrite=True, datatype="uint8", nodata=255, options=LZW
        ),
        f"out <- approximate({code}, {R_LZW})",
        r_file("x", data.epochs) + r_first_rows("x", R_CLOSURE) + r_gaps("x"),
        share=R_CLOSURE,
        inputs=(data.epochs,),
        output=out,
        tolerance=1 / 100,
    )


@workload("approximate-file", 160.0, note="terra cuts toward zero when it writes bytes, pyterra rounds")
def approximate_file(data: Data) -> Job:
    return _croplands(data, "linear")


@workload("approximate-constant-file", 180.0)
def approximate_constant_file(data: Data) -> Job:
    return _croplands(data, "constant")


@workload("approximate-memory", 300.0)
def approximate_memory(data: Data) -> Job:
    x = in_memory(data.epochs)
    return Job(
        lambda: x.approximate(xout=YEARS, z=EPOCHS, rule=2).compute(),
        "out <- approximate(full, rule = 2)",
        r_file("x", data.epochs) + r_first_rows("x", R_CLOSURE) + r_gaps("x"),
        share=R_CLOSURE,
    )


def own_approximate(v: np.ndarray) -> np.ndarray:
    """Five epochs at 23 years, as a user writes it."""
    return np.interp(AT, KNOTS, v)


KNOTS, AT = np.array(EPOCHS, float), np.array(YEARS, float)


@workload("own-approximate-memory", 40.0, note="app(x, function(v) approx(epochs, v, years, rule = 2)$y)")
def own_approximate_memory(data: Data) -> Job:
    x = in_memory(data.epochs)
    return Job(
        lambda: x.app(own_approximate).compute(),
        f"out <- app(x, function(v) approx(c{EPOCHS}, v, {YEARS[0]}:{YEARS[-1]}, rule = 2)$y)",
        r_file("x", data.epochs) + r_first_rows("x", R_CLOSURE),
        share=R_CLOSURE,
    )


@workload("gaps-memory", 80.0)
def gaps_memory(data: Data) -> Job:
    series = in_memory(data.series)
    return Job(
        lambda: series.approximate().compute(),
        "out <- approximate(x)",
        r_file("x", data.series) + r_first_rows("x", R_CLOSURE),
        share=R_CLOSURE,
    )


def _filled(data: Data, path: Path, **kind: Any) -> Job:
    """Gaps of 126 dates filled, from file to file."""
    out, theirs = data.output("filled"), data.output("filled-terra")
    datatype = "INT2S" if kind else "FLT4S"
    return Job(
        lambda: pt.rast(path).approximate().write_raster(out, overwrite=True, options=LZW, **kind),
        f'out <- approximate(x, filename = "{theirs}", datatype = "{datatype}", {R_LZW})',
        r_file("x", path) + r_first_rows("x", R_CLOSURE),
        share=R_CLOSURE,
        inputs=(path,),
        output=out,
        tolerance=2e-2 if kind else 1e-5,
    )


@workload("gaps-float-file", 12.0)
def gaps_float_file(data: Data) -> Job:
    return _filled(data, data.series)


@workload("gaps-int16-file", 16.0, note="terra cuts toward zero when it writes whole numbers, pyterra rounds")
def gaps_int16_file(data: Data) -> Job:
    return _filled(data, data.series16, datatype="int16", nodata=-32768)


@workload("clamp-ts-memory", 1.0)
def clamp_ts_memory(data: Data) -> Job:
    x = in_memory(data.stack)
    return Job(lambda: x.clamp_ts(min=True).compute(), "out <- clamp_ts(x, TRUE)", r_memory("x", data.stack))


FRAMES = 126
"""Of the series."""
SEASON = 6
"""Frames in a year of the series."""


def _flat(x: pt.SpatRaster) -> Any:
    return x.to_numpy().reshape(len(x), -1)


def _rows(x: pt.SpatRaster, share: float) -> pt.SpatRaster:
    """The first rows of a raster, in memory."""
    return pt.rast(x.to_numpy()[:, : max(1, round(x.nrow * share))])


SIDE = 256
"""Cells of a side of the stacks whose products are compared with those of BLAS."""


def _share_of_sgemm(frames: int, season: int, data: Data, verb: bool) -> Job:
    """Weighted means of a stack, and the two products alone: of the values, and of what is there."""
    side = min(SIDE, data.sizes.long)
    rng = np.random.default_rng(frames)
    values = rng.random((frames, side, side), np.float32)
    values[rng.random(values.shape, np.float32) < 0.4] = np.nan
    x = pt.rast(values).compute()
    flat, numbers = _flat(x), np.arange(frames)
    there = (~np.isnan(flat)).astype(np.float32)
    laid = np.nan_to_num(flat).astype(np.float32)
    line = swa(frames, season, 45, 46)
    weights = Weights(line[1:], 1.0, line[1:])
    table = weights.matrix(numbers).astype(np.float32)

    def rival() -> Any:
        with one_thread():
            return table @ laid, table @ there

    def kernel() -> Any:
        with one_thread():
            return convolve(flat, weights, numbers)

    def whole() -> Any:
        found = x.reconstruct(season_size=season, att_seas=45, att_env=46, keep_original=False)
        return found.compute()

    return Job(whole if verb else kernel, rival=rival)


SHARE = "the ratio is the share of sgemm: float32, one BLAS thread for each worker"


@workload("convolution-156", 0.8, rival="sgemm", note=SHARE)
def convolution_156(data: Data) -> Job:
    return _share_of_sgemm(156, 6, data, verb=False)


@workload("convolution-598", 0.8, rival="sgemm", note=SHARE)
def convolution_598(data: Data) -> Job:
    return _share_of_sgemm(598, 23, data, verb=False)


@workload("reconstruct-156-memory", 0.65, rival="sgemm", note=f"blocks and all; {SHARE}")
def reconstruct_156_memory(data: Data) -> Job:
    return _share_of_sgemm(156, 6, data, verb=True)


@workload("reconstruct-598-memory", 0.75, rival="sgemm", note=f"blocks and all; {SHARE}")
def reconstruct_598_memory(data: Data) -> Job:
    return _share_of_sgemm(598, 23, data, verb=True)


def _whittaker(data: Data, solve: Callable[[Any, Any], Any]) -> Job:
    """Whittaker's smoother, and a system solved for each cell: of its weights and its values."""
    x = _rows(in_memory(data.series), 1 / 8)

    def rival() -> Any:
        out = np.empty((len(x), x.ncell))
        for c, series in enumerate(_flat(x).T.astype(np.float64)):
            there = ~np.isnan(series)
            out[:, c] = solve(there.astype(float), np.where(there, series, 0))
        return out

    return Job(lambda: _flat(x.whittaker(10.0).compute()), rival=rival)


@workload("whittaker-memory", 10.0, rival="scipy", note="a sparse system for each cell, as in scikit-map")
def whittaker_memory(data: Data) -> Job:
    step = diags_array([1.0, -2.0, 1.0], offsets=[0, 1, 2], shape=(FRAMES - 2, FRAMES))
    rough = (10.0 * step.T @ step).tocsc()
    return _whittaker(
        data, lambda weights, values: splu((diags_array(weights) + rough).tocsc()).solve(values)
    )


@workload("whittaker-banded-memory", 4.0, rival="scipy", note="a banded system for each cell")
def whittaker_banded_memory(data: Data) -> Job:
    bands = 10.0 * penalty(FRAMES, 2)

    def solve(weights: Any, values: Any) -> Any:
        system = bands.copy()
        system[0] += weights
        return solveh_banded(system, values, lower=True)

    return _whittaker(data, solve)


@workload("stl-memory", 10.0, rival="statsmodels", note="gaps filled first: statsmodels takes none")
def stl_memory(data: Data) -> Job:
    x = _rows(in_memory(data.series), 1 / 64).fill(["linear", "season_median"], season_size=SEASON).compute()

    def rival() -> Any:
        out = np.empty((len(x), x.ncell))
        for c, series in enumerate(_flat(x).T.astype(np.float64)):
            out[:, c] = STL(series, period=SEASON, seasonal=7, robust=True).fit().trend
        return out

    return Job(lambda: _flat(x.stl(SEASON, what="trend", robust=True).compute()), rival=rival)


@workload(
    "stl-trend-memory",
    10.0,
    rival="statsmodels and numpy",
    note="a robust season and trend, and a line through the trend, for each cell: TrendAnalysis of scikit-map",
)
def stl_trend_memory(data: Data) -> Job:
    x = _rows(in_memory(data.series), 1 / 64).fill(["linear", "season_median"], season_size=SEASON).compute()

    def rival() -> Any:
        design = np.column_stack([np.ones(len(x)), np.arange(len(x)) / len(x)])
        out = np.empty((2, x.ncell))
        for c, series in enumerate(_flat(x).T.astype(np.float64)):
            line = STL(series, period=SEASON, seasonal=7, robust=True).fit().trend
            out[:, c] = np.linalg.lstsq(design, line)[0]
        return out

    return Job(
        lambda: _flat(x.stl(SEASON, what="trend", robust=True).trend(what=["intercept", "slope"]).compute()),
        rival=rival,
    )


@workload("theil-sen-memory", 5.0, rival="scipy", note="an aggregate of years")
def theil_sen_memory(data: Data) -> Job:
    x = _rows(in_memory(data.series), 1 / 64).fill(["linear", "season_median"], season_size=SEASON)
    years = x.aggregate_time(SEASON).compute()

    def rival() -> Any:
        return np.array([[theilslopes(series)[0] for series in _flat(years).T]])

    return Job(lambda: _flat(years.trend("sen", "slope").compute()), rival=rival)
