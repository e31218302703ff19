"""One block through the whole expression. The only place where nodes compute."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any, Protocol, runtime_checkable

import numpy as np

from pyterra.expr import Array, Cells, Fetched, Node, Read, Sweep
from pyterra.frozen import dataclass
from pyterra.grid import Window
from pyterra.kernels import destination
from pyterra.plan import Step, peak_bytes, schedule
from pyterra.run.driver import Cancelled, by_driver
from pyterra.run.held import HeldValues
from pyterra.run.sweep import settled

OVERRUN = 1.25
"""A block predicted to need this many times its plan is computed in halves."""


@runtime_checkable
class Placing(Protocol):
    """A `finish` that puts blocks into an array: a kernel may write into its part of that at once."""

    def place_of(self, window: Window) -> Array:
        """The part of the array for a window."""

    def __call__(self, block: Array, window: Window) -> None:
        """Put a block where it belongs, unless it lies there."""


Join = Callable[[list[tuple[Window, Any]], Window], Any]
"""(windows and finished parts, the window they cover) -> what is handed on of the whole."""


@dataclass(frozen=True, eq=False)
class Task:
    """What every worker does with every window: fetch, evaluate strip by strip, then `finish`. Picklable."""

    root: Node
    """The expression."""
    finish: Callable[[Array, Window], Any]
    """Block and window -> what is handed to the sink or the reduction."""
    limit: int | None = None
    """Bytes planned for the evaluation of a strip."""
    strip: int | None = None
    """Rows that are evaluated at once, so that temporaries stay small; all by default."""
    join: Join | None = None
    """Makes one of what was finished in strips, for sinks that take whole windows only."""

    @cached_property
    def _placing(self) -> Placing | None:
        """Whoever puts blocks into an array; asked once, which takes longer than a block of few cells."""
        return self.finish if isinstance(self.finish, Placing) else None

    def __call__(
        self, window: Window, held: HeldValues | None = None, stopped: Callable[[], bool] | None = None
    ) -> list[tuple[Window, Any]]:
        """What was finished, by windows: one, or its strips."""
        strips = [window] if self.strip is None else window.strips(self.strip)
        fetched = Fetchings() if len(strips) == 1 else fetch(self.root, window, held)
        parts = []
        for strip in strips:
            target = None if self._placing is None else self._placing.place_of(strip)
            block = evaluate(self.root, strip, held, self.limit, stopped, fetched, target)
            parts.append((strip, self.finish(block, strip)))
            del block
        if self.join is None or len(parts) == 1:
            return parts
        return [(window, self.join(parts, window))]


class Fetchings:
    """What was read of sources, for windows of which parts are evaluated one after the other."""

    def __init__(self) -> None:
        self._found: dict[Node, list[Fetched]] = {}

    def add(self, node: Read, window: Window) -> None:
        """Read what is stored of a window."""
        self._found.setdefault(node, []).append(node.source.fetched(node.bands, window))

    def values(self, node: Node, window: Window) -> Array | None:
        """Values of a window that was read, or of a part of one; None for others."""
        for found in self._found.get(node, ()):
            if found.window.contains(window):
                return found.values(window, node.dtype)
        return None


def fetch(root: Node, window: Window, held: HeldValues | None) -> Fetchings:
    """What an expression needs of its files for a window, read once."""
    known = held if held is not None else ()
    found = Fetchings()
    for step in schedule(root, window, lambda node: node in known):
        if step.fetches:
            assert isinstance(step.node, Read)
            found.add(step.node, step.window)
    return found


def evaluate(
    root: Node,
    window: Window,
    held: HeldValues | None = None,
    limit: int | None = None,
    stopped: Callable[[], bool] | None = None,
    fetched: Fetchings | None = None,
    target: Array | None = None,
) -> Array:
    """Values of a node over a window; each node below is computed once. They may lie in `target`, if one is given."""
    known = held if held is not None else ()
    steps = schedule(root, window, lambda node: node in known)
    if any(isinstance(step.node, Sweep) and not step.held for step in steps):
        root = settled(root, lambda node: node in known)
        steps = schedule(root, window, lambda node: node in known)
    if limit is not None and peak_bytes(steps) > OVERRUN * limit:
        halves = window.halves()
        if halves is not None:
            parts = [(part, evaluate(root, part, held, limit, stopped, fetched)) for part in halves]
            return _joined(root, window, parts)
    results: dict[int, Array] = {}
    for number, step in enumerate(steps):
        if stopped is not None and stopped():
            raise Cancelled
        with destination.into(target if number == len(steps) - 1 else None):
            values = None if fetched is None else fetched.values(step.node, step.window)
            results[number] = _compute(step, steps, results, held) if values is None else values
        for gone in step.frees:
            del results[gone]
    return np.ascontiguousarray(results[len(steps) - 1])


def _compute(step: Step, steps: list[Step], results: dict[int, Array], held: HeldValues | None) -> Array:
    if step.held and held is not None:
        array = held.get(step.node)
        if array is not None:
            return _part(array, step.node.grid.window, step.window)
        return evaluate(step.node, step.window)  # it was dropped a moment ago
    if isinstance(step.node, Read):
        return step.node.values(step.window)
    arrays = tuple(
        None if item is None else _part(results[item[0]], steps[item[0]].window, item[1])
        for item in step.inputs
    )
    if not (step.node.takes_parts or (isinstance(step.node, Cells) and step.node.takes_layers_apart)):
        arrays = tuple(None if array is None else np.ascontiguousarray(array) for array in arrays)
    if step.node.runs == "here":
        return by_driver(lambda: step.node.block(arrays, step.window))
    return step.node.block(arrays, step.window)


def _part(array: Array, covered: Window, wanted: Window) -> Array:
    """The values of `wanted`."""
    if covered == wanted:
        return array
    rows, cols = wanted.slices_in(covered)
    return array[:, rows, cols]


def _joined(root: Node, window: Window, parts: list[tuple[Window, Array]]) -> Array:
    out = np.empty((len(root.layers), window.nrow, window.ncol), root.dtype)
    for part, values in parts:
        rows, cols = part.slices_in(window)
        out[:, rows, cols] = values
    return out
