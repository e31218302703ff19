"""What GDAL says only in its log: writes that were lost while the call reported success.

Blocks that are compressed by GDAL's threads or flushed on close fail without an exception; the one sign is
a record "GDAL signalled an error" that rasterio logs at level INFO.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from pyterra.forks import renewed
from pyterra.redact import clean, redact

_LOGGERS = ("rasterio._env", "rasterio._err")
_MARK = "GDAL signalled an error"
_HARMLESS = "No such file"

_guard = renewed(threading.Lock())
_listeners: dict[int, tuple[int, list[str]]] = {}
_levels: dict[str, int] = {}  # effective ones, by logger
_own_levels: dict[str, int] = {}
_count = 0


class _Tap(logging.Filter):
    """Copies error records to the listeners, and passes on only what the program had asked to see."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if _MARK in message and _HARMLESS not in message:
            # GDAL's own threads are no threads of Python's: their errors concern every listener.
            foreign = record.threadName is not None and record.threadName.startswith("Dummy-")
            for thread, errors in list(_listeners.values()):
                if foreign or thread == record.thread:
                    errors.append(message)
        return record.levelno >= _levels.get(record.name, logging.NOTSET)


_tap = _Tap()


@contextmanager
def gdal_errors() -> Iterator[list[str]]:
    """Collect the errors that GDAL signals on this thread, and on threads of its own, inside the block.

    The program's logging is left as it is: the loggers are opened to INFO for the time being, and records
    that would not have been shown are still not shown. ``logging.disable(logging.INFO)`` hides them from
    us too, which is one reason why written files are also read back.

    Yields
    ------
    list of str
        Messages, filled while the block runs.
    """
    global _count
    errors: list[str] = []
    with _guard:
        if not _listeners:
            _open_loggers()
        _count += 1
        key = _count
        _listeners[key] = (threading.get_ident(), errors)
    try:
        yield errors
    finally:
        with _guard:
            del _listeners[key]
            if not _listeners:
                _close_loggers()


def _open_loggers() -> None:
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        _levels[name] = logger.getEffectiveLevel()
        _own_levels[name] = logger.level
        if _levels[name] > logging.INFO:
            logger.setLevel(logging.INFO)
        logger.addFilter(_tap)


def _close_loggers() -> None:
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        logger.removeFilter(_tap)
        logger.setLevel(_own_levels[name])


_LOGGING = ("rasterio", "pyogrio", "fsspec")
"""Packages that log the addresses they open."""


class _Redacting(logging.Filter):
    """Takes secrets out of records."""

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        if (told := redact(said)) != said:
            record.msg, record.args = told, ()
        if record.exc_info:
            clean(record.exc_info[1])
        return True


_redacting = _Redacting()


def redact_logs() -> None:
    """Let what the packages below log be logged without secrets."""
    for name in list(logging.root.manager.loggerDict):
        if name.partition(".")[0] in _LOGGING:
            logging.getLogger(name).addFilter(_redacting)  # once: a filter that is there is not added again
