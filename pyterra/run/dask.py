"""Blocks as tasks of a Dask cluster. Imported only when asked for."""

from __future__ import annotations

import pickle
import sys
import time
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from itertools import accumulate, product
from queue import Empty, SimpleQueue
from typing import Any, ClassVar
from uuid import uuid4

from pyterra.errors import ArgumentError, JobError
from pyterra.expr import Array, Node, select
from pyterra.grid import Window
from pyterra.options import Settings, current, under
from pyterra.plan import memory_budget
from pyterra.redact import redact
from pyterra.run.evaluate import Task, evaluate
from pyterra.run.executors import in_order

GLANCE = 1.0
"""Seconds after which whoever waits for a cluster looks whether it is still there."""
LOST = 60.0
"""Seconds in which a cluster that has lost all its workers must get new ones."""


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
        cluster = Cluster(self.client)
        shipped = cluster.share((task, replace(current(), workers=1, executor="serial")))

        def submit(window: Window) -> Any:
            return self.client.submit(_work, shipped, window, pure=False)

        yield from in_order(submit, windows, 2 * self.workers + ahead, cluster.result)


def _work(shipped: tuple[Task, Settings], window: Window) -> Any:
    task, settings = shipped
    with under(settings):
        return task(window)


class Cluster:
    """A cluster whose workers may die: what they had is made again by others, or an error tells that there are none.

    A cluster that has no workers from the start is waited for, as Dask does.
    """

    def __init__(self, client: Any) -> None:
        self.client = client
        self._had_workers = False
        self._without: float | None = None
        self.check()

    def share(self, value: Any) -> Any:
        """A future of a value that each worker needs.

        It is a task, not scattered: scattered values are lost with the workers that have them.
        """
        import dask
        from numba import cloudpickle

        with dask.config.set({"distributed.admin.large-graph-warning-threshold": "1PB"}):
            return self.client.submit(pickle.loads, cloudpickle.dumps(value), pure=False)

    def result(self, future: Any) -> Any:
        """What a future gives.

        Raises
        ------
        JobError
            Where the workers died at it, or all of them have been gone for a minute.
        """
        done: SimpleQueue[Any] = SimpleQueue()
        future.add_done_callback(done.put)
        with _told():
            while future.status != "error":
                if future.done():
                    with suppress(TimeoutError):  # its worker may die before it has given it
                        return future.result(timeout=LOST)
                else:
                    with suppress(Empty):
                        done.get(timeout=GLANCE)
                        continue
                self.check()
            return future.result()

    def check(self) -> None:
        """Look whether there are workers.

        Raises
        ------
        JobError
            Where there were, and have been none for a minute; where the scheduler is gone.
        """
        now = time.monotonic()
        with _told():
            threads = self.client.nthreads()
        if threads:
            self._had_workers, self._without = True, None
        elif self._without is None:
            self._without = now
        elif self._had_workers and now - self._without > LOST:
            raise JobError(
                f"dask: all workers are gone, and none came back in {LOST:g} seconds; start new ones, and run again"
            )


@contextmanager
def _told() -> Iterator[None]:
    """Tell in our words what Dask says of workers and schedulers that are gone."""
    from distributed import CancelledError, KilledWorker
    from distributed.comm import CommClosedError

    try:
        yield
    except (KilledWorker, CommClosedError, CancelledError) as error:
        raise JobError(
            f"dask: workers or the scheduler died ({redact(str(error))}); see whether they have enough memory, and run "
            "again"
        ) from error


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
