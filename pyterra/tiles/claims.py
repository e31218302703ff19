"""Claims: which tiles of a job this process works on, for others that work on the same job.

A claim is a lock beside the manifest. The kernel gives it up with its holder, whatever becomes of that, and
so does the file system of a cluster: no clock is asked, and no tile of a machine that died is waited for.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path

from pyterra.errors import OutputLockedError
from pyterra.io.safe.locks import OutputLock

PAUSE = 0.5
"""Seconds after which what another process works on is looked at again."""


class Claims:
    """What this process has claimed.

    Parameters
    ----------
    manifest : Path
        The file beside which the locks lie.
    """

    def __init__(self, manifest: Path) -> None:
        self._manifest = manifest
        self._held: dict[str, OutputLock] = {}

    def __iter__(self) -> Iterator[str]:
        return iter(list(self._held))

    def take(self, name: str) -> bool:
        """Claim something; False where another process has it."""
        lock = OutputLock(self._manifest.with_name(f".{self._manifest.name}.{name}.pyterra-lock"))
        try:
            lock.acquire(self._manifest)
        except OutputLockedError:
            return False
        self._held[name] = lock
        return True

    def drop(self, name: str) -> None:
        """Let another process have it; harmless where it is not held."""
        lock = self._held.pop(name, None)
        if lock is not None:
            lock.release()

    @contextlib.contextmanager
    def alone(self, name: str) -> Iterator[None]:
        """Wait until no other process is within, and keep them out meanwhile."""
        while not self.take(name):
            time.sleep(PAUSE)
        try:
            yield
        finally:
            self.drop(name)

    def close(self) -> None:
        """Drop everything."""
        for name in self:
            self.drop(name)
