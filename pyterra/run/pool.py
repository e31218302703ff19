"""Worker processes, started once and kept; tasks reach them through a file, large arrays through mapped files."""

from __future__ import annotations

import atexit
import contextlib
import io
import itertools
import multiprocessing
import os
import pickle
import shutil
import sys
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from multiprocessing import context
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from pyterra.errors import PyterraError
from pyterra.forks import is_forked, renewed
from pyterra.grid import Window
from pyterra.io.safe.aside import Reply, aside
from pyterra.options import Settings, current, install
from pyterra.run.evaluate import Task
from pyterra.run.executors import in_order

MAPPED_BYTES = 8 * 2**20
"""Arrays from this size on are shared as mapped files instead of copied into each worker."""

ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")

_lock = renewed(threading.Lock())
_pool: tuple[int, ProcessPoolExecutor] | None = None
_numbers = itertools.count()


class Processes:
    """In worker processes: for Python functions, which hold the GIL."""

    elsewhere: ClassVar[bool] = True
    """Whether blocks are computed outside this process."""

    def __init__(self, workers: int) -> None:
        self.workers = workers

    def map(
        self, task: Task, windows: Iterable[Window], ahead: int
    ) -> Generator[tuple[Window, Any], None, None]:
        folder = Path(tempfile.mkdtemp(prefix=f"pyterra-{os.getpid()}-", dir=current().temporary_folder))
        begun = False
        try:
            token = f"{os.getpid()}-{next(_numbers)}"
            path = ship(task, folder)
            with aside() as call:
                pool = call(worker_pool, self.workers)
                begun = True

                def submit(window: Window) -> Reply[Any]:
                    return call(_handed_over, pool, token, path, window)

                yield from in_order(submit, windows, self.workers + ahead, lambda reply: reply.wait())
        except BrokenProcessPool as error:
            close_pool()
            raise PyterraError(
                "processes: a worker process died (out of memory, or killed); use fewer workers or less memory"
            ) from error
        except BaseException:
            if begun:  # a pool that is still being started is for the next run
                close_pool()
            raise
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _handed_over(pool: ProcessPoolExecutor, token: str, path: str, window: Window) -> Reply[Any]:
    """A window handed over to worker processes, by a thread that Ctrl-C does not reach: see `pyterra.io.safe.aside`."""
    reply: Reply[Any] = Reply()
    pool.submit(_work, token, path, window).add_done_callback(lambda future: reply.tell(future.result))
    return reply


def worker_pool(workers: int) -> ProcessPoolExecutor:
    """The pool of this process, started when first wanted."""
    global _pool
    with _lock:
        if _pool is not None and _pool[0] == workers:
            return _pool[1]
    close_pool()
    with _lock:
        pool = start_pool(workers)
        _pool = (workers, pool)
        return pool


def start_pool(workers: int) -> ProcessPoolExecutor:
    """New worker processes: all that are at once needed, others when all are busy."""
    pool = ProcessPoolExecutor(workers, mp_context=process_context(), initializer=_begin)
    try:
        for future in [pool.submit(os.getpid) for _ in range(workers)]:
            future.result()
    except BaseException:  # the end of this process would wait for workers that nobody ends
        _end(pool)
        raise
    return pool


class _Forked(context.ForkServerProcess):
    """A worker with one BLAS thread, in which the user's script is not run again, whenever it is started."""

    @staticmethod
    def _Popen(process: Any) -> Any:
        with one_blas_thread(), main_hidden():
            return context.ForkServerProcess._Popen(process)


class _Spawned(context.SpawnProcess):
    """The same, started afresh."""

    @staticmethod
    def _Popen(process: Any) -> Any:
        with one_blas_thread(), main_hidden():
            return context.SpawnProcess._Popen(process)


class _ForkServer(context.ForkServerContext):
    Process = _Forked


class _Spawn(context.SpawnContext):
    Process = _Spawned


def process_context() -> context.BaseContext:
    """forkserver where there is one (a clean, warm parent), else spawn; plain fork is unsafe beside threads.

    Python's server belongs to the process that started it; those that are forked off cannot use it, nor start another.
    """
    if "forkserver" in multiprocessing.get_all_start_methods() and not is_forked():
        server = _ForkServer()
        server.set_forkserver_preload(["pyterra.run.pool", "numba", "rasterio"])
        return server
    return _Spawn()


def close_pool() -> None:
    """End the worker processes, whatever they are at."""
    global _pool
    with _lock:
        if _pool is None:
            return
        pool, _pool = _pool[1], None
    _end(pool)


def _end(pool: ProcessPoolExecutor) -> None:
    processes = list((getattr(pool, "_processes", None) or {}).values())
    pool.shutdown(wait=False, cancel_futures=True)
    for process in processes:
        with contextlib.suppress(OSError, ValueError):
            process.terminate()
    for process in processes:
        with contextlib.suppress(OSError, ValueError, AssertionError):
            process.join(timeout=2)


atexit.register(close_pool)


def _forget_pool() -> None:
    """In a process that was forked off: the workers are its parent's."""
    global _pool
    _pool = None


os.register_at_fork(after_in_child=_forget_pool)


@contextlib.contextmanager
def one_blas_thread() -> Iterator[None]:
    """Give processes started meanwhile one BLAS thread each."""
    before = {name: os.environ.get(name) for name in ONE_THREAD}
    os.environ.update(dict.fromkeys(ONE_THREAD, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextlib.contextmanager
def main_hidden() -> Iterator[None]:
    """Keep workers from importing the user's script: functions travel by value, and scripts need no guard."""
    main = sys.modules["__main__"]
    kept = {name: getattr(main, name) for name in ("__file__", "__spec__") if hasattr(main, name)}
    for name in kept:
        setattr(main, name, None)
    if "__file__" in kept:
        del main.__file__
    try:
        yield
    finally:
        for name, value in kept.items():
            setattr(main, name, value)


# Shipping: functions by value, large arrays as files


def ship(task: Task, folder: Path) -> str:
    """Write a task and the settings for workers to files; returns the path."""
    from numba import cloudpickle

    counter = itertools.count()

    class Pickler(cloudpickle.CloudPickler):  # type: ignore[misc]
        def persistent_id(self, thing: object) -> str | None:
            if type(thing) is np.ndarray and thing.nbytes >= MAPPED_BYTES and not thing.dtype.hasobject:
                path = folder / f"array-{next(counter)}.npy"
                np.save(path, thing)
                return str(path)
            return None

    buffer = io.BytesIO()
    with _deep_recursion():
        Pickler(buffer, protocol=5).dump((task, replace(current(), workers=1, executor="serial")))
    path = folder / "task.pickle"
    path.write_bytes(buffer.getvalue())
    return str(path)


class _Unpickler(pickle.Unpickler):
    def persistent_load(self, path: str) -> Any:
        return np.load(path, mmap_mode="c")  # kernels are compiled once more for arrays that are read-only


@contextlib.contextmanager
def _deep_recursion() -> Iterator[None]:
    """Room for expressions of some thousand verbs in a row."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, 20_000))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


# In the workers

_tasks: OrderedDict[str, Task] = OrderedDict()


def _begin() -> None:
    """Ctrl-C reaches the whole group: the parent alone decides what ends, and ends everything when it does."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent()


def end_with_parent(before: Callable[[], object] = lambda: None) -> None:
    """Let this worker process end when its parent is gone, after `before`."""
    parent = multiprocessing.parent_process()
    assert parent is not None

    def watch() -> None:
        parent.join()
        before()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _work(token: str, path: str, window: Window) -> Any:
    task = _tasks.get(token)
    if task is None:
        with _deep_recursion(), open(path, "rb") as file:
            task, settings = _Unpickler(file).load()
        assert isinstance(settings, Settings)
        install(settings)
        _tasks[token] = task
        while len(_tasks) > 2:
            _tasks.popitem(last=False)
    return task(window)
