"""The loops of ``series``: tiles of cells, knots in order, every step vectorised across the cells of the
tile.

A tile without gaps needs two knots and one weight per output, the same for all cells. A tile with gaps is
scanned forwards for the last valid knot before each place and backwards for the next one. Both evaluate the
same expression in strict IEEE order, so a cell's bits do not tell which way it went.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from pyterra.kernels._ahead import tile_of
from pyterra.kernels._jit import empty, exact_jit, fill_all, inner_jit, span

Floats: TypeAlias = npt.NDArray[np.floating[Any]]
Doubles: TypeAlias = npt.NDArray[np.float64]
Integers: TypeAlias = npt.NDArray[np.int64]
Counts: TypeAlias = npt.NDArray[np.int32]

FIXED, COPY, LINEAR, STEP = 0, 1, 2, 3  # what a gap-free output is made of
MEAN, MIN, MAX = 0, 1, 2  # what tied layers become
BEFORE, AFTER = -1.0, 2.0  # weights that mark a place before the first or after the last valid knot


@inner_jit
def _load(
    block: Floats, start: int, width: int, members: Integers, first: Integers, ties: int, tile: Floats
) -> None:
    """Fill the tile with one row per knot: its layer, or what its valid tied layers become."""
    for knot in range(first.size - 1):
        target = tile[knot]
        row = tile_of(block[members[first[knot]]], start, width)
        for k in range(width):
            target[k] = row[k]
        tied = first[knot + 1] - first[knot]
        if tied == 1:
            continue
        for k in range(width):
            count = 0
            result = np.nan
            for i in range(first[knot], first[knot + 1]):
                value = np.float64(block[members[i], start + k])
                if value == value:
                    count += 1
                    if count == 1:
                        result = value
                    elif ties == MEAN:
                        result += value
                    elif (ties == MIN) == (value < result):
                        result = value
            target[k] = result / count if ties == MEAN and count > 0 else result


@inner_jit
def _count_valid(tile: Floats, width: int, valid: Counts) -> bool:
    """Count the valid knots of each cell; return whether none is missing in the tile."""
    fill_all(valid, 0)
    for knot in range(tile.shape[0]):
        row = tile[knot]
        for k in range(width):
            valid[k] += np.int32(row[k] == row[k])
    gaps = 0
    for k in range(width):
        gaps += valid[k] != tile.shape[0]
    return gaps == 0


@inner_jit
def _blend(low: float, high: float, weight: float, linear: bool, f: float) -> float:
    """A value between two knots. A step of one side only does not touch the other, which may be infinite."""
    if linear:
        return low + (high - low) * weight
    return low if f == 0.0 else (high if f == 1.0 else low * (1.0 - f) + high * f)


@inner_jit
def _without_gaps(
    tile: Floats,
    kind: Integers,
    low: Integers,
    high: Integers,
    weight: Doubles,
    f: float,
    out: Floats,
    start: int,
    width: int,
) -> None:
    for j in range(kind.size):
        target = span(out[j], start, width)
        left, right, w = tile[low[j]], tile[high[j]], weight[j]
        if kind[j] == FIXED:
            fill_all(target, w)
        elif kind[j] == COPY:
            for k in range(width):
                target[k] = left[k]
        elif kind[j] == LINEAR:
            for k in range(width):
                target[k] = _blend(np.float64(left[k]), np.float64(right[k]), w, True, f)
        else:
            for k in range(width):
                target[k] = _blend(np.float64(left[k]), np.float64(right[k]), w, False, f)


@inner_jit
def _scan_forwards(tile: Floats, knots: Doubles, width: int, value: Floats, position: Doubles) -> None:
    """Row i of ``value`` and ``position``: the last valid knot among the first i, NaN where there is none."""
    value[0] = np.nan
    position[0] = np.nan
    for knot in range(knots.size):
        x = knots[knot]
        row, old, new = tile[knot], value[knot], value[knot + 1]
        for k in range(width):
            here, before = row[k], old[k]
            new[k] = here if here == here else before
        old_x, new_x = position[knot], position[knot + 1]
        for k in range(width):
            before_x = old_x[k]
            new_x[k] = x if row[k] == row[k] else before_x


@inner_jit
def _weigh(x: float, before: Doubles, after: Doubles, width: int, weight: Doubles) -> None:
    """Where ``x`` lies between the valid knots at its sides: from 0 to 1, or BEFORE or AFTER them all."""
    for k in range(width):
        x0, x1 = before[k], after[k]
        share = np.divide(x - x0, x1 - x0)  # "/" tests for zero and stays scalar
        share = share if x1 == x1 else AFTER
        share = share if x0 == x0 else BEFORE
        weight[k] = 0.0 if x0 == x else share


@inner_jit
def _place(
    before: Floats,
    after: Floats,
    weight: Doubles,
    linear: bool,
    f: float,
    left: float,
    right: float,
    out: Floats,
) -> None:
    """Fill one output row of a tile, with ``left`` and ``right`` outside the valid knots."""
    for k in range(out.size):
        low, high, w = np.float64(before[k]), np.float64(after[k]), weight[k]
        result = _blend(low, high, w, linear, f)
        result = left if w == BEFORE else result
        result = right if w == AFTER else result
        out[k] = low if w == 0.0 else result


@inner_jit
def _place_flat(
    before: Floats, after: Floats, weight: Doubles, flat_left: bool, flat_right: bool, out: Floats
) -> None:
    """Hold the nearest valid value outside the valid knots, where asked."""
    for k in range(out.size):
        low, high, w, result = before[k], after[k], weight[k], out[k]
        result = high if flat_left and w == BEFORE else result
        out[k] = low if flat_right and w == AFTER else result


@inner_jit
def _lone_cells(
    block: Floats,
    start: int,
    width: int,
    valid: Counts,
    linear: bool,
    fill: bool,
    spread_one: bool,
    out: Floats,
) -> None:
    """Cells with fewer than two valid knots: nothing to interpolate between."""
    for k in range(width):
        if valid[k] >= 2:
            continue
        layers = 0
        only = block.dtype.type(np.nan)
        for layer in range(block.shape[0]):
            value = block[layer, start + k]
            if value == value:
                layers += 1
                only = value
        copied = layers == 0 or (layers == 1 and spread_one)
        unchanged = fill and (layers == 1 or linear)
        if copied or unchanged or linear:
            for j in range(out.shape[0]):
                out[j, start + k] = only if copied else (block[j, start + k] if unchanged else np.nan)


@exact_jit
def scan(
    block: Floats,
    members: Integers,
    first: Integers,
    ties: int,
    knots: Doubles,
    at: Doubles,
    rank: Integers,
    below: Integers,
    kind: Integers,
    low: Integers,
    high: Integers,
    weight: Doubles,
    linear: bool,
    f: float,
    left: float,
    right: float,
    flat_left: bool,
    flat_right: bool,
    fill: bool,
    spread_one: bool,
    tile: Floats,
    out: Floats,
) -> None:
    """Fill ``out`` (position, cell) from ``block`` (layer, cell); the arguments are the fields of
    ``SeriesPlan``.

    ``tile`` of shape (knot, cells of a tile) is working space, in the dtype that holds a knot's value
    exactly.
    """
    cells, count, step = block.shape[1], knots.size, tile.shape[1]
    value, position = empty((count + 1, step), tile.dtype), empty((count + 1, step))
    after, after_x, share = empty(step, tile.dtype), empty(step), empty(step)
    valid = empty(step, np.int32)
    for start in range(0, cells, step):
        width = min(step, cells - start)
        _load(block, start, width, members, first, ties, tile)
        if _count_valid(tile, width, valid) and count > 1:
            _without_gaps(tile, kind, low, high, weight, f, out, start, width)
            continue
        _scan_forwards(tile, knots, width, value, position)
        fill_all(after, np.nan)
        fill_all(after_x, np.nan)
        seen = count
        for i in range(at.size - 1, -1, -1):
            j = rank[i]
            while seen > below[j]:
                seen -= 1
                row, x = tile[seen], knots[seen]
                for k in range(width):
                    here, known = row[k], after[k]
                    after[k] = here if here == here else known
                for k in range(width):
                    known_x = after_x[k]
                    after_x[k] = x if row[k] == row[k] else known_x
            target = span(out[j], start, width)
            _weigh(at[j], position[seen], after_x, width, share)
            _place(value[seen], after, share, linear, f, left, right, target)
            if flat_left or flat_right:
                _place_flat(value[seen], after, share, flat_left, flat_right, target)
        _lone_cells(block, start, width, valid, linear, fill, spread_one, out)


@exact_jit
def value_range(block: Floats) -> tuple[float, float, bool, bool]:
    """Smallest and largest valid value, whether all are whole numbers, and whether any is missing."""
    smallest, largest = np.inf, -np.inf
    whole, gaps = True, False
    for layer in range(block.shape[0]):
        row = block[layer]
        for start in range(0, row.size, 4096):
            part = span(row, start, min(4096, row.size - start))
            broken = 0
            missing = 0
            for k in range(part.size):
                value = np.float64(part[k])
                smallest = value if value < smallest else smallest
                largest = value if value > largest else largest
                broken += (value == value) & (np.floor(value) != value)
                missing += value != value
            gaps |= missing > 0
            if broken > 0:
                return smallest, largest, False, gaps
    return smallest, largest, whole, gaps


@exact_jit
def look_up(block: Floats, smallest: float, table: Floats, out: Floats) -> None:
    """Fill ``out`` from ``table`` (position, code); a cell's code has one digit per layer."""
    layers, cells = block.shape
    step = 512
    code = empty(step, np.int32)
    base = 1
    while base**layers < table.shape[1]:
        base += 1
    gap = np.float64(base - 1)
    for start in range(0, cells, step):
        width = min(step, cells - start)
        fill_all(code, 0)
        for layer in range(layers):
            row = tile_of(block[layer], start, width)
            for k in range(width):
                value = np.float64(row[k])
                code[k] = code[k] * base + np.int32(value - smallest if value == value else gap)
        for j in range(table.shape[0]):
            target, choices = span(out[j], start, width), table[j]
            for k in range(width):
                target[k] = choices[code[k]]
