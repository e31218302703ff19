"""Eight bytes of memory at once, wherever they begin: what codecs read and write. Addresses are not checked."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic

AHEAD = 8
"""Bytes that are read or written at once: arrays of codecs have as many more than they hold."""


def _word(builder: Any, address: Any) -> Any:
    return builder.inttoptr(address, ir.IntType(8 * AHEAD).as_pointer())


@intrinsic
def eight_bytes(typing: Any, address: Any) -> Any:
    """The eight bytes at an address as one number, the first of them lowest."""

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.load(_word(builder, arguments[0]), align=1)

    return types.uint64(types.int64), build


@intrinsic
def eight_bytes_turned(typing: Any, address: Any) -> Any:
    """The eight bytes at an address as one number, the first of them highest."""

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.bswap(builder.load(_word(builder, arguments[0]), align=1))

    return types.uint64(types.int64), build


@intrinsic
def put_eight_bytes(typing: Any, address: Any, number: Any) -> Any:
    """Write a number as the eight bytes at an address, the lowest of them first."""

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        builder.store(arguments[1], _word(builder, arguments[0]), align=1)
        return context.get_dummy_value()

    return types.void(types.int64, types.uint64), build


@intrinsic
def zeros_below(typing: Any, number: Any) -> Any:
    """How many bits below the lowest one of a number, which is not 0."""

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 1))

    return types.uint64(types.uint64), build
