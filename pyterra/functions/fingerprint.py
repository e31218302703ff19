"""What a result is computed from, as a short text: values, rasters and the state of their files, functions."""

from __future__ import annotations

import dis
import functools
import hashlib
import os
import re
import sys
import sysconfig
import types
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from os import PathLike, fspath
from pathlib import Path
from typing import Any

import numpy as np

from pyterra.errors import ArgumentError
from pyterra.functions.udf import Function

_INSTALLED = (
    str(Path(__file__).parents[1]),
    "<frozen ",
    *sorted(
        str(place)
        for kind in ("stdlib", "purelib", "platlib")
        for path in [Path(sysconfig.get_path(kind))]
        for place in {path, path.resolve()}  # an environment may be reached by a link
    ),
)
"""Where the code of installed packages lies."""

_ON_A_SERVER = re.compile(r"[a-z0-9+]+://|/vsi(curl|s3|gs|az|adls|oss|swift|hdfs|webhdfs)", re.IGNORECASE)


def fingerprint(*values: Any) -> str:
    """Return a text that differs where what a result is computed from differs.

    Parameters
    ----------
    *values
        Numbers, texts, paths (their names), dates, arrays, tables, geometries; rasters and vectors: their values in
        memory, or the state of their files, and all that is done with them; functions: their code, defaults, and the
        values and functions that they use; objects that pickle; lists, tuples, sets, dicts and dataclasses of these.

    Returns
    -------
    str
        32 hexadecimal digits; the same in every process of one version of Python, and on every machine where no
        local file is among the sources.

    Raises
    ------
    ArgumentError
        For a value of which nothing fixed is known, such as an open file.

    Notes
    -----
    Functions of installed packages and of pyterra count by name and version, those of scripts and notebooks by their
    code. Sources on servers count by their address.

    Examples
    --------
    >>> from pyterra.tiles import fingerprint
    >>> fingerprint({"years": [2000, 2022], "rule": 2}) == fingerprint({"rule": 2, "years": (2000, 2022)})
    True
    >>> fingerprint(lambda v: v + 1) == fingerprint(lambda v: v + 2)
    False
    """
    return _Walk().digest(values).hex()


class _Walk:
    """Digests of values; what is met again, such as a node that is used twice, is looked at once."""

    def __init__(self) -> None:
        self._known: dict[int, bytes] = {}
        self._kept: list[Any] = []  # ids stay theirs while they are remembered

    def digest(self, value: Any) -> bytes:
        known = self._known.get(id(value))
        if known is None:
            self._known[id(value)] = b"again"  # what holds itself, such as a recursive function
            known = hashlib.blake2b(self._parts(value), digest_size=16).digest()
            self._known[id(value)] = known
            self._kept.append(value)
        return known

    def _joined(self, kind: str, *parts: Any) -> bytes:
        return b"\0".join([kind.encode(), *(self.digest(part) for part in parts)])

    def _parts(self, value: Any) -> bytes:
        if value is None or isinstance(value, bool | np.bool_):
            return f"{value}".encode()
        if isinstance(value, int | float | complex | np.number):
            return f"number {getattr(value, 'item', lambda: value)()!r}".encode()
        if isinstance(value, str | PathLike):
            return f"text {fspath(value)}".encode()
        if isinstance(value, bytes | bytearray | memoryview):
            return b"bytes " + bytes(value)
        if isinstance(value, list | tuple):
            return self._joined("list", *value)
        if isinstance(value, set | frozenset):
            return b"set " + b"".join(sorted(self.digest(item) for item in value))
        if isinstance(value, Mapping):
            return b"dict " + b"".join(sorted(self.digest(k) + self.digest(v) for k, v in value.items()))
        if isinstance(value, np.ndarray | np.generic):
            return self._array(np.asarray(value))
        if isinstance(value, types.ModuleType):
            return f"module {value.__name__} {getattr(value, '__version__', '')}".encode()
        if callable(value) and (found := self._function(value)) is not None:
            return found
        return self._object(value)

    def _array(self, array: np.ndarray) -> bytes:
        if array.dtype.hasobject:
            return self._joined("objects", array.shape, array.ravel().tolist())
        return f"array {array.dtype.str} {array.shape} ".encode() + array.tobytes()

    def _function(self, value: Callable[..., Any]) -> bytes | None:
        if isinstance(value, functools.partial):
            return self._joined("partial", value.func, value.args, value.keywords)
        if isinstance(value, types.MethodType):
            return self._joined("method", value.__func__, value.__self__)
        plain = getattr(value, "py_func", value)  # of numba
        if isinstance(plain, types.FunctionType) and not _installed(plain):
            return self._joined(
                "function",
                self._code(plain.__code__),
                plain.__defaults__,
                plain.__kwdefaults__,
                [_content(cell) for cell in plain.__closure__ or ()],
                {k: plain.__globals__[k] for k in _globals(plain.__code__) if k in plain.__globals__},
            )
        if isinstance(value, type) and not _installed(value):
            own = {
                k: v for k, v in vars(value).items() if isinstance(v, types.FunctionType | int | float | str)
            }
            return self._joined("class", value.__qualname__, value.__bases__, own)
        named = isinstance(plain, types.FunctionType | types.BuiltinFunctionType | type | np.ufunc)
        return _named(plain) if named else None

    def _code(self, code: types.CodeType) -> bytes:
        """What a function does: where it stands, and the names of its lines, play no part."""
        constants = [self._code(c) if isinstance(c, types.CodeType) else c for c in code.co_consts]
        return self._joined(
            "code", code.co_code, constants, code.co_names, code.co_varnames, code.co_freevars
        )

    def _object(self, value: Any) -> bytes:
        kind = f"{type(value).__module__}.{type(value).__qualname__}"
        for inside in ("_node", "_table"):  # of rasters, of vectors
            if hasattr(value, inside):
                return self._joined(inside, getattr(value, inside))
        if hasattr(value, "to_wkb"):  # geometries, before the frames that hold them
            return self._joined(kind, value.to_wkb(), getattr(value, "crs", None))
        if hasattr(value, "to_dict") and hasattr(value, "to_numpy"):
            return self._joined(kind, *_columns(value))
        for text in ("wkb", "isoformat", "to_wkt"):
            if hasattr(value, text):
                told = getattr(value, text)
                return self._joined(kind, told() if callable(told) else told)
        if is_dataclass(value):
            if getattr(value, "state", "") is None and not _ON_A_SERVER.match(getattr(value, "path", "")):
                return self._joined(kind, os.urandom(16))  # it may have changed, and nobody could tell
            return self._joined(kind, [getattr(value, field.name) for field in fields(value)])
        if isinstance(value, Function):
            return self._joined("call", value.call, value.arguments)
        return self._joined(kind, type(value), _pickled(value))


def _columns(table: Any) -> list[Any]:
    """Columns of a table, or the values of one."""
    if hasattr(table, "columns"):
        return [part for name in table.columns for part in (str(name), table[name].to_numpy())]
    return [table.to_numpy()]


def _pickled(value: Any) -> bytes:
    from numba import cloudpickle

    try:
        data: bytes = cloudpickle.dumps(value)
    except Exception as error:
        raise ArgumentError(
            f"fingerprint: nothing fixed is known of a {type(value).__name__} ({error}); pass what it stands for"
        ) from error
    return data


def _content(cell: types.CellType) -> Any:
    try:
        return cell.cell_contents
    except ValueError:
        return "empty"


def _globals(code: types.CodeType) -> set[str]:
    """Names that a function, or one inside it, looks up in its module."""
    names = {i.argval for i in dis.get_instructions(code) if i.opname in ("LOAD_GLOBAL", "LOAD_NAME")}
    inner = (c for c in code.co_consts if isinstance(c, types.CodeType))
    return names.union(*(_globals(c) for c in inner))


def _installed(value: Any) -> bool:
    """Whether a function or class belongs to pyterra or to an installed package, which count by name and version."""
    if isinstance(value, types.FunctionType):
        return value.__code__.co_filename.startswith(_INSTALLED)
    module = sys.modules.get(getattr(value, "__module__", None) or "")
    file = getattr(module, "__file__", None)
    built_in = file is None and getattr(module, "__name__", "__main__") != "__main__"
    return built_in or str(file).startswith(_INSTALLED)


def _named(value: Any) -> bytes:
    module = getattr(value, "__module__", None) or ""
    root = sys.modules.get(module.partition(".")[0])
    name = getattr(value, "__qualname__", getattr(value, "__name__", repr(value)))
    return f"named {module}.{name} {getattr(root, '__version__', '')}".encode()
