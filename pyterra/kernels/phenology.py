"""When the seasons of the series of each cell begin, peak and end."""

from __future__ import annotations

from typing import Any

import numpy as np

from pyterra.kernels._jit import empty, exact_jit, inner_jit


@inner_jit
def lowest_phase(values: Any, period: int, means: Any) -> int:
    """The place in the year at which the mean over all years is lowest; -1 where a place has no value.

    Parameters
    ----------
    values : ndarray of shape (frame,)
        Missing is NaN.
    period : int
    means : ndarray of shape (period,)
        Working space.
    """
    lowest = -1
    for phase in range(period):
        total, n = 0.0, 0
        for i in range(phase, values.size, period):
            if values[i] == values[i]:
                total += values[i]
                n += 1
        if n == 0:
            return -1
        means[phase] = total / n
        if lowest < 0 or means[phase] < means[lowest]:
            lowest = phase
    return lowest


@inner_jit
def _crossing(series: Any, first: int, last: int, step: int, level: float) -> float:
    """The place from `first` towards `last` where the series has fallen to a level; NaN where it never does."""
    i = first
    while i != last:
        a, b = series[i], series[i + step]
        if a >= level and b < level:
            return i + step * (a - level) / (a - b)
        i += step
    return np.nan


@inner_jit
def _steepest(series: Any, first: int, last: int, sign: float) -> float:
    """The middle of the two frames between which the series rises most, or falls most for sign -1."""
    best, where = 0.0, np.nan
    for i in range(first, last):
        rise = sign * (series[i + 1] - series[i])
        if rise > best:
            best, where = rise, i + 0.5
    return where


@exact_jit
def seasons(
    values: Any,
    period: int,
    offset: int,
    years: int,
    threshold: float,
    derivative: bool,
    least: float,
    out: Any,
) -> None:
    """Start, peak and end of the main season of each year, and what goes with them.

    Parameters
    ----------
    values : ndarray of shape (frame, cell)
        Without gaps between a cell's values; missing is NaN.
    period : int
        Frames in a year.
    offset : int
        Place in the year of the first frame.
    years : int
        Calendar years that the frames touch.
    threshold : float
        Share of the amplitude on each side of the peak at which the season starts and ends.
    derivative : bool
        Take the steepest rise and fall instead.
    least : float
        Share of the range of the whole series that the amplitude of a season must have to count as one.
    out : ndarray of shape (8 * years, cell)
        Start, peak, end, length, maximum, minimum, integral and seasons, each for all years: places in frames from the
        first one of the year in which the peak lies; length in frames; the highest and lowest value; the sum above the
        lowest from start to end; the number of seasons of that year. A year goes from the time of the lowest mean to
        the next one, so that no season is cut, and belongs to the calendar year of its peak.
    """
    n, cells = values.shape
    means, series = empty(period), empty(n)
    for c in range(cells):
        for k in range(out.shape[0]):
            out[k, c] = np.nan
        low, high = np.inf, -np.inf
        for i in range(n):
            series[i] = values[i, c]
            if series[i] == series[i]:
                low, high = min(low, series[i]), max(high, series[i])
        phase = lowest_phase(series, period, means)
        if phase < 0:
            continue
        for begin in range(phase, n - period + 1, period):
            first, last = begin, min(begin + period, n - 1)  # the lowest that ends the year, if it is there
            peak, whole = first, True
            for i in range(first, last + 1):
                whole &= series[i] == series[i]
                if series[i] > series[peak]:
                    peak = i
            if not whole:
                continue
            left, right = first, last
            for i in range(first, peak):
                left = i if series[i] <= series[left] else left
            for i in range(last, peak, -1):
                right = i if series[i] <= series[right] else right
            rise, fall = series[peak] - series[left], series[peak] - series[right]
            if not min(rise, fall) > 0:
                continue
            year = (peak + offset) // period
            start_of_year = year * period - offset
            if derivative:
                start, end = _steepest(series, left, peak, 1.0), _steepest(series, peak, right, -1.0)
            else:
                start = _crossing(series, peak, left, -1, series[left] + threshold * rise)
                end = _crossing(series, peak, right, 1, series[right] + threshold * fall)
            count = _count(series, first, last, least * (high - low))
            if out[1 * years + year, c] == out[1 * years + year, c] and not (
                series[peak] > out[4 * years + year, c]
            ):
                continue  # two peaks in one calendar year: the higher counts
            out[0 * years + year, c] = start - start_of_year
            out[1 * years + year, c] = peak - start_of_year
            out[2 * years + year, c] = end - start_of_year
            out[3 * years + year, c] = end - start
            out[4 * years + year, c] = series[peak]
            out[5 * years + year, c] = min(series[left], series[right])
            out[6 * years + year, c] = _area(series, start, end, min(series[left], series[right]))
            out[7 * years + year, c] = count


@inner_jit
def _count(series: Any, first: int, last: int, least: float) -> int:
    """How many peaks rise so much above the lowest values on both sides of them."""
    found, low, high, rising = 0, series[first], series[first], True
    for i in range(first + 1, last + 1):
        v = series[i]
        if rising:
            low = min(low, v)
            if v - low >= least:
                rising, high = False, v
        else:
            high = max(high, v)
            if high - v >= least:
                found += 1
                rising, low = True, v
    return found


@inner_jit
def _area(series: Any, start: float, end: float, base: float) -> float:
    """The area between the series and a level from one place to another, by trapezoids."""
    if start != start or end != end:
        return np.nan
    total, at = 0.0, start
    while at < end:
        i = min(int(np.floor(at)), series.size - 2)
        to = min(i + 1.0, end)
        a = series[i] + (at - i) * (series[i + 1] - series[i])
        b = series[i] + (to - i) * (series[i + 1] - series[i])
        total += (to - at) * ((a + b) / 2 - base)
        at = to
    return total
