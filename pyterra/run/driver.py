"""Kernels that must run on the thread that asked for the values: R's functions, for one.

Workers hand such calls to that thread, which serves them while it waits for results: reading, other kernels and encoding
go on meanwhile.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from queue import SimpleQueue
from typing import Any

from pyterra.errors import ArgumentError
from pyterra.expr import Array, Node
from pyterra.io.safe.aside import Reply

PATIENCE = 0.5
"""Seconds after which a worker that waits looks whether anybody still serves."""

_here = threading.local()


class Cancelled(Exception):
    """The run was stopped while this block was under way."""


class Driver:
    """The thread that drives a run."""

    def __init__(self) -> None:
        self._asked: SimpleQueue[tuple[Callable[[], Any], Reply[Any]] | None] = SimpleQueue()
        self._closed = False
        self._lock = threading.Lock()

    @property
    def closed(self) -> bool:
        """Whether the run has ended: what its workers still do is wanted by nobody."""
        return self._closed

    @contextlib.contextmanager
    def of_this_worker(self) -> Iterator[None]:
        """Within: kernels of the current thread that must run by the driver run by this one."""
        before, _here.driver = getattr(_here, "driver", None), self
        try:
            yield
        finally:
            _here.driver = before

    def call(self, work: Callable[[], Array]) -> Array:
        """The result of `work`, done by the thread that drives the run; for workers."""
        reply: Reply[Array] = Reply()
        with self._lock:
            if self._closed:
                raise Cancelled
            self._asked.put((work, reply))
        while True:
            try:
                return reply.result(PATIENCE)
            except TimeoutError:
                if reply.done():
                    return reply.result()
                if self._closed:  # Ctrl-C may come between taking a call and doing it
                    raise Cancelled from None

    def wake(self, _: Reply[Any]) -> None:
        """Let the thread that drives the run see that a worker has a result."""
        self._asked.put(None)

    def result(self, reply: Reply[Any]) -> Any:
        """The result of a worker, which then calls `wake`; serves calls while it waits. For the driver."""
        while not reply.done():
            asked = self._asked.get()
            if asked is not None:
                _serve(*asked)
        return reply.result()

    def close(self) -> None:
        """Nothing is served any more: workers that wait are sent away."""
        self._closed = True
        with self._lock:
            while not self._asked.empty():
                asked = self._asked.get()
                if asked is not None:
                    asked[1].tell(_cancel)


def _cancel() -> Any:
    raise Cancelled


def _serve(work: Callable[[], Any], reply: Reply[Any]) -> None:
    interrupts: list[BaseException] = []

    def told() -> Any:
        try:
            return work()
        except Exception:
            raise
        except BaseException as error:  # Ctrl-C ends the run, not the worker
            interrupts.append(error)
            raise Cancelled from None

    reply.tell(told)
    if interrupts:
        raise interrupts[0]


def current_driver() -> Driver | None:
    """Where the kernels of this thread that must run by the driver run; None for here."""
    driver: Driver | None = getattr(_here, "driver", None)
    return driver


def go_on() -> None:
    """Leave a long computation whose run has ended: kernels that take seconds for a block ask between its rows.

    Raises
    ------
    Cancelled
    """
    driver = current_driver()
    if driver is not None and driver.closed:
        raise Cancelled


def by_driver(work: Callable[[], Array]) -> Array:
    """The result of `work`, done by the thread that asked for the values."""
    driver = current_driver()
    return work() if driver is None else driver.call(work)


def needs_driver(order: list[Node]) -> Node | None:
    """The first of the nodes whose kernel must run by the driver."""
    return next((node for node in order if node.runs == "here"), None)


def refuse_processes(node: Node, executor: str) -> None:
    """Raise for an executor that computes in other processes."""
    verb = node.verb or "this verb"
    raise ArgumentError(
        f"{verb}: the function must run in the calling thread, where it lives, got executor={executor!r}; use "
        "'auto', 'threads' or 'serial'"
    )
