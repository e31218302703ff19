"""Season and trend of the series of each cell by local regressions (STL).

Cleveland, Cleveland, McRae and Terpenning (1990): STL: a seasonal-trend decomposition procedure based on loess. Values
that are missing have the weight 0 in every regression. What a regression counts by distance is the same for all cells
and is made once; the sums over a window are made for many cells side by side.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from pyterra.kernels._jit import exact_jit
from pyterra.kernels.medians import of_sorted

Doubles: TypeAlias = npt.NDArray[np.float64]
Integers: TypeAlias = npt.NDArray[np.int64]


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
def regress(
    y: Any,
    share: Any,
    first: int,
    step: int,
    table: Any,
    lefts: Any,
    places: Any,
    least: float,
    out: Any,
    to: int,
    sums: Any,
) -> None:
    """Local regressions of every so manieth frame of each cell.

    Parameters
    ----------
    y, share : ndarray of shape (frame, cell)
        Values, and what they count.
    first, step : int
        The first frame, and how far it is to the next.
    table, lefts, places, least
        See `Regressions`.
    out : ndarray of shape (frame, cell)
    to : int
        Row of `out` for the first place; the next ones are `step` apart. Where no value counts, it gets the one of
        `y`, or at a place beyond the ends NaN.
    sums : ndarray of shape (5, cell)
        Working space.
    """
    cells, n = y.shape[1], (y.shape[0] - first - 1) // step + 1
    for r in range(places.size):
        sums[:] = 0.0
        for q in range(table.shape[1]):
            by_distance, apart = table[r, q], lefts[r] + q - places[r]
            row = first + (lefts[r] + q) * step
            if by_distance > 0:
                for c in range(cells):
                    w = by_distance * share[row, c]
                    sums[0, c] += w
                    sums[1, c] += w * apart
                    sums[2, c] += w * apart * apart
                    sums[3, c] += w * y[row, c]
                    sums[4, c] += w * apart * y[row, c]
        target, inside = to + r * step, (places[r] >= 0) & (places[r] < n)
        row = first + int(places[r]) * step if inside else 0
        for c in range(cells):
            if sums[0, c] > 0:
                middle = sums[1, c] / sums[0, c]
                level = sums[3, c] / sums[0, c]
                spread = max(sums[2, c] / sums[0, c] - middle * middle, 0.0)
                if np.sqrt(spread) > least:
                    level -= middle * (sums[4, c] / sums[0, c] - middle * level) / spread
                out[target, c] = level
            else:
                out[target, c] = y[row, c] if inside else np.nan


@exact_jit
def moving_means(x: Any, n: int, width: int, out: Any) -> None:
    """Means of so many frames following each other, of the first n of each cell; there are n - width + 1.

    Parameters
    ----------
    x, out : ndarray of shape (frame, cell)
    """
    for i in range(n - width + 1):
        for c in range(x.shape[1]):
            out[i, c] = 0.0
        for k in range(width):
            for c in range(x.shape[1]):
                out[i, c] += x[i + k, c]
        for c in range(x.shape[1]):
            out[i, c] /= width


@exact_jit
def heed(values: Any, season: Any, line: Any, share: Any) -> None:
    """What each value counts by how far it lies from season and trend, beside the median of the others.

    Parameters
    ----------
    values : ndarray of shape (frame, cell)
        Missing is NaN.
    season, line : ndarray of shape (frame, cell)
    share : ndarray of shape (frame, cell)
        Is set.
    """
    n = values.shape[0]
    sizes = np.empty(n)
    for c in range(values.shape[1]):
        m = 0
        for i in range(n):
            if values[i, c] == values[i, c]:
                sizes[m] = abs(values[i, c] - season[i, c] - line[i, c])
                m += 1
        bound = 6.0 * of_sorted(np.sort(sizes[:m])) if m else 0.0
        for i in range(n):
            apart = abs(values[i, c] - season[i, c] - line[i, c])
            if apart <= 0.001 * bound:
                share[i, c] = 1.0
            elif apart <= 0.999 * bound:
                far = apart / bound
                share[i, c] = (1 - far * far) ** 2
            else:
                share[i, c] = 0.0


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
    n, cells = values.shape
    known = ~np.isnan(values)
    y, share, ones = np.where(known, values, 0.0), known.astype(np.float64), np.ones((n, cells))
    season, line, work = np.zeros((n, cells)), np.zeros((n, cells)), np.empty((n, cells))
    wide, passed, again = (np.empty((n + 2 * period, cells)) for _ in range(3))
    sums = np.empty((5, cells))
    lengths = [(n - phase - 1) // period + 1 for phase in range(period)]
    yearly = {k: regressions(k, widths[0], degrees[0], beyond=1) for k in set(lengths)}
    trend, low = regressions(n, widths[1], degrees[1]), regressions(n, widths[2], degrees[2])

    def run(of: Regressions, y: Doubles, share: Doubles, first: int, step: int, out: Doubles) -> None:
        regress(y, share, first, step, of.table, of.lefts, of.places, of.least, out, first, sums)

    with np.errstate(invalid="ignore"):
        for turn in range(outer + 1):
            for _ in range(inner):
                np.subtract(y, line, out=work)
                for phase, k in enumerate(lengths):
                    run(yearly[k], work, share, phase, period, wide)
                    last = phase + (k + 1) * period
                    for end, near in ((phase, phase + period), (last, last - period)):
                        wide[end] = np.where(np.isnan(wide[end]), wide[near], wide[end])
                moving_means(wide, n + 2 * period, period, passed)
                moving_means(passed, n + period + 1, period, again)
                moving_means(again, n + 2, 3, passed)
                run(low, passed[:n], ones, 0, 1, again)
                np.subtract(wide[period : period + n], again[:n], out=season)
                np.subtract(y, season, out=work)
                run(trend, work, share, 0, 1, line)
            if turn < outer:
                heed(values, season, line, share)
    out[:n], out[n:] = season, line
    phases = [known[phase::period].any(axis=0) for phase in range(min(period, n))]
    out[:, ~np.logical_and.reduce(phases)] = np.nan
