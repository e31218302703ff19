"""A made-up farmed landscape: for demonstrations and tests that need fields and must not need data.

Land is cut into blocks by roads (cells of a jittered lattice, as in a Voronoi diagram), each block into rows of
parcels at an angle of its own. Every parcel draws once how good its soil must be to be tilled, and in which epochs it
lies outside its neighbours' fate. A value depends on its position alone, so any window can be made on its own.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pyterra.kernels._jit import exact_jit, inner_jit

BLOCK = 68.0
"""Cells between the middles of two blocks."""
ROAD = 1.1
"""Half the width of a road, in cells."""
HEDGE = 0.5
"""Half the width of what separates two parcels, in cells."""
HILLS = 900.0
"""Cells between good and poor soils."""


def cropland(
    row: int,
    col: int,
    nrow: int,
    ncol: int,
    *,
    coast: float,
    bends: float = 700.0,
    epochs: int = 5,
    seed: int = 1,
) -> NDArray[np.uint8]:
    """Cropland of a window of the landscape.

    Parameters
    ----------
    row, col, nrow, ncol : int
        The window; rows and columns may be negative.
    coast : float
        Column around which the coast runs, from north to south; west of it is the sea.
    bends : float
        How far the coast swings, in cells.
    epochs : int
        Number of moments.
    seed : int
        Another number, another landscape.

    Returns
    -------
    ndarray of uint8, shape (epochs, nrow, ncol)
        1 = cropland, 0 = none or sea.
    """
    out = np.zeros((epochs, nrow, ncol), np.uint8)
    _cropland(row, col, float(coast), float(bends), seed, out)
    return out


@inner_jit
def _random(i: int, j: int, salt: int) -> float:
    """A number in [0, 1) that belongs to two integers (splitmix64)."""
    h = np.uint64(i) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(j) * np.uint64(0xC2B2AE3D27D4EB4F)
    h ^= np.uint64(salt) * np.uint64(0x165667B19E3779F9)
    h = (h ^ (h >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    h = (h ^ (h >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    h ^= h >> np.uint64(31)
    return float(h >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@inner_jit
def _noise(x: float, y: float, salt: int) -> float:
    """Smooth values in [0, 1] with a wavelength of about 2."""
    i, j = int(np.floor(x)), int(np.floor(y))
    u, v = x - i, y - j
    u, v = u * u * (3 - 2 * u), v * v * (3 - 2 * v)
    low = _random(i, j, salt) * (1 - u) + _random(i + 1, j, salt) * u
    high = _random(i, j + 1, salt) * (1 - u) + _random(i + 1, j + 1, salt) * u
    return low * (1 - v) + high * v


@inner_jit
def _is_water(x: float, y: float, coast: float, bends: float, seed: int) -> bool:
    shore = coast + bends * (_noise(0.5, y / 1500, seed + 1) - 0.5)
    shore += 0.13 * bends * (_noise(0.5, y / 110, seed + 2) - 0.5)
    if x < shore:
        return True
    bend = 420 * (_noise(x / 800, 0.5, seed + 3) - 0.5) + 60 * (_noise(x / 90, 0.5, seed + 4) - 0.5)
    return abs(y % 3100 - 1500 - bend) < 2.0 + 9.0 * np.exp(-(x - shore) / 1200)


@inner_jit
def _block_of(x: float, y: float, seed: int) -> tuple[int, int, bool]:
    """The block of a cell, and whether the cell is road."""
    i0, j0 = int(np.floor(x / BLOCK)), int(np.floor(y / BLOCK))
    first, second = 1e30, 1e30
    block_i, block_j = i0, j0
    for i in range(i0 - 1, i0 + 2):
        for j in range(j0 - 1, j0 + 2):
            dx = (i + 0.15 + 0.7 * _random(i, j, seed + 5)) * BLOCK - x
            dy = (j + 0.15 + 0.7 * _random(i, j, seed + 6)) * BLOCK - y
            distance = dx * dx + dy * dy
            if distance < first:
                second, first, block_i, block_j = first, distance, i, j
            elif distance < second:
                second = distance
    return block_i, block_j, np.sqrt(second) - np.sqrt(first) < 2 * ROAD


@inner_jit
def _parcel_of(x: float, y: float, i: int, j: int, seed: int) -> tuple[int, int, bool]:
    """The parcel of a cell within its block, and whether the cell is hedge."""
    angle = np.pi * _random(i, j, seed + 7)
    length, width = 13 + 27 * _random(i, j, seed + 8), 6 + 9 * _random(i, j, seed + 9)
    dx, dy = x - i * BLOCK, y - j * BLOCK
    u = (dx * np.cos(angle) + dy * np.sin(angle)) / length
    v = (dy * np.cos(angle) - dx * np.sin(angle)) / width
    row = int(np.floor(v))
    u += _random(row, i * 7919 + j, seed + 10)  # parcels of neighbouring rows do not end side by side
    col = int(np.floor(u))
    near = min((u - col) * length, (col + 1 - u) * length, (v - row) * width, (row + 1 - v) * width)
    return row, col, near < HEDGE


@exact_jit
def _cropland(row0: int, col0: int, coast: float, bends: float, seed: int, out: NDArray[np.uint8]) -> None:
    epochs = out.shape[0]
    for r in range(out.shape[1]):
        y = float(row0 + r)
        for c in range(out.shape[2]):
            x = float(col0 + c)
            if _is_water(x, y, coast, bends, seed):
                continue
            i, j, road = _block_of(x, y, seed)
            if road:
                continue
            row, col, hedge = _parcel_of(x, y, i, j, seed)
            if hedge:
                continue
            place_i, place_j = i * 4099 + row, j * 4099 + col
            soil = 0.75 * _noise(x / HILLS, y / HILLS, seed + 11) + 0.25 * _noise(x / 210, y / 210, seed + 12)
            change = 0.8 * (_noise(x / 1300, y / 1300, seed + 13) - 0.35)  # where farming spreads or retreats
            needed = 0.28 + 0.5 * _random(place_i, place_j, seed + 14)
            fallow = int(40 * _random(place_i, place_j, seed + 15))  # one parcel in eight rests in one epoch
            for k in range(epochs):
                tilled = soil + change * k / max(1, epochs - 1) > needed
                out[k, r, c] = np.uint8(tilled and fallow != k)
