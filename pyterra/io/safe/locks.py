"""One writer per output: an advisory lock beside the file that is being written.

The lock is ``flock`` on ``.NAME.pyterra-lock``. A lock file that merely exists (``O_EXCL``) outlives a
writer that is killed, and telling a dead holder from a live one by its pid fails across hosts and
containers; the kernel gives up a ``flock`` with its holder, whatever became of it. Two threads of one
process exclude each other as two processes do, because each opens the lock file for itself. The text in
the file only serves the message.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import socket
import time
from datetime import datetime
from pathlib import Path

from pyterra.errors import OutputLockedError, SinkError, warn

_UNSUPPORTED = {errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOLCK}
_PATIENCE_NAMED = 0.1
_PATIENCE_UNNAMED = 2.0


class OutputLock:
    """A lock that lives as long as its holder.

    Parameters
    ----------
    path : Path
        The lock file; created when missing, removed when the last holder releases it.
    shared : bool
        Whether others may hold it too, if theirs are shared.
    """

    def __init__(self, path: Path, *, shared: bool = False) -> None:
        self.path = path
        self._descriptor: int | None = None
        self._kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX

    def acquire(self, output: Path) -> None:
        """Take the lock for writing ``output``, or raise `OutputLockedError` that names the holder.

        A file system without ``flock`` gives a warning and no lock: outputs there are still replaced as a
        whole, but of two writers the last one wins.

        Raises
        ------
        OutputLockedError
            Where another one holds it.
        SinkError
            Where the lock file cannot be written; the lock is then not held.
        """
        try:
            self._acquire(output)
        except BaseException as error:
            self.release()
            if isinstance(error, OSError) and not isinstance(error, SinkError):
                raise SinkError(f"write: cannot write in {self.path.parent}: {error.strerror}") from error
            raise

    def _acquire(self, output: Path) -> None:
        start = time.monotonic()
        while not self._try_or_warn(output):
            holder = self.holder()
            # A sweep of leftovers holds the lock, unnamed, for as long as it takes to delete a file.
            if time.monotonic() - start > (_PATIENCE_NAMED if holder else _PATIENCE_UNNAMED):
                raise OutputLockedError(
                    f"write: {output} is being written by {holder or 'another process'}; "
                    "wait for it to end, or write to another path"
                )
            time.sleep(0.01)
        if self._descriptor is not None:
            since = datetime.now().astimezone().isoformat(timespec="seconds")
            text = f"process {os.getpid()} on {socket.gethostname()} since {since}"
            os.pwrite(self._descriptor, text.encode(), 0)
            os.ftruncate(self._descriptor, len(text))

    def try_unnamed(self) -> bool:
        """Take the lock without a name, for a moment; False when it is held, or when locks do not work."""
        try:
            self._descriptor = _open_locked(self.path, self._kind)
            if self._descriptor is not None:
                os.ftruncate(self._descriptor, 0)
        except OSError:
            self.release()
        return self._descriptor is not None

    def holder(self) -> str:
        """What the holder wrote about itself; empty when it wrote nothing."""
        try:
            return self.path.read_text(errors="replace")[:200]
        except OSError:
            return ""

    def release(self) -> None:
        """Remove the lock file and give the lock up; does nothing when the lock is not held."""
        if self._descriptor is not None:
            if _is_still(self.path, self._descriptor):  # an interrupted release may be called again
                with contextlib.suppress(OSError):  # a free lock file that stays goes with the next writer
                    if self._kind == fcntl.LOCK_SH:  # it stays while others share it
                        fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    os.unlink(self.path)
            descriptor, self._descriptor = self._descriptor, None
            os.close(descriptor)

    def _try_or_warn(self, output: Path) -> bool:
        try:
            self._descriptor = _open_locked(self.path, self._kind)
        except OSError as error:
            if error.errno not in _UNSUPPORTED:
                raise
            warn(f"write: the file system of {output} has no locks; a second writer of it would go unnoticed")
            return True
        return self._descriptor is not None


def _open_locked(path: Path, kind: int) -> int | None:
    """Return a descriptor of ``path`` that holds its lock, or None when another holds it."""
    try:
        while True:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
            try:
                fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
                if _is_still(path, descriptor):
                    return descriptor
            except BlockingIOError:
                os.close(descriptor)
                return None
            except BaseException:
                os.close(descriptor)
                raise
            os.close(descriptor)
    except BaseException:  # an interrupt may come in between creating the file and knowing its descriptor
        _remove_if_free(path)
        raise


def _remove_if_free(path: Path) -> None:
    """Remove a lock file unless another writer holds it."""
    with contextlib.suppress(OSError):
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_still(path, descriptor):
                path.unlink()
        finally:
            os.close(descriptor)


def _is_still(path: Path, descriptor: int) -> bool:
    """Whether ``path`` is the file that was opened: the former holder removes it before letting go."""
    try:
        return os.path.samestat(os.stat(path), os.fstat(descriptor))
    except FileNotFoundError:
        return False
