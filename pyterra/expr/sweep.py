"""Sweep: values that depend on the whole raster, computed strip by strip all the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np

from pyterra.expr.method import ManyInputs, OneInput, Thinned
from pyterra.expr.node import Array, Node, OverOne
from pyterra.frozen import dataclass
from pyterra.grid import Window


class SweepMethod(Protocol):
    """What strips of whole rows must tell each other, and the values that follow. Frozen, picklable.

    The state is what is known so far about all strips, small against the raster. Values must not depend on how the
    rows are cut into strips.
    """

    @property
    def temporaries(self) -> float:
        """Bytes per cell that `survey` and `values` need beside the strip and the result."""

    @property
    def strip_cells(self) -> int:
        """Cells of a strip that are worth while: few, where strips tell each other little; else many."""

    def begin(self, node: Node, strips: Sequence[Window]) -> Any:
        """The state before anything is known; `node` is the argument, strips come from top to bottom."""

    def survey(self, block: Array, window: Window, state: Any) -> Any:
        """What one strip tells, given what is known."""

    def update(self, state: Any, found: Sequence[tuple[Window, Any]]) -> tuple[Any, Sequence[Window]]:
        """The state after strips have told something, and the strips to survey again."""

    def values(self, block: Array, window: Window, state: Any) -> Array:
        """Values of one strip, once everything is known."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Sweep(OverOne):
    """Values that depend on the whole of the input, which is on this grid.

    `run.sweep` surveys the strips, then computes like any other node.
    """

    method: SweepMethod
    """How strips are surveyed, and what follows."""
    cellwise: bool = False
    """Whether a value follows from its own cell, once everything is known: then it needs no whole strips."""
    told_by: Node | None = None
    """What is surveyed, where that is not the input itself, such as a sample of it."""

    @property
    def surveyed(self) -> Node:
        """What the strips are of."""
        return self.told_by or self.argument

    def input_factors(self, factor: int) -> tuple[int, ...] | None:
        return None

    def footprint(self, window: Window) -> tuple[Window | None, ...]:
        return (None,)


@dataclass(frozen=True, eq=False)
class Told:
    """The kernel of a cellwise `Sweep` once everything is known."""

    method: SweepMethod
    state: Any

    def __call__(self, block: Array) -> Array:
        return self.method.values(block, Window(0, 0, *block.shape[1:]), self.state)


@dataclass(frozen=True, eq=False)
class Strips(OneInput):
    """A `Sweep` once everything is known: it reads whole strips."""

    method: SweepMethod
    state: Any
    strips: tuple[Window, ...]
    """Windows of whole rows, all of `rows` rows but the last."""
    rows: int

    def _covering(self, window: Window) -> tuple[Window, ...]:
        return self.strips[window.row // self.rows : (window.row_stop - 1) // self.rows + 1]

    def behind(self, window: Window) -> Window | None:
        strips = self._covering(window)
        return strips[0].union(strips[-1])

    def values(self, array: Array, covered: Window, window: Window, nlyr: int, dtype: np.dtype[Any]) -> Array:
        out = np.empty((nlyr, window.nrow, window.ncol), dtype)
        for strip in self._covering(window):
            rows, _ = strip.slices_in(covered)
            values = self.method.values(np.ascontiguousarray(array[:, rows]), strip, self.state)
            common = strip.common(window)
            inside, to = common.slices_in(strip), common.slices_in(window)
            out[:, *to] = values[:, *inside]
        return out

    def scratch(self, window: Window, nlyr: int) -> int:
        strip = self._covering(window)[0]
        return int(strip.cells * (self.method.temporaries + nlyr * 16))

    def input_factor(self, factor: int) -> int | None:
        return None

    def coarser(self, inputs: Sequence[Thinned], result: Thinned) -> ManyInputs:
        raise TypeError("the strips of a sweep are no preview: cells are picked from the whole result")
