"""Settings that hold for a whole program or for a ``with`` block."""

from __future__ import annotations

import os
import re
import tempfile
from dataclasses import dataclass, fields, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

from pyterra.errors import ArgumentError

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

    @property
    def worker_count(self) -> int:
        """Number of workers in force."""
        return self.workers or available_cores()

    @property
    def temporary_folder(self) -> Path:
        """Folder for temporary files in force."""
        return Path(self.tempdir or tempfile.gettempdir())


_current = Settings()


def current() -> Settings:
    """The settings in force."""
    return _current


class options:
    """Change settings, for good or for a ``with`` block.

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
        global _current
        known = {f.name for f in fields(Settings)}
        unknown = sorted(set(changes) - known)
        if unknown:
            raise ArgumentError(
                f"options: must be one of {', '.join(sorted(known))}; got {', '.join(unknown)}"
            )
        self._before = _current
        _current = replace(_current, **{name: _checked(name, value) for name, value in changes.items()})

    def __enter__(self) -> Settings:
        return _current

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        global _current
        _current = self._before

    def __repr__(self) -> str:
        return repr(_current)


def install(settings: Settings) -> None:
    """Take over the settings of another process (used by workers)."""
    global _current
    _current = settings


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
    return bool(value)
