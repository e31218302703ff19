"""Ways of water down a surface: the plane of steepest fall at a cell, and directions that stray least from it.

References
----------
Tarboton, Water Resources Research 33 (1997), for the planes; Orlandini et al., Water Resources Research 39 (2003), for
deviations that add up along a way; Grimaldi et al., Advances in Water Resources 30 (2007), for the balance of pits.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from pyterra.kernels._jit import empty, exact_jit, inner_jit, zeros
from pyterra.kernels.flow import MISSING, PIT
from pyterra.kernels.terrain import STEPS

Array: TypeAlias = npt.NDArray[Any]

FACETS = np.array([(0, 1), (2, 1), (2, 3), (4, 3), (4, 5), (6, 5), (6, 7), (0, 7)])
"""Directions of the straight and of the slanting neighbour that span a plane with the cell, clockwise from the east."""


@inner_jit
def steepest(padded: Array, i: int, j: int, wide: float, high: float) -> tuple[int, float]:
    """The plane down which a cell falls most.

    Parameters
    ----------
    padded : float64 array (row + 2, col + 2); heights
    i, j : int
        The cell.
    wide, high : float
        Size of the cell.

    Returns
    -------
    int
        Row of FACETS, or -1 where no neighbour is lower.
    float
        Angle between the fall and the straight neighbour, from 0 to that of the slanting one.
    """
    facet, angle, fall = -1, 0.0, 0.0
    slant = np.sqrt(wide * wide + high * high)
    z = padded[i, j]
    for k in range(8):
        straight, corner = FACETS[k]
        along, across = (wide, high) if straight % 4 == 0 else (high, wide)
        first = padded[i + STEPS[straight, 0], j + STEPS[straight, 1]]
        second = padded[i + STEPS[corner, 0], j + STEPS[corner, 1]]
        most = np.arctan2(across, along)
        down, aside = (z - first) / along, (first - second) / across
        turn = np.arctan2(aside, down)
        slope = np.sqrt(down * down + aside * aside)
        if second != second or turn < 0:
            turn, slope = 0.0, down
        elif first != first or turn > most:
            turn, slope = most, (z - second) / slant
        if slope > fall:
            facet, angle, fall = k, turn, slope
    return facet, angle


@inner_jit
def _deviations(facet: int, angle: float, wide: float, high: float, transversal: bool) -> tuple[float, float]:
    """How far the straight and the slanting neighbour are from the fall; of opposite signs, clockwise above 0."""
    straight = FACETS[facet, 0]
    along, across = (wide, high) if straight % 4 == 0 else (high, wide)
    rest = np.arctan2(across, along) - angle
    if transversal:
        angle, rest = along * np.sin(angle), np.sqrt(wide * wide + high * high) * np.sin(rest)
    sign = -1.0 if facet % 2 else 1.0
    return sign * angle, -sign * rest


@inner_jit
def _lower(padded: Array, i: int, j: int, way: int) -> bool:
    return padded[i + STEPS[way, 0], j + STEPS[way, 1]] < padded[i, j]


@inner_jit
def _brought(padded: Array, code: Array, deviation: Array, count: Array, i: int, j: int) -> tuple[float, int]:
    """Deviation that goes on from upstream, and the number of cells there: of several ways that of the most cells.

    Of as many cells the higher neighbour counts, and of equally high ones the first, clockwise from the east.
    """
    most, height, brought, total = 0, 0.0, 0.0, 0
    for k in range(8):
        row, col = i + STEPS[k, 0], j + STEPS[k, 1]
        if code[row, col] != k ^ 4:
            continue
        total += count[row, col]
        if count[row, col] > most or (count[row, col] == most and padded[row, col] > height):
            most, height, brought = count[row, col], padded[row, col], deviation[row, col]
    return brought, total


@exact_jit
def follow(
    padded: Array,
    wide: Array,
    high: Array,
    share: float,
    transversal: bool,
    code: Array,
    deviation: Array,
    count: Array,
) -> None:
    """Directions of flow from the top down, each cell after all that may flow into it.

    Parameters
    ----------
    padded : float64 array (row + 2, col + 2)
        Heights, with a ring around: what lies beyond, or missing.
    wide, high : float64 array (row,)
        Sizes of the cells of a row.
    share : float
        Share of the deviation upstream that goes on, 0 to 1.
    transversal : bool
        Whether deviations are distances from the fall, else angles.
    code : int8 array (row + 2, col + 2)
        Numbers of directions; those of the ring are given, the others written.
    deviation, count : arrays (row + 2, col + 2), float64 and int64
        Deviation with that from upstream, and the number of cells that flow into each, itself among them; as `code`.
    """
    nrow, ncol = padded.shape[0] - 2, padded.shape[1] - 2
    facets = np.full((nrow + 2, ncol + 2), -1, np.int8)
    angles = zeros((nrow + 2, ncol + 2))
    waiting = zeros((nrow + 2, ncol + 2), np.int8)
    for i in range(1, nrow + 1):
        for j in range(1, ncol + 1):
            facets[i, j], angles[i, j] = steepest(padded, i, j, wide[i - 1], high[i - 1])
            if facets[i, j] >= 0:
                for way in FACETS[facets[i, j]]:
                    waiting[i + STEPS[way, 0], j + STEPS[way, 1]] += _lower(padded, i, j, way)
    ready = empty(nrow * ncol, np.int64)
    n = 0
    for i in range(1, nrow + 1):
        for j in range(1, ncol + 1):
            if waiting[i, j] == 0:
                ready[n] = i * (ncol + 2) + j
                n += 1
    while n > 0:
        n -= 1
        i, j = ready[n] // (ncol + 2), ready[n] % (ncol + 2)
        brought, total = _brought(padded, code, deviation, count, i, j)
        count[i, j] = total + 1
        deviation[i, j] = 0.0
        if facets[i, j] < 0:
            code[i, j] = MISSING if padded[i, j] != padded[i, j] else PIT
            continue
        straight, corner = FACETS[facets[i, j]]
        first, second = _deviations(facets[i, j], angles[i, j], wide[i - 1], high[i - 1], transversal)
        first, second = first + share * brought, second + share * brought
        slanting = abs(second) < abs(first)
        if not _lower(padded, i, j, corner if slanting else straight):
            slanting = not slanting
        code[i, j] = corner if slanting else straight
        deviation[i, j] = second if slanting else first
        for way in FACETS[facets[i, j]]:
            row, col = i + STEPS[way, 0], j + STEPS[way, 1]
            if not _lower(padded, i, j, way):
                continue
            waiting[row, col] -= 1
            if waiting[row, col] == 0 and row >= 1 and row <= nrow and col >= 1 and col <= ncol:
                ready[n] = row * (ncol + 2) + col
                n += 1


@exact_jit
def raised(
    padded: Array, i: int, j: int, wide: float, high: float, area: float,
    uplift: float, diffusion: float, erosion: float, exponent: float,
) -> float:  # fmt: skip
    """Height at which a pit loses as much as it gains: uplift, what creeps in from around, what the water takes away.

    Parameters
    ----------
    padded : float64 array (row + 2, col + 2); heights
    i, j : int
        The pit.
    wide, high : float
        Size of the cell.
    area : float
        Area that drains into it.
    uplift, diffusion, erosion, exponent : float
        U, D, beta and theta.

    Returns
    -------
    float; missing where a neighbour is
    """
    total, lowest, length = 0.0, np.inf, 0.0
    for k in range(8):
        z = padded[i + STEPS[k, 0], j + STEPS[k, 1]]
        step = np.sqrt((STEPS[k, 1] * wide) ** 2 + (STEPS[k, 0] * high) ** 2)
        total += z
        if z < lowest or (z == lowest and step < length):
            lowest, length = z, step
    carried = erosion * area**exponent / length
    creep = 4 * diffusion / (wide * high)
    weight = carried + creep
    if total != total or weight == 0:
        return np.nan
    return (uplift + creep * (total / 8) + carried * lowest) / weight
