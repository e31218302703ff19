"""R functions in verbs, called once per block."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from pyterra.errors import PyterraError
from pyterra.expr import Array
from pyterra.functions.foreign import Calling
from pyterra.rbridge.session import session

BY_CELL = ("each", "parts")
"""Ways in which R has a column for each cell."""


def owned(numbers: Array) -> Array:
    """A copy in Python's memory, with one NaN for all that is missing: numpy warns when it computes with R's NA."""
    out = np.array(numbers, dtype=np.float64, order="C")
    np.copyto(out, np.nan, where=np.isnan(out))
    return out


class _Foreign:
    """What R functions of both hosts have in common."""

    foreign = "R function"

    def __reduce__(self) -> Any:
        raise PyterraError(
            "an R function cannot be sent to other processes: it lives in the R session of this one; use "
            "options(executor='threads')"
        )


class RFunction(_Foreign):
    """A function of the R that rpy2 runs.

    Parameters
    ----------
    function : rpy2.rinterface.SexpClosure
        Also a function of ``rpy2.robjects``.
    arguments : mapping, optional
        Further arguments for it.
    """

    def __init__(self, function: Any, arguments: Mapping[str, Any] | None = None) -> None:
        self.function = function
        self._call = session().call("bridge_function", function, **(arguments or {}))

    def bound(self, arguments: Mapping[str, Any]) -> RFunction:
        return RFunction(self.function, arguments) if arguments else self

    def on_raster(self, x: Any, arguments: Mapping[str, Any]) -> Any:
        from pyterra.rbridge.convert import from_r, to_r

        return from_r(session().apply(self.function, to_r(x), **arguments))

    def __call__(self, calling: Calling, values: Array, names: Sequence[str]) -> tuple[Array, list[str]]:
        r = session()
        by_cell = calling in BY_CELL
        matrix = r.vector(values if by_cell else values.T)
        found, labels = r.parts(r.apply(self._call, calling, matrix, list(names) or None))
        numbers = r.doubles(found)
        numbers = np.atleast_2d(numbers) if by_cell else numbers.T
        return owned(numbers), [text or "" for text in r.texts(labels)]


class NumberFunction(_Foreign):
    """A function of the R that rpy2 runs, for verbs that call it with the values of a group, a zone or a layer."""

    def __init__(self, function: Any) -> None:
        self._function = function

    def __call__(self, values: Any, **arguments: Any) -> Any:
        r = session()
        if "na_rm" in arguments:
            arguments["na.rm"] = arguments.pop("na_rm")
        found = r.apply(self._function, r.vector(np.ravel(np.asarray(values, np.float64))), **arguments)
        r.call("bridge_numbers", found)
        numbers = owned(r.doubles(found)).ravel()
        return float(numbers[0]) if numbers.size == 1 else numbers


class HostFunction(_Foreign):
    """A function of the R that hosts this Python, by reticulate.

    Parameters
    ----------
    call : callable
        What ``bridge_function(f, ...)`` gives in R, as ``call(calling, values, names) -> (numbers, labels)`` with arrays.
    """

    def __init__(self, call: Callable[[str, Array, list[str]], tuple[Any, Any]]) -> None:
        self._call = call

    def bound(self, arguments: Mapping[str, Any]) -> HostFunction:
        if arguments:
            given = ", ".join(arguments)
            raise PyterraError(
                f"R: {given} cannot be handed to a function of R from here; write it into the function"
            )
        return self

    def on_raster(self, x: Any, arguments: Mapping[str, Any]) -> Any:
        raise PyterraError("sapp: a function of R must be applied in R, to one layer after the other")

    def __call__(self, calling: Calling, values: Array, names: Sequence[str]) -> tuple[Array, list[str]]:
        by_cell = calling in BY_CELL
        matrix = np.asarray(values if by_cell else values.T, dtype=np.float64)
        numbers, labels = self._call(calling, matrix, list(names))
        numbers = np.asarray(numbers, dtype=np.float64)
        numbers = np.atleast_2d(numbers) if by_cell else numbers.reshape(len(matrix), -1).T
        return owned(numbers), [labels] if isinstance(labels, str) else list(labels or ())
