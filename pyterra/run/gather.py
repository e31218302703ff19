"""Cells that are kept until the end: counted on the way, and refused before they fill the memory."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyterra.expr import Array, Node
from pyterra.grid import Window
from pyterra.io.safe.aside import apart
from pyterra.plan import Gathering
from pyterra.run.compute import blocks_of

Finish = Callable[[Array, Window], tuple[NDArray[np.int64], Array]]
"""Block and window -> numbers and values, of shape (n, layer), of the cells that are kept."""


def gathered(node: Node, finish: Finish, what: Gathering) -> tuple[NDArray[np.int64], Array]:
    """Numbers, ascending, and values, of shape (n, layer), of the cells that are kept.

    Parameters
    ----------
    node : Node
    finish : callable
        What is kept of a block.
    what : Gathering

    Raises
    ------
    MemoryBudgetError
        Where what comes of the cells does not fit the memory budget.
    """
    count = 0
    parts: list[tuple[NDArray[np.int64], Array]] = []
    with closing(blocks_of(node, finish, label="read", fixed_bytes=what.room)) as blocks:
        for _, part in blocks:
            count += part[0].size
            what.check(count)
            parts.append(part)
    return apart(_sorted, parts, count)


def _sorted(parts: list[tuple[NDArray[np.int64], Array]], count: int) -> tuple[NDArray[np.int64], Array]:
    """Parts joined and in the order of their cells; each goes as soon as it was copied."""
    cells = np.concatenate([part[0] for part in parts])
    order: Any = slice(None) if (np.diff(cells) > 0).all() else np.argsort(np.argsort(cells, kind="stable"))
    values = np.empty((count, parts[0][1].shape[1]), parts[0][1].dtype)
    parts.reverse()
    start = 0
    while parts:
        _, some = parts.pop()
        stop = start + len(some)
        values[slice(start, stop) if isinstance(order, slice) else order[start:stop]] = some
        start = stop
    cells.sort()
    return cells, values
