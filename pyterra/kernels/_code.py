"""What the machine code of a kernel depends on: its own code, and the code and constants of all that it reaches.

numba freezes constants of modules and the kernels that are called into the code of the caller, in whichever file they
stand. A digest over all of them tells whether what was compiled once is still what would be compiled now.
"""

from __future__ import annotations

import hashlib
import sys
import types
from collections.abc import Mapping
from typing import Any

import numpy as np

VERSIONED = {"numba", "numpy", "llvmlite"} | sys.stdlib_module_names
"""Packages whose functions their version tells."""


def digest(*values: Any) -> str:
    """A text of 64 characters that tells values apart, and functions by all that they reach; the same in any process.

    Raises
    ------
    TypeError
        Where a value has no form that two processes would write alike.

    Examples
    --------
    >>> digest(1) == digest(1), digest(1) == digest(1.0)
    (True, False)
    """
    told = _Told()
    told.add(values)
    return hashlib.sha256("\0".join(told.parts).encode(errors="surrogatepass")).hexdigest()


class _Told:
    """Parts that tell values; the order of sets, addresses, and lines of the source are none of them."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self._seen: set[int] = set()

    def add(self, value: Any) -> None:
        """Tell one more value."""
        self.parts.append(type(value).__name__)
        match value:
            case (
                None
                | types.EllipsisType()
                | bool()
                | int()
                | float()
                | complex()
                | str()
                | bytes()
                | np.generic()
            ):
                self.parts.append(repr(value))
            case tuple() | list():
                self.parts.append(str(len(value)))
                for item in value:
                    self.add(item)
            case set() | frozenset():
                self.parts += sorted(map(repr, value))
            case Mapping():
                for key in sorted(value, key=repr):
                    self.add((key, value[key]))
            case np.ndarray():
                self.parts += (value.dtype.str, str(value.shape), value.tobytes().hex())
            case types.ModuleType():
                self.parts.append(value.__name__)
            case types.CodeType():
                self._add_code(value)
            case types.FunctionType():
                self._add_function(value)
            case _:
                self._add_object(value)

    def _add_object(self, value: Any) -> None:
        """A kernel, an intrinsic of numba's, or what stands in a module under a name."""
        function = getattr(value, "py_func", None) or getattr(value, "_defn", None)
        name = getattr(value, "__qualname__", None) or getattr(value, "__name__", None)
        if isinstance(function, types.FunctionType):
            compiler = getattr(getattr(value, "_compiler", None), "pipeline_class", None)
            self.add((getattr(value, "targetoptions", None), getattr(compiler, "__name__", None)))
            self._add_function(function)
        elif isinstance(name, str):
            self.parts.append(f"{getattr(value, '__module__', '')}.{name}")
        else:
            kind = type(value)
            raise TypeError(f"digest: {kind.__module__}.{kind.__qualname__} is no constant of a kernel")

    def _add_function(self, function: types.FunctionType) -> None:
        """A function and all it reaches, or its name where it was told before or a version tells it."""
        self.parts.append(f"{function.__module__}.{function.__qualname__}")
        if id(function) in self._seen or function.__module__.partition(".")[0] in VERSIONED:
            return
        self._seen.add(id(function))
        self._add_code(function.__code__)
        self.add((function.__defaults__, function.__kwdefaults__))
        self.add([cell.cell_contents for cell in function.__closure__ or ()])
        known = function.__globals__
        for name in sorted(_names(function.__code__) & known.keys()):
            self.parts.append(name)
            self.add(known[name])

    def _add_code(self, code: types.CodeType) -> None:
        counts = (code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount, code.co_flags)
        names = (code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars)
        self.parts.append(repr((code.co_code, counts, names)))
        self.add(code.co_consts)


def _names(code: types.CodeType) -> set[str]:
    """Names that may be those of the module: of attributes too, which does no harm."""
    inner = [_names(constant) for constant in code.co_consts if isinstance(constant, types.CodeType)]
    return set(code.co_names).union(*inner)
