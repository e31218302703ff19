"""Outputs that appear whole or not at all: part files beside the target, renamed at the end.

An `Output` is a path that is about to be written: checked, locked, and cleared of what dead writers left.
Whatever the format, the bytes go to a part file in the same folder, and `Output.publish` puts it in place.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
import shutil
import stat
import threading
import time
import weakref
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType

from pyterra.errors import OutputExistsError, PyterraError, SinkError, WriteError, warn
from pyterra.forks import renewed
from pyterra.io.safe.locks import OutputLock
from pyterra.io.safe.places import path_text
from pyterra.packages import secrets

SIDE_FILES = (".aux.xml", ".ovr", ".msk", ".msk.ovr")
"""What GDAL keeps beside a raster; stale ones would change how a new raster reads."""

_PART = re.compile(r"^\.(?P<stem>.+)\.\d+\.[0-9a-f]{8}\.part\.")
_LOCK = re.compile(r"^\.(?P<stem>.+)\.pyterra-lock$")
_SWEEP_EVERY = 60.0
_swept: dict[tuple[int, Path], float] = {}
_swept_guard = renewed(threading.Lock())


class Output:
    """A path about to be written by one writer.

    Parameters
    ----------
    path : str or path-like
        The file to write. A symbolic link is followed: what it points to is replaced.
    overwrite : bool
        Whether an existing file may be replaced.

    Attributes
    ----------
    path : Path
        The real path, links resolved.

    Raises
    ------
    OutputExistsError
        The file exists and ``overwrite`` is False.
    OutputLockedError
        Another writer is at work on the same file.
    SinkError
        The folder is missing or not writable, or the path is not that of a regular file.
    """

    def __init__(self, path: str | os.PathLike[str], *, overwrite: bool = False) -> None:
        self.path = _checked(path, overwrite=overwrite)
        self._overwrite = overwrite
        self._parts: list[Path] = []
        self._lock = lock_of(self.path)
        try:
            sweep(self.path.parent)
            self._lock.acquire(self.path)
            # Removes the parts also when the object is dropped, or the interpreter ends, without a close.
            self._finalizer = weakref.finalize(self, _clean_up, os.getpid(), self._parts, self._lock)
        except BaseException as error:
            self._lock.release()
            if isinstance(error, OSError) and not isinstance(error, SinkError):
                raise SinkError(f"write: cannot write in {self.path.parent}: {error.strerror}") from error
            raise

    def part(self, suffix: str = "") -> Path:
        """Return a new name for a part file in the target's folder; nothing is created.

        Parameters
        ----------
        suffix : str
            The ending, for formats that are told by it (".tif").
        """
        token = secrets.token_hex(4)
        name = f".{_stem(self.path.name)}.{os.getpid()}.{token}.part{suffix or self.path.suffix or '.bin'}"
        part = self.path.parent / name
        self._parts.append(part)
        return part

    def folder(self) -> Path:
        """Make a folder for parts beside the target, for formats that are told by names, or have several files."""
        folder = self.part(".d")
        try:
            folder.mkdir()
        except OSError as error:
            raise SinkError(f"write: cannot write in {self.path.parent}: {error.strerror}") from error
        return folder

    def publish(self, part: Path) -> None:
        """Put a finished part file in place of the target, durably, with its side files.

        The target holds its old content until the rename and the complete new one from then on. Side files
        of the old content are gone by then: a crash in between loses labels, it never leaves wrong ones.
        """
        with self.completing():
            self.check_still_free()
            if self.path.exists():
                shutil.copymode(self.path, part)
            made = [ending for ending in SIDE_FILES if os.path.exists(f"{part}{ending}")]
            for ending in ("", *made):
                flush_to_disk(Path(f"{part}{ending}"))
            with self._old_side_files_aside():
                os.replace(part, self.path)
            for ending in made:
                os.replace(f"{part}{ending}", f"{self.path}{ending}")
            flush_folder(self.path.parent)
            if part in self._parts:
                self._parts.remove(part)

    @contextlib.contextmanager
    def completing(self) -> Iterator[None]:
        """Turn errors of the disk into `WriteError`."""
        try:
            yield
        except PyterraError:
            raise
        except OSError as error:
            raise WriteError(
                f"write: {self.path} could not be completed: {error.strerror or error}"
            ) from error

    def check_still_free(self) -> None:
        """Raise where the target was made by another program since, and may not be replaced."""
        if not self._overwrite and self.path.exists():
            raise OutputExistsError(f"write: {self.path} appeared in the meantime; it was left as it is")

    def check_beside(self, names: Iterable[str]) -> None:
        """Raise where files that would come to lie beside the target are there already, and may not be replaced."""
        for name in names:
            if not self._overwrite and (self.path.parent / name).exists():
                raise OutputExistsError(
                    f"write: {self.path.parent / name}, which would belong to {self.path.name}, exists; pass "
                    "overwrite=True to replace it"
                )

    def close(self) -> None:
        """Remove every part file that was not published, and release the lock."""
        _clean_up(os.getpid(), self._parts, self._lock)
        self._finalizer.detach()

    def __enter__(self) -> Output:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextlib.contextmanager
    def _old_side_files_aside(self) -> Iterator[None]:
        """Move the target's side files away; remove them in the end, or bring them back if the body fails."""
        moved: list[tuple[Path, Path]] = []
        try:
            for ending in SIDE_FILES:
                old = Path(f"{self.path}{ending}")
                if os.path.exists(old):  # False where the longer name is not even possible
                    moved.append((old, self.part(f".old{ending}")))
                    os.replace(*moved[-1])
            yield
        except BaseException:
            for old, aside in moved:
                with contextlib.suppress(FileNotFoundError):
                    os.replace(aside, old)
            raise
        for _, aside in moved:
            aside.unlink()
            self._parts.remove(aside)


@contextlib.contextmanager
def atomic_path(path: str | os.PathLike[str], *, overwrite: bool = False) -> Iterator[Path]:
    """Give a part file to write to; it replaces ``path`` when the body ends well, else it is removed.

    Raises
    ------
    WriteError
        Where the disk fails, in the body or afterwards.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> with atomic_path(folder / "note.txt") as part:
    ...     _ = part.write_text("whole or not at all")
    >>> sorted(p.name for p in folder.iterdir())
    ['note.txt']
    """
    with Output(path, overwrite=overwrite) as output:
        part = output.part()
        with output.completing():
            yield part
        output.publish(part)


def check_free_space(output: Path, upper_bound: int) -> None:
    """Warn when the uncompressed size of an output is more than what its file system has free."""
    free = shutil.disk_usage(output.parent).free
    if upper_bound > free:
        warn(
            f"write: {output} may need up to {upper_bound / 1e9:.3g} GB before compression, "
            f"{free / 1e9:.3g} GB are free"
        )


def sweep(folder: Path, *, every: float = _SWEEP_EVERY) -> list[Path]:
    """Remove part and lock files of dead writers in ``folder``; return the paths removed.

    A part file is live exactly as long as the lock of its output is held, so a sweep can do no harm to a
    writer on this or any other host. A process sweeps a folder at most once in ``every`` seconds: a job
    that writes thousands of tiles into one folder must not list it for each.
    """
    key = (os.getpid(), folder)
    with _swept_guard:
        now = time.monotonic()
        if now - _swept.get(key, -every) < every:
            return []
        _swept[key] = now
    leftovers: dict[str, list[Path]] = {}
    with os.scandir(folder) as entries:
        for entry in entries:
            match = _PART.match(entry.name) or _LOCK.match(entry.name)
            if match:
                leftovers.setdefault(match["stem"], []).append(Path(entry.path))
    removed: list[Path] = []
    for stem, paths in leftovers.items():
        lock = _lock_of(folder, stem)
        if lock.try_unnamed():
            try:
                for path in paths:
                    with contextlib.suppress(OSError):
                        _remove(path)
                        removed.append(path)
            finally:
                lock.release()
    return removed


def flush_to_disk(path: Path) -> None:
    """Return when the bytes of ``path`` are on the disk; raises OSError where they were lost."""
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def flush_folder(folder: Path) -> None:
    """Return when what was renamed in a folder is on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # some network file systems cannot
            raise
    finally:
        os.close(descriptor)


def _checked(path: str | os.PathLike[str], *, overwrite: bool) -> Path:
    text = path_text(path, "write", SinkError)
    if not text:
        raise SinkError("write: the path is empty")
    if text.startswith("/vsi") or re.match(r"^[A-Za-z][A-Za-z0-9+.-]+://", text):
        raise SinkError(f"write: {text} is not a local file; write to a local path and copy the result there")
    real = Path(os.path.realpath(text))
    try:
        if not real.parent.is_dir():
            raise SinkError(f"write: the folder {real.parent} does not exist; create it first")
        mode = real.stat().st_mode
    except FileNotFoundError:
        return real
    except PermissionError as error:
        raise SinkError(f"write: cannot look into {real.parent}: {error.strerror}") from error
    if not stat.S_ISREG(mode):
        what = "a folder" if stat.S_ISDIR(mode) else "not a regular file"
        raise SinkError(f"write: {real} is {what}; give the path of a file")
    if not overwrite:
        raise OutputExistsError(f"write: {real} exists; pass overwrite=True to replace it")
    return real


def _clean_up(owner: int, unpublished: list[Path], lock: OutputLock) -> None:
    if os.getpid() != owner:  # a forked copy of the object: the files are its parent's
        return
    try:
        for part in unpublished:
            _remove_with_side_files(part)
    finally:
        lock.release()


def lock_of(path: Path) -> OutputLock:
    """The lock of an output."""
    return _lock_of(path.parent, _stem(path.name))


def hidden(path: Path, ending: str) -> Path:
    """A name beside an output that listings do not show."""
    return path.parent / f".{_stem(path.name)}.{ending}"


def _lock_of(folder: Path, stem: str) -> OutputLock:
    return OutputLock(folder / f".{stem}.pyterra-lock")


def _stem(name: str) -> str:
    """The target's name as it stands in part and lock files, short enough for a directory entry."""
    encoded = os.fsencode(name)
    if len(encoded) <= 180:
        return name
    return f"{os.fsdecode(encoded[:120])}~{hashlib.blake2b(encoded, digest_size=8).hexdigest()}"


def _remove_with_side_files(part: Path) -> None:
    """Remove a part file and all that GDAL put beside it under its name."""
    with os.scandir(part.parent) as entries:
        for path in [entry.path for entry in entries if entry.name.startswith(part.name)]:
            with contextlib.suppress(OSError):  # what stays is swept later
                _remove(Path(path))


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()
