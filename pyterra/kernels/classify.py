"""Replacing values by intervals or by exact matches, cell by cell.

Intervals of any kind, overlapping or not, become one ascending list of thresholds: between two neighbours
the same row wins everywhere, so a value's class is the number of thresholds below it. ``a <= v`` is ``v > the
double before a``, so one comparison serves open and closed bounds. Values are compared as float64 whatever
their dtype: for float32 values a threshold is rounded down to the float32 that decides the same way, and a
value to match that no float32 equals is left out.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from pyterra.kernels import destination
from pyterra.kernels._jit import empty, exact_jit, fill_all, inner_jit, span

Floats: TypeAlias = npt.NDArray[np.floating[Any]]
Doubles: TypeAlias = npt.NDArray[np.float64]
Flags: TypeAlias = npt.NDArray[np.bool_]
Places: TypeAlias = npt.NDArray[np.uint32]

CHAIN = 512  # up to here each threshold is tried on every value, 0.05 ns; bisection takes 4 ns a step
TABLE_FROM = 96  # keys from which a table, 6 ns a value, is faster
TABLE_SIZE = 65536
TILE = 1024


@exact_jit
def _chain(
    values: Floats, thresholds: Floats, result: Floats, keep: Flags, missing: float, out: Floats
) -> None:
    """Run through the thresholds: what lies above each takes the result of the class that begins there."""
    for start in range(0, values.size, TILE):
        width = min(TILE, values.size - start)
        part, target = span(values, start, width), span(out, start, width)
        for k in range(part.size):
            target[k] = part[k] if keep[0] else result[0]
        for i in range(thresholds.size):
            bound, new = thresholds[i], result[i + 1]
            if keep[i + 1]:
                for k in range(part.size):
                    value, old = part[k], target[k]
                    target[k] = value if value > bound else old
            else:
                for k in range(part.size):
                    value, old = part[k], target[k]
                    target[k] = new if value > bound else old
        for k in range(part.size):
            value, old = part[k], target[k]
            target[k] = old if value == value else missing


@inner_jit
def _locate(part: Floats, padded: Floats, place: Places) -> None:
    """How many of the ascending numbers, padded with inf to ``2**n - 1``, lie below each value."""
    fill_all(place, np.uint32(0))
    step = (padded.size + 1) // 2
    while step > 0:
        ahead, last = np.uint32(step), np.uint32(step - 1)
        for k in range(part.size):
            here = place[k]
            bound = padded[np.uint32(here + last)]
            place[k] = here + ahead * np.uint32(part[k] > bound)
        step //= 2


@exact_jit
def _search(values: Floats, padded: Floats, result: Floats, keep: Flags, missing: float, out: Floats) -> None:
    """Find each value's class by bisection."""
    place = empty(TILE, np.uint32)
    for start in range(0, values.size, TILE):
        width = min(TILE, values.size - start)
        part, target = span(values, start, width), span(out, start, width)
        _locate(part, padded, place)
        for k in range(part.size):
            value = part[k]
            kept, new = keep[place[k]], result[place[k]]
            new = value if kept else new
            target[k] = new if value == value else missing


@exact_jit
def _match_chain(
    values: Floats, keys: Floats, result: Floats, others: float, keep: bool, missing: float, out: Floats
) -> None:
    """Try every key on every value."""
    for start in range(0, values.size, TILE):
        width = min(TILE, values.size - start)
        part, target = span(values, start, width), span(out, start, width)
        for k in range(part.size):
            value = part[k]
            target[k] = (value if keep else others) if value == value else missing
        for i in range(keys.size):
            key, new = keys[i], result[i]
            for k in range(part.size):
                value, old = part[k], target[k]
                target[k] = new if value == key else old


@exact_jit
def _match_table(
    values: Floats,
    first: int,
    result: Floats,
    hit: Flags,
    others: float,
    keep: bool,
    missing: float,
    out: Floats,
) -> None:
    """Look whole numbers up in a table that begins at ``first``."""
    last = first + result.size - 1
    for k in range(values.size):
        value = values[k]
        inside = (value >= first) & (value <= last)
        place = int(value if inside else first)
        found = inside & (place == value) & hit[place - first]
        if value != value:
            out[k] = missing
        else:
            out[k] = result[place - first] if found else (value if keep else others)


@exact_jit
def _match_search(
    values: Floats, padded: Floats, result: Floats, others: float, keep: bool, missing: float, out: Floats
) -> None:
    """Find each value among ascending keys by bisection."""
    place = empty(TILE, np.uint32)
    for start in range(0, values.size, TILE):
        width = min(TILE, values.size - start)
        part, target = span(values, start, width), span(out, start, width)
        _locate(part, padded, place)
        for k in range(part.size):
            value, i = part[k], min(place[k], np.uint32(result.size - 1))
            rest = value if keep else others
            new = result[i] if padded[i] == value else rest
            target[k] = new if value == value else missing


def intervals(
    values: Floats,
    low: npt.ArrayLike,
    high: npt.ArrayLike,
    becomes: npt.ArrayLike,
    *,
    right: bool | None = True,
    include_lowest: bool = False,
    others: float | None = None,
    out_dtype: npt.DTypeLike | None = None,
) -> Floats:
    """Return values replaced by the row of the first interval that holds them.

    Parameters
    ----------
    values : ndarray of any shape, float32 or float64
    low, high, becomes : array_like of shape (row,)
        The bounds of each row and the value it gives. A row whose ``low`` is NaN stands for missing values.
    right : bool or None
        True: open on the left, closed on the right. False: the other way round. None: closed on both sides.
    include_lowest : bool
        Close the lowest of all bounds too (``right=True``), or the highest (``right=False``).
    others : float, optional
        For values in no interval; missing values do not take it. Default: they stay.
    out_dtype : dtype, optional
        Default: that of ``values``.

    Returns
    -------
    ndarray of the shape of ``values``
    """
    low, high, becomes = (np.atleast_1d(np.asarray(a, np.float64)) for a in (low, high, becomes))
    for_missing = becomes[np.isnan(low)]
    missing = float(for_missing[0]) if for_missing.size else np.nan
    rows = ~np.isnan(low)
    thresholds, winner = _pieces(low[rows], high[rows], right, include_lowest)
    result = np.append(becomes[rows], np.nan if others is None else others)[winner]
    keep = (winner == -1) & (others is None)

    flat = np.ascontiguousarray(values).reshape(-1)
    out = destination.empty(values.shape, values.dtype if out_dtype is None else out_dtype).reshape(-1)
    bounds = _round_down(thresholds, flat.dtype)
    if bounds.size <= CHAIN:
        _chain(flat, bounds, result.astype(out.dtype), keep, missing, out)
    else:
        _search(flat, _padded(bounds), result.astype(out.dtype), keep, missing, out)
    return out.reshape(values.shape)


def is_becomes(
    values: Floats,
    is_: npt.ArrayLike,
    becomes: npt.ArrayLike,
    *,
    others: float | None = None,
    others_na: bool = True,
    out_dtype: npt.DTypeLike | None = None,
) -> Floats:
    """Return values replaced where they equal one of some numbers.

    Parameters
    ----------
    values : ndarray of any shape, float32 or float64
    is_, becomes : array_like of shape (row,)
        What to match exactly, NaN for missing values, and what it becomes. Of equal matches the last wins.
    others : float, optional
        For values that match nothing. Default: they stay.
    others_na : bool
        Whether missing values take ``others`` too.
    out_dtype : dtype, optional
        Default: that of ``values``.

    Returns
    -------
    ndarray of the shape of ``values``
    """
    is_, becomes = np.atleast_1d(np.asarray(is_, np.float64)), np.atleast_1d(np.asarray(becomes, np.float64))
    for_missing = becomes[np.isnan(is_)]
    missing = float(for_missing[-1]) if for_missing.size else np.nan
    if not for_missing.size and others is not None and others_na:
        missing = others
    known = ~np.isnan(is_)
    keys, place = np.unique(is_[known][::-1], return_index=True)
    result = becomes[known][::-1][place]

    flat = np.ascontiguousarray(values).reshape(-1)
    out = destination.empty(values.shape, values.dtype if out_dtype is None else out_dtype).reshape(-1)
    with np.errstate(over="ignore"):
        narrow = keys.astype(flat.dtype)
    exact = narrow == keys
    keys, result = narrow[exact], result[exact].astype(out.dtype)
    rest, keep = np.nan if others is None else float(others), others is None
    whole = keys.size > TABLE_FROM and np.all(np.floor(keys) == keys)
    if whole and float(keys[-1]) - float(keys[0]) < TABLE_SIZE:
        first = int(keys[0])
        cells = keys.astype(np.int64) - first
        table, hit = np.zeros(cells[-1] + 1, out.dtype), np.zeros(cells[-1] + 1, np.bool_)
        table[cells], hit[cells] = result, True
        _match_table(flat, first, table, hit, rest, keep, missing, out)
    elif keys.size <= CHAIN:
        _match_chain(flat, keys, result, rest, keep, missing, out)
    else:
        _match_search(flat, _padded(keys), result, rest, keep, missing, out)
    return out.reshape(values.shape)


def _pieces(
    low: Doubles, high: Doubles, right: bool | None, include_lowest: bool
) -> tuple[Doubles, npt.NDArray[np.int64]]:
    """Ascending thresholds, and the row that wins below the first and above each (-1 for none)."""
    closed_low = np.full(low.shape, right is not True)
    closed_high = np.full(low.shape, right is not False)
    if include_lowest and low.size:
        closed_low |= low == low.min()
        closed_high |= high == high.max()
    below_all = closed_low & np.isneginf(low)  # nothing lies before it, so no threshold can
    start = np.where(closed_low, np.nextafter(low, -np.inf), low)
    end = np.where(closed_high, high, np.nextafter(high, -np.inf))
    thresholds = np.unique(np.concatenate([start[~below_all], end]))
    winner = np.full(thresholds.size + 1, -1)
    begins = np.where(below_all, 0, np.searchsorted(thresholds, start) + 1)
    ends = np.searchsorted(thresholds, end) + 1
    for row in range(low.size - 1, -1, -1):
        winner[begins[row] : ends[row]] = row
    return thresholds, winner


def _round_down(thresholds: Doubles, dtype: npt.DTypeLike) -> Floats:
    """Thresholds that divide the values of a dtype as the given ones do."""
    with np.errstate(over="ignore"):
        narrow: Floats = thresholds.astype(dtype)
    return np.where(narrow > thresholds, np.nextafter(narrow, np.array(-np.inf, dtype)), narrow)


def _padded(ascending: Floats) -> Floats:
    """Numbers followed by as many inf as make their count one less than a power of two."""
    size = (1 << ascending.size.bit_length()) - 1
    return np.concatenate([ascending, np.full(size - ascending.size, np.inf, ascending.dtype)])
