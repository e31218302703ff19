"""What a process that was forked off must not take over from its parent: locks, and the threads of libraries.

``multiprocessing`` forks on Linux unless told otherwise. Only the thread that forked goes on in the child: a lock that
another thread held stays locked there, and a pool of threads has none left, so whoever waits for either waits forever,
and where that is inside a library not even Ctrl-C ends it.
"""

from __future__ import annotations

import os
import weakref
from typing import Any, TypeVar

Lock = TypeVar("Lock")

_forked = False
_locks: weakref.WeakSet[Any] = weakref.WeakSet()


def is_forked() -> bool:
    """Whether this process was forked off one in which pyterra was imported."""
    return _forked


def renewed(lock: Lock) -> Lock:
    """A lock of `threading` that is free in every process that is forked off, as those of Python's own modules."""
    _locks.add(lock)
    return lock


def _in_child() -> None:
    global _forked
    _forked = True
    for lock in _locks:
        lock._at_fork_reinit()


os.register_at_fork(after_in_child=_in_child)
