"""How much memory there is to plan with: the least of the option, the cgroup, the address space and free RAM."""

from __future__ import annotations

import contextlib
import os
import resource
import sys
import time
from functools import cache
from pathlib import Path

from pyterra.options import current

SHARE = 0.6
"""Share of what is free that a plan may fill; the rest is for the interpreter, GDAL's caches and the unforeseen."""
RESERVED = 128 * 2**20
"""The least that is left for them where the machine sets the limit: GDAL's cache fills after the plan is made."""

LASTS = 0.005
"""Seconds before the system is asked anew: a verb on few cells asked it three times, a quarter of what it took."""

_lately: tuple[float, int] = (-LASTS, 0)
"""When the system was asked last, and the room that there was."""


def memory_budget() -> int:
    """Bytes a plan may use.

    Returns
    -------
    int
        ``min(option, cgroup v1/v2 limit, RLIMIT_AS, free RAM) * SHARE``, each less what is in use already; of a
        little room less, so that `RESERVED` bytes of it are left.
    """
    room = _room()
    budget = max(room // 8, min(int(room * SHARE), room - RESERVED))
    option = current().memory
    return budget if option is None else min(budget, int(option * SHARE))


def _room() -> int:
    """Bytes that are free, as they were a moment ago at most."""
    global _lately
    now = time.monotonic()
    if now - _lately[0] >= LASTS:
        rooms = (_free_ram(), _cgroup_room(), _address_room())
        _lately = now, min(room for room in rooms if room is not None)
    return _lately[1]


def _free_ram() -> int | None:
    if sys.platform.startswith("linux"):
        with contextlib.suppress(OSError, ValueError):
            return int(_told(Path("/proc/meminfo"), b"MemAvailable:")) * 1024
    with contextlib.suppress(OSError, ValueError):
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
    return 4 * 2**30


def _cgroup_room() -> int | None:
    """Room under the tightest cgroup limit of this process, v2 or v1."""
    rooms = []
    for folder, limit_name, usage_name in _cgroup_folders():
        with contextlib.suppress(OSError, ValueError):
            text = _content(folder / limit_name).strip()
            if text == b"max" or int(text) > 2**60:
                continue
            used = int(_content(folder / usage_name)) - _inactive_file(folder)
            rooms.append(max(0, int(text) - max(0, used)))
    return min(rooms) if rooms else None


@cache
def _cgroup_folders() -> list[tuple[Path, str, str]]:
    """Where limits stand and how the files are called: asked once, as each plan looks at them several times."""
    found: list[tuple[Path, str, str]] = []
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/cgroup").read_text().splitlines():
            _, controllers, path = line.split(":", 2)
            if controllers == "":
                root, names = Path("/sys/fs/cgroup"), ("memory.max", "memory.current")
            elif "memory" in controllers.split(","):
                root, names = (
                    Path("/sys/fs/cgroup/memory"),
                    ("memory.limit_in_bytes", "memory.usage_in_bytes"),
                )
            else:
                continue
            folder = root / path.lstrip("/")
            while True:
                found.append((folder, *names))
                if folder == root or root not in folder.parents:
                    break
                folder = folder.parent
    return found


def _inactive_file(folder: Path) -> int:
    """Page cache that the kernel gives back on demand: counted as used, but free."""
    for name in (b"inactive_file ", b"total_inactive_file "):
        with contextlib.suppress(OSError, ValueError):
            return int(_told(folder / "memory.stat", name))
    return 0


def _told(path: Path, name: bytes) -> bytes:
    """The number after a name at the start of a line."""
    found = (b"\n" + _content(path)).split(b"\n" + name, 1)
    return found[1].split(None, 1)[0] if len(found) > 1 else b""


def _content(path: Path) -> bytes:
    """A small file of the kernel: each verb asks for several, which takes twice as long as text."""
    with open(path, "rb", buffering=0) as file:
        return file.read(2**16)


def _address_room() -> int | None:
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    if limit == resource.RLIM_INFINITY:
        return None
    used = 0
    with contextlib.suppress(OSError, ValueError, IndexError):
        used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    return max(0, limit - used)


def format_bytes(count: float) -> str:
    """``1.5 GB`` and so on, in powers of 1024."""
    for unit in ("B", "KB", "MB", "GB"):
        if abs(count) < 1024:
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1024
    return f"{count:.1f} TB"
