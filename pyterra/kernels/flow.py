"""Where water flows from cell to cell: codes of directions, who flows into whom, sums and labels along the way.

Directions are 0 for a pit and 1, 2, 4 ... 128 clockwise from the east.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from pyterra.kernels._jit import copy, empty, exact_jit, zeros
from pyterra.kernels.terrain import STEPS

Array: TypeAlias = npt.NDArray[Any]

PIT, MISSING, WRONG = 8, 9, 10
"""Besides 0 to 7 for the directions."""
ENDS = -1
"""No cell of the strip, nor of another one, follows."""


@exact_jit
def codes(directions: Array) -> Array:
    """Numbers of directions.

    Parameters
    ----------
    directions : array (row, col)

    Returns
    -------
    int8 array of the same shape: 0 to 7 for 1 to 128, else PIT, MISSING or WRONG
    """
    table = np.full(129, WRONG, np.int8)
    for k in range(8):
        table[1 << k] = k
    table[0] = PIT
    out = empty(directions.shape, np.int8)
    for i in range(directions.shape[0]):
        for j in range(directions.shape[1]):
            value = directions[i, j]
            if value >= 0 and value <= 128:
                whole = np.int64(value)
                out[i, j] = table[whole] if whole == value else WRONG
            else:
                out[i, j] = MISSING if value != value else WRONG
    return out


def neighbours_into(padded: Array) -> Array:
    """How many neighbours flow into each cell.

    Parameters
    ----------
    padded : int8 array (row + 2, col + 2); codes, with a ring around

    Returns
    -------
    uint8 array (row, col)
    """
    nrow, ncol = padded.shape[0] - 2, padded.shape[1] - 2
    count = np.zeros((nrow, ncol), np.uint8)
    for k, (down, right) in enumerate(STEPS):
        count += padded[1 - down : 1 - down + nrow, 1 - right : 1 - right + ncol] == k
    return count


@exact_jit
def pits(padded: Array) -> Array:
    """Cells that water does not leave: pits, and pairs of cells that flow into each other.

    Parameters
    ----------
    padded : int8 array (row + 2, col + 2); codes, with a ring around

    Returns
    -------
    bool array (row, col)
    """
    nrow, ncol = padded.shape[0] - 2, padded.shape[1] - 2
    found = zeros((nrow, ncol), np.bool_)
    for i in range(nrow):
        for j in range(ncol):
            way = padded[i + 1, j + 1]
            if way < 8:
                back = padded[i + 1 + STEPS[way, 0], j + 1 + STEPS[way, 1]]
                found[i, j] = back == (way ^ 4)  # the opposite way
            else:
                found[i, j] = way == PIT
    return found


@exact_jit
def receivers(code: Array) -> Array:
    """The cell that each cell of a strip flows into.

    Parameters
    ----------
    code : int8 array (row, col)

    Returns
    -------
    int32 array (cell,): a cell of the strip; ENDS; or -2 - c for column c of the row above the strip and
        -2 - ncol - c for column c of the row below it
    """
    nrow, ncol = code.shape
    found = empty(code.size, np.int32)
    for i in range(nrow):
        for j in range(ncol):
            way = code[i, j]
            to = np.int64(ENDS)
            if way < 8:
                row, col = i + STEPS[way, 0], j + STEPS[way, 1]
                if col >= 0 and col < ncol:
                    to = row * ncol + col
                    if row < 0:
                        to = -2 - col
                    elif row >= nrow:
                        to = -2 - ncol - col
            found[i * ncol + j] = to
    return found


@exact_jit
def downstream_order(receiver: Array) -> Array:
    """Cells so that each comes before the one it flows into; those that flow in a circle are left out.

    Parameters
    ----------
    receiver : int32 array (cell,); below 0 where none follows

    Returns
    -------
    int32 array (cell,)
    """
    waiting = zeros(receiver.size, np.uint8)
    for cell in range(receiver.size):
        if receiver[cell] >= 0:
            waiting[receiver[cell]] += 1
    order = empty(receiver.size, np.int32)
    n = 0
    source = waiting == 0
    for cell in range(receiver.size):
        if not source[cell]:
            continue
        at = np.int64(cell)
        while True:  # as far down as nothing else flows in that has not been looked at
            order[n] = at
            n += 1
            at = np.int64(receiver[at])
            if at < 0:
                break
            waiting[at] -= 1
            if waiting[at] > 0:
                break
    return order[:n]


@exact_jit
def add_downstream(receiver: Array, order: Array, total: Array) -> None:
    """Add to each cell what flows into it; sums are carried with twice the digits, so that their order is no matter.

    Parameters
    ----------
    receiver, order
        As of `downstream_order`.
    total : float64 array (cell, 2); what each cell brings, as the sum of two numbers. It is changed.
    """
    for i in range(order.size):
        cell = order[i]
        to = receiver[cell]
        if to < 0:
            continue
        a, b = total[to, 0], total[cell, 0]
        high = a + b
        part = high - a
        low = (a - (high - part)) + (b - part) + total[to, 1] + total[cell, 1]
        total[to, 0] = high + low
        total[to, 1] = low - (total[to, 0] - high)
        if not np.isfinite(total[to, 0]):
            total[to, 0] = high
            total[to, 1] = 0.0


@exact_jit
def take_upstream(receiver: Array, order: Array, label: Array) -> None:
    """Give each cell without a label that of the cell it flows into.

    Parameters
    ----------
    receiver, order
        As of `downstream_order`.
    label : int32 array (cell,); 0 for none. It is changed.
    """
    for i in range(order.size - 1, -1, -1):
        cell = order[i]
        if label[cell] == 0 and receiver[cell] >= 0:
            label[cell] = label[receiver[cell]]


@exact_jit
def spread_upstream(code: Array, label: Array, starts: Array) -> None:
    """Give cells without a label that of the cell they flow into, from some cells on upstream.

    Parameters
    ----------
    code : int8 array (row, col)
    label : float64 array (row, col); 0 for none. It is changed.
    starts : int64 array
        Cells that have a label, each once.
    """
    nrow, ncol = code.shape
    waiting = empty(code.size, np.int32)
    n = starts.size
    copy(starts, waiting[:n])
    while n > 0:
        n -= 1
        i, j = waiting[n] // ncol, waiting[n] % ncol
        for way in range(8):
            row, col = i - STEPS[way, 0], j - STEPS[way, 1]
            if row < 0 or row >= nrow or col < 0 or col >= ncol:
                continue
            if code[row, col] == way and label[row, col] == 0:
                label[row, col] = label[i, j]
                waiting[n] = row * ncol + col
                n += 1


@exact_jit
def cut_circles(receiver: Array, starts: Array) -> None:
    """Let nothing flow on from the cells on the way down from some.

    Parameters
    ----------
    receiver : int32 array (cell,); it is changed
    starts : int64 array; cells
    """
    for i in range(starts.size):
        at = starts[i]
        while at >= 0:
            after = np.int64(receiver[at])
            receiver[at] = -1
            at = after
