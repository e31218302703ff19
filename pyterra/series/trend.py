"""trend and breakpoints: how the layers of each cell change over the years, and whether they do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from pyterra import kernels
from pyterra.arguments import choice
from pyterra.errors import ArgumentError
from pyterra.expr import Array, Layer
from pyterra.frozen import dataclass
from pyterra.kernels.lanes import by_tiles
from pyterra.packages import statistics
from pyterra.raster.build import FLOAT64, cells_raster, node_of, numbers_of
from pyterra.series.frames import Frames, calendar, frames_of, kept

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster

OLS = ("slope", "intercept", "slope_se", "intercept_se", "t", "p", "intercept_t", "intercept_p", "r2", "n")
SEN = ("slope", "intercept", "lower", "upper")
KENDALL = ("s", "var_s", "z", "p", "tau")
ROUNDS = 20
"""Rounds at most until slope and correlation agree."""
CLOSE = 1e-4
"""Correlations that agree are closer than that."""


@dataclass(frozen=True)
class Prepared:
    """What is done to the series of a cell before its trend is looked for."""

    years: tuple[float, ...]
    """When each layer is, in the order of the layers."""
    seasons: tuple[int, ...]
    """Place in the year of each layer."""
    deseason: bool
    logit: tuple[float, float] | None

    def series(self, block: Array) -> Array:
        """Layers in the order of time, as they are compared."""
        order = np.argsort(self.years, kind="stable")
        values = block.reshape(len(block), -1)[order].astype(np.float64)
        if self.logit is not None:
            low, high = self.logit
            with np.errstate(divide="ignore", invalid="ignore"):
                share = (values - low) / (high - low)
                values = np.where((share > 0) & (share < 1), np.log(share / (1 - share)), np.nan)
        if self.deseason:
            places = np.array(self.seasons)[order]
            usual = _means(values)
            for place in np.unique(places):
                values[places == place] -= _means(values[places == place]) - usual
        return values

    @property
    def when(self) -> Array:
        return np.sort(np.array(self.years))

    @property
    def season(self) -> Array:
        return np.array(self.seasons)[np.argsort(self.years, kind="stable")]


def _means(values: Array) -> Array:
    count = np.zeros(values.shape[1])
    total = np.zeros(values.shape[1])
    for row in values:
        total += np.where(np.isnan(row), 0.0, row)
        count += ~np.isnan(row)
    with np.errstate(invalid="ignore", divide="ignore"):
        return total / count


@dataclass(frozen=True)
class LeastSquares(Prepared):
    """A line by least squares, with what it is worth."""

    what: tuple[str, ...]

    def __call__(self, block: Array) -> Array:
        values, when = self.series(block), self.when
        found = by_tiles(values, lambda v, out: kernels.trend.least_squares(v, when, out), 6)
        slope, intercept, slope_se, intercept_se, _, n = found
        parts = dict(zip(("slope", "intercept", "slope_se", "intercept_se", "r2", "n"), found, strict=True))
        for name, value, error in (("", slope, slope_se), ("intercept_", intercept, intercept_se)):
            with np.errstate(divide="ignore", invalid="ignore"):
                parts[f"{name}t"] = value / error
            parts[f"{name}p"] = np.empty_like(value)
            kernels.probability.student(parts[f"{name}t"], n - 2, parts[f"{name}p"])
        if self.what == ("predicted",):
            out = intercept + slope * np.array(self.years)[:, None]
        else:
            out = np.stack([parts[name] for name in self.what])
        return out.reshape(-1, *block.shape[1:])


@dataclass(frozen=True)
class Sen(Prepared):
    """The median of all slopes, with bounds."""

    by_season: bool
    level: float

    def __call__(self, block: Array) -> Array:
        values, when = self.series(block), self.when
        season = self.season if self.by_season else np.zeros(when.size, np.int64)
        reach = statistics.NormalDist().inv_cdf((1 + self.level) / 2)
        found = by_tiles(values, lambda v, out: kernels.trend.median_slope(v, when, season, reach, out), 4)
        return found.reshape(4, *block.shape[1:])


@dataclass(frozen=True)
class Kendall(Prepared):
    """Whether values rise or fall at all."""

    by_season: bool
    prewhiten: str | None

    def __call__(self, block: Array) -> Array:
        values, when = self.series(block), self.when
        season = self.season if self.by_season else np.zeros(when.size, np.int64)
        if self.prewhiten is not None:
            values = by_tiles(
                values, lambda v, out: _whitened(v, when, self.prewhiten == "wang", out), len(values)
            )
        s, var, tau = by_tiles(values, lambda v, out: kernels.trend.kendall(v, season, out), 3)
        with np.errstate(divide="ignore", invalid="ignore"):
            z = np.where(var > 0, (s - np.sign(s)) / np.sqrt(var), np.where(s == 0, 0.0, np.nan))
        p = np.empty_like(z)
        kernels.probability.normal(z, p)
        return np.stack([s, var, z, p, tau]).reshape(5, *block.shape[1:])


def _whitened(values: Array, when: Array, scaled: bool, out: Array) -> None:
    """Series without what follows from the layer before; `scaled` ones again until slope and correlation agree."""
    none, cells = np.zeros(when.size, np.int64), np.arange(values.shape[1])
    slopes, before = np.empty((4, cells.size)), np.zeros(cells.size)
    kernels.trend.median_slope(values, when, none, 1.0, slopes)
    for _ in range(ROUNDS):
        found, r = np.empty((len(values), cells.size)), np.empty(cells.size)
        kernels.trend.prewhiten(np.ascontiguousarray(values[:, cells]), when, slopes[0], scaled, r, found)
        out[:, cells] = found
        on = np.flatnonzero(np.abs(r - before) >= CLOSE) if scaled else cells[:0]
        if not on.size:
            break
        cells, before = cells[on], r[on]
        slopes = np.empty((4, cells.size))
        kernels.trend.median_slope(np.ascontiguousarray(found[:, on]), when, none, 1.0, slopes)


@dataclass(frozen=True)
class OneBreak:
    """One break of a line and waves."""

    years: tuple[float, ...]
    """When each layer is, in the order of the layers."""
    waves: int
    share: float

    def __call__(self, block: Array) -> Array:
        order = np.argsort(self.years, kind="stable")
        when = np.array(self.years)[order]
        design = kernels.harmonic.design(when, self.waves, True)
        values = block.reshape(len(block), -1)[order]
        place, step, statistic, gain = by_tiles(
            values, lambda v, out: kernels.breaks.one_break(v, design, self.share, out), 4
        )
        found = gain > 0
        last = np.where(found, place, 0).astype(np.int64)
        year = np.where(found, (when[last] + when[np.minimum(last + 1, when.size - 1)]) / 2, np.nan)
        out = np.stack([year, np.where(found, step, np.nan), statistic, gain])
        return out.reshape(4, *block.shape[1:])


def trend(
    x: SpatRaster,
    method: Literal["ols", "sen", "kendall"] = "ols",
    what: str | Sequence[str] | None = None,
    *,
    deseason: bool = False,
    seasonal: bool = False,
    prewhiten: Literal["yue", "wang"] | None = None,
    logit: tuple[float, float] | None = None,
    level: float = 0.95,
    season_size: int | None = None,
) -> SpatRaster:
    """The trend of the layers of each cell, a year, and how sure it is.

    Parameters
    ----------
    x : SpatRaster
        Layers with times, or in equal steps. Missing layers are left out.
    method : {"ols", "sen", "kendall"}
        A line by least squares; the median of the slopes between all pairs of layers (Theil and Sen); whether there is
        a trend at all
        (Mann and Kendall).
    what : str or sequence of str, optional
        Layers of the result, by default all: "ols" has ``slope intercept slope_se intercept_se t p intercept_t
        intercept_p r2 n``, or alone ``predicted``, the line at each layer; "sen" has ``slope intercept lower upper``;
        "kendall" ``s var_s z p tau``.
    deseason : bool
        First take the mean of each place in the year away.
    seasonal : bool
        Compare only layers of the same place in the year ("sen", "kendall").
    prewhiten : {"yue", "wang"}, optional
        First take away what follows from the layer before, but leave the trend ("kendall"): once, as Yue and others;
        or in rounds, as Wang and Swail, which finds fewer trends where there are none.
    logit : (float, float), optional
        First take the logit of the share of the values between these two, 0 and 1 say; others are missing.
    level : float
        Of the bounds of "sen".
    season_size : int, optional
        Frames in a year; for layers without time it is 1 by default, so that slopes are by layer.

    Returns
    -------
    SpatRaster
        The layers of `what`. Intercepts are for the beginning of the year of the first layer; layers without time lie
        at 0, 1, 2 ... Missing where a cell has too few values.

    Raises
    ------
    ArgumentError
        Where an argument is not allowed.

    See Also
    --------
    fdr : Which of many probabilities are small enough.
    breakpoints : Where a trend breaks.
    stl : A trend that is no line.
    regress : Lines on other predictors than time.

    Notes
    -----
    Probabilities are two-sided. The variance of Kendall's S has ties in it, and its z a correction of 1 for
    continuity. ``tau`` is Kendall's tau-b: S by the number of pairs, less for ties, as R and scipy have it. Bounds of
    "sen" are those of Sen (1968), between ranks.

    References
    ----------
    Sen (1968): Estimates of the regression coefficient based on Kendall's tau. Hirsch, Slack and Smith (1982):
    Techniques of trend analysis for monthly water quality data. Yue, Pilon, Phinney and Cavadias (2002): The influence
    of autocorrelation on the ability to detect trend in hydrological series. Wang and Swail (2001): Changes of extreme
    wave heights in northern hemisphere oceans and related atmospheric circulation regimes.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[[1]], [[3]], [[4]], [[7]]], time=[2001, 2002, 2003, 2004])
    >>> r.trend(what=["slope", "r2"]).values().round(3).tolist()
    [[1.9, 0.963]]
    >>> r.trend("sen", "slope").values().round(3).tolist()
    [[2.0]]
    """
    node = node_of(x, "trend")
    method = choice(method, ("ols", "sen", "kendall"), "trend: method")
    if prewhiten is not None:
        prewhiten = choice(prewhiten, ("yue", "wang"), "trend: prewhiten")
    if (seasonal and method == "ols") or (prewhiten and method != "kendall"):
        raise ArgumentError(
            'trend: seasonal is for "sen" and "kendall", prewhiten for "kendall"; use deseason, or another method'
        )
    if not 0 < level < 1:
        raise ArgumentError(f"trend: level must lie between 0 and 1, got {level}")
    years, places = _times(x, "trend", season_size, deseason or seasonal)
    if logit is not None:
        logit = _range(logit)
    names = {"ols": OLS, "sen": SEN, "kendall": KENDALL}[method]
    chosen = names if what is None else (what,) if isinstance(what, str) else tuple(what)
    able = (*names, "predicted") if method == "ols" and len(chosen) == 1 else names
    chosen = tuple(choice(name, able, "trend: what") for name in chosen)
    layers = [Layer(name) for name in (chosen if method == "ols" else names)]
    if chosen == ("predicted",):
        layers = [kept(layer) for layer in node.layers]
    kernel: Any
    if method == "ols":
        kernel = LeastSquares(years, places, deseason, logit, chosen)
    elif method == "sen":
        kernel = Sen(years, places, deseason, logit, seasonal, level)
    else:
        kernel = Kendall(years, places, deseason, logit, seasonal, prewhiten)
    room = 16.0 * len(node.layers) + 8.0 * 12
    found = cells_raster((node,), layers, FLOAT64, kernel, layerwise=False, temporaries=room)
    return found if method == "ols" or chosen == names else found.subset(list(chosen))


def breakpoints(
    x: SpatRaster, *, waves: int = 0, share: float = 0.15, season_size: int | None = None
) -> SpatRaster:
    """The year in which the trend of the layers of each cell breaks, if two fits say more than one.

    Parameters
    ----------
    x : SpatRaster
        Layers with times, or in equal steps. Missing layers are left out.
    waves : int
        Waves of a year that belong to the fit beside the line.
    share : float
        Share of the values that each part must have at least, above 0 and below 0.5.
    season_size : int, optional
        Frames in a year; needed for waves where layers have no time.

    Returns
    -------
    SpatRaster
        ``break``, halfway from the last value of one fit to the layer after it, in years from the beginning of the year
        of the first layer; ``step``, how much higher the second fit is there; ``f``, the largest F of all
        places; ``bic``, how much the Bayesian information criterion falls by the break. Where it does not fall, break
        and step are missing; all are where there are too few values.

    Raises
    ------
    ArgumentError
        Where an argument is not allowed.

    See Also
    --------
    trend : One line for all years.

    Notes
    -----
    The place is the one at which the two fits leave the least sum of squares, as by ``breakpoints`` of R's strucchange;
    the criterion is the same as there.

    References
    ----------
    Bai and Perron (2003): Computation and analysis of multiple structural change models. Verbesselt, Hyndman, Newnham
    and Culvenor (2010): Detecting trend and seasonal changes in satellite image time series. Remote Sensing of
    Environment 114.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[[v]] for v in (1, 2, 3, 4, 5, 1, 2, 3, 4, 5)])
    >>> r.breakpoints(share=0.2)[["break", "step"]].values().round(2).tolist()
    [[4.5, -5.0]]
    """
    node = node_of(x, "breakpoints")
    if not isinstance(waves, int | np.integer) or waves < 0:
        raise ArgumentError(f"breakpoints: waves must be a whole number from 0 on, got {waves!r}")
    if not 0 < share < 0.5:
        raise ArgumentError(f"breakpoints: share must lie between 0 and 0.5, got {share}")
    years, _ = _times(x, "breakpoints", season_size, waves > 0)
    layers = [Layer(name) for name in ("break", "step", "f", "bic")]
    kernel = OneBreak(years, int(waves), float(share))
    return cells_raster(
        (node,), layers, FLOAT64, kernel, layerwise=False, temporaries=16.0 * len(node.layers) + 64.0
    )


def _times(
    x: SpatRaster, verb: str, season_size: int | None, seasons: bool
) -> tuple[tuple[float, ...], tuple[int, ...]]:
    """When each layer is, in years from the beginning of the first one's year, and its place in the year."""
    frames: Frames = frames_of(x, verb, season_size, seasons=seasons)
    size = frames.season_size or 1
    if x.time is None:
        years = tuple(number / size for number in frames.numbers)
    else:
        whole, parts = calendar(x, verb)
        years = tuple((whole - whole.min() + parts).tolist())
    return years, tuple((frames.phase + number) % size for number in frames.numbers)


def _range(logit: Any) -> tuple[float, float]:
    found = numbers_of(logit, "trend: logit").ravel()
    if found.size != 2 or not found[0] < found[1]:
        raise ArgumentError(f"trend: logit must be two numbers, the lower first, got {logit}")
    return float(found[0]), float(found[1])
