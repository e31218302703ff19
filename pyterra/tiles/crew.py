"""Who works on the tiles: one interface, and the crews that live in this process."""

from __future__ import annotations

import ctypes
import os
import queue
import threading
import time
import traceback
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, Protocol

from pyterra.frozen import dataclass
from pyterra.io.safe.aside import Aside, Reply
from pyterra.options import current, under
from pyterra.redact import redact
from pyterra.tiles.manifest import OutputFile

PATIENCE = 1.5
"""Seconds that interrupted workers get to clean up."""

_Path = str | os.PathLike[str] | OutputFile
Paths = _Path | Iterable[_Path] | None
TileFunction = Callable[[Any, Any], Paths]


@dataclass(frozen=True, slots=True)
class Work:
    """What is done with every tile."""

    function: TileFunction
    """Called with a tile and the context; returns the files it wrote: their paths, or what it measured of them."""
    context: Any
    """The same for all tiles; reaches each worker once."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one attempt at a tile ended."""

    seconds: float
    """How long it took."""
    outputs: tuple[OutputFile, ...] = ()
    """The files written, when it ended well."""
    error: str = ""
    """One line, without secrets, when it did not."""
    details: str = ""
    """The traceback, without secrets."""


class Crew(Protocol):
    """Workers that take one tile each."""

    size: int
    """How many tiles are worked on at the same time."""

    def start(self, tile: Any) -> None:
        """Begin a tile; there is a free worker."""

    def finished(self, timeout: float | None) -> list[tuple[Any, Outcome]]:
        """Wait for the next tiles that end; none may have when the time is up."""

    def stop(self, *, interrupt: bool) -> None:
        """Let the workers go; with ``interrupt`` also those at work, within two seconds."""


def perform(work: Work, tile: Any) -> Outcome:
    """Make one attempt at a tile and measure its files; never raises an `Exception`."""
    begin = time.perf_counter()
    try:
        paths = work.function(tile, work.context)
        if paths is None or isinstance(paths, str | os.PathLike | OutputFile):
            paths = [] if paths is None else [paths]
        outputs = tuple(path if isinstance(path, OutputFile) else OutputFile.measure(path) for path in paths)
    except Exception as error:
        text = redact(f"{type(error).__name__}: {error}")
        return Outcome(time.perf_counter() - begin, (), text, redact(traceback.format_exc()))
    return Outcome(time.perf_counter() - begin, outputs)


class SerialCrew:
    """The calling thread; the blocks of a tile may still be computed in parallel."""

    size = 1

    def __init__(self, work: Work) -> None:
        self._work = work
        self._tile: Any = None

    def start(self, tile: Any) -> None:
        self._tile = tile

    def finished(self, timeout: float | None) -> list[tuple[Any, Outcome]]:
        return [(self._tile, perform(self._work, self._tile))]

    def stop(self, *, interrupt: bool) -> None:
        pass


class FutureCrew:
    """Futures of any kind; `submit` gets a tile and what is to be called with its future when that is done.

    `result` gives what a future that is done has to give: Dask has it where it was computed.
    """

    def __init__(
        self,
        size: int,
        submit: Callable[[Any, Callable[[Any], None]], object],
        result: Callable[[Any], Outcome] = lambda future: future.result(),
    ) -> None:
        self.size = size
        self._submit = submit
        self._result = result
        self._ended: queue.SimpleQueue[tuple[Any, Any]] = queue.SimpleQueue()

    def start(self, tile: Any) -> None:
        self._submit(tile, lambda future: self._ended.put((tile, future)))

    def finished(self, timeout: float | None) -> list[tuple[Any, Outcome]]:
        try:
            tile, future = self._ended.get(timeout=timeout)
        except queue.Empty:
            return []
        try:
            return [(tile, self._result(future))]
        except Exception as error:
            return [(tile, Outcome(0.0, (), redact(f"{type(error).__name__}: {error}")))]


class ThreadCrew(FutureCrew):
    """Threads of this process, for functions that spend their time in nogil kernels, numpy and GDAL."""

    def __init__(self, work: Work, workers: int) -> None:
        self._work = work
        self._busy: set[int] = set()
        self._threads = Aside(workers, "pyterra-tile")
        self._settings = replace(current(), workers=1, executor="serial", progress=False)
        super().__init__(workers, lambda tile, told: self._threads.begin(Reply(told), self._run, tile))

    def stop(self, *, interrupt: bool) -> None:
        self._threads.end(0.0 if interrupt else PATIENCE)
        if not interrupt:
            return
        deadline = time.monotonic() + PATIENCE
        for thread in list(self._busy):
            # The one way to end a Python thread so that its ``finally`` blocks run.
            ctypes.pythonapi.PyThreadState_SetAsyncExc(
                ctypes.c_ulong(thread), ctypes.py_object(KeyboardInterrupt)
            )
        while self._busy and time.monotonic() < deadline:
            time.sleep(0.02)

    def _run(self, tile: Any) -> Outcome:
        thread = threading.get_ident()
        self._busy.add(thread)
        try:
            with under(self._settings):  # one level of parallelism
                return perform(self._work, tile)
        finally:
            self._busy.discard(thread)
