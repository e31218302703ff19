"""Several maps of yes and no as one: each cell's pattern is a byte, so that what follows from it is a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pyterra.kernels._jit import exact_jit

Bytes = NDArray[np.uint8]
MOST_PATTERNS = 256


class Patterns(NamedTuple):
    """Patterns of cells."""

    cells: Bytes
    """Of shape (row, col): the sum of ``state * base ** layer``, where a state is 0, 1, or 2 for missing."""
    counts: NDArray[np.int64]
    """How many cells have each of the 256 numbers."""
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
        foreign |= bool(_add(np.ascontiguousarray(stored), base**layer, -1 if code is None else code, cells))
    counts = np.zeros(256, np.int64)
    _count(cells, _words(cells), counts)
    return Patterns(cells, counts, foreign)


def _words(cells: Bytes) -> NDArray[np.uint64]:
    """Eight cells of a row as one number each: what is empty is passed over eight at a time."""
    return np.ascontiguousarray(cells[:, : cells.shape[1] // 8 * 8]).view(np.uint64)


@exact_jit
def _count(cells: Any, words: Any, counts: Any) -> None:
    for row in range(cells.shape[0]):
        line = cells[row]
        for k in range(words.shape[1]):
            if words[row, k] == 0:
                counts[0] += 8
            else:
                for col in range(8 * k, 8 * k + 8):
                    counts[line[col]] += 1
        for col in range(8 * words.shape[1], line.size):
            counts[line[col]] += 1


@exact_jit
def _add(stored: Any, weight: int, code: int, cells: Any) -> bool:
    foreign = False
    for row in range(stored.shape[0]):
        line, out = stored[row], cells[row]
        for col in range(line.size):
            value = np.int64(line[col])
            state = value
            if value == code:
                state = np.int64(2)
            elif value > 1:
                foreign = True
                state = np.int64(0)
            out[col] = np.uint8(out[col] + state * weight)
    return foreign


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
    line_sums = np.empty((out.shape[1] + 1, numbers), np.int64)
    for y in range(cells.shape[0]):
        line, top, height = cells[y], row[y], tall[y]
        line_sums[:] = 0
        for k in range(words.shape[1] + 1):
            begin, end = 8 * k, 8 * k + 8
            if k == words.shape[1]:
                end = line.size
            elif words[y, k] == 0:
                continue
            for x in range(begin, end):
                for n in range(numbers):
                    line_sums[col[x], n] += wide[x] * lanes[line[x], n]
                    line_sums[col[x] + 1, n] += (fine - wide[x]) * lanes[line[x], n]
        below = fine - height
        for c in range(out.shape[1]):
            for n in range(numbers):
                together = line_sums[c, n]
                for layer in range(n * each, min((n + 1) * each, layers)):
                    if together == 0:
                        break
                    out[top, c, layer] += height * (together & most)
                    if below > 0:
                        out[top + 1, c, layer] += below * (together & most)
                    together >>= bits
