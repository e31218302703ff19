"""Where blocks are computed. Every executor gives the same results in the same order."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable
from typing import Any, ClassVar, Protocol

from pyterra.grid import Window
from pyterra.io import heap
from pyterra.io.safe.aside import Aside, Reply
from pyterra.run.driver import Cancelled, Driver, current_driver
from pyterra.run.evaluate import Task
from pyterra.run.held import HeldValues
from pyterra.run.one_thread import at_rest

PATIENCE = 1.0
"""Seconds that blocks under way get to end where a run is given up; what takes longer ends in the background."""


class Executor(Protocol):
    """Computes a task over windows."""

    elsewhere: ClassVar[bool]
    """Whether it computes in other processes."""

    def map(
        self, task: Task, windows: Iterable[Window], ahead: int
    ) -> Generator[tuple[Window, Any], None, None]:
        """Windows and results in the order of `windows`; at most `ahead` wait finished for whoever asks."""


class Serial:
    """In the calling thread, one block after the other."""

    elsewhere: ClassVar[bool] = False

    def __init__(self, held: HeldValues | None = None) -> None:
        self.held = held

    def map(
        self, task: Task, windows: Iterable[Window], ahead: int
    ) -> Generator[tuple[Window, Any], None, None]:
        heap.settle()
        with at_rest():
            for window in windows:
                yield window, task(window, self.held)


class Threads:
    """In threads of this process: for kernels and numpy, which let go of the GIL."""

    elsewhere: ClassVar[bool] = False

    def __init__(self, workers: int, held: HeldValues | None = None) -> None:
        self.workers = workers
        self.held = held

    def map(
        self, task: Task, windows: Iterable[Window], ahead: int
    ) -> Generator[tuple[Window, Any], None, None]:
        stop, own = threading.Event(), Driver()
        driver = current_driver() or own  # a run within a worker of another run: that one's driver
        heap.settle()
        threads = Aside(self.workers, "pyterra")

        def work(window: Window) -> Any:
            with driver.of_this_worker():
                return task(window, self.held, stop.is_set)

        def submit(window: Window) -> Reply[Any]:
            return threads.begin(Reply(own.wake), work, window)

        try:
            with at_rest():
                yield from in_order(submit, windows, self.workers + ahead, own.result)
        finally:
            stop.set()
            own.close()
            threads.end(PATIENCE)


class Forbidden:
    """Raises if anything computes: proves that a verb is lazy."""

    elsewhere: ClassVar[bool] = False

    def map(
        self, task: Task, windows: Iterable[Window], ahead: int
    ) -> Generator[tuple[Window, Any], None, None]:
        raise AssertionError("a value was computed where only a description was wanted")


def in_order(
    submit: Callable[[Window], Any],
    windows: Iterable[Window],
    ahead: int,
    wait: Callable[[Any], Any] = lambda future: future.result(),
) -> Generator[tuple[Window, Any], None, None]:
    """Results of futures, got by `wait`, in the order of the windows; never more than `ahead` under way."""
    pending: deque[tuple[Window, Any]] = deque()
    try:
        for window in windows:
            pending.append((window, submit(window)))
            if len(pending) >= ahead:
                first, future = pending.popleft()
                yield first, wait(future)
        while pending:
            first, future = pending.popleft()
            yield first, wait(future)
    except Cancelled:
        raise KeyboardInterrupt from None
    finally:
        for _, future in pending:
            future.cancel()
