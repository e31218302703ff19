"""Work done in threads of its own, so that Ctrl-C need not wait for it.

Python raises KeyboardInterrupt between any two lines of the main thread, also inside the modules of its library: there a
lock may stay locked for ever (``Semaphore.acquire`` of a pool that is handed a task, ``Future.result``), and whoever
needs it next waits for ever, at the latest the end of the process. So what the main thread shares with others here
are queues written in C, which are interrupted before they give or take something, or not at all.
"""

from __future__ import annotations

import atexit
import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from contextvars import copy_context
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread, current_thread, main_thread
from typing import Generic, ParamSpec, Protocol, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

GLANCE = 0.1
"""Seconds after which whoever waits lets exceptions in that other threads have for it: Python keeps them until then."""
PATIENCE = 1.5
"""Seconds that a call gets to end after its files were emptied."""
MOST_AT_REST = 16
"""Threads that are kept for the next run: each holds some megabytes of what libraries keep for a thread."""
AT_REST = "at rest (pyterra)"
"""The name of a thread that is kept."""

Tasks = SimpleQueue[Callable[[], None] | None]

before_rest: list[Callable[[], None]] = []
"""Called in each thread that worked, before it rests: what belongs to a run must not outlive it, such as open files."""


class Reply(Generic[T]):
    """What a call in another thread will give.

    Parameters
    ----------
    told : callable, optional
        Called in that thread once the reply is there.
    """

    def __init__(self, told: Callable[[Reply[T]], object] = lambda _: None) -> None:
        self._found: SimpleQueue[tuple[T | None, BaseException | None]] = SimpleQueue()
        self._told = told
        self._wanted = True

    def tell(self, call: Callable[[], T]) -> None:
        """Make the call, unless nobody wants it any more."""
        if self._wanted:
            try:
                self._found.put((call(), None))
            except BaseException as error:
                self._found.put((None, error))
            self._told(self)
        # An error holds its frames, and they must hold neither the error nor what is to be let go.
        del self, call

    def cancel(self) -> None:
        """Nobody wants the call; one that is under way goes on."""
        self._wanted = False

    def done(self) -> bool:
        """Whether it is there."""
        return not self._found.empty()

    def result(self, seconds: float | None = None) -> T:
        """What the call returned or raised.

        Raises
        ------
        TimeoutError
            Where it is not there in time.
        """
        try:
            found = self._found.get(timeout=seconds)
        except Empty:
            raise TimeoutError from None
        self._found.put(found)
        value, error = found
        try:
            if error is not None:
                raise error
            return value  # type: ignore[return-value]
        finally:
            del found, value, error, self  # as in `tell`

    def wait(self) -> T:
        """The same, however long it takes; exceptions that are meant for the thread that waits come in meanwhile."""
        try:
            while not self.done():
                with suppress(TimeoutError):
                    return self.result(GLANCE)
            return self.result()
        finally:
            del self  # as in `tell`


class Caller(Protocol):
    """What calls a function with its arguments."""

    def __call__(self, function: Callable[P, T], *arguments: P.args, **options: P.kwargs) -> T:
        """Call it."""


class _Hand:
    """A thread that does the tasks of one run after the other, and rests in between."""

    def __init__(self) -> None:
        self._runs: SimpleQueue[tuple[str, Tasks, SimpleQueue[None]] | None] = SimpleQueue()
        self.thread = Thread(target=self._serve, daemon=True)
        self.thread.start()

    def take(self, name: str, tasks: Tasks, left: SimpleQueue[None]) -> None:
        """Do tasks until there is None; `left` gets a None once this thread rests, or ends."""
        self._runs.put((name, tasks, left))

    def dismiss(self) -> None:
        """Let the thread end."""
        self._runs.put(None)

    def _serve(self) -> None:
        stays = True
        while stays and (run := self._runs.get()) is not None:
            self.thread.name, tasks, left = run
            try:
                _work(tasks)
                for call in before_rest:
                    call()
                stays = len(_at_rest) < MOST_AT_REST
                if stays:
                    self.thread.name = AT_REST
                    _at_rest.append(self)
            finally:
                left.put(None)
            del run, tasks, left


_at_rest: list[_Hand] = []
"""Threads that wait for the next run."""
os.register_at_fork(after_in_child=_at_rest.clear)


@atexit.register
def _dismiss() -> None:
    """Let the threads that rest end while their libraries are whole."""
    while _at_rest:
        hand = _at_rest.pop()
        hand.dismiss()
        hand.thread.join(PATIENCE)


def _hand() -> _Hand:
    with suppress(IndexError):
        return _at_rest.pop()
    return _Hand()


class Aside:
    """Threads that do what they are told, one thing after the other, out of the reach of Ctrl-C.

    Whoever waits for them can be interrupted; what is under way then goes on to its end, and what is told next follows.
    They rest when they have ended and take up the next: PROJ, for one, makes itself ready anew for each new thread,
    which takes 7 ms when GDAL opens the first file there.
    """

    def __init__(self, count: int = 1, name: str = "pyterra-aside") -> None:
        self._tasks: Tasks = SimpleQueue()
        self._left: SimpleQueue[None] = SimpleQueue()
        self._count = count
        for i in range(count):
            _hand().take(f"{name}-{i}", self._tasks, self._left)

    def __call__(self, function: Callable[P, T], *arguments: P.args, **options: P.kwargs) -> T:
        """Call a function there, and wait for what it returns or raises."""
        return self.begin(Reply(), function, *arguments, **options).wait()

    def begin(
        self, reply: Reply[T], function: Callable[P, T], *arguments: P.args, **options: P.kwargs
    ) -> Reply[T]:
        """Call a function there, with the options of whoever asks; the reply will tell."""
        call = partial(function, *arguments, **options)
        self._tasks.put(partial(copy_context().run, reply.tell, call))
        return reply

    def end(self, seconds: float = 0.0) -> None:
        """Let the threads go once they have done all they were told; wait for that so many seconds at most."""
        for _ in range(self._count):
            self._tasks.put(None)
        deadline = time.monotonic() + seconds
        with suppress(Empty):
            for _ in range(self._count if seconds else 0):
                self._left.get(timeout=max(0.0, deadline - time.monotonic()))


@contextmanager
def aside() -> Iterator[Caller]:
    """What calls functions out of the reach of Ctrl-C: an `Aside` for the main thread; others are out of it already.

    What was begun there can be ended there, also when the main thread was interrupted between the two.
    """
    if current_thread() is not main_thread():
        yield _directly
        return
    calls = Aside()
    try:
        yield calls
    finally:
        calls.end()


def _directly(function: Callable[P, T], *arguments: P.args, **options: P.kwargs) -> T:
    return function(*arguments, **options)


def _work(tasks: Tasks) -> None:
    while (task := tasks.get()) is not None:
        task()
        del task  # what it holds belongs to whoever asked


def begun(call: Callable[P, T], *arguments: P.args, **options: P.kwargs) -> Reply[T]:
    """What a call will give that has begun in a thread of its own, which goes on to its end in any case."""
    thread = Aside()
    reply = thread.begin(Reply(), call, *arguments, **options)
    thread.end()
    return reply


def apart(call: Callable[P, T], *arguments: P.args, **options: P.kwargs) -> T:
    """The result of a long call that holds no lock of Python's, such as sorting millions of numbers.

    Where whoever waits is interrupted it goes on to its end, and its result is dropped.
    """
    reply = begun(call, *arguments, **options)
    try:
        return reply.wait()
    finally:
        del reply  # as in `Reply.tell`


def giving_up(call: Callable[[], T], files: Callable[[], Iterable[Path]]) -> T:
    """The result of a long call of GDAL, which is given up when whoever waits is interrupted.

    GDAL cannot be told to stop. But what it reads and writes are files that nobody wants any more then: they are
    emptied, so that the next tile that it reads is missing, and it ends with an error.

    Parameters
    ----------
    call : callable
    files : callable
        The files to be emptied, as far as they are there: what is read and what is made.
    """
    reply = begun(call)
    try:
        return reply.wait()
    except BaseException:
        deadline = time.monotonic() + PATIENCE
        while not reply.done() and time.monotonic() < deadline:
            for path in files():
                with suppress(OSError):
                    os.truncate(path, 0)
            time.sleep(0.02)
        raise
    finally:
        del reply  # as in `Reply.tell`
