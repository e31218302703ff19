"""One block through the whole expression. The only place where nodes compute."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from pyterra.expr import Array, Node, Sweep
from pyterra.grid import Window
from pyterra.plan import Step, peak_bytes, schedule
from pyterra.run.held import HeldValues
from pyterra.run.home import Cancelled, at_home
from pyterra.run.sweep import settled

OVERRUN = 1.25
"""A block predicted to need this many times its plan is computed in halves."""


@dataclass(frozen=True, eq=False)
class Task:
    """What every worker does with every window: evaluate, then `finish`. Picklable."""

    root: Node
    """The expression."""
    finish: Callable[[Array, Window], Any]
    """Block and window -> what is handed to the sink or the reduction."""
    limit: int | None = None
    """Bytes planned for a block."""

    def __call__(
        self, window: Window, held: HeldValues | None = None, stopped: Callable[[], bool] | None = None
    ) -> Any:
        return self.finish(evaluate(self.root, window, held, self.limit, stopped), window)


def evaluate(
    root: Node,
    window: Window,
    held: HeldValues | None = None,
    limit: int | None = None,
    stopped: Callable[[], bool] | None = None,
) -> Array:
    """Values of a node over a window; each node below is computed once."""
    known = held if held is not None else ()
    steps = schedule(root, window, lambda node: node in known)
    if any(isinstance(step.node, Sweep) and not step.held for step in steps):
        root = settled(root, lambda node: node in known)
        steps = schedule(root, window, lambda node: node in known)
    if limit is not None and peak_bytes(steps) > OVERRUN * limit:
        halves = window.halves()
        if halves is not None:
            return _joined(
                root, window, [(part, evaluate(root, part, held, limit, stopped)) for part in halves]
            )
    results: dict[int, Array] = {}
    for number, step in enumerate(steps):
        if stopped is not None and stopped():
            raise Cancelled
        results[number] = _compute(step, steps, results, held)
        for gone in step.frees:
            del results[gone]
    return results[len(steps) - 1]


def _compute(step: Step, steps: list[Step], results: dict[int, Array], held: HeldValues | None) -> Array:
    if step.held and held is not None:
        array = held.get(step.node)
        if array is not None:
            return _part(array, step.node.grid.window, step.window)
        return evaluate(step.node, step.window)  # it was dropped a moment ago
    arrays = tuple(
        None if item is None else _part(results[item[0]], steps[item[0]].window, item[1])
        for item in step.inputs
    )
    if step.node.at_home:
        return at_home(lambda: step.node.block(arrays, step.window))
    return step.node.block(arrays, step.window)


def _part(array: Array, covered: Window, wanted: Window) -> Array:
    """The values of `wanted`, contiguous."""
    if covered == wanted:
        return array
    rows, cols = wanted.slices_in(covered)
    return np.ascontiguousarray(array[:, rows, cols])


def _joined(root: Node, window: Window, parts: list[tuple[Window, Array]]) -> Array:
    out = np.empty((len(root.layers), window.nrow, window.ncol), root.dtype)
    for part, values in parts:
        rows, cols = part.slices_in(window)
        out[:, rows, cols] = values
    return out
