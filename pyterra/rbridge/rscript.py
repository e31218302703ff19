"""R in processes of its own: ``Rscript`` workers, which need no rpy2. Numbers go through files in shared memory.

Workers are started once, when the first model wants them, and kept for the next; they end with Python, or when nobody has
asked for a while.
"""

from __future__ import annotations

import atexit
import contextlib
import itertools
import json
import os
import selectors
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from pyterra.errors import PyterraError, RError, RWarning, warn
from pyterra.expr import Array
from pyterra.options import current
from pyterra.run.driver import Cancelled, current_driver

FOLDER = Path(__file__).parent / "R"
SHARED = Path("/dev/shm")
IDLE_SECONDS = 300.0
"""Seconds after which workers end that nobody asks."""
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
_PATIENCE = 0.3


class Worker:
    """One ``Rscript`` process."""

    def __init__(self, folder: Path, number: int, libraries: str = "") -> None:
        self._in, self._out = folder / f"in-{number}", folder / f"out-{number}"
        self._log = folder / f"log-{number}"
        self._mark = f"\x01{uuid.uuid4().hex} "
        self._buffer = b""
        self.ready = False
        with open(self._log, "wb") as log:
            self._process = subprocess.Popen(
                [find_rscript(), str(FOLDER / "worker.R")],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env=worker_environment(self._mark, self._in, self._out, libraries)
                | {"PYTERRA_LOG": str(self._log)},
                start_new_session=True,  # Ctrl-C reaches Python alone, which decides what ends
            )

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process.poll() is None

    def is_ready(self) -> bool:
        """Whether it has started; does not wait."""
        if not self.ready and self._line(0.0) is not None:
            self.ready = True
        return self.ready

    def ask(self, question: dict[str, Any]) -> str:
        """The answer to a question; warnings and messages of R on the way.

        Raises
        ------
        RError
            With R's message.
        PyterraError
            Where the process died.
        """
        while not self.is_ready():
            self._wait()
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(question).encode() + b"\n")
            self._process.stdin.flush()
        except OSError as error:
            raise self._died() from error
        while (line := self._line(_PATIENCE)) is None:
            self._check()
        answer = json.loads(line)
        sys.stderr.write("".join(answer.get("told") or []))
        for text in answer.get("warned") or []:
            warn(f"R: {text}", RWarning)
        failure = answer.get("failure")
        if failure:
            raise RError(*failure)
        value: str = answer["value"]
        return value

    def predict(self, question: dict[str, Any], rows: Array) -> tuple[Array, str]:
        """Numbers (column, cell) and what they are, for rows (layer, cell)."""
        np.ascontiguousarray(rows, dtype=np.float64).tofile(self._in)
        cells = rows.shape[1]
        columns = self.ask({**question, "do": "predict", "cells": cells, "layers": len(rows)})
        return np.fromfile(self._out, dtype=np.float64).reshape(-1, cells), columns

    def end(self) -> None:
        """End the process, whatever it is at."""
        with contextlib.suppress(OSError):
            self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                if pipe is not None:
                    pipe.close()
        self._process.wait()

    def _line(self, timeout: float) -> str | None:
        """The next answer, or None where there is none yet."""
        assert self._process.stdout is not None
        mark = self._mark.encode()
        deadline = time.monotonic() + timeout
        while True:
            *lines, rest = self._buffer.split(b"\n")
            for i, line in enumerate(lines):
                if mark in line:
                    self._buffer = b"\n".join([*lines[i + 1 :], rest])
                    return line.split(mark, 1)[1].decode("utf-8")
            self._buffer = rest
            with selectors.DefaultSelector() as selector:
                selector.register(self._process.stdout, selectors.EVENT_READ)
                if not selector.select(max(0.0, deadline - time.monotonic())):
                    return None
            found = os.read(self._process.stdout.fileno(), 2**16)
            if not found:
                raise self._died()
            self._buffer += found

    def _wait(self) -> None:
        self._check()
        time.sleep(0.02)

    def _check(self) -> None:
        """End with the run: nobody wants the answer of a run that was stopped."""
        driver = current_driver()
        if driver is not None and driver.closed:
            self.end()
            raise Cancelled

    def _died(self) -> PyterraError:
        code = self._process.wait()
        self.end()
        said = self._log.read_text(errors="replace").strip()[-600:] if self._log.exists() else ""
        how = f"killed by signal {-code}" if code < 0 else f"exit status {code}"
        hint = (
            f"; it said: {said}" if said else "; out of memory, or killed: use fewer workers or less memory"
        )
        return PyterraError(f"R: a worker process (Rscript) died, {how}{hint}")


class Pool:
    """The workers of this process."""

    def __init__(self) -> None:
        self._of_parent: list[Worker] = []
        self._begin()

    def _begin(self) -> None:
        self._lock = threading.Condition()
        self._idle: list[Worker] = []
        self._all: list[Worker] = []
        self._folder: Path | None = None
        self._numbers = itertools.count()
        self._timer: threading.Timer | None = None

    def in_child(self) -> None:
        """In a process that was forked off: the workers are its parent's, and it may start its own."""
        self._of_parent += self._all
        self._begin()

    def start(self, count: int, libraries: str = "") -> None:
        """Have so many workers, without waiting for them."""
        with self._lock:
            for worker in [w for w in self._all if not w.alive]:
                self._forget(worker)
            while len(self._all) < count:
                worker = Worker(self._place(), next(self._numbers), libraries)
                self._all.append(worker)
                self._idle.append(worker)
                self._lock.notify()

    def any_ready(self) -> bool:
        """Whether a worker has started."""
        with self._lock:
            return any(w.ready or (w in self._idle and _has_started(w)) for w in self._all)

    @contextlib.contextmanager
    def borrowed(self) -> Iterator[Worker]:
        """A worker for oneself; waits for one. Start some first."""
        worker = self._take()
        try:
            yield worker
        except (RError, RWarning):
            self._give(worker)
            raise
        except BaseException:
            worker.end()
            with self._lock:
                self._forget(worker)
            raise
        else:
            self._give(worker)

    def close(self) -> None:
        """End all workers."""
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
            for worker in list(self._all):
                worker.end()
            self._all.clear()
            self._idle.clear()
            if self._folder is not None:
                shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def _take(self) -> Worker:
        driver = current_driver()
        with self._lock:
            while True:
                if self._idle:
                    first = next((w for w in self._idle if _has_started(w)), self._idle[0])
                    self._idle.remove(first)
                    return first
                if not self._all:
                    raise PyterraError("R: the worker processes were ended")
                self._lock.wait(_PATIENCE)
                if driver is not None and driver.closed:
                    raise Cancelled

    def _give(self, worker: Worker) -> None:
        with self._lock:
            self._idle.append(worker)
            self._lock.notify()
            if self._timer is not None:
                self._timer.cancel()
            self._timer = threading.Timer(IDLE_SECONDS, self._end_idle)
            self._timer.daemon = True
            self._timer.start()

    def _end_idle(self) -> None:
        with self._lock:
            for worker in list(self._idle):
                worker.end()
                self._forget(worker)

    def _forget(self, worker: Worker) -> None:
        for group in (self._idle, self._all):
            with contextlib.suppress(ValueError):
                group.remove(worker)

    def _place(self) -> Path:
        if self._folder is None:
            self._folder = shared_folder("pyterra-r-")
        return self._folder


def _has_started(worker: Worker) -> bool:
    """Whether it is ready; one that died will say so to whoever asks it."""
    try:
        return worker.is_ready()
    except PyterraError:
        return False


pool = Pool()
"""The workers of this process."""
atexit.register(pool.close)
os.register_at_fork(after_in_child=pool.in_child)


def shared_folder(prefix: str) -> Path:
    """A new folder, in shared memory where there is some."""
    own = current().tempdir
    shared = SHARED.is_dir() and os.access(SHARED, os.W_OK) and shutil.disk_usage(SHARED).free > 2**28
    parent = current().temporary_folder if own or not shared else SHARED
    return Path(tempfile.mkdtemp(prefix=f"{prefix}{os.getpid()}-", dir=parent))


def find_rscript() -> str:
    """Path of ``Rscript``.

    Raises
    ------
    ImportError
        Where there is none.
    """
    home = os.environ.get("R_HOME", "")
    found = shutil.which("Rscript", path=os.path.join(home, "bin")) if home else None
    found = found or shutil.which("Rscript")
    if found is None:
        raise ImportError("R: no Rscript was found; install R and see that it is on the PATH, or set R_HOME")
    return found


def worker_environment(mark: str, into: Path, out: Path, libraries: str) -> dict[str, str]:
    """Environment variables of a worker: R's own, one thread, and where numbers are."""
    home = os.environ.get("R_HOME", "")
    environment = {k: v for k, v in os.environ.items() if k not in ("R_HOME", "R_SESSION_INITIALIZED")}
    paths = environment.pop("LD_LIBRARY_PATH", "").split(os.pathsep)
    kept = [p for p in paths if p and not (home and p.startswith(home))]
    if kept:
        environment["LD_LIBRARY_PATH"] = os.pathsep.join(kept)
    if libraries:
        environment["R_LIBS"] = libraries
    if "utf" not in (environment.get("LC_ALL") or environment.get("LANG") or "").lower():
        environment["LC_ALL"] = "C.UTF-8"
    environment.update(dict.fromkeys(ONE_THREAD, "1"))
    return environment | {
        "PYTERRA_BRIDGE": str(FOLDER),
        "PYTERRA_MARK": mark,
        "PYTERRA_IN": str(into),
        "PYTERRA_OUT": str(out),
    }


def ask_one(work: Callable[[Worker], Any], count: int = 1, libraries: str = "") -> Any:
    """The result of `work` with a worker; starts some where there are too few."""
    pool.start(count, libraries)
    with pool.borrowed() as worker:
        return work(worker)
