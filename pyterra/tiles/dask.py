"""A crew on a Dask cluster. Imported only when asked for."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from pyterra.errors import ArgumentError
from pyterra.options import Settings, current, under
from pyterra.run.dask import GLANCE, Cluster
from pyterra.tiles.crew import FutureCrew, Outcome, Work, perform


class DaskCrew(FutureCrew):
    """The threads of a cluster's workers, which must see the same file system.

    Parameters
    ----------
    work : Work
        Sent to each worker once.
    cluster : distributed.Client, str
        A client, the address of a scheduler, or "local" for a cluster of processes on this machine.
    workers : int, optional
        Size of a local cluster.
    """

    def __init__(self, work: Work, cluster: Any, workers: int) -> None:
        try:
            from distributed import Client, LocalCluster
        except ImportError as error:
            raise ArgumentError(
                "run_tiles: Dask is not installed; pip install 'pyterra-geo[dask]'"
            ) from error

        self._closing = contextlib.ExitStack()
        if cluster == "local":
            cluster = self._closing.enter_context(
                LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None)
            )
        if not isinstance(cluster, Client):
            cluster = self._closing.enter_context(Client(cluster))
        self._futures: set[Any] = set()
        self._cluster = Cluster(cluster)
        settings = replace(current(), workers=1, executor="serial", progress=False)
        shipped = self._cluster.share((work, settings))

        def submit(tile: Any, told: Callable[[Any], None]) -> None:
            # Twice as many tiles as threads are under way, so that none waits for the next one to arrive.
            future = cluster.submit(_perform, shipped, tile, pure=False)
            self._futures.add(future)
            future.add_done_callback(self._futures.discard)
            future.add_done_callback(told)

        super().__init__(2 * max(1, sum(cluster.nthreads().values())), submit, self._cluster.result)

    def finished(self, timeout: float | None) -> list[tuple[Any, Outcome]]:
        ended = super().finished(GLANCE if timeout is None else min(timeout, GLANCE))
        if not ended:
            self._cluster.check()
        return ended

    def stop(self, *, interrupt: bool) -> None:
        for future in list(self._futures):
            future.cancel(force=True)
        self._closing.close()


def _perform(shipped: tuple[Work, Settings], tile: Any) -> Outcome:
    work, settings = shipped
    with under(settings):
        return perform(work, tile)
