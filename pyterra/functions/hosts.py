"""Functions of other languages where a verb calls a function of its own accord, with numbers and for numbers."""

from __future__ import annotations

from typing import Any

from pyterra.bridge import of_r


def callable_of(fun: Any) -> Any:
    """`fun`, or what calls it with an array where it is a function of R that rpy2 holds."""
    if callable(fun) and type(fun).__module__.partition(".")[0] == "rpy2":
        return of_r("functions").NumberFunction(fun)
    return fun
