"""One core for each call of a library: the workers are the parallelism, whatever the library would start."""

from __future__ import annotations

import contextlib
import functools
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

from pyterra.forks import renewed

_lock = renewed(threading.Lock())
_inside = 0
_blas: Any = None


@contextlib.contextmanager
def one_thread() -> Iterator[None]:
    """Keep BLAS and OpenMP to the calling thread.

    OpenMP's number belongs to each thread; that of OpenBLAS to the process, so the first to enter sets it and the last
    to leave puts it back.
    """
    global _blas
    blas, openmp = _controllers(len(sys.modules))
    with at_rest():
        with _lock:
            if _blas is None:
                _blas = _briefly(lambda: blas.limit(limits=1))
        with openmp.limit(limits=1):
            yield


@contextlib.contextmanager
def at_rest() -> Iterator[None]:
    """Let the threads of BLAS rest until the end, once `one_thread` was entered: around a run of many blocks.

    Each time OpenBLAS gets its threads back they wait for work by spinning: 16 blocks of 156 frames took two workers
    2.2 CPU-seconds, and 0.1 where they are at rest.
    """
    global _inside, _blas
    with _lock:
        _inside += 1
    try:
        yield
    finally:
        with _lock:
            _inside -= 1
            if _inside == 0 and _blas is not None:
                _briefly(_blas.restore_original_limits)
                _blas = None


def _briefly(call: Callable[[], Any]) -> Any:
    """What a call gives, made in a thread that ends with it.

    From 3.8 on, threadpoolctl heeds no thread but the one that was first to set the threads of OpenBLAS, as long as it
    lives: workers and the end of a run would ask in vain.
    """
    found: list[Any] = []
    thread = threading.Thread(target=lambda: found.append(call()), name="pyterra-blas")
    thread.start()
    thread.join()
    return found[0]


@functools.lru_cache(maxsize=1)
def _controllers(modules: int) -> tuple[Any, Any]:
    """What knows the threads of BLAS, and of OpenMP.

    Looking for them takes 6 ms: it is done again when another number of modules is loaded.
    """
    from threadpoolctl import ThreadpoolController

    controller = ThreadpoolController()
    return controller.select(user_api="blas"), controller.select(user_api="openmp")
