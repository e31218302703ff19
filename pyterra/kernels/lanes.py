"""Series of many cells side by side: kernels that go along the layers are compiled once, for double precision."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.floating[Any]]
Doubles: TypeAlias = npt.NDArray[np.float64]

BYTES = 1 << 19
"""Bytes of the series of a tile, in double precision (156 frames, ns a value for 1 << 17, 19, 21:
harmonic 60, 60, 71; stl 378, 338, 321; whittaker 17, 17, 24)."""


WIDTH = 16
"""Cells of a tile at least."""


def room(frames: int, series: float) -> dict[str, float]:
    """What a kernel needs that holds so many arrays as large as the series of a tile: bytes per cell, and at most."""
    return {"temporaries": 8.0 * frames * series, "at_most": series * max(BYTES, 8 * frames * WIDTH)}


def laid_out(block: Floats, frames: npt.NDArray[np.int64]) -> Doubles:
    """The layers of a block in their frames; frames without a layer are missing.

    Parameters
    ----------
    block : ndarray of shape (layer, ...)
    frames : ndarray of shape (layer,)
        Frame of each layer, from 0.

    Returns
    -------
    ndarray of shape (frame, cell), float64
    """
    flat = block.reshape(len(block), -1)
    out = np.full((int(frames.max()) + 1, flat.shape[1]), np.nan)
    out[frames] = flat
    return out


def shares(layers: int, numbers: tuple[float, ...] | None) -> Doubles:
    """What layers count for all cells: 1, or numbers; shape (layer, 1)."""
    return np.ones((layers, 1)) if numbers is None else np.array(numbers)[:, None]


def by_tiles(
    block: Floats,
    kernel: Callable[..., Any],
    layers: int,
    *others: Floats,
    order: npt.NDArray[np.int64] | None = None,
    frames: int = 1,
) -> Doubles:
    """Return what a kernel makes of the series of a block, tile by tile.

    Parameters
    ----------
    block : ndarray of shape (layer, ...)
        Missing is NaN.
    kernel : callable
        ``kernel(values, *others, out)`` with values of shape (layer, cell) and out of shape (layers, cell), float64.
    layers : int
        Layers of the result.
    *others : ndarray of shape (layer, ...) or (layer, 1)
        What goes with the values, as weights do.
    order : ndarray of shape (layer,), optional
        Layers in the order of the frames.
    frames : int
        Rows of the arrays that the kernel makes, where these are more than the layers.

    Returns
    -------
    ndarray of shape (layers, ...), float64
    """
    flat = block.reshape(len(block), -1)
    beside = [other.reshape(len(other), -1) for other in others]
    cells = flat.shape[1]
    out = np.empty((layers, cells))
    width = max(WIDTH, BYTES // (8 * max(frames, len(flat))) // WIDTH * WIDTH)
    for start in range(0, cells, width):
        stop = min(start + width, cells)
        parts = [_part(a, start, stop, order) for a in (flat, *beside)]
        found = np.empty((layers, stop - start))
        kernel(*parts, found)
        out[:, start:stop] = found
    return out.reshape(layers, *block.shape[1:])


def _part(a: Floats, start: int, stop: int, order: npt.NDArray[np.int64] | None) -> Doubles:
    """Some cells of an array, all of it where it has one column for all cells, with its layers in an order."""
    some = a[:, start:stop] if a.shape[1] > 1 else a
    return np.ascontiguousarray(some if order is None else some[order], np.float64)
