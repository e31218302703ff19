"""Reduce: a statistic of all cells, told as data, so that any executor can compute it block by block."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pyterra.expr.node import Array, Node
from pyterra.frozen import dataclass
from pyterra.grid import Window


@dataclass(frozen=True, eq=False, kw_only=True)
class Reduce:
    """``finalise(combine(combine(chunk(b0), chunk(b1)), chunk(b2)) ...)``, in the order of the blocks.

    Not a node: its result is a value or a table, not a raster.
    """

    node: Node
    """What is summarised."""
    chunk: Callable[[Array, Window], Any]
    """Block and its window -> partial result; picklable, small."""
    combine: Callable[[Any, Any], Any]
    """Two partial results -> one."""
    finalise: Callable[[Any], Any]
    """The last partial result -> the answer."""
    count: Callable[[Any], int] | None = None
    """Partial result -> of how many it tells, such as different values, where that grows with the raster."""
    temporaries: float = 0.0
    """Bytes the chunk function needs beside its block, per cell."""
