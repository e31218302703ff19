"""R started inside Python by rpy2, or found where R itself hosts this Python; what is missing is said with its cure."""

from __future__ import annotations

import atexit
import contextlib
import importlib
import importlib.metadata
import io
import logging
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import warnings
from collections import deque
from collections.abc import Iterator
from typing import Any

KEPT = ("R_HOME", "PYTHON_SESSION_INITIALIZED")
"""Environment variables that stay as R and rpy2 set them."""
OLD_R = 'python -m pip install "rpy2-rinterface>=3.6.1,<3.6.6" "rpy2-robjects>=3.6.1,<3.7"'
"""What to install for R before 4.5, which newer rpy2 does not load."""


def start() -> Any:
    """The module `rpy2.rinterface` with R running.

    Raises
    ------
    ImportError
        Where R or rpy2 is missing, or they do not fit together; says what to do.
    """
    if not r_is_there():
        raise ImportError(missing(rpy2_version(), None, None))
    rinterface = _imported()
    _release_under_lock()
    with kept_environment(), _kept_interrupt(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that another thread, or reticulate, started R is known and meant
        with _quiet("rpy2.rinterface_lib.embedded"):
            rinterface.initr(interactive=False)
    if hosted():
        atexit.unregister(rinterface.embedded.endr)  # R ends this Python, not the reverse
    else:
        _fork_when_free(rinterface)
    return rinterface


def hosted() -> bool:
    """Whether this Python runs inside an R session, by reticulate."""
    return "rpytools" in sys.modules or f"PID={os.getpid()}" in os.environ.get("R_SESSION_INITIALIZED", "")


def r_is_there() -> bool:
    """Whether an R is to be found."""
    home = os.environ.get("R_HOME", "")
    return hosted() or os.path.isdir(home) or shutil.which("R") is not None


def rpy2_version() -> str | None:
    """Version of the part of rpy2 that holds R, or None where it is not installed."""
    for name in ("rpy2-rinterface", "rpy2"):
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            return importlib.metadata.version(name)
    return None


def r_version() -> str | None:
    """Version of the R on the path, such as ``4.2.2``."""
    home = os.environ.get("R_HOME", "")
    program = os.path.join(home, "bin", "R") if home else "R"
    try:
        answer = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.SubprocessError):
        return None
    found = re.search(r"R version (\d+\.\d+\.\d+)", answer.stdout)
    return found.group(1) if found else None


def missing(rpy2: str | None, r: str | None, error: BaseException | None) -> str:
    """Why R cannot be used, and the cure.

    Parameters
    ----------
    rpy2, r : str or None
        Versions of rpy2-rinterface and of R; None for what is not there.
    error : Exception, optional
        What loading them raised.
    """
    if error is None:
        return (
            "R: no R was found; install R (Debian: apt install r-base-core; conda: r-base) and see that the "
            "command R is on the PATH, or set R_HOME"
        )
    if rpy2 is None:
        fitting = OLD_R if r is None or _numbers(r) < (4, 5) else "python -m pip install rpy2-rinterface"
        return f"R: this needs rpy2, which is not installed; use: {fitting} (without a C compiler set RPY2_CFFI_MODE=ABI)"
    if r is not None and _numbers(r) < (4, 5) and _numbers(rpy2) >= (3, 6, 6):
        return f"R: rpy2-rinterface {rpy2} needs R 4.5 or newer, found R {r}; use: {OLD_R}"
    return f"R: rpy2-rinterface {rpy2} cannot load R {r or 'of unknown version'}: {type(error).__name__}: {error}"


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])


def _imported() -> Any:
    try:
        with (
            contextlib.redirect_stdout(io.StringIO()),
            _quiet("rpy2.situation"),
            _quiet("rpy2.rinterface_lib.openrlib"),
        ):
            return importlib.import_module("rpy2.rinterface")
    except Exception as error:  # whatever loading a shared library may raise
        raise ImportError(missing(rpy2_version(), r_version(), error)) from error


@contextlib.contextmanager
def kept_environment() -> Iterator[None]:
    """Put environment variables back that are changed meanwhile.

    R's LD_LIBRARY_PATH makes child processes load other libraries, also another libpython; EDITOR and PAGER are the
    user's.
    """
    before = dict(os.environ)
    try:
        yield
    finally:
        for name in set(os.environ) - set(before) - set(KEPT):
            del os.environ[name]
        for name, value in before.items():
            if os.environ.get(name) != value and name not in KEPT:
                os.environ[name] = value


@contextlib.contextmanager
def _kept_interrupt() -> Iterator[None]:
    """Keep the handler of Ctrl-C, which rpy2 replaces."""
    before = signal.getsignal(signal.SIGINT)
    try:
        yield
    finally:
        if before is not None and threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGINT, before)


@contextlib.contextmanager
def _quiet(name: str) -> Iterator[None]:
    logger = logging.getLogger(name)
    before, logger.disabled = logger.disabled, True
    try:
        yield
    finally:
        logger.disabled = before


def _release_under_lock() -> None:
    """Let go of R objects only while no other thread is in R, and no more when Python ends.

    rpy2 releases an object wherever Python drops the last reference to it, also while R runs in another thread: that
    changes R's lists under its feet.
    """
    capi: Any = importlib.import_module("rpy2.rinterface_lib._rinterface_capi")
    lock = importlib.import_module("rpy2.rinterface_lib.openrlib").rlock
    original = capi._release
    if getattr(original, "waits", False):
        return
    waiting: deque[Any] = deque()
    ends = sys.is_finalizing

    def release(cdata: Any) -> None:
        if ends():
            return
        waiting.append(cdata)
        if lock.acquire(blocking=False):
            try:
                while waiting:
                    original(waiting.popleft())
            finally:
                lock.release()

    release.waits = True  # type: ignore[attr-defined]
    capi._release = release


def _fork_when_free(rinterface: Any) -> None:
    """Fork while no thread is in R; and R ends with this process, not with those that are forked off.

    R deletes its temporary folder when it ends. A child in which another thread was in R could never use it.
    """
    lock = rinterface.openrlib.rlock

    def in_child() -> None:
        lock.release()
        atexit.unregister(rinterface.embedded.endr)

    os.register_at_fork(before=lock.acquire, after_in_parent=lock.release, after_in_child=in_child)
