"""Memory of large results that are gone, for the next ones.

The system hands out fresh memory page by page and clears each: for a result of 128 MB that takes 20 to 30 ms, a fifth of
a mean of 3 x 3 cells. What is kept is offered to the system, which takes it as soon as anybody needs it.
"""

from __future__ import annotations

import ctypes
import mmap
import sys
import threading
from collections.abc import Callable
from math import prod
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from pyterra.forks import renewed
from pyterra.options import current

Array: TypeAlias = npt.NDArray[Any]

LEAST = 8 * 2**20
"""Bytes of an array for which it is worth doing: the C library keeps smaller ones by itself."""
MOST = 256 * 2**20
"""Bytes that are kept."""
FIT = 1.25
"""Memory may be so many times as large as what is laid into it."""

_spare: list[Array] = []
_lock = renewed(threading.RLock())  # a result may go while this very thread looks for memory


class _Lent:
    """Memory of an array; once the array and all its views are gone it is spare."""

    def __init__(self, memory: Array, shape: tuple[int, ...], dtype: np.dtype[Any]) -> None:
        self._memory = memory
        self.__array_interface__ = {
            "version": 3,
            "shape": shape,
            "typestr": dtype.str,
            "data": (memory.ctypes.data, False),
        }

    def __del__(self, ending: Callable[[], bool] = sys.is_finalizing) -> None:
        if not ending():
            _keep(self._memory)


def empty(shape: tuple[int, ...], dtype: npt.DTypeLike) -> Array:
    """An array of any content, as `numpy.empty` makes it, in spare memory where there is some.

    Where the user has set a budget of memory nothing is kept beside it.
    """
    kind = np.dtype(dtype)
    nbytes = prod(shape) * kind.itemsize
    if not LEAST <= nbytes <= MOST or current().memory is not None:
        return np.empty(shape, kind)
    memory = _taken(nbytes)
    return np.asarray(_Lent(np.empty(nbytes, np.uint8) if memory is None else memory, shape, kind))


def _taken(nbytes: int) -> Array | None:
    """The smallest spare memory that holds so much and is not much larger."""
    with _lock:
        fitting = [memory for memory in _spare if nbytes <= memory.nbytes <= FIT * nbytes]
        if not fitting:
            return None
        best = min(fitting, key=lambda memory: memory.nbytes)
        _spare[:] = [memory for memory in _spare if memory is not best]
        return best


def _keep(memory: Array) -> None:
    """Keep memory, the latest first, as long as the system can have it when it wants it."""
    if current().memory is not None or not _offered(memory):
        return
    with _lock:
        _spare.insert(0, memory)
        while sum(kept.nbytes for kept in _spare) > MOST:
            _spare.pop()


def _offered(memory: Array) -> bool:
    """Tell the system that the content of memory is not needed; whether it knows of that."""
    advice = getattr(mmap, "MADV_FREE", None)
    if advice is None:
        return False
    start = -(-memory.ctypes.data // mmap.PAGESIZE) * mmap.PAGESIZE
    stop = (memory.ctypes.data + memory.nbytes) // mmap.PAGESIZE * mmap.PAGESIZE
    try:
        asked = ctypes.CDLL(None).madvise(ctypes.c_void_p(start), ctypes.c_size_t(stop - start), advice)
    except (AttributeError, OSError, TypeError):
        return False
    return bool(asked == 0)


def drop() -> None:
    """Keep nothing."""
    with _lock:
        _spare.clear()
