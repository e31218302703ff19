"""Season and trend of the series of each cell by local regressions (STL).

Cleveland, Cleveland, McRae and Terpenning (1990): STL: a seasonal-trend decomposition procedure based on loess. Values
that are missing have the weight 0 in every regression. What a regression counts by distance is the same for all cells
and is made once; the sums over a window are made for many cells side by side.
"""

from __future__ import annotations

import functools
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from pyterra.frozen import dataclass
from pyterra.kernels._jit import exact_jit

Doubles: TypeAlias = npt.NDArray[np.float64]
Integers: TypeAlias = npt.NDArray[np.int64]


LINEAR_FRAMES = 1000
"""Frames up to which a product of matrices takes less time than the loops (48 frames, us a cell: 0.5 and 18; 598: 72 and
380)."""
TILE = 256
"""Cells of a product."""


@dataclass(frozen=True, slots=True, eq=False)
class Regressions:
    """Local regressions at some places of a series of n values, which see so many of them."""

    table: Doubles
    """What each value that is seen counts by its distance, of shape (place, value)."""
    lefts: Integers
    """The first value that each sees."""
    places: Doubles
    """Where they are."""
    least: float
    """Standard deviation of the places that are seen from which on a line is fitted, else their mean."""

    @property
    def arrays(self) -> tuple[Doubles, Integers, Doubles, float]:
        """What kernels take."""
        return self.table, self.lefts, self.places, self.least


def regressions(n: int, width: int, degree: int, beyond: int = 0) -> Regressions:
    """The local regressions of Cleveland at all places of a series, and at so many beyond both of its ends.

    Parameters
    ----------
    n : int
        Values of the series.
    width : int
        Values that count, odd; where it is more than `n`, all of them count by a wider window.
    degree : int
        0 or 1.
    beyond : int
    """
    seen, half = min(width, n), (width + 1) // 2
    places = np.arange(-beyond, n + beyond)
    lefts = np.clip(places - half + 1, 0, n - seen)
    apart = np.abs(lefts[:, None] + np.arange(seen) - places[:, None])
    reach = np.maximum(places - lefts, lefts + seen - 1 - places) + (max(width - n, 0) // 2)
    share = apart / np.maximum(reach, 1)[:, None]
    table = np.where(share <= 0.999, (1 - share**3) ** 3, 0.0)
    table[share <= 0.001] = 1.0
    least = 0.001 * (n - 1) if degree else np.inf
    return Regressions(table, lefts.astype(np.int64), places.astype(np.float64), least)


@exact_jit
def weigh(share: Any, first: int, step: int, of: Any, level: Any, slope: Any, to: int, sums: Any) -> None:
    """What sums over the window of each place count for its regression: these do not depend on the values.

    Parameters
    ----------
    share : ndarray of shape (frame, cell)
        What values count.
    first, step : int
        The first frame of the series, and how far it is to the next.
    of : tuple of ndarray
        See `Regressions`.
    level, slope : ndarray of shape (place, cell)
        Factors of the weighted sum of the values, and of that of values times distances. NaN where no value counts.
    to : int
        Row of them for the first place; the next ones are `step` apart.
    sums : ndarray of shape (3, cell)
        Working space.
    """
    table, lefts, places, least = of
    zero, one, two = sums[0], sums[1], sums[2]
    for r in range(places.size):
        sums[:] = 0.0
        for q in range(table.shape[1]):
            near, apart = table[r, q], lefts[r] + q - places[r]
            if near > 0:
                row = share[first + (lefts[r] + q) * step]
                for c in range(zero.size):
                    zero[c] += near * row[c]
                    one[c] += near * apart * row[c]
                    two[c] += near * apart * apart * row[c]
        up, down = level[to + r * step], slope[to + r * step]
        for c in range(zero.size):
            middle = one[c] / zero[c]
            spread = max(two[c] / zero[c] - middle * middle, 0.0)
            tilted = np.sqrt(spread) > least
            up[c] = ((1 + middle * middle / spread) if tilted else 1.0) / zero[c]
            down[c] = (-middle / spread if tilted else 0.0) / zero[c]
            if not zero[c] > 0:
                up[c] = np.nan


@exact_jit
def regress(
    y: Any,
    weighted: Any,
    first: int,
    step: int,
    of: Any,
    level: Any,
    slope: Any,
    to: int,
    out: Any,
    sums: Any,
) -> None:
    """Local regressions of every so manieth frame of each cell.

    Parameters
    ----------
    y, weighted : ndarray of shape (frame, cell)
        Values, and these times what they count.
    first, step, of, level, slope, to
        See `weigh`.
    out : ndarray of shape (place, cell)
        Rows like those of `level`. Where no value counts, it gets the one of `y`, or at a place beyond the ends NaN.
    sums : ndarray of shape (3, cell)
        Working space.
    """
    table, lefts, places, _ = of
    n = (y.shape[0] - first - 1) // step + 1
    plain, far = sums[0], sums[1]
    for r in range(places.size):
        sums[:] = 0.0
        for q in range(table.shape[1]):
            near = table[r, q]
            if near > 0:
                farther = near * (lefts[r] + q - places[r])
                row = weighted[first + (lefts[r] + q) * step]
                for c in range(plain.size):
                    plain[c] += near * row[c]
                    far[c] += farther * row[c]
        inside = (places[r] >= 0) & (places[r] < n)
        own, found = y[first + int(places[r]) * step if inside else 0], out[to + r * step]
        up, down = level[to + r * step], slope[to + r * step]
        for c in range(plain.size):
            known = up[c] == up[c]
            found[c] = up[c] * plain[c] + down[c] * far[c] if known else (own[c] if inside else np.nan)


@exact_jit
def moving_means(x: Any, n: int, width: int, out: Any) -> None:
    """Means of so many frames following each other, of the first n of each cell; there are n - width + 1.

    Parameters
    ----------
    x, out : ndarray of shape (frame, cell)
    """
    for i in range(n - width + 1):
        mean = out[i]
        mean[:] = 0.0
        for k in range(width):
            row = x[i + k]
            for c in range(mean.size):
                mean[c] += row[c]
        for c in range(mean.size):
            mean[c] /= width


def heed(y: Doubles, known: npt.NDArray[np.bool_], season: Doubles, line: Doubles) -> Doubles:
    """What values count by how far they lie from season and trend: bisquare weights of six medians.

    Parameters
    ----------
    y, season, line : ndarray of shape (frame, cell)
    known : ndarray of shape (frame, cell), bool
        Which values are there.

    Returns
    -------
    ndarray of shape (frame, cell)
        0 for those that are missing.
    """
    apart = np.abs(y - season - line)
    ordered = np.sort(np.where(known, apart, np.inf), axis=0)
    count = known.sum(axis=0)
    middles = [
        np.take_along_axis(ordered, np.maximum(k, 0)[None], axis=0) for k in ((count - 1) // 2, count // 2)
    ]
    with np.errstate(divide="ignore", invalid="ignore"):
        bound = 3.0 * (middles[0] + middles[1])
        share = np.square(1 - np.square(apart / bound))
    share[apart <= 0.001 * bound] = 1.0
    share[~(apart <= 0.999 * bound) | ~known] = 0.0
    return share


def decompose(
    values: Doubles,
    period: int,
    widths: tuple[int, int, int],
    degrees: tuple[int, int, int],
    inner: int,
    outer: int,
    out: Doubles,
) -> None:
    """Seasonal part and trend of each cell.

    Parameters
    ----------
    values : ndarray of shape (frame, cell)
        Missing is NaN. At least two periods.
    period : int
        Frames in a year, at least 2.
    widths : (int, int, int)
        Values that the regressions see, odd: of the season (years), of the trend, and of what is taken from the
        season (frames).
    degrees : (int, int, int)
        0 or 1 for each of them.
    inner, outer : int
        Rounds of the two loops; `outer` 0 pays heed to outliers as to other values.
    out : ndarray of shape (2 * frame, cell)
        Seasonal parts, then trends. Missing where a place in the period has no value in any year.
    """
    n = len(values)
    whole = ~np.isnan(values).any(axis=0)
    if outer or n > LINEAR_FRAMES or not whole.any():
        _loops(values, period, widths, degrees, inner, outer, out)
        return
    table = _operator(n, period, widths, degrees, inner)
    cols = np.flatnonzero(whole)
    for start in range(0, cols.size, TILE):
        some = cols[start : start + TILE]
        # of one width: the bits of a cell must not depend on how many others there are
        part = np.zeros((n, TILE))
        part[:, : some.size] = values[:, some]
        out[:, some] = (table @ part)[:, : some.size]
    if cols.size < whole.size:
        rest = np.empty((2 * n, whole.size - cols.size))
        _loops(values[:, ~whole], period, widths, degrees, inner, outer, rest)
        out[:, ~whole] = rest


@functools.lru_cache(maxsize=2)
def _operator(
    n: int, period: int, widths: tuple[int, int, int], degrees: tuple[int, int, int], inner: int
) -> Doubles:
    """What each value of a series without gaps counts for its seasonal parts and its trends, which are sums of them."""
    out = np.empty((2 * n, n))
    _loops(np.eye(n), period, widths, degrees, inner, 0, out)
    return out


def _pair(rows: int, cells: int) -> tuple[Doubles, Doubles]:
    return np.empty((rows, cells)), np.empty((rows, cells))


def _loops(
    values: Doubles,
    period: int,
    widths: tuple[int, int, int],
    degrees: tuple[int, int, int],
    inner: int,
    outer: int,
    out: Doubles,
) -> None:
    """The two loops of Cleveland: see `decompose`."""
    n, cells = values.shape
    known = ~np.isnan(values)
    y, share, ones = np.where(known, values, 0.0), known.astype(np.float64), np.ones((n, cells))
    season, line = np.zeros((n, cells)), np.zeros((n, cells))
    work, counted, sums = np.empty((n, cells)), np.empty((n, cells)), np.empty((3, cells))
    wide, passed, again = np.empty((3, n + 2 * period, cells))
    lengths = [(n - phase - 1) // period + 1 for phase in range(period)]
    yearly = {k: regressions(k, widths[0], degrees[0], beyond=1).arrays for k in set(lengths)}
    trend, low = (regressions(n, widths[k], degrees[k]).arrays for k in (1, 2))
    of_season, of_trend, of_low = (_pair(rows, cells) for rows in (n + 2 * period, n, n))
    weigh(ones, 0, 1, low, *of_low, 0, sums)
    for turn in range(outer + 1):
        for phase, k in enumerate(lengths):
            weigh(share, phase, period, yearly[k], *of_season, phase, sums)
        weigh(share, 0, 1, trend, *of_trend, 0, sums)
        for _ in range(inner):
            np.subtract(y, line, out=work)
            np.multiply(work, share, out=counted)
            for phase, k in enumerate(lengths):
                regress(work, counted, phase, period, yearly[k], *of_season, phase, wide, sums)
                last = phase + (k + 1) * period
                for end, near in ((phase, phase + period), (last, last - period)):
                    np.copyto(wide[end], wide[near], where=np.isnan(wide[end]))
            moving_means(wide, n + 2 * period, period, passed)
            moving_means(passed, n + period + 1, period, again)
            moving_means(again, n + 2, 3, passed)
            regress(passed[:n], passed, 0, 1, low, *of_low, 0, again, sums)
            np.subtract(wide[period : period + n], again[:n], out=season)
            np.subtract(y, season, out=work)
            np.multiply(work, share, out=counted)
            regress(work, counted, 0, 1, trend, *of_trend, 0, line, sums)
        if turn < outer:
            share = heed(y, known, season, line)
    out[:n], out[n:] = season, line
    phases = [known[phase::period].any(axis=0) for phase in range(min(period, n))]
    out[:, ~np.logical_and.reduce(phases)] = np.nan
