"""Disk functions of Python, rasterio and SQLite, of which the n-th call fails."""

import errno
import fcntl
import os
import shutil
import sqlite3
from contextlib import contextmanager
from pathlib import Path

import rasterio
import rasterio.shutil
from turns import in_turn

from pyterra.io.raster import cog_layout, tiff

SPACES = ("small disk", "file size limit")
"""Why there is little space: what the fixture `little_space` makes."""
OFTEN = 7
"""Of so many calls one fails, where not all are asked for."""


def which_calls(name, thorough):
    """Numbers of calls to let fail, until there are no more: all, or every seventh, from one that its name tells."""
    return range(1, 300) if thorough else range(*in_turn(name, range(1, OFTEN + 1)), 300, OFTEN)


class Failing:
    """Counts calls of disk functions, and lets the n-th fail."""

    def __init__(self, nth):
        self.nth, self.calls = nth, 0

    def step(self, error=None):
        self.calls += 1
        if self.calls == self.nth:
            raise error or OSError(errno.EIO, "Input/output error")

    def wrap(self, function):
        def call(*arguments, **options):
            self.step()
            return function(*arguments, **options)

        return call

    def connect(self, function):
        def call(*arguments, **options):
            self.step(disk_error())
            return FailingConnection(function(*arguments, **options), self)

        return call

    def open_file(self, path, *arguments, **options):
        self.step()
        return FailingFile(open(path, *arguments, **options), self)

    def open(self, function):
        def call(path, *arguments, **options):
            self.step()
            return FailingDataset(function(path, *arguments, **options), self)

        return call


def disk_error():
    """What SQLite says of a disk that fails."""
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = sqlite3.SQLITE_IOERR
    return error


class FailingConnection:
    """A database whose queries count."""

    def __init__(self, database, failing):
        self.database, self.failing = database, failing

    def execute(self, *query):
        self.failing.step(disk_error())
        return self.database.execute(*query)

    def close(self):
        self.database.close()


class FailingDataset:
    """A dataset whose reads, writes and closings count."""

    def __init__(self, dataset, failing):
        self.dataset, self.failing = dataset, failing

    def __getattr__(self, name):
        genuine = getattr(self.dataset, name)
        return self.failing.wrap(genuine) if name in ("read", "write", "build_overviews") else genuine

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.dataset.close()

    def close(self):
        self.dataset.close()
        self.failing.step()


class FailingFile:
    """A file whose reads and writes count."""

    def __init__(self, file, failing):
        self.file, self.failing = file, failing

    def __getattr__(self, name):
        genuine = getattr(self.file, name)
        return self.failing.wrap(genuine) if name in ("read", "write", "flush") else genuine

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.file.close()


@contextmanager
def nth_call_fails(monkeypatch, nth):
    """Let the n-th call that touches the disk fail; gives what counts the calls."""
    failing = Failing(nth)
    with monkeypatch.context() as patch:
        for module, name in (
            (os, "open"),
            (os, "fsync"),
            (os, "replace"),
            (os, "pwrite"),
            (os, "pread"),
            (os, "ftruncate"),
            (os, "copy_file_range"),
            (fcntl, "flock"),
            (Path, "write_text"),
            (shutil, "copyfile"),
            (rasterio.shutil, "copy"),
        ):
            patch.setattr(module, name, failing.wrap(getattr(module, name)))
        patch.setattr(sqlite3, "connect", failing.connect(sqlite3.connect))
        patch.setattr(rasterio, "open", failing.open(rasterio.open))
        for module in (tiff, cog_layout):
            patch.setattr(module, "open", failing.open_file, raising=False)
        yield failing
