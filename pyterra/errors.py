"""Every error that pyterra raises on purpose.

Each is also a builtin, so that code which knows nothing of pyterra can still catch it::

    PyterraError
    ├── ArgumentError          (ValueError)     an argument is outside what the verb takes
    │   └── UnknownArgumentError  (TypeError)   a verb has no argument of that name
    ├── GridMismatchError      (ValueError)     two rasters do not share a grid
    ├── CRSMismatchError       (ValueError)     two inputs have different coordinate reference systems
    ├── ExtentError            (ValueError)     extents do not overlap, or an extent is empty
    ├── LayerError             (KeyError)       no such layer
    ├── ColumnError            (KeyError)       no such attribute of a vector
    ├── NoValuesError          (ValueError)     the raster has a grid but no cell values
    ├── TooLargeError          (MemoryError)    the result would not fit where it was asked for
    │   └── MemoryBudgetError                   a plan does not fit the memory budget
    ├── SourceError            (OSError)        a source cannot be used
    │   ├── ReadError                           a window of a source could not be read
    │   └── SourceChangedError                  a source is not what it was when the raster was defined
    ├── SinkError              (OSError)        a result cannot be written
    │   ├── OutputExistsError  (FileExistsError)
    │   ├── OutputLockedError                   another writer is at work on the same path
    │   └── WriteError                          bytes were lost on the way to the disk
    ├── ValueRangeError        (ValueError)     values do not fit the datatype of the file
    ├── UDFError               (RuntimeError)   a user's function failed; says where
    ├── RError                 (RuntimeError)   R stopped with an error
    └── JobError               (RuntimeError)   a job of many tiles ended with failures

A text says what must hold, what came, and what to do: ``focal: w must be odd, got 4; use 3 or 5``.
"""

from __future__ import annotations

import re
import sys
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from pyterra.packages import difflib
from pyterra.printed import printable
from pyterra.redact import clean, redact


def near_names(name: object, names: Iterable[object], most: int = 12) -> str:
    """A hint for an unknown name, to follow the text of an error: near matches, or what there is."""
    known = list(dict.fromkeys(str(n) for n in names))
    near = difflib.get_close_matches(str(name), known, n=3)
    if near:
        return f"; did you mean {' or '.join(map(repr, near))}?"
    return (
        f"; there are {', '.join(known[:most])}{' ...' if len(known) > most else ''}"
        if known
        else "; there are none"
    )


class _WithoutSecrets:
    """Whatever is said, and the error from which it comes, is said without secrets, and moves no cursor."""

    def __init__(self, *said: object) -> None:
        clean(sys.exception())
        super().__init__(
            *(printable(redact(one), lines=True) if isinstance(one, str) else one for one in said)
        )


class PyterraError(_WithoutSecrets, Exception):
    """Base of all errors raised by pyterra on purpose."""


class PyterraWarning(_WithoutSecrets, UserWarning):
    """Base of all warnings given by pyterra."""


class RWarning(PyterraWarning):
    """A warning of R."""


class ArgumentError(PyterraError, ValueError):
    """An argument is outside what the verb takes."""


class UnknownArgumentError(ArgumentError, TypeError):
    """A verb has no argument of that name."""


class GridMismatchError(PyterraError, ValueError):
    """Two rasters do not share extent, rows and columns."""


class CRSMismatchError(PyterraError, ValueError):
    """Two inputs have different coordinate reference systems."""


class ExtentError(PyterraError, ValueError):
    """Extents do not overlap, or an extent is empty or malformed."""


class LayerError(PyterraError, KeyError):
    """No layer of that name or number."""

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


class ColumnError(PyterraError, KeyError):
    """A vector has no attribute of that name."""

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


class NoValuesError(PyterraError, ValueError):
    """The raster has a grid but no cell values."""


class TooLargeError(PyterraError, MemoryError):
    """The result would not fit where it was asked for."""


class MemoryBudgetError(TooLargeError):
    """A plan does not fit the memory budget."""


class SourceError(PyterraError, OSError):
    """A source cannot be used."""


class ReadError(SourceError):
    """A window of a source could not be read."""


class SourceChangedError(SourceError):
    """A source is not what it was when the raster was defined."""


class SinkError(PyterraError, OSError):
    """A result cannot be written."""


class OutputExistsError(SinkError, FileExistsError):
    """The output exists and ``overwrite`` is False."""


class OutputLockedError(SinkError):
    """Another writer is at work on the same path."""


class WriteError(SinkError):
    """Bytes were lost on the way to the disk."""


class ValueRangeError(PyterraError, ValueError):
    """Values do not fit the datatype of the file."""


class UDFError(PyterraError, RuntimeError):
    """A user's function failed; the text says in which block and how."""


class RError(PyterraError, RuntimeError):
    """R stopped with an error.

    Parameters
    ----------
    message : str
        What R said.
    call : str
        The call in which it happened, where R knows it.
    """

    def __init__(self, message: str, call: str = "") -> None:
        super().__init__(message, call)
        self.message, self.call = redact(message), redact(call)

    def __str__(self) -> str:
        return f"R: {self.message.strip()}" + (f" (in {self.call})" if self.call else "")


class JobError(PyterraError, RuntimeError):
    """A job of many tiles ended with failures."""


@contextmanager
def said_by(verb: str) -> Iterator[None]:
    """Errors about files name the verb that was called, not the one that it uses."""
    try:
        yield
    except (SourceError, SinkError) as error:
        text = re.sub(r"^(rast|vect|write): ", f"{verb}: ", str(error))
        if text == str(error):
            raise
        raise type(error)(text) from error.__cause__


def warn(text: str, category: type[PyterraWarning] = PyterraWarning) -> None:
    """Warn about the line outside of pyterra from which it was called, whatever lies between."""
    level, frame = 1, sys._getframe()
    while frame.f_back is not None and frame.f_globals.get("__name__", "").partition(".")[0] == "pyterra":
        level, frame = level + 1, frame.f_back
    warnings.warn(text, category, stacklevel=level)
