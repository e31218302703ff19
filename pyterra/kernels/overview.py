"""Rasters at half the resolution, on stored numbers: what overviews are made of.

Each cell stands for two rows and two columns, at the right and lower edge for those that there are.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyterra.kernels._jit import empty, exact_jit, inner_jit


def halved(block: NDArray[Any], how: str, code: float | int | None = None) -> NDArray[Any]:
    """Return a block at half its resolution.

    Parameters
    ----------
    block : ndarray of shape (layer, row, col)
        Stored numbers.
    how : {"average", "mode", "nearest"}
        Average of the cells that are not missing, to whole numbers rounded half away from zero; the most frequent
        value, of several the one that is complete first, row by row; the upper left cell.
    code : number, optional
        The code for missing. NaN is missing in any case, other than for "nearest".

    Returns
    -------
    ndarray of shape (layer, half the rows, half the columns), rounded up, of the type of `block`

    Notes
    -----
    An average that is no missing value and yet has the code becomes the number beside it.
    """
    if how == "nearest":
        return np.ascontiguousarray(block[:, ::2, ::2])
    block = np.ascontiguousarray(block)
    layers, rows, cols = block.shape
    out = np.empty((layers, -(-rows // 2), -(-cols // 2)), block.dtype)
    kind = block.dtype.type
    if how == "mode":
        _mode(block, code is not None, kind(0 if code is None else code), out)
    elif block.dtype.kind == "f":
        nothing = kind(np.nan if code is None else code)
        _average_reals(block, code is not None, nothing, np.nextafter(nothing, kind(np.inf)), out)
    elif block.dtype.itemsize <= 2:
        even = np.pad(block, ((0, 0), (0, 0), (0, 1)), "edge") if cols % 2 else block
        _average_narrow(even, *_codes(code, block.dtype), block.dtype.kind == "u", out)
    elif block.dtype == np.uint64:
        # As signed numbers, less 2 ** 63 each: sums of unsigned ones would need another bit.
        signed = None if code is None else int(code) - 2**63
        _average_whole(_turned(block), *_codes(signed, np.dtype(np.int64)), True, out.view(np.int64))
        out = _turned(out.view(np.int64)).view(np.uint64)
    else:
        _average_whole(block, *_codes(code, block.dtype), block.dtype.kind == "u", out)
    return out


def _turned(block: NDArray[Any]) -> NDArray[np.int64]:
    """64-bit integers with their highest bit turned."""
    return block.view(np.int64) ^ np.int64(-(2**63))


def _codes(code: float | int | None, dtype: np.dtype[Any]) -> tuple[bool, Any, Any]:
    """Whether there is a code for missing, the code, and the number beside it."""
    if code is None:
        return False, dtype.type(0), dtype.type(0)
    whole = int(code)
    return True, dtype.type(whole), dtype.type(whole + 1 if whole < np.iinfo(dtype).max else whole - 1)


@exact_jit
def _average_narrow(block: Any, has_code: bool, code: Any, beside: Any, upward: bool, out: Any) -> None:
    """As `_average_whole`, of 8 and 16 bits and an even number of columns: no sum can be too large.

    A row is averaged as if nothing were missing, and again where something is. What stands at the lower edge is counted
    twice, which is no other average.
    """
    layers, rows, cols = block.shape
    for layer in range(layers):
        for row in range(out.shape[1]):
            line = out[layer, row]
            one, other = block[layer, 2 * row], block[layer, min(2 * row + 1, rows - 1)]
            gaps = np.uint8(0)
            for col in range(cols // 2):
                a, b, c, d = one[2 * col], one[2 * col + 1], other[2 * col], other[2 * col + 1]
                total = np.int32(a) + np.int32(b) + np.int32(c) + np.int32(d)
                result = (total + np.int32(2) - np.int32(not upward and total < 0)) >> 2
                line[col] = beside if result == code else result
                gaps |= np.uint8((a == code) | (b == code) | (c == code) | (d == code))
            if gaps and has_code:
                _average_of_some(one, other, code, beside, upward, line)


@inner_jit
def _average_of_some(one: Any, other: Any, code: Any, beside: Any, upward: bool, line: Any) -> None:
    """Average two rows of which some cells are missing. The quotients of float32 are right: none is near to the next."""
    for col in range(line.size):
        a, b, c, d = one[2 * col], one[2 * col + 1], other[2 * col], other[2 * col + 1]
        count = np.int32(a != code) + np.int32(b != code) + np.int32(c != code) + np.int32(d != code)
        total = np.int32(a if a != code else 0) + np.int32(b if b != code else 0)
        total += np.int32(c if c != code else 0) + np.int32(d if d != code else 0)
        result = np.int32(np.float32(2 * abs(total) + count) / np.float32(2 * max(count, np.int32(1))))
        if not upward and total < 0:
            result = -result
        if result == code:
            result = np.int32(beside)
        line[col] = result if count > 0 else np.int32(code)


@exact_jit
def _average_whole(block: Any, has_code: bool, code: Any, beside: Any, upward: bool, out: Any) -> None:
    layers, rows, cols = block.shape
    for layer in range(layers):
        for row in range(out.shape[1]):
            for col in range(out.shape[2]):
                total, count, spare = np.int64(0), np.int64(0), np.int64(0)
                for y in range(2 * row, min(2 * row + 2, rows)):
                    for x in range(2 * col, min(2 * col + 2, cols)):
                        value = block[layer, y, x]
                        if not has_code or value != code:
                            # Halves of large numbers, and what is lost by that: four of them fit no int64.
                            total += np.int64(value >> 2)
                            spare += np.int64(value & 3)
                            count += 1
                if count == 0:
                    out[layer, row, col] = code
                    continue
                result = _rounded(total, spare, count, upward)
                out[layer, row, col] = result
                if has_code and out[layer, row, col] == code:
                    out[layer, row, col] = beside


@inner_jit
def _rounded(quarters: np.int64, spare: np.int64, count: np.int64, upward: bool) -> np.int64:
    """``(4 * quarters + spare) / count``, rounded, without leaving the range of int64.

    Halves are rounded away from zero, or all of them upward.
    """
    whole = quarters // count
    rest = 4 * (quarters - whole * count) + spare
    more = rest // count
    whole, rest = 4 * whole + more, rest - more * count
    if 2 * rest > count or (2 * rest == count and (upward or whole >= 0)):
        whole += 1
    return whole


@exact_jit
def _average_reals(block: Any, has_code: bool, code: Any, beside: Any, out: Any) -> None:
    layers, rows, cols = block.shape
    for layer in range(layers):
        for row in range(out.shape[1]):
            for col in range(out.shape[2]):
                total, count = 0.0, 0
                for y in range(2 * row, min(2 * row + 2, rows)):
                    for x in range(2 * col, min(2 * col + 2, cols)):
                        value = block[layer, y, x]
                        if value == value and not (has_code and value == code):
                            total += value
                            count += 1
                out[layer, row, col] = total / count if count else code
                if count and has_code and out[layer, row, col] == code:
                    out[layer, row, col] = beside


@exact_jit
def _mode(block: Any, has_code: bool, code: Any, out: Any) -> None:
    layers, rows, cols = block.shape
    values, counts = empty(4, block.dtype), empty(4, np.int64)
    for layer in range(layers):
        for row in range(out.shape[1]):
            for col in range(out.shape[2]):
                found, best = 0, 0
                for y in range(2 * row, min(2 * row + 2, rows)):
                    for x in range(2 * col, min(2 * col + 2, cols)):
                        value = block[layer, y, x]
                        if (has_code and value == code) or value != value:
                            continue
                        i = 0
                        while i < found and values[i] != value:
                            i += 1
                        if i == found:
                            values[i], counts[i] = value, 0
                            found += 1
                        counts[i] += 1
                        if counts[i] > counts[best]:
                            best = i
                out[layer, row, col] = values[best] if found else block[layer, 2 * row, 2 * col]
