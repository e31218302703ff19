"""Settings that hold for a whole program or for a ``with`` block."""

from __future__ import annotations

import os
import re
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import fields, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

from pyterra.errors import ArgumentError
from pyterra.forks import renewed
from pyterra.frozen import dataclass

ExecutorName = Literal["auto", "serial", "threads", "processes", "dask"]
VerifyMode = Literal["full", "sample", "off"]

_UNITS = {"": 1, "k": 2**10, "m": 2**20, "g": 2**30, "t": 2**40}


@dataclass(frozen=True, slots=True)
class Settings:
    """The values in force."""

    memory: int | None = None
    """Bytes that pyterra may use, None = what is free. A share of it is planned with."""
    workers: int | None = None
    """Number of workers, None = the cores this process may use."""
    executor: ExecutorName = "auto"
    """Where blocks are computed; ``auto``: threads, or processes for Python functions, or an active Dask client."""
    tempdir: str = ""
    """Folder for temporary files, ``""`` = the system's."""
    progress: bool = True
    """Whether long work shows a progress line."""
    verify: VerifyMode = "sample"
    """How much of a written file is read back before it gets its name."""
    vrt_roots: tuple[str, ...] = ()
    """Folders and addresses whose virtual rasters are trusted, and which any virtual raster may show."""

    @property
    def worker_count(self) -> int:
        """Number of workers in force."""
        return self.workers or available_cores()

    @property
    def temporary_folder(self) -> Path:
        """Folder for temporary files in force."""
        return Path(self.tempdir or tempfile.gettempdir())


_lock = renewed(threading.Lock())
_process = Settings()
"""What holds for the process, before any `options`."""
_standing: list[options] = []
"""Changes for good, in the order in which they were made."""
_settings = _process
"""What holds where no ``with`` block is open: `_process` with the standing changes."""
_open: ContextVar[tuple[Mapping[str, Any], ...]] = ContextVar("pyterra_options", default=())
"""Changes of the ``with`` blocks that are open in this thread or task, outermost first."""
_merged: tuple[Settings, tuple[Mapping[str, Any], ...], Settings] = (_process, (), _process)
"""Settings, changes, and what the last thread that asked got of them: a verb asks several times."""


def current() -> Settings:
    """The settings in force."""
    global _merged
    settings, opened = _settings, _open.get()
    if not opened:
        return settings
    before, changes, found = _merged
    if before is not settings or changes is not opened:
        found = settings
        for change in opened:
            found = replace(found, **change)
        _merged = settings, opened, found
    return found


def _settle() -> None:
    """Work out the settings of the process anew; the lock is held."""
    global _settings
    _settings = _process
    for change in _standing:
        _settings = replace(_settings, **change.changes)


class options:
    """Change settings, for good or for a ``with`` block.

    Without ``with`` a change holds for the whole process; a ``with`` block holds for what its own thread (or task of
    asyncio) begins inside of it, so that blocks of several threads do not disturb each other.

    Parameters
    ----------
    memory : int or str, optional
        Bytes pyterra may use: ``2_000_000_000`` or ``"2GB"``; None = what the machine and its limits leave free.
    workers : int, optional
        Number of workers; None = all cores this process may use.
    executor : {"auto", "serial", "threads", "processes", "dask"}, optional
        Where blocks are computed.
    tempdir : path-like, optional
        Folder for temporary files.
    progress : bool, optional
        Whether work longer than two seconds shows a progress line.
    verify : {"full", "sample", "off"}, optional
        How much of a written file is read back and compared before the file gets its name.
    vrt_roots : sequence of path or address, optional
        Folders, and addresses such as ``"https://example.org/tiles"``, whose virtual rasters (``.vrt``) are trusted, and
        which any virtual raster may show. By default a virtual raster shows files of its own folder or below.

    Raises
    ------
    ArgumentError
        For a value that is not allowed.

    Examples
    --------
    >>> import pyterra as pt
    >>> with pt.options(workers=1, memory="500MB"):
    ...     pt.options.current().worker_count
    1
    """

    current = staticmethod(current)

    def __init__(self, **changes: Any) -> None:
        known = {f.name for f in fields(Settings)}
        unknown = sorted(set(changes) - known)
        if unknown:
            raise ArgumentError(
                f"options: must be one of {', '.join(sorted(known))}; got {', '.join(unknown)}"
            )
        self.changes = {name: _checked(name, value) for name, value in changes.items()}
        with _lock:
            _standing.append(self)
            _settle()

    def __enter__(self) -> Settings:
        self._undo()
        _open.set((*_open.get(), self.changes))
        return current()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._undo()
        _open.set(tuple(changes for changes in _open.get() if changes is not self.changes))

    def _undo(self) -> None:
        """The change holds for the process no longer."""
        with _lock:
            if self in _standing:
                _standing.remove(self)
                _settle()

    def __repr__(self) -> str:
        return repr(current())


def install(settings: Settings) -> None:
    """Take over the settings of another process, for this whole process (used by its workers)."""
    global _process
    with _lock:
        _process = settings
        _standing.clear()
        _settle()


@contextmanager
def under(settings: Settings) -> Iterator[None]:
    """Settings for a part of this thread's work, such as a task that another process sent."""
    token = _open.set(({f.name: getattr(settings, f.name) for f in fields(settings)},))
    try:
        yield
    finally:
        _open.reset(token)


def available_cores() -> int:
    """Cores this process may use: its affinity and its cgroup's quota."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        quota, period = Path("/sys/fs/cgroup/cpu.max").read_text().split()
        if quota != "max":
            cores = min(cores, max(1, int(quota) // int(period)))
    except (OSError, ValueError):
        pass  # no cgroup v2 here: the affinity is all there is to know
    return max(1, cores)


def parse_bytes(value: int | float | str) -> int:
    """Bytes of ``"500MB"``, ``"2 GB"``, ``1.5e9`` and so on (powers of 1024).

    Raises
    ------
    ArgumentError
        Where the text is not a size.
    """
    if isinstance(value, str):
        found = re.fullmatch(r"\s*([0-9.]+)\s*([kmgt]?)i?b?\s*", value.lower())
        if not found:
            raise ArgumentError(f"memory: must be bytes or text such as '2GB', got {value!r}")
        value = float(found.group(1)) * _UNITS[found.group(2)]
    if value <= 0:
        raise ArgumentError(f"memory: must be above 0, got {value}")
    return int(value)


def _checked(name: str, value: Any) -> Any:
    choices = {
        "executor": ("auto", "serial", "threads", "processes", "dask"),
        "verify": ("full", "sample", "off"),
    }
    if name in choices:
        if value not in choices[name]:
            raise ArgumentError(f"options: {name} must be one of {', '.join(choices[name])}, got {value!r}")
        return value
    if name == "memory":
        return None if value is None else parse_bytes(value)
    if name == "workers":
        if value is not None and (not isinstance(value, int) or value < 1):
            raise ArgumentError(f"options: workers must be a whole number from 1, got {value!r}")
        return value
    if name == "tempdir":
        if value and not Path(value).is_dir():
            raise ArgumentError(f"options: tempdir must be an existing folder, got {value!r}")
        return str(value or "")
    if name == "vrt_roots":
        return _roots(value)
    return bool(value)


def _roots(value: Any) -> tuple[str, ...]:
    given = [value] if isinstance(value, str | os.PathLike) else list(value or ())
    roots = [os.fspath(one) for one in given if isinstance(one, str | os.PathLike)]
    remote = [root for root in roots if "://" in root or root.startswith("/vsi")]
    local = [root for root in roots if root not in remote]
    wrong = [root for root in local if not Path(root).is_dir()]
    if len(roots) < len(given) or wrong:
        raise ArgumentError(
            f"options: vrt_roots must be existing folders or addresses, got {(wrong or [value])[0]!r}"
        )
    return (*(os.path.realpath(root) for root in local), *remote)
