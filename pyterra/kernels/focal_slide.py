"""Windows of ones by combination trees: sum, mean, product, extremes, any, all, standard deviation.

A window of ``n`` cells is combined as a binary tree whose shape depends on ``n`` alone (11 = 1 + 2 + 8, each
part made by doubling), first along rows, then down columns. That is about ``log2(n)`` vectorised passes, and,
unlike a running sum, a cell's bits depend on the cells of its window only, never on where its block begins.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from pyterra.kernels._jit import copy, exact_jit, inner_jit

Array: TypeAlias = npt.NDArray[Any]

ADD, MULTIPLY, MINIMUM, MAXIMUM, MINIMUM_VALID, MAXIMUM_VALID = range(6)

# what is loaded from a cell before the tree
VALUE, TRUTH = range(2)

# what is made of the combined value
PLAIN, MEAN, COUNT = range(3)

TILE_ROWS, TILE_COLS = 64, 1024  # mean of 11 x 11, ns a cell: 32 x 1024 10.1, 32 x 512 11.3, 16 x 1024 11.7


@exact_jit
def _combine(op: int, a: Array, b: Array, out: Array) -> None:
    """Combine two rows cell by cell; one loop per operation, so that each is vectorised."""
    if op == ADD:
        for x in range(out.size):
            out[x] = a[x] + b[x]
    elif op == MULTIPLY:
        for x in range(out.size):
            out[x] = a[x] * b[x]
    elif op == MINIMUM:
        for x in range(out.size):
            u, v = a[x], b[x]
            out[x] = v if (v < u or v != v) else u
    elif op == MAXIMUM:
        for x in range(out.size):
            u, v = a[x], b[x]
            out[x] = v if (v > u or v != v) else u
    elif op == MINIMUM_VALID:
        for x in range(out.size):
            u, v = a[x], b[x]
            out[x] = v if (v < u or u != u) else u
    else:
        for x in range(out.size):
            u, v = a[x], b[x]
            out[x] = v if (v > u or u != u) else u


@exact_jit
def _combine_with(op: int, a: Array, b: Array) -> None:
    """The same into the first row. Given one array twice, the loops above find that it overlaps, and stay scalar."""
    if op == ADD:
        for x in range(a.size):
            a[x] += b[x]
    elif op == MULTIPLY:
        for x in range(a.size):
            a[x] *= b[x]
    elif op == MINIMUM:
        for x in range(a.size):
            u, v = a[x], b[x]
            a[x] = v if (v < u or v != v) else u
    elif op == MAXIMUM:
        for x in range(a.size):
            u, v = a[x], b[x]
            a[x] = v if (v > u or v != v) else u
    elif op == MINIMUM_VALID:
        for x in range(a.size):
            u, v = a[x], b[x]
            a[x] = v if (v < u or u != u) else u
    else:
        for x in range(a.size):
            u, v = a[x], b[x]
            a[x] = v if (v > u or u != u) else u


@inner_jit
def _slide_along(op: int, a: Array, spare: Array, w: int, out: Array) -> None:
    """Combine ``w`` neighbours along a row of ``n + w - 1`` cells into ``n``; ``a`` and ``spare`` are used up."""
    n = out.size
    length = a.size
    step = 1
    offset = 0
    while True:
        if w & step:
            if offset == 0:
                copy(a[:n], out)
            else:
                _combine_with(op, out, a[offset : offset + n])
            offset += step
            if offset == w:
                return
        length -= step
        _combine(op, a[:length], a[step : step + length], spare[:length])
        a, spare = spare, a
        step *= 2


@inner_jit
def _slide_down(op: int, rows: Array, nrow: int, w: int, out: Array) -> None:
    """Combine ``w`` rows downwards into ``nrow`` rows of ``out``; ``rows`` (nrow + w - 1) are used up."""
    length = nrow + w - 1
    step = 1
    offset = 0
    while True:
        if w & step:
            for y in range(nrow):
                if offset == 0:
                    copy(rows[y + offset], out[y])
                else:
                    _combine_with(op, out[y], rows[y + offset])
            offset += step
            if offset == w:
                return
        length -= step
        for y in range(length):
            _combine_with(op, rows[y], rows[y + step])
        step *= 2


@inner_jit
def _load(row: Array, load: int, fill: float, drop: bool, out: Array, valid: Array) -> bool:
    """Bring a row into the tree's dtype; ``drop`` replaces NaN by ``fill``. Return whether a NaN was met."""
    found = 0
    if load == TRUTH:
        for x in range(row.size):
            v = row[x]
            out[x] = v if v != v else (0.0 if v == 0 else 1.0)
    else:
        for x in range(row.size):
            out[x] = row[x]
    if drop:
        for x in range(row.size):
            found += out[x] != out[x]
        if found:
            for x in range(row.size):
                valid[x] = out[x] == out[x]
            for x in range(row.size):
                out[x] = out[x] if out[x] == out[x] else fill
        else:
            valid[:] = 1
    return found > 0


@exact_jit
def _finish(finish: int, value: Array, count: Array, counted: bool, size: int, out: Array) -> None:
    """Turn combined values into results: divide for the mean, and NaN where no cell was valid."""
    if finish == COUNT:
        for x in range(out.size):
            out[x] = count[x] if counted else size
    elif not counted:
        if finish == MEAN:
            for x in range(out.size):
                out[x] = value[x] / size
        else:
            for x in range(out.size):
                out[x] = value[x]
    elif finish == MEAN:
        for x in range(out.size):
            out[x] = value[x] / count[x] if count[x] > 0 else np.nan
    else:
        for x in range(out.size):
            out[x] = value[x] if count[x] > 0 else np.nan


@exact_jit
def slide(
    padded: Array, h: int, w: int, op: int, load: int, finish: int, drop: bool, work: Array, out: Array
) -> None:
    """Combine every window of ``h`` by ``w`` cells by ``op`` into ``out``.

    Parameters
    ----------
    padded : ndarray of shape (layer, row + h - 1, col + w - 1)
        The block with its halo.
    h, w : int
        Window height and width, in cells.
    op, load, finish : int
        The codes above.
    drop : bool
        Leave NaN cells out of an addition or a product (the other operations say it by their code).
    work : ndarray of shape (0,)
        Only its dtype matters: that of the tree.
    out : ndarray of shape (layer, row, col)
    """
    nlyr, nrow, ncol = out.shape
    fill = 1.0 if op == MULTIPLY else 0.0
    value = np.empty((TILE_ROWS + h - 1, TILE_COLS), work.dtype)
    valid = np.empty((TILE_ROWS + h - 1 if drop else 0, TILE_COLS), np.int32)
    down = np.empty((TILE_ROWS, TILE_COLS), work.dtype)
    down_valid = np.empty((TILE_ROWS if drop else 1, TILE_COLS), np.int32)
    line = np.empty((2, TILE_COLS + w - 1), work.dtype)
    there = np.empty((2, TILE_COLS + w - 1), np.int32)
    for layer in range(nlyr):
        for y0 in range(0, nrow, TILE_ROWS):
            ny = min(TILE_ROWS, nrow - y0)
            for x0 in range(0, ncol, TILE_COLS):
                nx = min(TILE_COLS, ncol - x0)
                m = nx + w - 1
                counted = False
                for y in range(ny + h - 1):
                    row = padded[layer, y0 + y][x0 : x0 + m]
                    found = _load(row, load, fill, drop, line[0][:m], there[0][:m])
                    _slide_along(op, line[0][:m], line[1][:m], w, value[y][:nx])
                    if drop:
                        if found:
                            counted = True
                            _slide_along(ADD, there[0][:m], there[1][:m], w, valid[y][:nx])
                        else:
                            valid[y][:nx] = w
                _slide_down(op, value[:, :nx], ny, h, down[:, :nx])
                if counted:
                    _slide_down(ADD, valid[:, :nx], ny, h, down_valid[:, :nx])
                for y in range(ny):
                    _finish(
                        finish,
                        down[y][:nx],
                        down_valid[y if drop else 0][:nx],
                        counted,
                        h * w,
                        out[layer, y0 + y][x0 : x0 + nx],
                    )


@exact_jit
def spread(padded: Array, h: int, w: int, mean: Array, drop: bool, ddof: int, out: Array) -> None:
    """Standard deviation of every window about its known mean, so that no digits cancel.

    Parameters
    ----------
    padded : ndarray of shape (layer, row + h - 1, col + w - 1)
    h, w : int
    mean : float64 ndarray of shape (layer, row, col)
        Window means, NaN where the result is NaN.
    drop : bool
        Leave NaN cells out.
    ddof : int
        0 divides by n, 1 by n - 1; a window with no more than ``ddof`` valid cells gives NaN.
    out : ndarray of shape (layer, row, col)
    """
    nlyr, nrow, ncol = out.shape
    square = np.empty(TILE_COLS)
    count = np.empty(TILE_COLS)
    for layer in range(nlyr):
        for y in range(nrow):
            for x0 in range(0, ncol, TILE_COLS):
                nx = min(TILE_COLS, ncol - x0)
                centre = mean[layer, y][x0 : x0 + nx]
                acc = square[:nx]
                n = count[:nx]
                acc[:] = 0.0
                n[:] = 0.0 if drop else h * w
                for i in range(h):
                    for j in range(w):
                        row = padded[layer, y + i][x0 + j : x0 + j + nx]
                        if drop:
                            for x in range(nx):
                                d = row[x] - centre[x]
                                ok = row[x] == row[x]
                                acc[x] += d * d if ok else 0.0
                                n[x] += 1.0 if ok else 0.0
                        else:
                            for x in range(nx):
                                d = row[x] - centre[x]
                                acc[x] += d * d
                target = out[layer, y][x0 : x0 + nx]
                for x in range(nx):
                    target[x] = np.sqrt(acc[x] / (n[x] - ddof)) if n[x] > ddof else np.nan
