"""Colours in other spaces, and the few colours that stand for many."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[Any]

FULL = 255.0
"""Full red, green or blue."""
MOST = 256
"""Colours of a table."""
BITS = 5
"""Of red, green and blue each, by which colours are counted where they are more than a table holds."""


def hue(rgb: Array) -> Array:
    """Hue on the hexagon, from 0 to 1; 0 for grey.

    Parameters
    ----------
    rgb : array (3, ...)

    Returns
    -------
    array (...)
    """
    red, green, blue = rgb
    most, least = rgb.max(axis=0), rgb.min(axis=0)
    width = most - least
    with np.errstate(invalid="ignore", divide="ignore"):
        turn = np.where(
            most == red,
            (green - blue) / width % 6,
            np.where(most == green, (blue - red) / width + 2, (red - green) / width + 4),
        )
    return np.where(width == 0, 0.0, turn / 6) + width * 0


def to_hsv(rgb: Array) -> Array:
    """Hue, saturation and value of shares of red, green and blue (3, ...); all from 0 to 1."""
    most, least = rgb.max(axis=0), rgb.min(axis=0)
    return np.stack([hue(rgb), _share(most - least, most), most])


def to_hsl(rgb: Array) -> Array:
    """Hue, saturation and lightness of shares of red, green and blue (3, ...); all from 0 to 1."""
    most, least = rgb.max(axis=0), rgb.min(axis=0)
    light = (most + least) / 2
    return np.stack([hue(rgb), _share(most - least, 1 - np.abs(2 * light - 1)), light])


def to_hsi(rgb: Array) -> Array:
    """Hue (the angle on the circle), saturation and intensity of shares of red, green and blue (3, ...)."""
    red, green, blue = rgb
    across = np.sqrt(3.0) * (green - blue)
    angle = np.arctan2(across, 2 * red - green - blue) / (2 * np.pi)
    mean = (red + green + blue) / 3
    return np.stack([np.where(angle < 0, angle + 1, angle), _share(mean - rgb.min(axis=0), mean), mean])


def from_hsv(hsv: Array) -> Array:
    """Shares of red, green and blue of hue, saturation and value (3, ...)."""
    turn, saturation, value = hsv
    return _on_hexagon(turn, value * saturation, value * (1 - saturation))


def from_hsl(hsl: Array) -> Array:
    """Shares of red, green and blue of hue, saturation and lightness (3, ...)."""
    turn, saturation, light = hsl
    width = (1 - np.abs(2 * light - 1)) * saturation
    return _on_hexagon(turn, width, light - width / 2)


def from_hsi(hsi: Array) -> Array:
    """Shares of red, green and blue of hue, saturation and intensity (3, ...)."""
    turn, saturation, mean = hsi
    third = np.floor(turn * 3)
    angle = (turn * 3 - third) * (2 * np.pi / 3)
    least = mean * (1 - saturation)
    leading = mean * (1 + saturation * np.cos(angle) / np.cos(np.pi / 3 - angle))
    following = 3 * mean - leading - least
    begun = np.nan_to_num(third).astype(
        np.intp
    )  # 0: from red to green, 1: from green to blue, 2: from blue to red
    parts = (leading, least, following)
    return np.stack([np.choose((begun - channel) % 3, parts) for channel in range(3)])


def _on_hexagon(turn: Array, width: Array, least: Array) -> Array:
    """Red, green and blue of a hue, the width between the most and the least of them, and the least."""
    place = np.stack([turn * 6 + shift for shift in (0, 4, 2)]) % 6
    return least + width * np.clip(np.abs(place - 3) - 1, 0, 1)


def _share(part: Array, whole: Array) -> Array:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(whole == 0, 0.0, part / whole) + whole * 0


TO = {"hsv": to_hsv, "hsl": to_hsl, "hsi": to_hsi}
FROM = {"hsv": from_hsv, "hsl": from_hsl, "hsi": from_hsi}


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
