"""Trends of the series of each cell: least squares, the median of slopes, and whether there is one at all.

Probabilities are made of the statistics by `pyterra.kernels.probability`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyterra.kernels._jit import empty, exact_jit, inner_jit
from pyterra.kernels.medians import of_sorted


@exact_jit
def least_squares(values: Any, when: Any, out: Any) -> None:
    """A line through the values of each cell.

    Parameters
    ----------
    values : ndarray of shape (layer, cell)
        Missing is NaN.
    when : ndarray of shape (layer,)
    out : ndarray of shape (6, cell)
        Slope, intercept, their standard errors, the share of the variance that is explained, and the number of values.
        Missing for fewer than 2 values; standard errors for fewer than 3.
    """
    for c in range(values.shape[1]):
        n, mean_t, mean_v = 0, 0.0, 0.0
        for i in range(values.shape[0]):
            v = values[i, c]
            if v == v:
                n += 1
                mean_t += when[i]
                mean_v += v
        for k in range(5):
            out[k, c] = np.nan
        out[5, c] = n
        if n < 2:
            continue
        mean_t /= n
        mean_v /= n
        tt, tv, vv = 0.0, 0.0, 0.0
        for i in range(values.shape[0]):
            v = values[i, c]
            if v == v:
                t = when[i] - mean_t
                tt += t * t
                tv += t * (v - mean_v)
                vv += (v - mean_v) ** 2
        if not tt > 0:
            continue
        slope = tv / tt
        left = 0.0
        for i in range(values.shape[0]):
            v = values[i, c]
            if v == v:
                left += (v - mean_v - slope * (when[i] - mean_t)) ** 2
        out[0, c] = slope
        out[1, c] = mean_v - slope * mean_t
        out[4, c] = 1 - left / vv if vv > 0 else np.nan
        if n > 2:
            out[2, c] = np.sqrt(left / (n - 2) / tt)
            out[3, c] = np.sqrt(left / (n - 2) * (1 / n + mean_t * mean_t / tt))


@exact_jit
def median_slope(values: Any, when: Any, season: Any, confidence: float, out: Any) -> None:
    """The median of the slopes between all pairs of values of each cell (Theil and Sen), with its bounds.

    Parameters
    ----------
    values : ndarray of shape (layer, cell)
        Missing is NaN.
    when : ndarray of shape (layer,)
    season : ndarray of shape (layer,)
        Only values of one season make pairs.
    confidence : float
        Quantile of the standard normal distribution for the bounds (1.96 for 95 %), after Sen (1968).
    out : ndarray of shape (4, cell)
        Slope, intercept (median of the values less the slope times the median of their times), lower and upper bound.
    """
    layers = values.shape[0]
    slopes = empty(layers * (layers - 1) // 2)
    known, times = empty(layers), empty(layers)
    for c in range(values.shape[1]):
        for k in range(4):
            out[k, c] = np.nan
        m, n = 0, 0
        for i in range(layers):
            v = values[i, c]
            if v != v:
                continue
            known[n], times[n] = v, when[i]
            n += 1
            for j in range(i):
                u = values[j, c]
                if (u == u) & (season[i] == season[j]) & (when[i] != when[j]):
                    slopes[m] = (v - u) / (when[i] - when[j])
                    m += 1
        if m == 0:
            continue
        ordered = np.sort(slopes[:m])
        slope = of_sorted(ordered)
        out[0, c] = slope
        out[1, c] = of_sorted(np.sort(known[:n])) - slope * of_sorted(np.sort(times[:n]))
        apart = confidence * np.sqrt(_moments(values[:, c], season)[0])
        low, high = (m - apart) / 2, (m + apart) / 2 + 1
        out[2, c] = _ranked(ordered, low)
        out[3, c] = _ranked(ordered, high)


@inner_jit
def _ranked(ordered: Any, rank: float) -> float:
    """The value of a rank from 1, between two where it is no whole number; the first or last beyond."""
    place = min(max(rank - 1, 0.0), ordered.size - 1.0)
    low = int(place)
    if low + 1 >= ordered.size:
        return ordered[low]
    return ordered[low] + (place - low) * (ordered[low + 1] - ordered[low])


@inner_jit
def _moments(series: Any, season: Any) -> tuple[float, float]:
    """Variance of Kendall's S where there is no trend, and its greatest value, of seasons apart, with ties."""
    total, most = 0.0, 0.0
    for s in range(season.max() + 1):
        part = empty(series.size)
        n = 0
        for i in range(series.size):
            if (season[i] == s) & (series[i] == series[i]):
                part[n] = series[i]
                n += 1
        ordered = np.sort(part[:n])
        total += n * (n - 1.0) * (2 * n + 5)
        pairs = different = n * (n - 1.0) / 2
        run = 1
        for k in range(1, n + 1):
            if k < n and ordered[k] == ordered[k - 1]:
                run += 1
            else:
                total -= run * (run - 1.0) * (2 * run + 5)
                different -= run * (run - 1.0) / 2
                run = 1
        most += np.sqrt(pairs * different)
    return total / 18, most


@exact_jit
def kendall(values: Any, season: Any, out: Any) -> None:
    """Kendall's S of each cell against the order of its layers, its variance, and tau.

    Parameters
    ----------
    values : ndarray of shape (layer, cell)
        Missing is NaN. Layers are in the order of time.
    season : ndarray of shape (layer,)
        Values are compared with those of the same season; seasons are summed up (Hirsch, Slack and Smith 1982).
    out : ndarray of shape (3, cell)
        S, its variance with ties where there is no trend, and tau-b: S by the number of pairs, less for ties. Missing
        where no pair is there; tau is 0 where all values are equal.
    """
    layers = values.shape[0]
    for c in range(values.shape[1]):
        s, pairs = 0, 0
        for i in range(layers):
            v = values[i, c]
            if v != v:
                continue
            for j in range(i):
                u = values[j, c]
                if (u == u) & (season[i] == season[j]):
                    s += int(v > u) - int(v < u)
                    pairs += 1
        for k in range(3):
            out[k, c] = np.nan
        if pairs > 0:
            out[0, c] = s
            out[1, c], most = _moments(values[:, c], season)
            out[2, c] = s / most if most > 0 else 0.0


@exact_jit
def prewhiten(values: Any, when: Any, slope: Any, scaled: bool, r: Any, out: Any) -> None:
    """Take what follows from the value before away from each value, but leave the trend.

    Parameters
    ----------
    values : ndarray of shape (layer, cell)
        Missing is NaN.
    when : ndarray of shape (layer,)
    slope : ndarray of shape (cell,)
        Of each cell, as `median_slope` gives it.
    scaled : bool
        The values less their share of the layer before, over what is left (Wang and Swail 2001); else what is without
        trend less its share of the layer before, and the trend again (Yue et al. 2002).
    r : ndarray of shape (cell,)
        Gets the correlation of what is without trend with the layer before.
    out : ndarray of shape (layer, cell)
        The first layer is missing.
    """
    layers = values.shape[0]
    free = empty(layers)
    for c in range(values.shape[1]):
        n, mean = 0, 0.0
        for i in range(layers):
            free[i] = values[i, c] - slope[c] * when[i]
            if free[i] == free[i]:
                n += 1
                mean += free[i]
        mean = mean / n if n > 0 else np.nan
        along, own = 0.0, 0.0
        for i in range(layers):
            if free[i] == free[i]:
                own += (free[i] - mean) ** 2
                if i > 0 and free[i - 1] == free[i - 1]:
                    along += (free[i] - mean) * (free[i - 1] - mean)
        r[c] = along / own if own > 0 else 0.0
        if scaled:
            r[c] = min(max(r[c], 0.0), 0.95)
        out[0, c] = np.nan
        for i in range(1, layers):
            if scaled:
                out[i, c] = (values[i, c] - r[c] * values[i - 1, c]) / (1 - r[c])
            else:
                out[i, c] = free[i] - r[c] * free[i - 1] + slope[c] * when[i]
