"""Functions of other languages where a verb calls a function of its own accord, with numbers and for numbers."""

from __future__ import annotations

from importlib import import_module
from typing import Any


def callable_of(fun: Any) -> Any:
    """`fun`, or what calls it with an array where it is a function of R that rpy2 holds."""
    if callable(fun) and type(fun).__module__.partition(".")[0] == "rpy2":
        return import_module("pyterra.rbridge.functions").NumberFunction(fun)
    return fun
