"""Users' functions: compiled where numba can, else numpy over the block, else Python cell by cell on processes."""

from __future__ import annotations

import functools
import inspect
import pickle
import threading
import warnings
import weakref
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from pyterra.errors import ArgumentError, UDFError
from pyterra.expr import Array
from pyterra.forks import renewed
from pyterra.frozen import dataclass

_TILE = 256


class Function:
    """A user's function with its fixed arguments. Pickles also when it is a lambda or lives in a script."""

    __slots__ = ("__weakref__", "arguments", "call")

    def __init__(self, call: Callable[..., Any], arguments: Mapping[str, Any] | None = None) -> None:
        if not callable(call):
            raise ArgumentError(
                f"fun: must be the name of a built-in or a function, got {type(call).__name__}"
            )
        self.call = call
        self.arguments = dict(arguments or {})

    def __call__(self, *values: Any, **named: Any) -> Any:
        return self.call(*values, **named, **self.arguments)

    @property
    def name(self) -> str:
        """Name for messages."""
        return getattr(self.call, "__name__", type(self.call).__name__)

    def __reduce__(self) -> tuple[Any, ...]:
        try:
            data = pickle.dumps(self.call)
            if b"__main__" not in data:
                return Function, (self.call, self.arguments)
        except (pickle.PicklingError, AttributeError, TypeError):
            pass
        from numba import cloudpickle

        return _revive, (cloudpickle.dumps(self.call), self.arguments)


def _revive(data: bytes, arguments: dict[str, Any]) -> Function:
    return Function(pickle.loads(data), arguments)


def is_numpy_reduction(function: Callable[..., Any]) -> bool:
    """Whether a function is numpy's own and takes an axis, such as ``np.mean``."""
    module = getattr(function, "__module__", None) or ""
    if module.split(".")[0] != "numpy":
        return False
    if isinstance(function, np.ufunc):
        return False
    try:
        return "axis" in inspect.signature(function).parameters
    except (TypeError, ValueError):
        return False


# Compiling

_REMEMBERED = 256
_lock = renewed(threading.RLock())
_compiled: weakref.WeakKeyDictionary[Any, dict[Any, Any]] = weakref.WeakKeyDictionary()
"""What a function became, by the function and what it is called with."""
_of_same_code: OrderedDict[tuple[str, str], Any] = OrderedDict()
"""The same by what it computes, so that a function written once and made many times is compiled once."""


def dispatcher(function: Function, signature: str) -> Any | None:
    """The numba dispatcher of a function for arguments of a numba signature, or None where it cannot be typed."""
    from numba.core.errors import NumbaWarning

    key = (signature, tuple(sorted((k, repr(v)) for k, v in function.arguments.items())))
    with _lock, warnings.catch_warnings():
        warnings.simplefilter("ignore", NumbaWarning)
        try:
            known = _compiled.setdefault(function.call, {})
        except TypeError:
            known = {}
        if key not in known:
            known[key] = _typed_once(function, signature)
        return known[key]


def _typed_once(function: Function, signature: str) -> Any | None:
    """As `_typed`; once for all functions of the same code, defaults, captured values and fixed arguments."""
    from pyterra.functions.fingerprint import fingerprint

    if hasattr(
        function.call, "py_func"
    ):  # compiled by the user, with options of which its code does not tell
        return _typed(function, signature)
    try:
        same = (fingerprint(function), signature)
    except ArgumentError:  # it holds what nothing fixed is known of
        return _typed(function, signature)
    if same not in _of_same_code:
        _of_same_code[same] = _typed(function, signature)
        if len(_of_same_code) > _REMEMBERED:
            _of_same_code.popitem(last=False)
    _of_same_code.move_to_end(same)
    return _of_same_code[same]


def _typed(function: Function, signature: str) -> Any | None:
    """The compiled function, or None where the compiler cannot type it."""
    import numba

    try:
        plain = function.call if hasattr(function.call, "py_func") else numba.njit(nogil=True)(function.call)
        bound = _bind(plain, function)
        bound.compile(signature)
    except Exception:  # whatever the compiler says of code that is not for it: Python runs it
        return None
    return bound


def _bind(plain: Any, function: Function) -> Any:
    """A dispatcher of the values alone, with the fixed arguments in their places."""
    if not function.arguments:
        return plain
    import numba

    parameters = list(inspect.signature(getattr(plain, "py_func", plain)).parameters.values())
    names = [p.name for p in parameters]
    values = [
        n for n in names if n not in function.arguments and parameters[names.index(n)].default is p_empty
    ]
    count = len(values)
    rest = tuple(function.arguments.get(n, parameters[i].default) for i, n in enumerate(names) if i >= count)
    if names[:count] != values or any(v is p_empty for v in rest):
        raise TypeError("fixed arguments must follow the values")
    if count == 1:
        return numba.njit(nogil=True)(lambda v: plain(v, *rest))
    if count == 2:
        return numba.njit(nogil=True)(lambda a, b: plain(a, b, *rest))
    raise TypeError("only functions of one or two values take fixed arguments when compiled")


p_empty = inspect.Parameter.empty


@functools.lru_cache(maxsize=256)
def _cell_loop(compiled: Any) -> Any:
    """A compiled loop that calls a compiled function with the layers of every cell."""
    import numba

    given = compiled.overloads[compiled.signatures[0]].signature.return_type
    if isinstance(given, numba.types.Number | numba.types.Boolean):

        @numba.njit(nogil=True)  # type: ignore[untyped-decorator]
        def loop(block: Array, out: Array) -> None:
            layers, cells = block.shape
            tile = np.empty((_TILE, layers), np.float64)
            for start in range(0, cells, _TILE):
                width = min(_TILE, cells - start)
                for layer in range(layers):
                    row = block[layer, start : start + width]
                    for k in range(width):
                        tile[k, layer] = row[k]
                for k in range(width):
                    out[0, start + k] = compiled(tile[k])

    else:

        @numba.njit(nogil=True)  # type: ignore[untyped-decorator]
        def loop(block: Array, out: Array) -> None:
            layers, cells = block.shape
            tile = np.empty((_TILE, layers), np.float64)
            for start in range(0, cells, _TILE):
                width = min(_TILE, cells - start)
                for layer in range(layers):
                    row = block[layer, start : start + width]
                    for k in range(width):
                        tile[k, layer] = row[k]
                for k in range(width):
                    result = compiled(tile[k])
                    if len(result) != out.shape[0]:
                        raise ValueError("the function gave another number of values than when it was tried")
                    for i in range(out.shape[0]):
                        out[i, start + k] = result[i]

    return loop


# Kernels


@dataclass(frozen=True)
class CompiledCells:
    """``fun(v)`` for the layers `v` of each cell, compiled."""

    function: Function
    count: int
    """Number of values the function gives."""
    dtype: np.dtype[Any]

    def __call__(self, block: Array) -> Array:
        compiled = dispatcher(self.function, "(float64[::1],)")
        if compiled is None:
            return PythonCells(self.function, self.count, self.dtype)(block)
        out = np.empty((self.count, block[0].size), self.dtype)
        _cell_loop(compiled)(block.reshape(len(block), -1), out)
        return out.reshape(self.count, *block.shape[1:])


@dataclass(frozen=True)
class PythonCells:
    """``fun(v)`` for the layers `v` of each cell, in Python."""

    function: Function
    count: int
    dtype: np.dtype[Any]

    def __call__(self, block: Array) -> Array:
        flat = block.reshape(len(block), -1)
        out = np.empty((self.count, flat.shape[1]), self.dtype)
        first, single, function = out[0], self.count == 1, self.function
        # Copied, as the function may write into it; a number is put down at once, which spares a quarter of the time.
        for k, values in enumerate(np.array(flat.T, np.float64, order="C")):
            result = function(values)
            if single and isinstance(result, float):
                first[k] = result
                continue
            result = np.ravel(result)
            if result.size != self.count:
                raise ValueError(
                    f"the function must give {self.count} values, as when it was tried, got {result.size} for cell {k} "
                    f"of the block with values {flat[:, k].astype(np.float64)}"
                )
            out[:, k] = result
        return out.reshape(self.count, *block.shape[1:])


@dataclass(frozen=True)
class BlockFunction:
    """``fun(block)`` for the whole block (layer, row, col)."""

    function: Function
    axis: bool = False
    """Whether to call with ``axis=0``."""

    def __call__(self, block: Array) -> Array:
        block = block.astype(np.float64)  # a copy: the function may write into it
        with np.errstate(all="ignore"), warnings.catch_warnings():
            if self.axis:
                warnings.simplefilter(
                    "ignore", RuntimeWarning
                )  # np.nanmean of nothing is NaN, which is what is meant
                out = np.asarray(self.function(block, axis=0))
            else:
                out = np.asarray(self.function(block))
        return out[None] if out.ndim == 2 else out


@dataclass(frozen=True)
class LayerArguments:
    """``fun(layer0, layer1, ...)``, one array (row, col) per layer; numpy."""

    function: Function
    names: tuple[str, ...] = ()
    """Layer names, when arguments go by name."""

    def __call__(self, block: Array) -> Array:
        layers = [layer.astype(np.float64) for layer in block]
        with np.errstate(all="ignore"):
            if self.names:
                return _as_block(self.function(**dict(zip(self.names, layers, strict=True))), block.shape[1:])
            return _as_block(self.function(*layers), block.shape[1:])


@dataclass(frozen=True)
class StackArguments:
    """``fun(block0, block1, ...)``, one block (layer, row, col) per raster of a stack; numpy."""

    function: Function
    groups: tuple[tuple[int, ...], ...]
    """The layers of each raster."""
    names: tuple[str, ...] = ()
    """Names of the rasters, when arguments go by name."""

    def __call__(self, block: Array) -> Array:
        parts = [block[list(group)].astype(np.float64) for group in self.groups]
        with np.errstate(all="ignore"):
            if self.names:
                return _as_block(self.function(**dict(zip(self.names, parts, strict=True))), block.shape[1:])
            return _as_block(self.function(*parts), block.shape[1:])


def _as_block(result: Any, shape: tuple[int, ...]) -> Array:
    """A function's result as (layer, row, col): an array, a number, or a list of them."""
    if isinstance(result, tuple | list):
        return np.stack([np.broadcast_to(np.asarray(part, dtype=np.float64), shape) for part in result])
    array = np.asarray(result)
    if array.ndim == 0:
        return np.broadcast_to(array, (1, *shape)).astype(np.float64)
    return array[None] if array.ndim == 2 else array


def numbers_from(function: Function, count: int, *values: Any) -> Array:
    """What a function gives, as so many numbers.

    Raises
    ------
    ValueError
        Where it gives another number of them.
    """
    result = np.ravel(function(*values))
    if result.size != count:
        raise ValueError(f"the function must give {count} values, as when it was tried, got {result.size}")
    return result


def try_out(function: Function, count: int, verb: str) -> tuple[int, bool, tuple[str, ...]]:
    """Number of values a cell function gives, whether it gives a plain number, and names if it tells them.

    The function is tried on the values 1 to n; nothing is read.
    """
    sample = np.arange(1, count + 1, dtype=np.float64)
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            result = function(sample)
    except Exception as error:
        raise UDFError(
            f"{verb}: {function.name} raised {type(error).__name__}: {error} when it was tried on the values "
            f"1 to {count} (one per layer); it must work for the layers of any cell, or give nlyr= to skip the trial"
        ) from error
    if isinstance(result, Mapping) or result is None or isinstance(result, str):
        raise UDFError(f"{verb}: {function.name} must give a number or numbers, got {type(result).__name__}")
    names = tuple(getattr(result, "_fields", ()))
    try:
        array = np.asarray(result, dtype=np.float64)
    except (TypeError, ValueError):
        raise UDFError(f"{verb}: {function.name} must give a number or numbers, got {result!r}") from None
    if array.ndim > 1 or array.size == 0:
        raise UDFError(
            f"{verb}: {function.name} must give a number or a vector per cell, got shape {array.shape}"
        )
    return array.size, array.ndim == 0, names
