"""Blocks as tasks of a Dask cluster. Imported only when asked for."""

from __future__ import annotations

import sys
from collections.abc import Generator, Iterable
from dataclasses import replace
from itertools import accumulate, product
from typing import Any, ClassVar
from uuid import uuid4

from pyterra.errors import ArgumentError
from pyterra.expr import Array, Node, select
from pyterra.grid import Window
from pyterra.options import Settings, current, under
from pyterra.plan import memory_budget
from pyterra.run.evaluate import Task, evaluate
from pyterra.run.executors import in_order


def active_client() -> Any | None:
    """The `distributed.Client` of this process if one is active, without importing Dask for that."""
    distributed = sys.modules.get("distributed")
    if distributed is None:
        return None
    try:
        return distributed.default_client()
    except ValueError:
        return None


class Dask:
    """On the workers of a `distributed.Client`."""

    elsewhere: ClassVar[bool] = True
    """Whether blocks are computed outside this process."""

    def __init__(self, client: Any | None = None) -> None:
        client = client or active_client()
        if client is None:
            raise ArgumentError(
                "options: executor='dask' needs an active client; make one with distributed.Client(...) first"
            )
        self.client = client

    @property
    def workers(self) -> int:
        """Threads of the cluster."""
        return max(1, int(sum(self.client.nthreads().values())))

    def map(
        self, task: Task, windows: Iterable[Window], ahead: int
    ) -> Generator[tuple[Window, Any], None, None]:
        settings = replace(current(), workers=1, executor="serial")
        shipped = self.client.scatter((task, settings), broadcast=True, hash=False)

        def submit(window: Window) -> Any:
            return self.client.submit(_work, shipped, window, pure=False)

        yield from in_order(submit, windows, 2 * self.workers + ahead)


def _work(shipped: tuple[Task, Settings], window: Window) -> Any:
    task, settings = shipped
    with under(settings):
        return task(window)


def lazy_array(node: Node, chunks: Any) -> Any:
    """A `dask.array.Array` of shape (layer, row, col) whose chunks are computed when they are asked for."""
    import dask.array

    grid = node.grid
    shape = (len(node.layers), grid.nrow, grid.ncol)
    sizes = dask.array.core.normalize_chunks(chunks, shape, dtype=node.dtype)
    starts = [[0, *accumulate(along)] for along in sizes]
    name = f"pyterra-{uuid4().hex}"
    tasks = {}
    for key in product(*(range(len(along)) for along in sizes)):
        (layer, row, col), (depth, nrow, ncol) = (
            [at[i] for at, i in zip(part, key, strict=True)] for part in (starts, sizes)
        )
        bands = list(range(layer, layer + depth))
        tasks[(name, *key)] = (_chunk, node, bands, Window(row, col, nrow, ncol))
    return dask.array.Array(tasks, name, sizes, dtype=node.dtype)


def _chunk(node: Node, layers: list[int], window: Window) -> Array:
    return evaluate(select(node, layers), window, None, memory_budget() // 4)
