"""Local polynomials along the frames of each cell, and over years, rows and columns: the filter of Savitzky and Golay.

Where all values of a window are there and count the same, the polynomial is a fixed sum of them. Elsewhere it is
fitted to those that are there. At both ends the window stays within the series.
"""

from __future__ import annotations

from itertools import product
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from pyterra.kernels._jit import empty, exact_jit, inner_jit
from pyterra.kernels.equations import solve

Doubles: TypeAlias = npt.NDArray[np.float64]


def coefficients(width: int, order: int) -> Doubles:
    """What each place of a window counts for the value of the polynomial at each place.

    Parameters
    ----------
    width : int
        Frames of the window.
    order : int
        Of the polynomial, below `width`.

    Returns
    -------
    ndarray of shape (width, width)
        Row i has the counts for place i.
    """
    half = (width - 1) / 2
    powers = ((np.arange(width) - half) / max(half, 1))[:, None] ** np.arange(order + 1)
    base = np.linalg.qr(powers)[0]
    return np.asarray(base @ base.T, np.float64)


def terms(order: int) -> npt.NDArray[np.int64]:
    """Exponents of the terms of a polynomial of three variables, of shape (term, 3)."""
    return np.array([e for e in product(range(order + 1), repeat=3) if sum(e) <= order], np.int64)


def coefficients_of_box(shape: tuple[int, int, int], order: int) -> Doubles:
    """What each place of a box counts for the value of the polynomial at its middle.

    Parameters
    ----------
    shape : (int, int, int)
        Odd numbers of layers, rows and columns.
    order : int
        Of the polynomial: the sum of the exponents is at most that.

    Returns
    -------
    ndarray of that shape
    """
    places = np.array(list(product(*(range(-(n // 2), n // 2 + 1) for n in shape))), np.float64)
    places /= np.maximum(1, np.array(shape) // 2)
    exponents = terms(order)
    powers = np.prod(places[:, None, :] ** exponents[None], axis=2)
    middle = np.prod(np.zeros(3) ** exponents, axis=1)
    return np.asarray(middle @ np.linalg.pinv(powers), np.float64).reshape(shape)


@exact_jit
def smooth(values: Any, weights: Any, frames: Any, table: Any, order: int, out: Any) -> None:
    """Fit a polynomial around each frame of each cell and take its value there.

    Parameters
    ----------
    values : ndarray of shape (layer, cell)
        Missing is NaN.
    weights : ndarray of shape (layer, cell) or (layer, 1)
        What values count.
    frames : ndarray of shape (layer,)
        Frame of each layer from 0, ascending.
    table : ndarray of shape (width, width)
        See `coefficients`.
    order : int
    out : ndarray of shape (layer, cell)
        Missing where fewer values than coefficients are in the window.
    """
    width, last = table.shape[0], frames[-1]
    unknowns = order + 1
    system = empty((unknowns, unknowns + 1))
    powers = empty(unknowns)
    for i in range(frames.size):
        first = min(max(frames[i] - width // 2, 0), max(last + 1 - width, 0))
        place = frames[i] - first
        low = np.searchsorted(frames, first)
        high = np.searchsorted(frames, first + width)
        middle, half = first + (width - 1) / 2, max((width - 1) / 2, 1.0)
        whole = high - low == width
        for c in range(values.shape[1]):
            same = whole
            found, total = 0.0, 0
            for j in range(low, high):
                v = values[j, c]
                w = weights[j, c if weights.shape[1] > 1 else 0]
                known = (v == v) & (w > 0)
                total += known
                same &= known & (w == weights[low, c if weights.shape[1] > 1 else 0])
            if same:
                for j in range(width):
                    found += table[place, j] * values[low + j, c]
                out[i, c] = found
                continue
            if total < unknowns:
                out[i, c] = np.nan
                continue
            system[:] = 0.0
            for j in range(low, high):
                v = values[j, c]
                w = weights[j, c if weights.shape[1] > 1 else 0]
                if (v == v) & (w > 0):
                    powers[0] = 1.0
                    for a in range(1, unknowns):
                        powers[a] = powers[a - 1] * (frames[j] - middle) / half
                    for a in range(unknowns):
                        for b in range(a, unknowns):
                            system[a, b] += w * powers[a] * powers[b]
                        system[a, unknowns] += w * powers[a] * v
            if not solve(system):
                out[i, c] = np.nan
                continue
            at = 1.0
            for a in range(unknowns):
                found += system[a, unknowns] * at
                at *= (frames[i] - middle) / half
            out[i, c] = found


@inner_jit
def _tables(shape: Any, exponents: Any) -> Any:
    """The terms of a polynomial at each place of a box, and their products with one another, without repetition."""
    depth, height, wide = shape
    unknowns = exponents.shape[0]
    powers = empty((depth * height * wide, unknowns))
    products = empty((depth * height * wide, unknowns * (unknowns + 1) // 2))
    place = 0
    for a in range(depth):
        x = (a - depth // 2) / max(depth // 2, 1)
        for b in range(height):
            y = (b - height // 2) / max(height // 2, 1)
            for d in range(wide):
                z = (d - wide // 2) / max(wide // 2, 1)
                at = 0
                for e in range(unknowns):
                    powers[place, e] = x ** exponents[e, 0] * y ** exponents[e, 1] * z ** exponents[e, 2]
                for e in range(unknowns):
                    for f in range(e, unknowns):
                        products[place, at] = powers[place, e] * powers[place, f]
                        at += 1
                place += 1
    return powers, products


@exact_jit
def smooth_box(block: Any, box: Any, exponents: Any, out: Any) -> None:
    """Fit a polynomial of three variables around each cell of each layer and take its value there.

    Parameters
    ----------
    block : ndarray of shape (layer, row, col)
        With half a window of rows and columns around what is asked for. Missing is NaN.
    box : ndarray of shape (layers, rows, cols)
        See `coefficients_of_box`.
    exponents : ndarray of shape (term, 3)
        See `terms`.
    out : ndarray of shape (layer, row - rows + 1, col - cols + 1)
        Missing where fewer values than terms are in the window.
    """
    depth, height, wide = box.shape
    unknowns = exponents.shape[0]
    powers, products = _tables(box.shape, exponents)
    normal, right = empty(products.shape[1]), empty(unknowns)
    system = empty((unknowns, unknowns + 1))
    for i in range(out.shape[0]):
        top = i - depth // 2
        first, stop = max(top, 0), min(top + depth, block.shape[0])
        for r in range(out.shape[1]):
            for c in range(out.shape[2]):
                found, total = 0.0, 0
                for a in range(first, stop):
                    for b in range(height):
                        for d in range(wide):
                            v = block[a, r + b, c + d]
                            if v == v:
                                total += 1
                                found += box[a - top, b, d] * v
                if total == box.size:
                    out[i, r, c] = found
                    continue
                out[i, r, c] = np.nan
                if total < unknowns:
                    continue
                normal[:] = 0.0
                right[:] = 0.0
                for a in range(first, stop):
                    for b in range(height):
                        for d in range(wide):
                            v = block[a, r + b, c + d]
                            if v == v:
                                place = ((a - top) * height + b) * wide + d
                                for e in range(normal.size):
                                    normal[e] += products[place, e]
                                for e in range(unknowns):
                                    right[e] += powers[place, e] * v
                at = 0
                for e in range(unknowns):
                    for f in range(e, unknowns):
                        system[e, f] = normal[at]
                        at += 1
                    system[e, unknowns] = right[e]
                if solve(system):
                    out[i, r, c] = system[0, unknowns]
