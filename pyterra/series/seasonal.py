"""harmonic, stl and season_median: the course of the year in the layers of each cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from pyterra import kernels
from pyterra.arguments import choice
from pyterra.errors import ArgumentError
from pyterra.expr import Array, Layer
from pyterra.frozen import dataclass
from pyterra.kernels.lanes import by_tiles, laid_out, shares
from pyterra.raster.build import FLOAT64, cells_raster, node_of
from pyterra.run.one_thread import one_thread
from pyterra.series.frames import frames_of, kept, what_counts

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster


@dataclass(frozen=True)
class Waves:
    """Waves of a year and a line, fitted to each cell."""

    years: tuple[float, ...]
    waves: int
    trend: bool
    robust: bool
    numbers: tuple[float, ...] | None
    """What each layer counts; None where all count the same, or a second block says it."""
    fitted: bool
    """Whether the curve is wanted, else its coefficients."""
    keep: bool

    def __call__(self, block: Array, share: Array | None = None) -> Array:
        design = kernels.harmonic.design(np.array(self.years), self.waves, self.trend)
        if share is None:
            share = shares(len(block), self.numbers)

        def kernel(values: Array, weights: Array, out: Array) -> None:
            kernels.harmonic.fit(values, weights, design, self.robust, out)

        found = by_tiles(block, kernel, design.shape[1], share)
        if not self.fitted:
            return found
        out = np.zeros(block.shape)
        for i, row in enumerate(design):
            for count, part in zip(row, found, strict=True):
                out[i] += count * part
        return np.where(np.isnan(block), out, block) if self.keep else out


@dataclass(frozen=True)
class Decomposed:
    """Season, trend and remainder of each cell."""

    numbers: tuple[int, ...]
    """Frame of each layer."""
    period: int
    widths: tuple[int, int, int]
    degrees: tuple[int, int, int]
    inner: int
    outer: int
    what: tuple[str, ...]

    def __call__(self, block: Array) -> Array:
        frames = np.array(self.numbers)
        laid = laid_out(block, frames)
        count = len(laid)

        def kernel(values: Array, out: Array) -> None:
            kernels.stl.decompose(values, self.period, self.widths, self.degrees, self.inner, self.outer, out)

        with one_thread():
            found = by_tiles(laid, kernel, 2 * count)
        season, trend = found[:count][frames], found[count:][frames]
        flat = block.reshape(len(block), -1)
        parts = {
            "seasonal": season,
            "trend": trend,
            "remainder": flat - season - trend,
            "fitted": season + trend,
        }
        return np.concatenate([parts[name] for name in self.what]).reshape(-1, *block.shape[1:])


@dataclass(frozen=True)
class SeasonMedians:
    """Gaps filled by medians of the same season, of those beside it, or of whole years."""

    numbers: tuple[int, ...]
    """Frame of each layer."""
    period: int
    reach: tuple[int, int, int]
    least: int
    before: bool
    after: bool
    flags: bool

    def __call__(self, block: Array) -> Array:
        frames = np.array(self.numbers)
        laid = laid_out(block, frames)
        count = len(laid)
        reach = np.array(self.reach)

        def kernel(values: Array, out: Array) -> None:
            kernels.season_median.fill(values, self.period, reach, self.least, self.before, self.after, out)

        found = by_tiles(laid, kernel, 2 * count)
        rows = np.concatenate([frames, count + frames]) if self.flags else frames
        return found[rows].reshape(-1, *block.shape[1:])


def harmonic(
    x: SpatRaster,
    waves: int | None = None,
    *,
    trend: bool = True,
    robust: bool = False,
    what: Literal["fitted", "coefficients"] = "fitted",
    weights: Sequence[float] | SpatRaster | None = None,
    season_size: int | None = None,
    keep_original: bool = False,
) -> SpatRaster:
    """Fit waves of a year, and a line, to the layers of each cell; the curve fills gaps, the coefficients describe it.

    Parameters
    ----------
    x : SpatRaster
        Layers with times, or in equal steps.
    waves : int, optional
        How many: the first goes once round in a year, the second twice, and so on; by default 2, or as many as so few
        frames in a year can tell.
    trend : bool
        Whether a line goes through all years.
    robust : bool
        Let values count less the farther they lie from the curve (Tukey's biweights), so that clouds do not draw it.
    what : {"fitted", "coefficients"}
        The curve at the layers of `x`; or the layers ``intercept``, ``slope`` (a year), ``cos1``, ``sin1``, ``cos2``
        and so on.
    weights : sequence of float, or SpatRaster, optional
        What each layer counts, or each layer of each cell. Values of weight 0 count as missing.
    season_size : int, optional
        Frames in a year; needed where layers have no time.
    keep_original : bool
        Leave values that are there as they are, and fill gaps alone.

    Returns
    -------
    SpatRaster
        Missing where a cell has too few values to tell the coefficients.

    Raises
    ------
    ArgumentError
        Where frames in a year are not known, or the layers are fewer than the coefficients.

    See Also
    --------
    stl : A season that changes over the years.
    fill : This and other ways to fill gaps.

    Notes
    -----
    ``intercept + slope (t - mean of all t) + sum cos_k cos(2 pi k t) + sin_k sin(2 pi k t)``, with t in years from 1
    January; least squares. Months count as twelfths of a year.

    References
    ----------
    Zhu and Woodcock (2014): Continuous change detection and classification of land cover using all available Landsat
    data. Remote Sensing of Environment 144.

    Examples
    --------
    >>> import pyterra as pt
    >>> nan = float("nan")
    >>> r = pt.rast([[[1]], [[3]], [[1]], [[-1]], [[1]], [[3]], [[nan]], [[-1]]])
    >>> r.harmonic(1, trend=False, season_size=4).values().round(2).tolist()
    [[1.0, 3.0, 1.0, -1.0, 1.0, 3.0, 1.0, -1.0]]
    """
    node = node_of(x, "harmonic")
    what = choice(what, ("fitted", "coefficients"), "harmonic: what")
    frames = frames_of(x, "harmonic", season_size, seasons=True)
    if waves is None:
        waves = min(2, ((frames.season_size or 1) - 1) // 2)
    if not isinstance(waves, int | np.integer) or waves < 0:
        raise ArgumentError(f"harmonic: waves must be a whole number from 0 on, got {waves!r}")
    width = 1 + trend + 2 * int(waves)
    if len(node.layers) < width or (frames.season_size or 1) < 2 * waves + 1:
        raise ArgumentError(
            f"harmonic: {waves} waves must have at least {width} layers, and {2 * waves + 1} frames in a year, got "
            f"{len(node.layers)} and {frames.season_size}; use fewer waves"
        )
    numbers, beside = what_counts(x, weights, "harmonic")
    fitted = what == "fitted"
    kernel = Waves(frames.years, int(waves), trend, robust, numbers, fitted, keep_original)
    names = ["intercept", *(["slope"] if trend else [])]
    names += [f"{kind}{k}" for k in range(1, int(waves) + 1) for kind in ("cos", "sin")]
    layers = [kept(layer) for layer in node.layers] if fitted else [Layer(name) for name in names]
    return cells_raster(
        (node, *beside), layers, FLOAT64, kernel, layerwise=False, temporaries=16.0 * (width + len(layers))
    )


def stl(
    x: SpatRaster,
    season_size: int | None = None,
    *,
    what: str | Sequence[str] = ("seasonal", "trend", "remainder"),
    seasonal: int = 7,
    trend: int | None = None,
    low_pass: int | None = None,
    degree: Sequence[int] = (1, 1, 1),
    robust: bool = False,
) -> SpatRaster:
    """Split the layers of each cell into a season that may change over the years, a trend, and what is left.

    Parameters
    ----------
    x : SpatRaster
        At least two years, in equal steps of time (frames). Frames without a layer count as missing.
    season_size : int, optional
        Frames in a year. By default as the times of the layers tell.
    what : str or sequence of str
        Of ``seasonal``, ``trend``, ``remainder`` and ``fitted`` (season and trend), in that order.
    seasonal : int
        Years that the regressions of the season see, odd, 3 or more.
    trend : int, optional
        Frames that the regressions of the trend see, odd; by default 1.5 years and somewhat more, as Cleveland advises.
    low_pass : int, optional
        Frames that the regressions see by which the trend is taken from the season, odd; by default the first odd
        number above `season_size`.
    degree : sequence of three int
        0 or 1: of the regressions of season, trend and what is taken from the season.
    robust : bool
        Let values count less the farther they lie from season and trend.

    Returns
    -------
    SpatRaster
        A layer for each of `x` and each of `what`, named ``seasonal_1`` and so on after the layers of `x`. Gaps have a
        season and a trend, and no remainder. Missing where a place in the year has no value in any year.

    Raises
    ------
    ArgumentError
        Where there are fewer than two years, or an argument is not allowed.

    See Also
    --------
    harmonic : Waves that are the same in every year.
    trend : Lines, and whether they are there; of the deseasonalised series, too.

    Notes
    -----
    Equal to ``statsmodels.tsa.seasonal.STL`` where nothing is missing: 5 rounds; with `robust` 15 times 2 rounds.

    References
    ----------
    Cleveland, Cleveland, McRae and Terpenning (1990): STL: a seasonal-trend decomposition procedure based on loess.
    Journal of Official Statistics 6.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[[v]] for v in (1, 3, 2, 4, 3, 5, 4, 6)])
    >>> r.stl(2, what="trend").values().round(2).tolist()
    [[1.75, 2.25, 2.75, 3.25, 3.75, 4.25, 4.75, 5.25]]
    """
    node = node_of(x, "stl")
    chosen = (what,) if isinstance(what, str) else tuple(what)
    chosen = tuple(choice(name, ("seasonal", "trend", "remainder", "fitted"), "stl: what") for name in chosen)
    frames = frames_of(x, "stl", season_size, seasons=True)
    period = frames.season_size or 1
    if period < 2 or frames.count < 2 * period:
        raise ArgumentError(
            f"stl: layers must span at least two years of two frames or more, got {frames.count} frames with "
            f"{period} in a year"
        )
    if trend is None:
        trend = int(np.ceil(1.5 * period / (1 - 1.5 / seasonal)))
        trend += 1 - trend % 2
    if low_pass is None:
        low_pass = period + 1 + period % 2
    widths = (seasonal, trend, low_pass)
    if any(not isinstance(w, int | np.integer) or w < 3 or w % 2 == 0 for w in widths):
        raise ArgumentError(f"stl: seasonal, trend and low_pass must be odd numbers from 3 on, got {widths}")
    degrees = tuple(
        np.ravel(degree).tolist()
    )  # of a list or an array as well: the kernel is kept by its fields
    if len(degrees) != 3 or not set(degrees) <= {0, 1}:
        raise ArgumentError(f"stl: degree must be three numbers, 0 or 1, got {degree}")
    inner, outer = (2, 15) if robust else (5, 0)
    kernel = Decomposed(frames.numbers, period, widths, degrees, inner, outer, chosen)
    layers = [replace(kept(layer), name=f"{name}_{layer.name}") for name in chosen for layer in node.layers]
    return cells_raster(
        (node,), layers, FLOAT64, kernel, layerwise=False, temporaries=8.0 * (7 * frames.count + len(layers))
    )


def season_median(
    x: SpatRaster,
    season_size: int | None = None,
    *,
    same: int = 4,
    beside: int = 3,
    annual: int = 2,
    least: int = 1,
    past: bool = True,
    future: bool = True,
    flags: bool = False,
) -> SpatRaster:
    """Fill gaps by the median of the same season in the years around; else of seasons beside it; else of whole years.

    Parameters
    ----------
    x : SpatRaster
        At least two layers, in equal steps of time (frames).
    season_size : int, optional
        Frames in a year. By default as the times of the layers tell.
    same : int
        Years before and after that are looked at for the same season. They grow one by one, until `least` values are
        there.
    beside : int
        As `same`, for the season and those before and after it, from the year itself on.
    annual : int
        As `same`, for all frames within half a year of the season, from the year itself on. 0 leaves a window out.
    least : int
        Values that a median must have.
    past, future : bool
        Whether earlier and later years count.
    flags : bool
        Add a layer for each of `x` that tells where values are from: 0 observed, 1 same season, 2 seasons beside it, 3
        whole years.

    Returns
    -------
    SpatRaster
        The layers of `x`, with names, times and units; what is there stays as it is.

    Raises
    ------
    ArgumentError
        Where layers are no frames (see `season_size`), or an argument is not allowed.

    See Also
    --------
    reconstruct : Weighted means by season and distance.
    fill : This and other ways to fill gaps.

    References
    ----------
    The temporal moving window median (TMWM) of Parente, Witjes, Hengl, Landa and Brodsky (2021): Continental Europe
    land cover mapping at 30 m resolution.

    Examples
    --------
    >>> import pyterra as pt
    >>> nan = float("nan")
    >>> r = pt.rast([[[1]], [[5]], [[nan]], [[6]], [[3]], [[nan]]])
    >>> r.season_median(2).values().tolist()
    [[1.0, 5.0, 2.0, 6.0, 3.0, 6.0]]
    """
    node = node_of(x, "season_median")
    frames = frames_of(x, "season_median", season_size, seasons=True)
    reach = (same, beside, annual)
    if any(not isinstance(w, int | np.integer) or w < 0 for w in reach) or least < 1:
        raise ArgumentError(
            f"season_median: same, beside and annual must be years from 0 on, least 1 or more, got {reach} and {least}"
        )
    kernel = SeasonMedians(frames.numbers, frames.season_size or 1, reach, int(least), past, future, flags)
    layers = [kept(layer) for layer in node.layers]
    if flags:
        layers += [replace(layer.number(), name=f"{layer.name}_flag", kind="int") for layer in node.layers]
    return cells_raster((node,), layers, FLOAT64, kernel, layerwise=False, temporaries=8.0 * 4 * frames.count)
