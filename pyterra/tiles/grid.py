"""Regular tilings of an extent: which tiles there are, how they are called, where their files may lie."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path

from pyterra.errors import ArgumentError
from pyterra.frozen import dataclass
from pyterra.io.safe.places import path_text

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Tile:
    """A rectangle with a name."""

    id: str
    """Letters, digits, ``_`` and ``-``, at most 64: safe in file names."""
    extent: tuple[float, float, float, float]
    """xmin, xmax, ymin, ymax."""
    row: int = 0
    """Row in its tiling, from 0 at the bottom."""
    col: int = 0
    """Column in its tiling, from 0 at the left."""

    def __post_init__(self) -> None:
        check_tile_id(self.id)


@dataclass(frozen=True)
class TileGrid:
    """The tiles of an extent, row by row from the lower left corner.

    Parameters
    ----------
    extent : iterable of float
        xmin, xmax, ymin, ymax; a `SpatExtent` will do.
    size : float or (float, float)
        Width and height of a tile in units of the coordinates.
    degrees : bool
        Whether tiles are called by their lower left corner in degrees ("008E_46N") rather than by row and
        column; corners and sizes must then be whole degrees.
    clip : bool
        Whether the last tiles end with the extent; else all have the full size.

    Examples
    --------
    >>> grid = TileGrid((7, 9, 45, 46.5), 1, degrees=True)
    >>> [tile.id for tile in grid]
    ['007E_45N', '008E_45N', '007E_46N', '008E_46N']
    """

    extent: tuple[float, float, float, float]
    size: tuple[float, float]
    degrees: bool = False
    clip: bool = False

    def __init__(
        self,
        extent: Iterable[float],
        size: float | tuple[float, float],
        *,
        degrees: bool = False,
        clip: bool = False,
    ) -> None:
        bounds = tuple(float(v) for v in extent)
        sizes = (float(size),) * 2 if isinstance(size, int | float) else tuple(float(v) for v in size)
        if len(bounds) != 4 or not all(map(math.isfinite, bounds)):
            raise ArgumentError(f"tiles: extent must be xmin, xmax, ymin, ymax, got {bounds}")
        if bounds[0] >= bounds[1] or bounds[2] >= bounds[3]:
            raise ArgumentError(f"tiles: extent must not be empty, got {bounds}")
        if len(sizes) != 2 or not all(0 < v < math.inf for v in sizes):
            raise ArgumentError(f"tiles: size must be one or two positive numbers, got {size}")
        if degrees and not all(v.is_integer() for v in (bounds[0], bounds[2], *sizes)):
            raise ArgumentError(
                f"tiles: named by degrees, the corner and size must be whole degrees, got {bounds}, {sizes}"
            )
        for field, value in (("extent", bounds), ("size", sizes), ("degrees", degrees), ("clip", clip)):
            object.__setattr__(self, field, value)

    @cached_property
    def ncol(self) -> int:
        """Number of tiles from left to right."""
        return _count(self.extent[1] - self.extent[0], self.size[0])

    @cached_property
    def nrow(self) -> int:
        """Number of tiles from bottom to top."""
        return _count(self.extent[3] - self.extent[2], self.size[1])

    def __len__(self) -> int:
        return self.nrow * self.ncol

    def __iter__(self) -> Iterator[Tile]:
        return (self.tile(row, col) for row in range(self.nrow) for col in range(self.ncol))

    def tile(self, row: int, col: int) -> Tile:
        """Return a tile; row 0 is at the bottom, column 0 at the left."""
        if not (0 <= row < self.nrow and 0 <= col < self.ncol):
            raise ArgumentError(
                f"tiles: row and column must be below {self.nrow} and {self.ncol}, got {row} and {col}"
            )
        xmin, xmax, ymin, ymax = self.extent
        # Corners by multiplication: a sum of sizes would let neighbours drift apart.
        left, right = xmin + col * self.size[0], xmin + (col + 1) * self.size[0]
        bottom, top = ymin + row * self.size[1], ymin + (row + 1) * self.size[1]
        if self.clip:
            right, top = min(right, xmax), min(top, ymax)
        name = _degrees_name(left, bottom) if self.degrees else f"r{row:04d}_c{col:04d}"
        return Tile(name, (left, right, bottom, top), row, col)

    def touching(self, extent: Iterable[float]) -> Iterator[Tile]:
        """Give the tiles that share some area with an extent, in order."""
        xmin, xmax, ymin, ymax = extent
        for row in _range(ymin - self.extent[2], ymax - self.extent[2], self.size[1], self.nrow):
            for col in _range(xmin - self.extent[0], xmax - self.extent[0], self.size[0], self.ncol):
                yield self.tile(row, col)


def check_tile_id(tile_id: str) -> str:
    """Return the id, or raise `ArgumentError` when it is not safe as part of a file name."""
    if not isinstance(tile_id, str) or not _ID.fullmatch(tile_id):
        raise ArgumentError(
            f"tiles: an id must be 1 to 64 letters, digits, underscores and hyphens, got {tile_id!r}"
        )
    return tile_id


def path_inside(root: str | Path, *parts: str) -> Path:
    """Join names below a folder, and make sure that the result stays there.

    Examples
    --------
    >>> path_inside("tiles", "008E_46N", "2003.tif").name
    '2003.tif'

    Raises
    ------
    ArgumentError
        When the path would leave the folder, through ``..``, an absolute part or a symbolic link, or has a character NUL.
    """
    for part in (root, *parts):
        path_text(part, "tiles", ArgumentError)
    base = Path(root).resolve()
    path = base.joinpath(*parts)
    if not path.resolve().is_relative_to(base) or path.resolve() == base:
        raise ArgumentError(f"tiles: {'/'.join(parts)!r} must lie inside of {base}")
    return path


def _count(span: float, size: float) -> int:
    return max(1, math.ceil(span / size - _ROUNDING))


def _range(low: float, high: float, size: float, count: int) -> range:
    return range(max(0, math.floor(low / size + _ROUNDING)), min(count, math.ceil(high / size - _ROUNDING)))


def _degrees_name(left: float, bottom: float) -> str:
    x, y = round(left), round(bottom)
    return f"{abs(x):03d}{'W' if x < 0 else 'E'}_{abs(y):02d}{'S' if y < 0 else 'N'}"
