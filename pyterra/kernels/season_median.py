"""Gaps of a series filled by medians of the same season in other years, of the seasons beside it, or of whole years."""

from __future__ import annotations

from typing import Any

import numpy as np

from pyterra.kernels._jit import empty, exact_jit
from pyterra.kernels.medians import of_sorted

OBSERVED, SAME, BESIDE, ANNUAL = 0, 1, 2, 3
"""What a value of the result is: one of the series, or the median of which window."""


@exact_jit
def fill(values: Any, period: int, reach: Any, least: int, before: bool, after: bool, out: Any) -> None:
    """Fill each gap from the smallest window that has enough values.

    Parameters
    ----------
    values : ndarray of shape (frame, cell)
        Missing is NaN. The first frame is the first season of a year, or any other.
    period : int
        Frames in a year.
    reach : ndarray of shape (3,)
        Years that are looked at before and after: in the same season; in it and in those beside it; in all seasons. A
        window that is 0 is left out.
    least : int
        Values that a window must have.
    before, after : bool
        Whether earlier and later years count.
    out : ndarray of shape (2 * frame, cell)
        The values, filled; then what each of them is (see `OBSERVED` and the others), missing where it is missing.
    """
    n, cells = values.shape
    sample = empty(n)
    for c in range(cells):
        for i in range(n):
            v = values[i, c]
            out[i, c] = v
            out[n + i, c] = OBSERVED if v == v else np.nan
            if v == v:
                continue
            for window in range(3):
                aside = (0, 1, period // 2)[window]
                done = False
                for years in range(1 if window == 0 else 0, reach[window] + 1):
                    m = 0
                    for year in range(-years if before else 0, (years if after else 0) + 1):
                        low = i + year * period - aside
                        high = low + (period if window == 2 else 2 * aside + 1)
                        if year == 0 and not before:
                            low = max(low, i)
                        if year == 0 and not after:
                            high = min(high, i + 1)
                        for j in range(max(low, 0), min(high, n)):
                            if values[j, c] == values[j, c]:
                                sample[m] = values[j, c]
                                m += 1
                    if m >= least and reach[window] > 0:
                        out[i, c] = of_sorted(np.sort(sample[:m]))
                        out[n + i, c] = window + 1
                        done = True
                        break
                if done:
                    break


@exact_jit
def modes(values: Any, half: int, na_rm: bool, out: Any) -> None:
    """The most frequent value of the frames around each frame of each cell; of equally frequent ones the lowest.

    Parameters
    ----------
    values : ndarray of shape (frame, cell)
        Missing is NaN.
    half : int
        Frames before and after; at the ends there are fewer.
    na_rm : bool
        Leave missing frames out; otherwise a window with one is missing. A frame that is missing stays so.
    out : ndarray of shape (frame, cell)
    """
    n, cells = values.shape
    sample = empty(2 * half + 1)
    for c in range(cells):
        for i in range(n):
            m, whole = 0, True
            for j in range(max(i - half, 0), min(i + half + 1, n)):
                v = values[j, c]
                if v == v:
                    sample[m] = v
                    m += 1
                else:
                    whole = False
            if m == 0 or values[i, c] != values[i, c] or not (whole or na_rm):
                out[i, c] = np.nan
                continue
            ordered = np.sort(sample[:m])
            best, most, run = ordered[0], 0, 0
            for k in range(m):
                run = run + 1 if k > 0 and ordered[k] == ordered[k - 1] else 1
                if run > most:
                    best, most = ordered[k], run
            out[i, c] = best


@exact_jit
def far_from_median(values: Any, half: int, most: float, least: int, out: Any) -> None:
    """Take away what lies too many standard deviations from the median of the frames around it.

    Parameters
    ----------
    values : ndarray of shape (frame, cell)
        Missing is NaN.
    half : int
        Frames before and after; at the ends there are fewer.
    most : float
        Standard deviations (of the same frames, divided by their number less one).
    least : int
        Values that the frames must have, else nothing is taken away.
    out : ndarray of shape (frame, cell)
    """
    n, cells = values.shape
    sample = empty(2 * half + 1)
    for c in range(cells):
        for i in range(n):
            v = values[i, c]
            out[i, c] = v
            if v != v:
                continue
            m, mean = 0, 0.0
            for j in range(max(i - half, 0), min(i + half + 1, n)):
                if values[j, c] == values[j, c]:
                    sample[m] = values[j, c]
                    mean += values[j, c]
                    m += 1
            if m < max(least, 2):
                continue
            mean /= m
            spread = 0.0
            for k in range(m):
                spread += (sample[k] - mean) ** 2
            if abs(v - of_sorted(np.sort(sample[:m]))) > most * np.sqrt(spread / (m - 1)):
                out[i, c] = np.nan
