"""From an expression to values: plan, choose an executor, pull every block through, hand it on."""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from contextvars import ContextVar
from dataclasses import replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from pyterra.errors import warn
from pyterra.expr import Array, Held, Node, Read, Reduce, rewritten, topological
from pyterra.grid import Window
from pyterra.io import spare
from pyterra.io.shelf import Shelf
from pyterra.kernels import destination
from pyterra.options import current
from pyterra.plan import Gathering, Plan, format_bytes, memory_budget, plan
from pyterra.plan.costs import IN_FLIGHT
from pyterra.run.driver import needs_driver, refuse_processes
from pyterra.run.evaluate import Join, Task
from pyterra.run.executors import Executor, Serial, Threads
from pyterra.run.held import held
from pyterra.run.progress import Progress
from pyterra.run.sweep import settled
from pyterra.run.tables import as_stored, in_bytes, with_tables

COPIED_BYTES = 16 * 2**20
"""Values that the caller owns are kept too while a copy of them is cheap: a large one costs more than most verbs."""

_override: ContextVar[Executor | None] = ContextVar("pyterra_executor", default=None)


class use_executor:
    """Compute with a given executor inside a ``with`` block (tests; a Dask client of one's own)."""

    def __init__(self, executor: Executor) -> None:
        self.executor = executor

    def __enter__(self) -> None:
        self._token = _override.set(self.executor)

    def __exit__(self, *exc: object) -> None:
        _override.reset(self._token)


class Encoder(Protocol):
    """Makes what a sink takes of a block."""

    @property
    def bytes_per_value(self) -> float:
        """Bytes that encoding a value needs, its result included."""

    @property
    def stored_per_value(self) -> float:
        """Bytes of a value as it is handed on."""

    def __call__(self, block: Array, window: Window) -> Any:
        """What is written of a block, or of a strip of one."""

    def join(self, parts: list[tuple[Window, Any]], window: Window) -> Any:
        """The same of a whole block, from its strips."""

    def of_bytes(self, results: Array) -> Array | None:
        """Bytes that stand for results, where nothing else has to be said; blocks may be such bytes."""


class Sink(Protocol):
    """Where blocks go."""

    @property
    def tile(self) -> tuple[int, int] | None:
        """Rows and columns that are written best at once."""

    def encoder(self) -> Encoder:
        """What workers do with a block before it is handed to `put`; picklable."""

    def put(self, window: Window, data: Any) -> None:
        """Take a block; blocks come in the order of the plan."""


def blocks_of(
    node: Node,
    finish: Callable[[Array, Window], Any],
    *,
    label: str = "compute",
    join: Join | None = None,
    boxes: NDArray[np.int64] | None = None,
    windows: Sequence[Window] | None = None,
    **planning: Any,
) -> Generator[tuple[Window, Any], None, None]:
    """Windows and finished blocks, in order.

    Only blocks that meet `boxes` (see `Blocks.meeting`) are computed where these are given, or exactly `windows`. A block
    that is computed in strips comes in strips, or as one where `join` makes one of them.
    """
    held.drop_stale(node)
    node = with_tables(settled(node, held.__contains__), held.__contains__)
    if windows:
        planning["block"] = max(w.nrow for w in windows), windows[0].ncol
    chosen, executor, known = _arranged(node, **planning)
    if chosen.torn:
        shelved = _shelved(node, chosen, known)
        if shelved is None:
            _warn_of_decoding(chosen, label)
        else:
            node, chosen = shelved, plan(shelved, held=known, **planning)
    task = Task(node, finish, chosen.block_bytes, chosen.strip, join)
    if windows is None:
        windows = chosen.blocks if boxes is None else chosen.blocks.meeting(boxes)
    with (
        Progress(len(windows), label) as progress,
        closing(executor.map(task, windows, IN_FLIGHT)) as results,
    ):
        for _, parts in results:
            yield from parts
            progress.advance()


def planned(node: Node) -> tuple[Plan, str]:
    """How the values of a node would be computed, and by whom: "serial", "threads", "processes" or "dask"."""
    chosen, executor, _ = _arranged(node)
    return chosen, type(executor).__name__.lower()


def _arranged(node: Node, **planning: Any) -> tuple[Plan, Executor, Held]:
    """The plan, who computes, and which values those have at hand."""
    chosen = plan(node, held=held.__contains__, **planning)
    executor = _executor(node, chosen)
    if isinstance(executor, Serial | Threads):
        return chosen, executor, held.__contains__
    return (
        plan(node, held=_nothing, **planning),
        executor,
        _nothing,
    )  # other processes hold nothing of this one


def _nothing(node: Node) -> bool:
    return False


def _shelved(root: Node, chosen: Plan, known: Held) -> Node | None:
    """The expression with the sources whose tiles are torn read by way of a shelf; None where the disk has no room."""
    shelves = {
        node: Shelf(node.source, node.bands, node.dtype, (node.grid.nrow, node.grid.ncol), node.own_tiling)
        for node in chosen.torn
        if node.own_tiling is not None
    }
    if not all(shelf.fits for shelf in shelves.values()):
        return None

    def rule(node: Node, over: Node) -> Node:
        return replace(node, source=shelves[node]) if isinstance(node, Read) and node in shelves else over

    return rewritten(root, known, rule)


def _warn_of_decoding(chosen: Plan, label: str) -> None:
    warn(
        f"{label}: every stored tile is decoded some {chosen.decodes:.0f} times, because blocks of whole tiles do not "
        f"fit the memory budget of {format_bytes(memory_budget())}, nor decoded ones {current().temporary_folder}; raise "
        "options(memory=...), name another folder with options(tempdir=...), or take fewer layers at a time"
    )


def store(node: Node, sink: Sink, *, label: str = "write") -> None:
    """Compute all blocks of a node into a sink."""
    encoder = sink.encoder()
    held.drop_stale(node)
    finished = blocks_of(
        as_stored(settled(node, held.__contains__), held.__contains__, encoder.of_bytes),
        encoder,
        label=label,
        join=encoder.join,
        sink_tile=sink.tile,
        extra_per_cell=encoder.bytes_per_value * len(node.layers),
        finished_per_cell=encoder.stored_per_value * len(node.layers),
    )
    with closing(finished):
        for window, data in finished:
            sink.put(window, data)


class _Placed:
    """Puts blocks where they belong in an array, from the thread that computed them, while they are in its cache.

    In another process there is no such array: what is pickled hands the block on instead.
    """

    def __init__(self, node: Node, whole: Window) -> None:
        self._shape, self._dtype = (len(node.layers), whole.nrow, whole.ncol), node.dtype
        self._whole, self._lock = whole, threading.Lock()
        self._array: Array | None = None

    @property
    def array(self) -> Array:
        """The array; made when first wanted, which is after the plan was found to fit."""
        with self._lock:
            if self._array is None:
                self._array = spare.empty(self._shape, self._dtype)
            return self._array

    def place_of(self, window: Window) -> Array:
        """The part of the array for a window."""
        rows, cols = window.slices_in(self._whole)
        return self.array[:, rows, cols]

    def __call__(self, block: Array, window: Window) -> None:
        place = self.place_of(window)
        if not destination.lies_in(block, place):
            place[...] = block

    def __reduce__(self) -> tuple[Callable[[], Any], tuple[()]]:
        return _handing_on, ()


def to_array(node: Node, window: Window | None = None, *, own: bool = True) -> Array:
    """Values of a node in memory, shape (layer, row, col).

    Parameters
    ----------
    node : Node
    window : Window, optional
        Only these cells.
    own : bool
        Whether the array must be the caller's to write into. Without it, values that are kept are not copied.

    Raises
    ------
    MemoryBudgetError
        Where they do not fit the memory budget.
    """
    whole = window or node.grid.window
    held.drop_stale(node)
    kept = held.get(node)
    if kept is not None:
        rows, cols = whole.slices_in(node.grid.window)
        return kept[:, rows, cols].copy() if own else kept[:, rows, cols]
    placed = _Placed(node, whole)
    for part, values in blocks_of(node, placed, fixed_bytes=node.nbytes(whole), window=whole):
        if values is not None:
            placed(values, part)
    out = placed.array
    if window is not None or (own and out.nbytes > COPIED_BYTES) or not held.keep(node, out):
        return out
    return out.copy() if own else out


def to_bytes(node: Node) -> tuple[Array, int | None] | None:
    """Values of a node in memory as bytes, with the code for missing; None where they are not looked up from bytes."""
    found = in_bytes(node, held.__contains__)
    return None if found is None else (to_array(found[0], own=False), found[1])


def reduce(reduction: Reduce, key: Any = None, what: Gathering | None = None) -> Any:
    """The answer of a reduction; kept under `key` while the node lives.

    Raises
    ------
    MemoryBudgetError
        Where partial results tell of more, of `what`, than fits the memory budget.
    """
    if key is not None:
        known = known_answer(reduction.node, key)
        if known is not None:
            return known
    partial: Any = None
    first = True
    for _, part in blocks_of(
        reduction.node,
        reduction.chunk,
        label="summarise",
        extra_per_cell=reduction.temporaries,
        finished_per_cell=0.0,
        fixed_bytes=0 if what is None else what.room,
    ):
        partial, first = (part, False) if first else (reduction.combine(partial, part), False)
        if what is not None and reduction.count is not None:
            what.check(reduction.count(partial))
    answer = reduction.finalise(partial)
    if key is not None:
        held.keep_answer(reduction.node, key, answer)
    return answer


def known_answer(node: Node, key: Any) -> Any:
    """The answer of a reduction, if it was computed before of sources as they still are; else None."""
    held.drop_stale(node)
    return held.answer(node, key)


def _as_is(block: Array, window: Window) -> Array:
    return block


def _handing_on() -> Callable[[Array, Window], Array]:
    return _as_is


def _executor(node: Node, chosen: Plan) -> Executor:
    order = topological(node, held.__contains__)
    here = needs_driver(order)
    if (given := _override.get()) is not None:
        if here is not None and given.elsewhere:
            refuse_processes(here, type(given).__name__.lower())
        return given
    name: Any = current().executor
    if name == "auto":
        name = _automatic(order, chosen, here is not None)
    elif here is not None and name not in ("serial", "threads"):
        refuse_processes(here, name)
    if name == "serial" or (name == "threads" and (chosen.workers == 1 or len(chosen.blocks) == 1)):
        return Serial(held)
    if name == "threads":
        return Threads(chosen.workers, held)
    if name == "dask":
        from pyterra.run.dask import Dask

        return Dask()
    from pyterra.run.pool import Processes

    return Processes(current().worker_count)


def _automatic(order: list[Node], chosen: Plan, here: bool) -> str:
    from pyterra.run.dask import active_client

    if not here and active_client() is not None:
        return "dask"
    if current().worker_count > 1 and len(chosen.blocks) > 1:
        alone = (
            multiprocessing.current_process().daemon
        )  # of a Pool: Python allows it no processes of its own
        if not here and not alone and any(n.runs == "processes" for n in order):
            return "processes"
        return "threads"
    return "serial"
