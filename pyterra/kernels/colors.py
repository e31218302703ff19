"""Colours in other spaces, and the few colours that stand for many."""

from __future__ import annotations

import math
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from pyterra.kernels._jit import exact_jit, inner_jit

Array: TypeAlias = npt.NDArray[Any]

FULL = 255.0
"""Full red, green or blue."""
MOST = 256
"""Colours of a table."""
BITS = 5
"""Of red, green and blue each, by which colours are counted where they are more than a table holds."""


SPACES = ("rgb", "hsv", "hsl", "hsi")
"""Red, green and blue; hue and saturation with value, with lightness, with intensity."""


@inner_jit
def _hue(red: float, green: float, blue: float, most: float, width: float) -> float:
    """Hue on the hexagon, from 0 to 1; 0 for grey."""
    if width == 0.0:
        return 0.0
    if most == red:
        turn = (green - blue) / width
        return (turn + 6.0 if turn < 0.0 else turn) / 6.0
    if most == green:
        return ((blue - red) / width + 2.0) / 6.0
    return ((red - green) / width + 4.0) / 6.0


@inner_jit
def _share(part: float, whole: float) -> float:
    return 0.0 if whole == 0.0 else part / whole


@inner_jit
def _from_rgb(space: int, red: float, green: float, blue: float) -> tuple[float, float, float]:
    """Shares of red, green and blue in another space; all from 0 to 1."""
    most, least = max(red, green, blue), min(red, green, blue)
    width = most - least
    if space == 1:
        return _hue(red, green, blue, most, width), _share(width, most), most
    if space == 2:
        light = (most + least) / 2
        return _hue(red, green, blue, most, width), _share(width, 1 - abs(2 * light - 1)), light
    angle = math.atan2(math.sqrt(3.0) * (green - blue), 2 * red - green - blue) / (2 * math.pi)
    mean = (red + green + blue) / 3
    return angle + 1 if angle < 0 else angle, _share(mean - least, mean), mean


@inner_jit
def _on_hexagon(turn: float, shift: float, width: float, least: float) -> float:
    """Red, green or blue of a hue, the width between the most and the least of them, and the least."""
    return least + width * min(max(abs((turn * 6 + shift) % 6 - 3) - 1, 0.0), 1.0)


@inner_jit
def _to_rgb(space: int, turn: float, saturation: float, value: float) -> tuple[float, float, float]:
    """Shares of red, green and blue of a hue, a saturation, and a value, lightness or intensity."""
    if space < 3:
        width = value * saturation if space == 1 else (1 - abs(2 * value - 1)) * saturation
        least = value - (width if space == 1 else width / 2)
        red, green = _on_hexagon(turn, 0.0, width, least), _on_hexagon(turn, 4.0, width, least)
        return red, green, _on_hexagon(turn, 2.0, width, least)
    third = math.floor(turn * 3)
    angle = (turn * 3 - third) * (2 * math.pi / 3)
    least = value * (1 - saturation)
    leading = value * (1 + saturation * math.cos(angle) / math.cos(math.pi / 3 - angle))
    following = 3 * value - leading - least
    begun = int(third) % 3
    if begun == 0:  # from red to green
        return leading, following, least
    if begun == 1:  # from green to blue
        return least, leading, following
    return following, least, leading


@exact_jit
def _convert(before: int, after: int, block: Array, out: Array) -> None:
    for k in range(block.shape[1]):
        a, b, c = float(block[0, k]), float(block[1, k]), float(block[2, k])
        if math.isnan(a + b + c):
            out[0, k] = out[1, k] = out[2, k] = np.nan
            continue
        if before == 0:
            a, b, c = a / FULL, b / FULL, c / FULL
        else:
            a, b, c = _to_rgb(before, a, b, c)
        if after == 0:
            out[0, k], out[1, k], out[2, k] = a * FULL, b * FULL, c * FULL
        else:
            out[0, k], out[1, k], out[2, k] = _from_rgb(after, a, b, c)


def converted(colors: Array, before: str, after: str) -> Array:
    """Colours of one of the `SPACES` in another, in double precision; missing where one of the three is.

    Parameters
    ----------
    colors : array (3, ...)
        Red, green and blue from 0 to 255; all others from 0 to 1. The hue of hsi is the angle on the circle, that of
        the others the place on the hexagon; 0 for grey.
    before, after : str

    Returns
    -------
    array (3, ...)
    """
    flat = np.ascontiguousarray(colors).reshape(3, -1)
    out = np.empty(flat.shape)
    _convert(SPACES.index(before), SPACES.index(after), flat, out)
    return out.reshape(colors.shape)


def grey(rgb: Array) -> Array:
    """How light red, green and blue (3, ...) look together (the luma of Rec. 601)."""
    return 0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2]


def codes(rgb: Array) -> Array:
    """A number for each colour of red, green and blue (3, n), cut to bytes."""
    red, green, blue = np.clip(rgb, 0, FULL).astype(np.int64)
    return (red << 16) | (green << 8) | blue


def split_codes(code: Array) -> Array:
    """Red, green and blue of numbers of colours, (n, 3)."""
    return np.stack([code >> 16, code >> 8 & 255, code & 255], axis=1)


def bins(code: Array) -> Array:
    """The class, by the first `BITS` bits of red, green and blue, of numbers of colours."""
    drop = 8 - BITS
    red, green, blue = split_codes(code).T >> drop
    return (red << 2 * BITS) | (green << BITS) | blue


def counted(code: Array) -> Array:
    """Cells, and sums of red, green and blue, of each class of colours: int64 (class, 4)."""
    at, size = bins(code), 1 << 3 * BITS
    parts = split_codes(code).T
    sums = [np.bincount(at, minlength=size), *(np.bincount(at, part, size) for part in parts)]
    return np.stack(sums, axis=1).astype(np.int64)


def median_cut(table: Array) -> tuple[Array, Array]:
    """At most `MOST` colours that stand for all, and which of them each class gets (Heckbert 1982).

    The box with the most cells is cut in two at the median of its longest side, until there are enough. A box gets the
    mean of its cells; a class the nearest of these colours.

    Parameters
    ----------
    table : int64 array (class, 4), as of `counted`

    Returns
    -------
    (int array (colour, 3), int array (class,))
    """
    used = np.flatnonzero(table[:, 0])
    owner = np.zeros(table.shape[0], np.int64)
    if used.size == 0:
        return np.empty((0, 3), np.int64), owner
    number = table[used, 0]
    place = np.stack([used >> 2 * BITS, used >> BITS & (1 << BITS) - 1, used & (1 << BITS) - 1], axis=1)
    boxes = [np.arange(used.size)]
    while len(boxes) < MOST:
        sizes = [number[box].sum() if box.size > 1 else -1 for box in boxes]
        largest = int(np.argmax(sizes))
        if sizes[largest] < 0:
            break
        boxes[largest : largest + 1] = _halves(boxes[largest], place, number)
    sums = np.array([table[used[box]].sum(axis=0) for box in boxes])
    colors = (2 * sums[:, 1:] + sums[:, :1]) // (2 * sums[:, :1])
    means = table[used, 1:] / number[:, None]
    for start in range(0, used.size, 4096):
        part = slice(start, start + 4096)
        apart = ((means[part, None, :] - colors[None]) ** 2).sum(axis=2)
        owner[used[part]] = np.argmin(apart, axis=1)
    return colors, owner


def _halves(box: Array, place: Array, number: Array) -> list[Array]:
    """The box cut at the median of its longest side; neither part is empty."""
    inside = place[box]
    axis = int(np.argmax(inside.max(axis=0) - inside.min(axis=0)))
    along = inside[:, axis]
    order = np.argsort(along, kind="stable")
    total = np.cumsum(number[box[order]])
    middle = along[order][np.searchsorted(total, total[-1] / 2)]
    lower = along <= middle if middle < along.max() else along < middle
    return [box[lower], box[~lower]]
