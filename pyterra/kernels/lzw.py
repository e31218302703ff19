"""LZW as in TIFF 6.0 (section 13), the way from codes to bytes.

Each string of the table stands somewhere in what is decoded already, as it was the string before it and one byte more:
the table has places and lengths, and a string is copied from its place, eight bytes at a time.
"""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
import numpy.typing as npt

from pyterra.kernels._jit import exact_jit, fill_all, span
from pyterra.kernels._words import AHEAD, eight_bytes, eight_bytes_turned, put_eight_bytes

Bytes = npt.NDArray[np.uint8]

_CLEAR, _END, _FIRST = 256, 257, 257
"""The codes that empty the table and end a stream, and the entry that the string behind a `_CLEAR` takes, never used."""
_SHORTEST, _LONGEST = 9, 12
"""Bits of a code."""
_AT_ONCE = 4
"""Codes of twelve bits that eight bytes hold, wherever in the first of them the first code begins."""
_PLACE, _LENGTH, _LAST = np.uint64(32), np.uint64(2**32 - 1), np.uint64(2**_LONGEST - 1)
"""An entry of the table is the place of a string, in the upper half, and its length; its last one."""
_local = threading.local()


def decode(data: bytes, size: int, room: int) -> Bytes | None:
    """Return what a stream stands for; None unless it is whole and that many bytes.

    Parameters
    ----------
    data : bytes
        The stream. What follows it in the file may stand behind it.
    size : int
        Bytes of the stream.
    room : int
        Bytes that it stands for.

    Returns
    -------
    uint8 ndarray of shape (room,)
        Memory of this thread, which the next call uses again.
    """
    behind = data if len(data) >= size + AHEAD else data + bytes(size + AHEAD - len(data))
    if getattr(_local, "room", -1) != room:
        _local.room, _local.out = room, np.empty(_CLEAR + room + _AT_ONCE * 2**_LONGEST + AHEAD, np.uint8)
        _local.table = np.empty(2**_LONGEST, np.uint64)
    out: Bytes = _local.out
    found = _decode(np.frombuffer(behind, np.uint8), size, out, room, _local.table)
    return out[_CLEAR : _CLEAR + room] if found == room else None


@exact_jit
def _decode(data: Any, size: int, out: Any, room: int, table: Any) -> int:
    """How many bytes were decoded; -1 for a stream that is damaged. Literals stand before what is decoded, as strings.

    All numbers are unsigned: with signed ones each look at the table asks whether it is from the end, and takes twice
    as long. Up to `_AT_ONCE` codes are taken of eight bytes of the stream. What is no string has length 0 in the table,
    so that one question finds all codes that are none.
    """
    here: Any = np.int64(data.ctypes.data)
    there: Any = np.int64(out.ctypes.data)
    none, one, eight = np.uint64(0), np.uint64(1), np.uint64(AHEAD)
    for byte in range(_CLEAR):
        out[byte], table[byte] = byte, np.uint64(byte) << _PLACE | one
    if size < 4 or data[0] != 128 or data[1] >= 128:  # the first code is not _CLEAR
        return -1  # streams of before TIFF 6.0, for one, have their bits the other way round
    table[_CLEAR] = none
    first, shortest = np.uint64(_FIRST), np.uint64(_SHORTEST)
    entry, width, widest = first, shortest, (one << shortest) - one
    position, end, before = np.uint64(_CLEAR), np.uint64(_CLEAR + room), ~none
    at, bits = none, np.uint64(8 * size)
    last = bits - width  # the last bit at which a code can begin
    while at <= last and position <= end:
        word = eight_bytes_turned(here + np.int64(at >> np.uint64(3))) << (at & np.uint64(7))
        for _ in range(_AT_ONCE if at + np.uint64(_AT_ONCE - 1) * width <= last else 1):
            code = word >> (np.uint64(64) - width)
            word <<= width
            at += width
            table[entry & _LAST] = before + one  # the string before and a byte; nothing behind a _CLEAR
            entry += one
            found = table[code]
            start, length = found >> _PLACE, found & _LENGTH
            if length == none:
                if code == np.uint64(_CLEAR):
                    fill_all(span(table, _CLEAR, 2**_LONGEST - _CLEAR), none)
                    entry, width, widest = first, shortest, (one << shortest) - one
                    before, last = ~none, bits - width
                    break
                decoded: Any = np.int64(position) - _CLEAR
                return decoded if code == np.uint64(_END) else -1
            before = position << _PLACE | length
            if position - start >= eight:
                target, source = there + np.int64(position), there + np.int64(start)
                put_eight_bytes(target, eight_bytes(source))
                if length > eight:
                    for k in range(AHEAD, np.int64(length), AHEAD):
                        put_eight_bytes(target + k, eight_bytes(source + k))
            else:
                for k in range(np.int64(length)):
                    out[position + np.uint64(k)] = out[start + np.uint64(k)]
            position += length
            if entry == widest:
                if widest > _LAST:
                    return -1  # the table is full, which it never is in a TIFF
                if width < np.uint64(_LONGEST):
                    width += one
                    widest, last = (one << width) - one, bits - width
                else:
                    widest = _LAST + one
                break
    decoded = np.int64(position) - _CLEAR
    return decoded
