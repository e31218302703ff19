"""What footprints are told by: plain records of arrays, known without numba."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pyterra.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Sphere:
    """How the source goes around the earth."""

    ncol: int
    """Columns of the whole source."""
    period: float = np.inf
    """Columns of a turn; infinite where there is none."""
    closed: bool = False
    """Whether the source has all columns of a turn."""
    north: float = -np.inf
    """Row of the north pole."""
    south: float = np.inf
    """Row of the south pole."""


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """Footprints of some cells as polygons, one or several for each."""

    of: NDArray[np.int64]
    """Shape (m, n): number of a cell among those in pieces; -1 for the others."""
    first: NDArray[np.int64]
    """The first polygon of each, and the number of all polygons at the end."""
    start: NDArray[np.int64]
    """The first corner of each polygon, and the number of all corners at the end."""
    rows: NDArray[np.float64]
    """Corners of the polygons in order around, in rows of the source."""
    cols: NDArray[np.float64]
    """The same in columns."""


def no_pieces(shape: tuple[int, int]) -> Pieces:
    """No cell in pieces."""
    none = np.zeros(1, np.int64)
    return Pieces(np.full(shape, -1), none, none, np.empty(0), np.empty(0))
