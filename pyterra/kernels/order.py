"""Median, quantiles and mode over the layers of each cell, by a sorting network across cells.

A tile of cells is sorted along its layers by Batcher's merge exchange: the same exchanges for every cell,
each a vector minimum and maximum of two rows. Missing values are set to +inf, sort to the end, and are left
out by count.

References
----------
Knuth, The Art of Computer Programming, volume 3, 5.2.2, algorithm M (any number of rows).
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from pyterra.kernels._ahead import tile_of
from pyterra.kernels._jit import apart_jit, copy, empty, exact_jit, fill_all, inner_jit, span

Floats: TypeAlias = npt.NDArray[np.floating[Any]]
Counts: TypeAlias = npt.NDArray[np.int32]

TILE = 512
TILE_VALUES = 1 << 17  # a tile of deep stacks is narrower, to stay in the second-level cache


@inner_jit
def _tile_width(layers: int, cells: int) -> int:
    return max(1, min(cells, max(32, min(TILE, TILE_VALUES // layers // 32 * 32))))


@inner_jit
def _load(block: Floats, start: int, width: int, tile: Floats, count: Counts) -> None:
    """Copy a tile of cells, missing as +inf, and count the valid layers of each."""
    fill_all(count, 0)
    for layer in range(block.shape[0]):
        row, copy = tile_of(block[layer], start, width), tile[layer]
        for k in range(width):
            valid = row[k] == row[k]
            copy[k] = row[k] if valid else np.inf
            count[k] += np.int32(valid)


@apart_jit
def _exchange(low: Floats, high: Floats, width: int) -> None:
    for k in range(width):
        a, b = low[k], high[k]
        swap = b < a
        low[k] = b if swap else a
        high[k] = a if swap else b


@inner_jit
def _sort(tile: Floats, width: int) -> None:
    """Sort every column of the tile along its rows."""
    rows = tile.shape[0]
    top = 1
    while top < rows:
        top *= 2
    top //= 2
    p = top
    while p > 0:
        q, r, distance = top, 0, p
        while True:
            for i in range(rows - distance):
                if i & p == r:
                    _exchange(tile[i], tile[i + distance], width)
            if q == p:
                break
            distance = q - p
            q //= 2
            r = p
        p //= 2


@inner_jit
def _between(low: float, high: float, h: float) -> float:
    """The point a share ``h`` of the way from ``low`` to ``high``; equal ones give just that value."""
    return low if h == 0.0 or low == high else (1.0 - h) * low + h * high


@exact_jit
def quantiles(block: Floats, probs: npt.NDArray[np.float64], na_rm: bool, out: Floats) -> None:
    """Fill ``out`` (prob, cell) with quantiles of type 7 over the layers of ``block`` (layer, cell)."""
    layers, cells = block.shape
    step = _tile_width(layers, cells)
    tile, count = empty((layers, step), block.dtype), empty(step, np.int32)
    for start in range(0, cells, step):
        width = min(step, cells - start)
        _load(block, start, width, tile, count)
        _sort(tile, width)
        gaps = False
        for k in range(width):
            gaps |= count[k] < layers
        for i in range(probs.size):
            target = span(out[i], start, width)
            if not gaps:
                at = (layers - 1) * probs[i]
                below = int(at)
                low, high, h = tile[below], tile[min(below + 1, layers - 1)], at - below
                for k in range(width):
                    target[k] = _between(np.float64(low[k]), np.float64(high[k]), h)
                continue
            for k in range(width):
                if count[k] == 0 or (count[k] < layers and not na_rm):
                    target[k] = np.nan
                    continue
                at = (count[k] - 1) * probs[i]
                below = int(at)
                above = min(below + 1, count[k] - 1)
                target[k] = _between(np.float64(tile[below, k]), np.float64(tile[above, k]), at - below)


@exact_jit
def modal(block: Floats, na_rm: bool, out: Floats) -> None:
    """Fill ``out`` (1, cell) with the most frequent value of the layers, the lowest where several are."""
    layers, cells = block.shape
    needed = 1 if na_rm else layers
    step = _tile_width(layers, cells)
    tile, count = empty((layers, step), block.dtype), empty(step, np.int32)
    run, longest = empty(step, np.int32), empty(step, np.int32)
    mode = empty(step, block.dtype)
    for start in range(0, cells, step):
        width = min(step, cells - start)
        _load(block, start, width, tile, count)
        _sort(tile, width)
        fill_all(run, 1)
        fill_all(longest, 1)
        copy(tile[0], mode)
        for layer in range(1, layers):
            before, row = tile[layer - 1], tile[layer]
            for k in range(width):
                run[k] = run[k] + 1 if row[k] == before[k] else 1
            for k in range(width):
                better = (run[k] > longest[k]) & (layer < count[k])
                longest[k] = run[k] if better else longest[k]
                mode[k] = row[k] if better else mode[k]
        target = span(out[0], start, width)
        for k in range(width):
            target[k] = mode[k] if count[k] >= needed else np.nan


def median(block: Floats, na_rm: bool, out: Floats) -> None:
    """Fill ``out`` (1, cell) with the median over the layers of ``block`` (layer, cell)."""
    quantiles(block, np.array([0.5]), na_rm, out)


NETWORK = 16
"""Layers up to which neighbours are exchanged again and again: of 6, sorting cell by cell takes 3 times as long."""
EXCHANGED = 8192
"""Cells at a time, so that their layers stay in the cache."""


def sorted_layers(block: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return the layers of each cell in ascending order.

    Parameters
    ----------
    block : ndarray of shape (layer, cell), float32 or float64
        Missing is NaN, and comes last.

    Returns
    -------
    ndarray of the shape and dtype of `block`
    """
    layers, cells = block.shape
    if layers > NETWORK:
        return np.ascontiguousarray(np.sort(np.ascontiguousarray(block.T), axis=1).T)
    out = np.empty(block.shape, block.dtype)
    for start in range(0, cells, EXCHANGED):
        tile = block[:, start : start + EXCHANGED].copy()
        missing = np.isnan(tile)
        valid = layers - missing.sum(axis=0)
        tile[missing] = np.inf
        for turn in range(layers):
            for i in range(turn % 2, layers - 1, 2):
                low = np.minimum(tile[i], tile[i + 1])
                np.maximum(tile[i], tile[i + 1], out=tile[i + 1])
                tile[i] = low
        tile[np.arange(layers)[:, None] >= valid] = np.nan
        out[:, start : start + EXCHANGED] = tile
    return out
