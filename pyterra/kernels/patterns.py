"""Several maps of yes and no as one: each cell's pattern is a byte, so that what follows from it is a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pyterra.kernels._jit import empty, exact_jit, zeros

Bytes = NDArray[np.uint8]
MOST_PATTERNS = 256


class Patterns(NamedTuple):
    """Patterns of cells."""

    cells: Bytes
    """Of shape (row, col): the sum of ``state * base ** layer``, where a state is 0, 1, or 2 for missing."""
    present: NDArray[np.bool_]
    """Which of the 256 numbers any cell has."""
    foreign: bool
    """Whether there are other values than 0, 1 and the code for missing."""


def base_of(code: int | None) -> int:
    """How many states a cell has: with a code for missing three, else two."""
    return 2 if code is None else 3


def states(count: int, base: int) -> Bytes:
    """The states of each pattern, of shape (pattern, layer)."""
    patterns = np.arange(base**count)
    return np.stack([patterns // base**layer % base for layer in range(count)], axis=1).astype(np.uint8)


def patterns(layers: Sequence[Bytes], code: int | None = None) -> Patterns:
    """Return the patterns of maps.

    Parameters
    ----------
    layers : sequence of uint8 ndarray of shape (row, col)
        Values 0 and 1.
    code : int, optional
        The code for missing; neither 0 nor 1.
    """
    base = base_of(code)
    cells = np.zeros(layers[0].shape, np.uint8)
    foreign = False
    for layer, stored in enumerate(layers):
        missing = np.uint8(0 if code is None else code)
        foreign |= _add(np.ascontiguousarray(stored), np.uint8(base**layer), code is not None, missing, cells)
    present = np.zeros(256, bool)
    _mark(cells, _words(cells), present)
    return Patterns(cells, present, foreign)


def _words(cells: Bytes) -> NDArray[np.uint64]:
    """Eight cells of a row as one number each: what is empty is passed over eight at a time."""
    return np.ascontiguousarray(cells[:, : cells.shape[1] // 8 * 8]).view(np.uint64)


@exact_jit
def _mark(cells: Any, words: Any, present: Any) -> None:
    for row in range(cells.shape[0]):
        line = cells[row]
        for k in range(words.shape[1]):
            if words[row, k] == 0:
                present[0] = True
            else:
                for col in range(8 * k, 8 * k + 8):
                    present[line[col]] = True
        for col in range(8 * words.shape[1], line.size):
            present[line[col]] = True


@exact_jit
def _add(stored: Any, weight: Any, has_code: bool, code: Any, cells: Any) -> bool:
    """Add a layer to patterns, all in bytes, of which a processor takes 32 at once."""
    foreign = np.uint8(0)
    for row in range(stored.shape[0]):
        line, out = stored[row], cells[row]
        for col in range(line.size):
            value = line[col]
            missing = np.uint8(has_code) & np.uint8(value == code)
            other = np.uint8(value > np.uint8(1))
            state = np.uint8(2) if missing else (np.uint8(0) if other else value)
            out[col] += np.uint8(state * weight)
            foreign |= other & ~missing
    return (foreign & np.uint8(1)) != 0  # without the mask it would all be done in 64 bits


def look_up(table: Bytes, cells: Bytes) -> Bytes:
    """Return what a table of shape (band, pattern) has for patterns of shape (row, col), of shape (band, row, col)."""
    out = np.empty((len(table), *cells.shape), np.uint8)
    _look_up(np.ascontiguousarray(table), np.ascontiguousarray(cells).ravel(), out.reshape(len(table), -1))
    return out


@exact_jit
def _look_up(table: Any, cells: Any, out: Any) -> None:
    for band in range(table.shape[0]):
        column, line = table[band], out[band]
        for k in range(cells.size):
            line[k] = column[cells[k]]


def sums(
    cells: Bytes, ones: Bytes, first: tuple[int, int], fine: int, coarse: int, shape: tuple[int, int]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return sums of area over coarser cells, exact: area in units of which whole numbers fit both cells.

    Parameters
    ----------
    cells : uint8 ndarray of shape (row, col)
        Patterns.
    ones : uint8 ndarray of shape (pattern, layer)
        1 where a pattern counts in a layer.
    first : (int, int)
        How many units below (to the right of) the first edge of the coarse cells the first edge of the fine ones lies.
    fine, coarse : int
        Units along the side of a cell; `fine` is not the larger.
    shape : (int, int)
        Rows and columns of the result.

    Returns
    -------
    sums : ndarray of shape (row, col, layer)
        Area of the cells that count.
    area : ndarray of shape (row, col)
        Area of all cells.
    """
    out = np.zeros((*shape, ones.shape[1]), np.int64)
    rows, cols = (_shares(size, start, fine, coarse) for size, start in zip(cells.shape, first, strict=True))
    cells = np.ascontiguousarray(cells)
    bits = coarse.bit_length()  # of the units of a row of fine cells in a coarse one
    _sum(cells, _words(cells), _lanes(ones, bits), bits, *rows, *cols, fine, out)
    tall, wide = (_totals(*share, fine, size) for share, size in zip((rows, cols), shape, strict=True))
    return out, np.outer(tall, wide)


def interpolated(
    area: NDArray[np.int64], whole: NDArray[np.int64], weights: NDArray[np.float64], missing: int
) -> Bytes | None:
    """Return the percent of a year, of shares that layers have of cells, rounded, halves upward; None if all are 0.

    Parameters
    ----------
    area : ndarray of shape (row, col, layer)
        See `sums`.
    whole : ndarray of shape (row, col)
    weights : ndarray of shape (year, layer)
        NaN in years that are missing.
    missing : int
        The code of those.

    Returns
    -------
    uint8 ndarray of shape (year, row, col)
    """
    rows, cols, layers = area.shape
    nothing = np.isnan(weights).any(axis=1)
    out = np.zeros((len(weights), rows, cols), np.uint8)
    out[nothing] = missing
    shares = np.empty((layers, cols))
    return out if _interpolate(area, whole, weights, nothing, shares, out) else None


@exact_jit
def _interpolate(area: Any, whole: Any, weights: Any, nothing: Any, shares: Any, out: Any) -> bool:
    """Rows of nothing but 0 are left as they are; whether there is another one."""
    found = False
    layers, cols = shares.shape
    for row in range(area.shape[0]):
        any_area: Any = np.int64(0)
        for col in range(cols):
            for layer in range(layers):
                any_area |= area[row, col, layer]
        if any_area == 0:
            continue
        found = True
        for col in range(cols):
            for layer in range(layers):
                shares[layer, col] = np.float64(100 * area[row, col, layer]) / np.float64(whole[row, col])
        for year in range(weights.shape[0]):
            if not nothing[year]:
                total = zeros(cols)
                for layer in range(layers):
                    if weights[year, layer] != 0:
                        for col in range(cols):
                            total[col] += weights[year, layer] * shares[layer, col]
                for col in range(cols):
                    out[year, row, col] = np.uint8(np.floor(total[col] + 0.5))
    return found


def _shares(size: int, start: int, fine: int, coarse: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The first coarse cell that each fine one lies in, and how many units of it lie there; the others in the next."""
    edges = start + fine * np.arange(size, dtype=np.int64)
    index = edges // coarse
    return index, np.minimum(fine, (index + 1) * coarse - edges)


def _totals(index: NDArray[np.int64], inside: NDArray[np.int64], fine: int, size: int) -> NDArray[np.int64]:
    total = np.bincount(index, inside, size + 1) + np.bincount(index + 1, fine - inside, size + 1)
    return np.rint(total[:size]).astype(np.int64)


def _lanes(ones: Bytes, bits: int) -> NDArray[np.int64]:
    """The layers of each pattern side by side in numbers of 63 bits, of shape (pattern, number)."""
    each = 63 // bits
    out = np.zeros((len(ones), -(-ones.shape[1] // each)), np.int64)
    for layer in range(ones.shape[1]):
        out[:, layer // each] |= ones[:, layer].astype(np.int64) << bits * (layer % each)
    return out


@exact_jit
def _sum(
    cells: Any,
    words: Any,
    lanes: Any,
    bits: int,
    row: Any,
    tall: Any,
    col: Any,
    wide: Any,
    fine: int,
    out: Any,
) -> None:
    """Add up each row in all layers at once, and the rows layer by layer."""
    each, most = 63 // bits, (1 << bits) - 1
    numbers, layers = lanes.shape[1], out.shape[2]
    line_sums = empty((numbers, out.shape[1] + 1), np.int64)
    for y in range(cells.shape[0]):
        line, top, height = cells[y], row[y], tall[y]
        line_sums[:] = 0
        for n in range(numbers):
            begin = 0
            while begin < line.size:
                if begin < 8 * words.shape[1] and words[y, begin // 8] == 0:
                    begin += 8 - begin % 8
                    continue
                c, together, end = col[begin], np.int64(0), begin
                while end < line.size and col[end] == c:
                    together += lanes[line[end], n]
                    end += 1
                outside = (fine - wide[end - 1]) * lanes[
                    line[end - 1], n
                ]  # the last one may reach into the next
                line_sums[n, c] += fine * together - outside
                line_sums[n, c + 1] += outside
                begin = end
        below = fine - height
        for c in range(out.shape[1]):
            for n in range(numbers):
                together = line_sums[n, c]
                for layer in range(n * each, min((n + 1) * each, layers)):
                    if together == 0:
                        break
                    out[top, c, layer] += height * (together & most)
                    if below > 0:
                        out[top + 1, c, layer] += below * (together & most)
                    together >>= bits
