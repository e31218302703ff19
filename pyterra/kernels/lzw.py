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
_ENTRIES = 2**_LONGEST
"""Of the table."""
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
        _local.room, _local.out = room, np.empty(_CLEAR + room + _ENTRIES * AHEAD, np.uint8)
        _local.places, _local.lengths = np.empty(_ENTRIES, np.uint32), np.empty(_ENTRIES, np.uint16)
    out: Bytes = _local.out
    found = _decode(np.frombuffer(behind, np.uint8), size, out, room, _local.places, _local.lengths)
    return out[_CLEAR : _CLEAR + room] if found == room else None


@exact_jit
def _decode(data: Any, size: int, out: Any, room: int, places: Any, lengths: Any) -> int:
    """How many bytes were decoded; -1 for a stream that is damaged. Literals stand before what is decoded, as strings.

    All numbers are unsigned: with signed ones each look at the table asks whether it is from the end, and takes twice
    as long. Two narrow tables stay in the first-level cache beside what is decoded (one of 32 KB: a third slower). What
    is no string has length 0. As long as codes have one width, only strings of more than `AHEAD` bytes are asked
    whether there is room for them: behind it there is enough for so many short ones.
    """
    here: Any = np.int64(data.ctypes.data)
    there: Any = np.int64(out.ctypes.data)
    none, one, eight = np.uint64(0), np.uint64(1), np.uint64(AHEAD)
    clear, shortest, longest = np.uint64(_CLEAR), np.uint64(_SHORTEST), np.uint64(_LONGEST)
    for byte in range(_CLEAR):
        out[byte], places[byte], lengths[byte] = byte, byte, 1
    if size < 4 or data[0] != 128 or data[1] >= 128:  # the first code is not _CLEAR
        return -1  # streams of before TIFF 6.0, for one, have their bits the other way round
    position, end = clear, np.uint64(_CLEAR + room)
    at, bits = shortest, np.uint64(8 * size)
    code, length, width, entry = clear, none, none, none
    while position <= end:
        if length == none:
            fill_all(span(lengths, _CLEAR, _ENTRIES - _CLEAR), 0)
            length, width, entry = ~none, shortest, np.uint64(_FIRST)  # no string before
        full = (one << width) - (one if width < longest else none)
        stop = min(full, entry + (bits - at) // width)
        down = np.uint64(64) - width
        while entry < stop:
            code = (eight_bytes_turned(here + np.int64(at >> np.uint64(3))) << (at & np.uint64(7))) >> down
            at += width
            places[entry], lengths[entry] = position - length, length + one  # the string before and a byte
            entry += one
            length, start = np.uint64(lengths[code]), np.uint64(places[code])
            target, source = there + np.int64(position), there + np.int64(start)
            if length - one < eight and position - start >= eight:
                put_eight_bytes(target, eight_bytes(source))
            elif length == none:
                break
            elif position + length > end:
                return -1
            elif position - start >= eight:
                for k in range(0, np.int64(length), AHEAD):
                    put_eight_bytes(target + k, eight_bytes(source + k))
            else:
                for k in range(np.int64(length)):
                    out[position + np.uint64(k)] = out[start + np.uint64(k)]
            position += length
        if length == none and code != clear and code != np.uint64(_END):
            return -1
        if (length == none and code != clear) or (length != none and stop < full):
            decoded: Any = np.int64(position) - _CLEAR
            return decoded  # the end is told, or the stream is over
        if length != none and width == longest:
            return -1  # the table is full, which it never is in a TIFF
        width += one
    return -1
