"""What goes away with the object that it belongs to: temporary files and folders."""

from __future__ import annotations

import os
import weakref
from collections.abc import Callable
from typing import Any


def when_gone(owner: Any, work: Callable[..., object], *arguments: Any) -> weakref.finalize[Any, Any]:
    """Call ``work(*arguments)`` when `owner` is gone, or this process ends.

    A process that was forked off does nothing when it ends: the object lives on in the one that made it.
    """
    return weakref.finalize(owner, _in_its_process, os.getpid(), work, arguments)


def _in_its_process(pid: int, work: Callable[..., object], arguments: tuple[Any, ...]) -> None:
    if os.getpid() == pid:
        work(*arguments)
