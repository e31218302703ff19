"""The R session of this process: functions by name, arguments as data, errors and warnings as Python's."""

from __future__ import annotations

import contextlib
import re
import signal
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyterra.errors import ArgumentError, RError, RWarning, warn
from pyterra.forks import renewed
from pyterra.rbridge import memory, stack
from pyterra.rbridge.start import hosted, start

FOLDER = Path(__file__).parent / "R"
"""The R code of the bridge."""

_lock = renewed(threading.Lock())
_session: Session | None = None


def session() -> Session:
    """The R session, started when first asked for.

    Raises
    ------
    ImportError
        Where R or rpy2 is missing, or they do not fit together; says what to do.
    """
    global _session
    if _session is not None:
        return _session
    with _lock:
        if _session is None:
            _session = Session(start())
        return _session


class Session:
    """A running R. Everything may be called from any thread; one thread at a time is in R.

    Objects of R are looked into by `parts`, `doubles` and `texts` alone, which hold the lock: rpy2 itself guards
    ``sexp[i]`` by another lock, which R's callbacks may wait for while this one is held.

    Parameters
    ----------
    rinterface : module
        ``rpy2.rinterface``, with R started.
    """

    def __init__(self, rinterface: Any) -> None:
        self.rinterface = rinterface
        self.lock: threading.RLock = rinterface.openrlib.rlock
        """Held by whoever is in R."""
        self.hosted = hosted()
        """Whether R hosts this Python, by reticulate."""
        self._functions: dict[str, Any] = {}
        with self.lock:
            self.environment = self._sourced()
            self._guarded = self.environment["guarded"]
            self._find = self.environment["guard_function"]
        if not self.hosted:
            self.call("guard_against_reticulate")

    def _sourced(self) -> Any:
        """A new environment with the R code of the bridge. It does not see what the user defines or attaches."""
        base = self.rinterface.baseenv
        stats = base["as.environment"]("package:stats")
        environment = base["new.env"](parent=stats)
        for path in sorted(FOLDER.glob("bridge_*.R")):
            base["sys.source"](str(path), envir=environment)
        return environment

    def call(self, name: str, *arguments: Any, **named: Any) -> Any:
        """Call an R function by its name.

        Parameters
        ----------
        name : str
            A function of the bridge or of base R, or ``package::name``.
        *arguments, **named
            R objects, or what `to_r` takes.

        Returns
        -------
        rpy2.rinterface.Sexp

        Raises
        ------
        RError
            With R's message and call.

        Warns
        -----
        RWarning
            For each warning of R. Messages of R go to stderr.
        """
        return self.apply(self.function(name), *arguments, **named)

    def apply(self, function: Any, *arguments: Any, **named: Any) -> Any:
        """Call an R function; as `call`."""
        with self._entered(), self._interruptible():
            values: list[tuple[str | None, Any]] = [(None, self.to_r(value)) for value in arguments]
            values += [(_checked(name), self.to_r(value)) for name, value in named.items()]
            answer = self._guarded.rcall([(None, function), *values], environment=self.environment)
            value, failure, *said = self.parts(answer)
            failed, warned, told = (self.texts(part) for part in (failure, *said))
        if told:
            sys.stderr.write("".join(str(text) for text in told))
        for text in warned:
            warn(f"R: {text}", RWarning)
        if failed == ["interrupt"]:  # R itself took the signal, as it does while it sleeps
            raise KeyboardInterrupt
        if failed:
            raise RError(*_told(str(failed[0]), str(failed[1])))
        return value

    @contextlib.contextmanager
    def _entered(self) -> Iterator[None]:
        """Hold the lock, with R's checks on the stack of this thread."""
        with (
            self.lock,
            contextlib.nullcontext() if self.hosted else stack.guarded(self.rinterface.openrlib.rlib),
        ):
            yield

    @contextlib.contextmanager
    def _interruptible(self) -> Iterator[None]:
        """Let Ctrl-C stop R where it looks for it, and be taken by Python when R has come back.

        R calls Python now and then, to print and to look for events; an exception raised there would be lost.
        """
        handler = signal.getsignal(signal.SIGINT)
        main = threading.current_thread() is threading.main_thread()
        if self.hosted or not main or not callable(handler):
            yield
            return
        library = self.rinterface.openrlib.rlib
        caught: list[tuple[int, Any]] = []

        def note(number: int, frame: Any) -> None:
            caught.append((number, frame))
            library.R_interrupts_pending = 1

        signal.signal(signal.SIGINT, note)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, handler)
            if caught:
                library.R_interrupts_pending = 0
                handler(*caught[0])

    def function(self, name: str) -> Any:
        """An R function by its name, as in `call`."""
        known = self._functions.get(name)
        if known is None:
            known = self._functions[name] = self.apply(self._find, name, self.environment)
        return known

    # Values

    def doubles(self, sexp: Any) -> NDArray[np.float64]:
        """The numbers of an R vector or matrix, read-only.

        Doubles are a view on R's memory, which lives as long as the array, its slices and transposes do; a matrix is
        in Fortran order. Integers and logicals are copied, with NA as NaN.
        """
        with self.lock:
            return memory.doubles(self.rinterface, sexp)

    def parts(self, sexp: Any) -> list[Any]:
        """The members of an R list."""
        with self.lock:
            return [sexp[i] for i in range(len(sexp))]

    def vector(self, array: Any) -> Any:
        """An R double vector, or matrix of the same rows and columns, with a copy of the numbers."""
        with self.lock:
            return memory.vector(self.rinterface, array)

    def texts(self, sexp: Any) -> list[str | None]:
        """The strings of an R character vector; None for NA. NULL is an empty list."""
        rinterface = self.rinterface
        if sexp is None or isinstance(sexp, rinterface.NULLType):
            return []
        if not isinstance(sexp, rinterface.StrSexpVector):
            raise TypeError(f"must be an R character vector, got {type(sexp).__name__}")
        missing = rinterface.NA_Character
        with self.lock:
            return [None if text is missing else text for text in (sexp[i] for i in range(len(sexp)))]

    def text(self, sexp: Any) -> str | None:
        """The first string of an R character vector; None for NA or nothing."""
        found = self.texts(sexp)
        return found[0] if found else None

    def number(self, sexp: Any) -> float:
        """The first number of an R vector; NaN for NA or nothing."""
        found = self.doubles(sexp)
        return float(found.flat[0]) if found.size else float("nan")

    def to_r(self, value: Any) -> Any:
        """An R object for a Python value.

        None is NULL; bool, int, float and str are vectors of one; lists are character, logical or double vectors (None
        is NA), or else lists; mappings are named lists; arrays of numbers are double vectors or matrices. R objects
        stay what they are.

        Raises
        ------
        ArgumentError
            For anything else, and for text that R cannot hold.
        """
        with self.lock:
            return self._to_r(value)

    def _to_r(self, value: Any) -> Any:
        rinterface = self.rinterface
        if isinstance(value, rinterface.Sexp):
            return value
        if value is None:
            return rinterface.NULL
        if isinstance(value, bool | np.bool_):
            return rinterface.BoolSexpVector([bool(value)])
        if isinstance(value, int | np.integer):
            whole = int(value)
            small = abs(whole) < 2**31
            return rinterface.IntSexpVector([whole]) if small else rinterface.FloatSexpVector([float(whole)])
        if isinstance(value, float | np.floating):
            return rinterface.FloatSexpVector([float(value)])
        if isinstance(value, str):
            return rinterface.StrSexpVector([_checked(value)])
        if isinstance(value, Mapping):
            return self._named(value)
        if isinstance(value, np.ndarray):
            return self._array(value)
        if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
            return self._sequence(list(value))
        raise ArgumentError(
            f"R: cannot hand over a {type(value).__name__}; give numbers, text or an R object"
        )

    def _array(self, value: NDArray[Any]) -> Any:
        if value.dtype.kind in "iuf":
            return self.vector(value)
        if value.dtype.kind == "b" and value.ndim == 1:
            return self.rinterface.BoolSexpVector(value.tolist())
        if value.dtype.kind in "UO" and value.ndim == 1:
            return self._sequence(value.tolist())
        raise ArgumentError(f"R: cannot hand over an array of {value.dtype} in {value.ndim} dimensions")

    def _sequence(self, values: list[Any]) -> Any:
        rinterface = self.rinterface
        known = [v for v in values if v is not None]
        if known and all(isinstance(v, str) for v in known):
            return rinterface.StrSexpVector([None if v is None else _checked(v) for v in values])
        if known and all(isinstance(v, bool | np.bool_) for v in known):
            missing = rinterface.NA_Logical
            return rinterface.BoolSexpVector([missing if v is None else bool(v) for v in values])
        if known and all(
            isinstance(v, int | float | np.integer | np.floating) and not isinstance(v, bool) for v in known
        ):
            return self.vector([np.nan if v is None else float(v) for v in values])
        return rinterface.ListSexpVector([self.to_r(v) for v in values])

    def _named(self, values: Mapping[Any, Any]) -> Any:
        rinterface = self.rinterface
        out = rinterface.ListSexpVector([self.to_r(v) for v in values.values()])
        out.names = rinterface.StrSexpVector([_checked(str(name)) for name in values])
        return out


def _told(message: str, call: str) -> tuple[str, str]:
    """An error of R; what says nothing to users is said in other words."""
    package = re.search(r"there is no package called [‘'](.+?)[’']", message)
    if package:
        name = package.group(1)
        return (
            f"the package {name} is needed, and not installed in R; use install.packages({name!r}) in R (Debian: "
            f"apt install r-cran-{name.lower()})"
        ), ""
    if re.search(r"NULL value passed as symbol address|external pointer is not valid", message):
        return (
            "the object is of a session of R that has ended, and empty now; save objects of terra by terra's own "
            "saveRDS(), or as wrap(x)"
        ), ""
    return message, call


def _checked(text: str) -> str:
    """Text that R can hold."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise ArgumentError(f"R: text must be valid unicode, got {text!r}") from error
    if "\0" in text:
        raise ArgumentError(f"R: text must not hold a zero character, got {text!r}")
    return text
