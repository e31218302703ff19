"""What became of each tile of a job: a small database that survives a kill at any moment.

One process writes it, the one that hands out the tiles, or several that share it and claim tiles (`claims`). A tile
is recorded as done after its files have their final names, so what the manifest calls done is on the disk; at worst,
a finished tile is made again.
"""

from __future__ import annotations

import json
import os
import sqlite3
import time
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

from pyterra.errors import PyterraError, SinkError, SourceError
from pyterra.frozen import dataclass
from pyterra.io.safe.locks import OutputLock
from pyterra.io.safe.places import path_text
from pyterra.redact import redact
from pyterra.tiles.claims import Claims

State = Literal["pending", "running", "done", "failed"]

_VERSION = 2
_SCHEMA = """CREATE TABLE tiles (
    id TEXT PRIMARY KEY,
    digest TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    seconds REAL,
    outputs TEXT NOT NULL,
    error TEXT NOT NULL,
    changed REAL NOT NULL,
    seal TEXT NOT NULL
) WITHOUT ROWID"""
_LONGEST_ERROR = 4000
PATIENCE = 60.0
"""Seconds to wait for another process that writes."""
_DAMAGE = (sqlite3.DatabaseError, UnicodeDecodeError)
"""What sqlite3 raises where a database is damaged; the second one where its message is."""
_DISK = (
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_BUSY,
)
"""Codes by which SQLite says that the disk or its rights failed: what is recorded may be sound."""


@dataclass(frozen=True, slots=True)
class OutputFile:
    """A file that a tile's function wrote."""

    path: str
    """Absolute; in the database relative to its folder where it lies below, so that both may be moved."""
    size: int
    """Bytes."""
    checksum: str
    """``crc32:`` and eight hexadecimal digits."""
    parts: tuple[str, ...] = ()
    """Checksums of what is used apart, such as bands; none where nothing is."""

    @classmethod
    def measure(cls, path: str | os.PathLike[str], parts: Iterable[str] = ()) -> OutputFile:
        """Read a file and describe it."""
        absolute = os.path.abspath(path_text(path, "tiles"))
        return cls(absolute, os.stat(absolute).st_size, checksum(absolute), tuple(parts))


@dataclass(frozen=True, slots=True)
class Record:
    """What the manifest knows of a tile."""

    id: str
    """The tile."""
    digest: str
    """Of the inputs and parameters it was made from, see `fingerprint`."""
    state: State
    """``pending``, ``running``, ``done`` or ``failed``."""
    attempts: int
    """How often it was tried, in all runs with this digest."""
    seconds: float | None
    """How long the last attempt took."""
    outputs: tuple[OutputFile, ...]
    """The files, with absolute paths."""
    error: str
    """The text of the last failure, without secrets."""


class Manifest:
    """The state of a job's tiles, kept in SQLite.

    Parameters
    ----------
    path : str or path-like
        The database; created when missing. ``":memory:"`` keeps nothing.
    shared : bool
        Whether other processes, also on other machines, may use it at the same time, if they share it too. The file
        system must have locks.

    Raises
    ------
    OutputLockedError
        Another process is running a job with this manifest, and does not share it.
    SourceError
        The file is not a manifest of this version, or damaged. A damaged record of a finished tile counts as none.
    SinkError
        It cannot be written.
    """

    def __init__(self, path: str | os.PathLike[str] = ":memory:", *, shared: bool = False) -> None:
        self._folder: Path | None = None
        self._lock: OutputLock | None = None
        self._claims: Claims | None = None
        self._path = path
        if os.fspath(path) != ":memory:":
            path = Path(path_text(path, "manifest")).resolve()
            self._folder = path.parent
            self._lock = OutputLock(path.parent / f".{path.name}.pyterra-lock", shared=shared)
            self._lock.acquire(path)
            self._claims = Claims(path) if shared else None
        database = None
        try:
            with self.alone("database"):
                database = sqlite3.connect(path, PATIENCE, isolation_level=None, check_same_thread=False)
                self._database = database
                self._prepare()
        except BaseException as error:
            if database is not None:
                database.close()
            self._release()
            if isinstance(error, _DAMAGE):
                raise self._unusable(error) from error
            raise

    def start(self, tile: str, digest: str) -> None:
        """Record that an attempt at a tile begins; the count starts anew when the digest is another."""
        self._ask(
            "INSERT INTO tiles VALUES (?, ?, 'running', 1, NULL, '[]', '', ?, '') ON CONFLICT (id) DO UPDATE SET"
            " attempts = CASE WHEN digest = excluded.digest THEN attempts + 1 ELSE 1 END,"
            " digest = excluded.digest, state = 'running', changed = excluded.changed",
            (tile, digest, time.time()),
        )

    def finish(self, tile: str, outputs: Iterable[OutputFile], seconds: float) -> None:
        """Record that a tile's files are in place."""
        stored = [asdict(file) | {"path": self._relative(file.path)} for file in outputs]
        ((digest,),) = self._ask("SELECT digest FROM tiles WHERE id = ?", (tile,))
        text = json.dumps(stored)
        self._ask(
            "UPDATE tiles SET state = 'done', seconds = ?, outputs = ?, error = '', changed = ?, seal = ? WHERE id = ?",
            (seconds, text, time.time(), _seal(tile, digest, seconds, text), tile),
        )

    def fail(self, tile: str, error: str, seconds: float | None = None) -> None:
        """Record that an attempt failed; secrets are taken out of the text."""
        text = redact(error)
        self._ask(
            "UPDATE tiles SET state = 'failed', seconds = ?, outputs = '[]', error = ?, changed = ?"
            " WHERE id = ?",
            (seconds, text[-_LONGEST_ERROR:], time.time(), tile),
        )

    def claim(self, tile: str) -> bool:
        """Whether a tile is this process's to make; where the manifest is shared, it then is until `release`."""
        return self._claims is None or self._claims.take(tile)

    def release(self, tile: str) -> None:
        """Let other processes have a tile that was claimed."""
        if self._claims is not None:
            self._claims.drop(tile)

    def alone(self, name: str) -> AbstractContextManager[None]:
        """Within: no other process that shares the manifest is within the same."""
        return nullcontext() if self._claims is None else self._claims.alone(name)

    @property
    def shared(self) -> bool:
        """Whether other processes may use it at the same time."""
        return self._claims is not None

    def release_running(self) -> None:
        """Set tiles whose attempts never ended back to pending; where it is shared, those claimed here."""
        if self._claims is None:
            self._ask("UPDATE tiles SET state = 'pending' WHERE state = 'running'")
            return
        for tile in self._claims:
            self._ask("UPDATE tiles SET state = 'pending' WHERE state = 'running' AND id = ?", (tile,))
            self.release(tile)

    def done(self, tile: str, digest: str, *, verify: bool = False) -> bool:
        """Whether a tile was made from the same inputs and its files are still there.

        Parameters
        ----------
        tile, digest : str
            The tile, and what it would be made from now.
        verify : bool
            Whether to read the files and compare checksums, and not only look at their sizes.
        """
        record = self.record(tile)
        if record is None or record.state != "done" or record.digest != digest:
            return False
        return all(_is_intact(file, verify=verify) for file in record.outputs)

    def record(self, tile: str) -> Record | None:
        """What is known of a tile; None when nothing is."""
        rows = self._ask(f"{_SELECT} WHERE id = ?", (tile,))
        return self._record(rows[0]) if rows else None

    def records(self, state: State | None = None) -> Iterator[Record]:
        """Give all records, or those of one state, in order of their ids."""
        records = map(self._record, self._ask(f"{_SELECT} ORDER BY id"))
        return (record for record in records if state is None or record.state == state)

    def counts(self) -> dict[str, int]:
        """How many tiles are in each state."""
        return dict(sorted(Counter(record.state for record in self.records()).items()))

    def damaged(self) -> Iterator[tuple[str, OutputFile]]:
        """Give the files of finished tiles whose content is not what was written, with their tiles."""
        for record in self.records("done"):
            for file in record.outputs:
                if not _is_intact(file, verify=True):
                    yield record.id, file

    def close(self) -> None:
        """Close the database and let another process use it."""
        self._database.close()
        self._release()

    def __enter__(self) -> Manifest:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _prepare(self) -> None:
        # In WAL mode a commit needs no fsync to keep the database whole; a power cut may lose the last
        # tiles' records, and then these tiles are made again. It needs memory that all processes share.
        self._database.execute(f"PRAGMA journal_mode = {'DELETE' if self.shared else 'WAL'}")
        self._database.execute("PRAGMA synchronous = NORMAL")
        version = self._database.execute("PRAGMA user_version").fetchone()[0]
        found = self._database.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
        if version not in (0, _VERSION):
            raise SourceError(
                f"manifest: {self._path} must have version {_VERSION}, got {version}; begin a new one"
            )
        if not found:
            self._database.execute("BEGIN")
            self._database.execute(_SCHEMA)
            self._database.execute(f"PRAGMA user_version = {_VERSION}")
            self._database.execute("COMMIT")
        elif found != [(_SCHEMA,)]:
            raise SourceError(f"manifest: {self._path} is another database; begin a new one")

    def _ask(self, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        try:
            return self._database.execute(query, values).fetchall()
        except _DAMAGE as error:
            raise self._unusable(error) from error

    def _unusable(self, error: Exception) -> PyterraError:
        code = getattr(error, "sqlite_errorcode", 0)
        if code & 0xFF in _DISK and code != sqlite3.SQLITE_IOERR_SHORT_READ:
            return SinkError(
                f"manifest: {self._path} cannot be read or written: {error}; see whether its disk is full or failing and "
                "its folder may be written, and run again: finished tiles are kept"
            )
        return SourceError(
            f"manifest: {self._path} cannot be used: {error}; delete it, and its tiles are made again"
        )

    def _release(self) -> None:
        if self._claims is not None:
            self._claims.close()
        if self._lock is not None:
            self._lock.release()

    def _relative(self, path: str) -> str:
        absolute = Path(path).absolute()
        if self._folder is not None and absolute.is_relative_to(self._folder):
            return str(absolute.relative_to(self._folder))
        return str(absolute)

    def _record(self, row: tuple[Any, ...]) -> Record:
        tile, digest, state, attempts, seconds, outputs, error, seal = row
        if state in ("pending", "running", "failed"):
            return Record(tile, digest, state, attempts, seconds, (), error)
        if state != "done" or seal != _seal(tile, digest, seconds, outputs):
            return Record(tile, digest, "pending", attempts, None, (), "its record was changed")
        try:
            files = tuple(
                OutputFile(
                    os.path.join(self._folder or "", file["path"]),
                    file["size"],
                    file["checksum"],
                    tuple(file.get("parts", ())),
                )
                for file in json.loads(outputs)
            )
        except (ValueError, TypeError, KeyError, RecursionError):
            return Record(tile, digest, "pending", attempts, None, (), "its record is of another make")
        return Record(tile, digest, "done", attempts, seconds, files, error)


_SELECT = "SELECT id, digest, state, attempts, seconds, outputs, error, seal FROM tiles"


def _seal(tile: str, digest: str, seconds: float, outputs: str) -> str:
    """Tells a record of a finished tile that was written here from one that was damaged."""
    return f"{zlib.crc32(repr((tile, digest, seconds, outputs)).encode()):08x}"


def checksum(path: str | os.PathLike[str]) -> str:
    """Return the checksum of a file's content, as manifests store it."""
    value = 0
    with open(path_text(path, "checksum"), "rb", buffering=0) as file:
        while chunk := file.read(1 << 20):
            value = zlib.crc32(chunk, value)
    return f"crc32:{value:08x}"


def _is_intact(file: OutputFile, *, verify: bool) -> bool:
    try:
        return os.stat(file.path).st_size == file.size and (
            not verify or checksum(file.path) == file.checksum
        )
    except (OSError, ValueError):  # the latter where the path has a character NUL
        return False
