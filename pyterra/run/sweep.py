"""Sweeps made computable: strips are surveyed until they have told each other all that matters.

What is known then is small; values follow from it strip by strip, by any executor. Results that fit are kept like other
results, so that verbs which ask for narrow windows do not compute whole strips again and again.
"""

from __future__ import annotations

import weakref
from collections.abc import Sequence
from typing import Any

from pyterra.expr import (
    Array,
    Cells,
    Held,
    Node,
    OverMany,
    Read,
    Regrid,
    Strips,
    Sweep,
    Tiling,
    Told,
    rewritten,
)
from pyterra.frozen import dataclass
from pyterra.grid import Window
from pyterra.options import current
from pyterra.plan import Blocks, memory_budget
from pyterra.run.held import SHARE_KEPT

LEAST_ROWS = 64
"""Rows of a strip at least: each strip has its share in the state, of a few numbers per column."""

_settled: weakref.WeakKeyDictionary[Sweep, OverMany] = weakref.WeakKeyDictionary()


@dataclass(frozen=True)
class Survey:
    """What the workers do with a strip; picklable."""

    method: Any
    state: Any

    def __call__(self, block: Array, window: Window) -> Any:
        return self.method.survey(block, window, self.state)


def settled(root: Node, held: Held) -> Node:
    """The expression with every `Sweep` made computable; the same object where there is none."""

    def rule(node: Node, over: Node) -> Node:
        return _settle(node).with_inputs(over.inputs) if isinstance(node, Sweep) else over

    return rewritten(root, held, rule)


def strips_of(node: Sweep) -> Blocks:
    """Strips of whole rows of what is surveyed, as many cells as the method likes and the memory allows."""
    grid, method = node.surveyed.grid, node.method
    per_cell = method.temporaries + 16 * len(node.layers) + 8 * len(node.surveyed.layers)
    if method.strip_cells >= grid.cells and 2 * per_cell * grid.cells <= memory_budget():
        return Blocks(grid.window, grid.nrow, grid.ncol)  # one strip, so one worker
    most = memory_budget() / (3 * (current().worker_count + 2) * per_cell)
    rows = max(LEAST_ROWS, method.strip_cells // grid.ncol)
    rows = int(max(1, min(rows, most // grid.ncol, grid.nrow)))
    # A power of two: tiles of files, whose sides are such, hold whole strips.
    return Blocks(grid.window, 1 << rows.bit_length() - 1, grid.ncol)


def _settle(node: Sweep) -> OverMany:
    known = _settled.get(node)
    if known is None:
        strips = strips_of(node)
        if node.told_by is None:
            _keep(node.argument)
        state = _surveyed(node, strips)
        known = _settled[node] = _by_cells(node, state) if node.cellwise else _by_strips(node, state, strips)
    return known


def _by_cells(node: Sweep, state: Any) -> Cells:
    return Cells(
        grid=node.grid,
        layers=node.layers,
        dtype=node.dtype,
        arguments=(node.argument,),
        kernel=Told(node.method, state),
        temporaries=node.method.temporaries,
    )


def _by_strips(node: Sweep, state: Any, strips: Blocks) -> Regrid:
    return Regrid(
        grid=node.grid,
        layers=node.layers,
        dtype=node.dtype,
        arguments=(node.argument,),
        method=Strips(node.method, state, tuple(strips), strips.nrow),
        tile=Tiling(strips.nrow, strips.ncol),
        rows_at_once=strips.nrow,
    )


def _keep(argument: Node) -> None:
    """Compute the input once where it fits: it is read for the survey, and again for the values."""
    from pyterra.run.compute import to_array

    cheap = isinstance(argument, Read) and argument.source.tile is None
    if not cheap and argument.nbytes(argument.grid.window) <= memory_budget() * SHARE_KEPT / 2:
        to_array(argument, own=False)


def _surveyed(node: Sweep, strips: Sequence[Window]) -> Any:
    from pyterra.run.compute import blocks_of

    method, source = node.method, node.surveyed
    state = method.begin(source, strips)
    wanted = strips
    while wanted:
        found = blocks_of(
            source,
            Survey(method, state),
            label="survey",
            windows=_together(wanted, source.tiling),
            strip=wanted[0].nrow,
            finished_per_cell=0.0,
            extra_per_cell=method.temporaries,
        )
        state, wanted = method.update(state, list(found))
    return state


def _together(strips: Sequence[Window], tiling: Tiling | None) -> list[Window]:
    """Strips that follow each other within a tile on disk as one window, so that the tile is read once for them."""
    rows = 1 if tiling is None else tiling.nrow
    windows: list[Window] = []
    for strip in strips:
        last = windows[-1] if windows else None
        if last is not None and last.row_stop == strip.row and strip.row // rows == last.row // rows:
            windows[-1] = last.union(strip)
        else:
            windows.append(strip)
    return windows
