"""Rasters at half the resolution, on stored numbers: what overviews are made of.

Each cell stands for two rows and two columns, at the right and lower edge for those that there are.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyterra.kernels._jit import exact_jit, inner_jit


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
        _average_narrow(block, *_codes(code, block.dtype), block.dtype.kind == "u", out)
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
    """As `_average_whole`, of 8 and 16 bits: seven times as fast, as no sum can be too large."""
    layers, rows, cols = block.shape
    for layer in range(layers):
        for row in range(out.shape[1]):
            one, other = block[layer, 2 * row], block[layer, min(2 * row + 1, rows - 1)]
            twice = 2 * row + 1 < rows
            for col in range(out.shape[2]):
                left, right = 2 * col, 2 * col + 1
                total, count = np.int32(0), np.int32(0)
                if not has_code or one[left] != code:
                    total, count = total + np.int32(one[left]), count + np.int32(1)
                if right < cols and (not has_code or one[right] != code):
                    total, count = total + np.int32(one[right]), count + np.int32(1)
                if twice and (not has_code or other[left] != code):
                    total, count = total + np.int32(other[left]), count + np.int32(1)
                if twice and right < cols and (not has_code or other[right] != code):
                    total, count = total + np.int32(other[right]), count + np.int32(1)
                if count == 4:
                    result = (total + np.int32(2 if upward or total >= 0 else 1)) >> 2
                elif count == 0:
                    result = np.int32(code)
                else:
                    result = (2 * total + count) // (2 * count)
                    if not upward and total < 0:
                        result = -((-2 * total + count) // (2 * count))
                if has_code and count > 0 and result == code:
                    result = np.int32(beside)
                out[layer, row, col] = result


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
    values, counts = np.empty(4, block.dtype), np.empty(4, np.int64)
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
