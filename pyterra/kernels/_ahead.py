"""Layers read side by side, tile by tile, with the memory of later tiles asked for.

A processor guesses what one or a few loops along memory read next; of a few cells each of dozens of layers it guesses
nothing, and waits (mean of 24 layers in memory: 30 ms, 12 ms where it is told).
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic
from numba.np.arrayobj import make_array

from pyterra.kernels._jit import inner_jit, span

_LINE = 64
"""Bytes that memory gives at once."""
_TILES = 2
"""How many tiles ahead: with one there is no time, four bring nothing more."""
_SECOND_LEVEL = 2
"""The cache that is filled, in the numbers of LLVM: the first-level one has no room for tiles of dozens of layers."""


@intrinsic
def _ask(typing: Any, array: Any, k: Any) -> Any:
    """Ask for the memory of an element of a contiguous array, whether there is such an element or not."""
    if not isinstance(array, types.Array) or array.ndim != 1:
        return None

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kind, position = signature.args
        first = make_array(kind)(context, builder, arguments[0]).data
        byte, number = ir.IntType(8).as_pointer(), ir.IntType(32)
        place = builder.gep(first, [context.cast(builder, arguments[1], position, types.intp)])
        form = ir.FunctionType(ir.VoidType(), [byte, number, number, number])
        told = builder.module.declare_intrinsic("llvm.prefetch", [byte], form)
        builder.call(told, [builder.bitcast(place, byte), number(0), number(_SECOND_LEVEL), number(1)])
        return context.get_dummy_value()

    return types.void(array, k), build


@inner_jit
def tile_of(row: Any, start: int, width: int) -> Any:
    """`span` of a layer that is read in tiles of so many elements, one after the other."""
    behind = start + _TILES * width
    for k in range(behind, behind + width, _LINE // row.itemsize):
        _ask(row, k)
    return span(row, start, width)
