"""Python's search for cycles of objects, put off while many objects are made that hold no others.

Each new geometry counts as an object that might be part of a cycle: a million of them set the search off a thousand
times, which takes four times as long as making them.
"""

from __future__ import annotations

import gc
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

from pyterra.forks import renewed


class _Pause:
    """The search is off while there is one in any thread.

    A pause ends with the frame that holds it, however that is left, by Ctrl-C between two lines, too.
    """

    lock = renewed(threading.RLock())
    held: ClassVar[set[int]] = set()
    searched: ClassVar[bool] = True
    """Whether the search was on before the first of them."""

    def __init__(self) -> None:
        with _Pause.lock:
            if not _Pause.held:
                _Pause.searched = gc.isenabled()
            _Pause.held.add(id(self))
            gc.disable()

    def __del__(self) -> None:
        with _Pause.lock:
            _Pause.held.discard(id(self))
            if not _Pause.held and _Pause.searched:
                gc.enable()


def _in_child() -> None:
    """The other threads, and their pauses, are not in a process that was forked off."""
    if _Pause.held and _Pause.searched:
        gc.enable()
    _Pause.held.clear()


os.register_at_fork(after_in_child=_in_child)


@contextmanager
def unsearched() -> Iterator[None]:
    """A time without the search, where it was on. What becomes garbage meanwhile is found afterwards."""
    pause = _Pause()
    try:
        yield
    finally:
        del pause
