"""The one way kernels are compiled: nopython, without the GIL, cached on disk, one thread.

``jit`` adds the fast-math flags that keep NaN meaning NaN (measured: 1.85 -> 0.35 ns per value on a NaN-skipping sum);
``exact_jit`` adds none, for kernels whose bits must agree with another code path or between block shapes.
``fastmath=True`` is banned: it lets LLVM assume that NaN does not exist.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
import numpy as np
from numba.core.cgutils import memset, pointer_add, unpack_tuple
from numba.core.imputils import impl_ret_borrowed, impl_ret_new_ref
from numba.core.registry import CPUDispatcher
from numba.core.types.misc import unliteral
from numba.core.typing.npydecl import parse_dtype, parse_shape
from numba.extending import lower_builtin, type_callable
from numba.np.arrayobj import _empty_nd_impl, make_array, populate_array

from pyterra.cycles import unsearched
from pyterra.kernels._inner import ApartCompiler, InnerCompiler
from pyterra.kernels._kept import Kept

F = TypeVar("F", bound=Callable[..., Any])

SAFE_FASTMATH = frozenset({"contract", "nsz", "arcp", "reassoc"})


class _Kernel(CPUDispatcher):  # type: ignore[misc]
    """A compiled function; where others call it, it is compiled for the types of their variables.

    Left alone, numba compiles it for a constant (``0`` rather than int64) and for a variable that begins as one, and
    then again for the variable: an eighth of all time spent on compiling. Another eighth is Python's search for cycles
    among the many objects of a compiler.
    """

    def compile(self, signature: Any) -> Any:
        with unsearched():
            return super().compile(signature)

    def get_call_template(self, args: tuple[Any, ...], kws: dict[str, Any]) -> Any:
        variables = {name: unliteral(kind) for name, kind in kws.items()}
        return super().get_call_template(tuple(map(unliteral, args)), variables)

    def add_overload(self, compiled: Any) -> None:
        """Keep a compiled form, with the environments of the inner kernels that are linked into it."""
        for environment in compiled._find_referenced_environments():
            compiled.codegen.set_env(environment.env_name, environment)
        super().add_overload(compiled)


class _InnerKernel(_Kernel):
    """What has no door from Python: a call there says so, where numba would end the process."""

    def add_overload(self, compiled: Any) -> None:
        self.overloads[tuple(compiled.signature.args)] = compiled

    def _compile_for_args(self, *arguments: Any, **named: Any) -> Any:
        raise TypeError(f"{self.__qualname__}: only kernels can call an inner kernel")


def _options(**options: Any) -> dict[str, Any]:
    return {"nopython": True, "nogil": True, "error_model": "numpy", "no_cfunc_wrapper": True, **options}


def _compiled(function: F, **options: Any) -> F:
    """Compile a kernel, and keep its machine code on disk."""
    kernel = _Kernel(function, targetoptions=_options(**options))
    kernel._cache = Kept(function, kernel.targetoptions, _type_of_span, _lower_span)
    return cast(F, kernel)


def jit(function: F) -> F:
    """Compile a kernel with fast-math flags that respect NaN."""
    return _compiled(function, fastmath=set(SAFE_FASTMATH))


def exact_jit(function: F) -> F:
    """Compile a kernel with strict IEEE arithmetic."""
    return _compiled(function)


def inner_jit(function: F) -> F:
    """As `exact_jit`, for what kernels alone call, which needs no machine code of its own."""
    return _inner(function, InnerCompiler)


def apart_jit(function: F) -> F:
    """As `inner_jit`, for arrays that share no memory, so that no loop over them asks (a median: 0.023 -> 0.018 s)."""
    return _inner(function, ApartCompiler)


def _inner(function: F, compiler: type[InnerCompiler]) -> F:
    options = _options(no_cpython_wrapper=True)
    return cast(F, _InnerKernel(function, targetoptions=options, pipeline_class=compiler))


def span(array: Any, start: Any, size: Any) -> Any:
    """``array[start : start + size]`` of an array of one dimension, all of it within the array: nothing is checked.

    A slice that kernels write out compiles for three times as long: it counts from the end, and stops at it.
    """
    return array[start : start + size]


@type_callable(span)
def _type_of_span(context: Any) -> Any:
    def typed(array: Any, start: Any, size: Any) -> Any:
        whole = isinstance(start, numba.types.Integer) and isinstance(size, numba.types.Integer)
        return array if whole and isinstance(array, numba.types.Array) and array.ndim == 1 else None

    return typed


@lower_builtin(span, numba.types.Array, numba.types.Integer, numba.types.Integer)
def _lower_span(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    kind, *positions = signature.args
    array = make_array(kind)(context, builder, arguments[0])
    start, size = (
        context.cast(builder, value, position, numba.types.intp)
        for value, position in zip(arguments[1:], positions, strict=True)
    )
    if kind.layout == "C":
        first = builder.gep(array.data, [start])
    else:
        step = builder.extract_value(array.strides, 0)
        first = pointer_add(builder, array.data, builder.mul(start, step))
    part = make_array(kind)(context, builder)
    populate_array(
        part,
        data=first,
        shape=[size],
        strides=array.strides,
        itemsize=array.itemsize,
        meminfo=array.meminfo,
        parent=array.parent,
    )
    return impl_ret_borrowed(context, builder, signature.return_type, part._getvalue())


def empty(shape: Any, dtype: Any = float) -> Any:
    """``np.empty``, which numba compiles as a function of its own for each type of its arguments, 30 ms at a time."""
    return np.empty(shape, dtype)


def zeros(shape: Any, dtype: Any = float) -> Any:
    """``np.zeros``, in the same way."""
    return np.zeros(shape, dtype)


def _type_of_made(context: Any) -> Any:
    def typed(shape: Any, dtype: Any = None) -> Any:
        kind, sides = numba.types.float64 if dtype is None else parse_dtype(dtype), parse_shape(shape)
        return None if kind is None or sides is None else numba.types.Array(kind, sides, "C")

    return typed


def _made(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    """An array of the shape that the first argument says."""
    kind, value = signature.args[0], arguments[0]
    sides = kind.types if isinstance(kind, numba.types.BaseTuple) else (kind,)
    values = unpack_tuple(builder, value) if isinstance(kind, numba.types.BaseTuple) else (value,)
    lengths = [
        context.cast(builder, number, side, numba.types.intp)
        for number, side in zip(values, sides, strict=True)
    ]
    return _empty_nd_impl(context, builder, signature.return_type, lengths)


def _lower_empty(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    made = _made(context, builder, signature, arguments)
    return impl_ret_new_ref(context, builder, signature.return_type, made._getvalue())


def _lower_zeros(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    made = _made(context, builder, signature, arguments)
    memset(builder, made.data, builder.mul(made.itemsize, made.nitems), 0)
    return impl_ret_new_ref(context, builder, signature.return_type, made._getvalue())


for _name, _lower in ((empty, _lower_empty), (zeros, _lower_zeros)):
    type_callable(_name)(_type_of_made)
    lower_builtin(_name, numba.types.Any)(_lower)
    lower_builtin(_name, numba.types.Any, numba.types.Any)(_lower)


@inner_jit
def copy(source: Any, target: Any) -> None:
    """Copy an array of one dimension into another.

    Kernels use this rather than ``target[:] = source``: that compiles the text of an error about shapes into each of
    them, which takes seconds.
    """
    for k in range(target.size):
        target[k] = source[k]


@inner_jit
def fill_all(array: Any, value: Any) -> None:
    """Set every element of an array of one dimension; ``array[:] = value`` compiles for twice as long."""
    for k in range(array.size):
        array[k] = value


@inner_jit
def doubled(found: Any) -> Any:
    """An array of shape (n, k) with room for twice as many columns."""
    out = np.empty((found.shape[0], 2 * found.shape[1]), found.dtype)
    for row in range(found.shape[0]):
        copy(found[row], span(out[row], 0, found.shape[1]))
    return out


def inlined(function: F) -> F:
    """As `exact_jit`, for parts of an inner loop: a call with several arrays costs more than they do (370 -> 210 ns)."""
    return numba.njit(nogil=True, error_model="numpy", inline="always")(function)
