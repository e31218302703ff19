"""Arrays and pictures as a page holds them: few bytes, as text."""

from __future__ import annotations

import base64
import struct
import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyterra.expr import Array

SIGNATURE = b"\x89PNG\r\n\x1a\n"
MISSING = {"uint8": 255, "int16": -32768}
"""The number that stands for a missing one, in types that have no NaN."""


def packed(values: NDArray[Any]) -> dict[str, Any]:
    """An array as text: its type, and its bytes in C order, compressed."""
    little = np.ascontiguousarray(values, values.dtype.newbyteorder("<"))
    return {"type": values.dtype.name, "data": _text(zlib.compress(little.tobytes(), 6))}


def packed_values(values: Array) -> dict[str, Any]:
    """Values of cells as text, in the smallest type that holds them; with `missing` where that type has no NaN."""
    finite = values[np.isfinite(values)]
    if finite.size == np.count_nonzero(~np.isnan(values)) and np.array_equal(finite, np.round(finite)):
        low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
        for name, least, most in (("uint8", 0, 254), ("int16", -32767, 32767)):
            if least <= low and high <= most:
                small = np.where(np.isnan(values), MISSING[name], values).astype(name)
                return {**packed(small), "missing": MISSING[name]}
    return packed(values)


def png(rgba: NDArray[np.uint8]) -> bytes:
    """A picture of shape (row, col, 4) as PNG, with a palette where there are at most 256 colours."""
    rows, cols = rgba.shape[:2]
    colors, place = np.unique(np.ascontiguousarray(rgba).view("<u4")[..., 0], return_inverse=True)
    if len(colors) <= 256:
        table = colors.astype("<u4").view(np.uint8).reshape(-1, 4)
        lines = place.reshape(rows, cols).astype(np.uint8)
        head = struct.pack(">IIBBBBB", cols, rows, 8, 3, 0, 0, 0)
        more = _chunk(b"PLTE", table[:, :3].tobytes()) + _chunk(b"tRNS", table[:, 3].tobytes())
    else:
        lines = np.ascontiguousarray(rgba).reshape(rows, cols * 4)
        head, more = struct.pack(">IIBBBBB", cols, rows, 8, 6, 0, 0, 0), b""
    data = np.zeros((rows, lines.shape[1] + 1), np.uint8)  # each row begins with 0: no filter
    data[:, 1:] = lines
    body = _chunk(b"IDAT", zlib.compress(data.tobytes(), 6))
    return SIGNATURE + _chunk(b"IHDR", head) + more + body + _chunk(b"IEND", b"")


def png_address(rgba: NDArray[np.uint8]) -> str:
    """A picture as an address that holds it."""
    return f"data:image/png;base64,{_text(png(rgba))}"


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
