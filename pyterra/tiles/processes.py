"""A crew of worker processes, each on its own pipe.

With a pipe per worker a death is laid to the one tile that was being worked on: the others go on, and only
that worker is started anew. (A `ProcessPoolExecutor` breaks as a whole and blames every tile in flight.)
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import pickle
import signal
import sys
import threading
import time
import traceback
from dataclasses import replace
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from types import FrameType
from typing import Any

from pyterra.errors import JobError
from pyterra.frozen import dataclass
from pyterra.options import current, install
from pyterra.redact import redact
from pyterra.run.pool import end_with_parent, process_context
from pyterra.tiles.crew import PATIENCE, Outcome, Work, perform

_READY = "ready"


@dataclass(slots=True)
class _Worker:
    process: BaseProcess
    pipe: Connection
    ready: bool = False
    tile: Any = None
    since: float = 0.0


class ProcessCrew:
    """Processes that are started when first needed, each with one BLAS thread.

    The function and the context travel by value, once to each worker, so that functions of a script or a
    notebook work and scripts need no ``if __name__ == "__main__"``.
    """

    def __init__(self, work: Work, workers: int) -> None:
        from numba import cloudpickle

        self.size = workers
        self._dumps = cloudpickle.dumps
        self._work = self._dumps((work, replace(current(), workers=1, executor="serial", progress=False)))
        self._idle: list[_Worker] = []
        self._busy: list[_Worker] = []

    def start(self, tile: Any) -> None:
        worker = self._idle.pop() if self._idle else self._hire()
        worker.tile, worker.since = tile, time.perf_counter()
        self._busy.append(worker)
        with contextlib.suppress(OSError):  # it died while idle: its pipe ends, and the tile is tried again
            worker.pipe.send_bytes(self._dumps(tile))

    def finished(self, timeout: float | None) -> list[tuple[Any, Outcome]]:
        ended: list[tuple[Any, Outcome]] = []
        by_pipe = {worker.pipe: worker for worker in self._busy}
        for pipe in wait(list(by_pipe), timeout):
            worker = by_pipe[pipe]  # type: ignore[index]
            outcome = self._outcome(worker)
            if outcome is not None:
                ended.append((worker.tile, outcome))
                self._busy.remove(worker)
        return ended

    def stop(self, *, interrupt: bool) -> None:
        workers = self._idle + self._busy
        for worker in workers:
            with contextlib.suppress(OSError):
                if interrupt and worker.process.pid is not None:
                    os.kill(worker.process.pid, signal.SIGINT)
                worker.pipe.close()  # an idle worker ends when its pipe does
        deadline = time.monotonic() + PATIENCE
        for worker in workers:
            worker.process.join(max(0.0, deadline - time.monotonic()))
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join()
        self._idle, self._busy = [], []

    def _hire(self) -> _Worker:
        ours, theirs = multiprocessing.Pipe()
        with theirs:
            process = process_context().Process(target=_serve, args=(theirs,), name="pyterra-tile")  # type: ignore[attr-defined]
            process.start()
        ours.send_bytes(self._work)
        return _Worker(process, ours)

    def _outcome(self, worker: _Worker) -> Outcome | None:
        """Receive what a worker has to say; None when it only reports for duty."""
        try:
            message = worker.pipe.recv()
        except (EOFError, OSError):
            return self._bury(worker)
        if isinstance(message, Outcome):
            self._idle.append(worker)
            return message
        if message != _READY:
            raise JobError(
                f"run_tiles: the function or its context cannot be used in a worker process:\n{message}"
            )
        worker.ready = True
        return None

    def _bury(self, worker: _Worker) -> Outcome:
        worker.pipe.close()
        worker.process.join(PATIENCE)
        code = worker.process.exitcode
        cause = f"signal {signal.Signals(-code).name}" if code and code < 0 else f"exit code {code}"
        if not worker.ready:
            raise JobError(f"run_tiles: a worker process could not start ({cause})")
        return Outcome(
            time.perf_counter() - worker.since,
            error=f"the worker process ended ({cause}); out of memory, a crash, or killed",
        )


# In the workers

_at_work = False


def _serve(pipe: Connection) -> None:
    """Work on the tiles that come through the pipe until it ends."""
    global _at_work
    signal.signal(signal.SIGINT, _interrupted)
    signal.signal(signal.SIGTERM, _interrupted)
    sys.unraisablehook = _interrupt_again
    end_with_parent(_give_up)
    with contextlib.suppress(EOFError, OSError, KeyboardInterrupt):
        try:
            work, settings = pickle.loads(pipe.recv_bytes())
            install(settings)
        except EOFError:
            return
        except Exception:
            pipe.send(redact(traceback.format_exc()))
            return
        pipe.send(_READY)
        while True:
            tile = pickle.loads(pipe.recv_bytes())
            _at_work = True
            try:
                outcome = perform(work, tile)
            finally:
                _at_work = False  # a second signal, while this process ends, finds nothing to interrupt
            pipe.send(outcome)


def _interrupted(number: int, frame: FrameType | None) -> None:
    """Leave the tile so that its writers clean up; an idle worker waits for its pipe to end."""
    if _at_work:
        raise KeyboardInterrupt
    if number == signal.SIGTERM:
        os._exit(0)


def _interrupt_again(lost: sys.UnraisableHookArgs) -> None:
    """Interrupt once more where Python had to drop the first one (in a callback of its own), instead of telling of it."""
    if not isinstance(lost.exc_value, KeyboardInterrupt):
        sys.__unraisablehook__(lost)
        return
    again = threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGINT))
    again.daemon = True
    again.start()


def _give_up() -> None:
    """Give up the tile: a new run may already be waiting for it."""
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(PATIENCE)
