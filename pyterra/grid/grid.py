"""Grid: an extent cut into equal rows and columns, with the maths between cells and coordinates."""

from __future__ import annotations

import math
from dataclasses import field, replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pyterra.errors import ArgumentError, CRSMismatchError, ExtentError, GridMismatchError, warn
from pyterra.frozen import dataclass
from pyterra.grid import crs as _crs
from pyterra.grid.extent import Extent
from pyterra.grid.geolocation import SENSOR, Geolocation
from pyterra.grid.turn import Turn
from pyterra.grid.window import Window

Snap = Literal["near", "in", "out"]

TOLERANCE = 0.1
"""Two grids are the same where their extents differ by less than this share of a cell."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Equal cells in an extent, rows from the top, columns from the left, north up."""

    extent: Extent
    """Outer edges of the cells."""
    nrow: int
    """Number of rows."""
    ncol: int
    """Number of columns."""
    crs: str = field(default="", repr=False)
    """WKT of the coordinate reference system, ``""`` = none."""
    geolocation: Geolocation | None = field(default=None, repr=False)
    """What places the cells, where rows and columns do not; left out where it is not of this grid."""

    def __post_init__(self) -> None:
        told = self.geolocation
        if told is not None and (told.extent, told.shape, SENSOR) != (
            self.extent, (self.nrow, self.ncol), self.crs
        ):  # fmt: skip
            object.__setattr__(self, "geolocation", None)
        if self.nrow < 1 or self.ncol < 1:
            raise ArgumentError(f"grid: needs at least one row and one column, got {self.nrow} x {self.ncol}")
        if self.extent.width <= 0 or self.extent.height <= 0:
            raise ExtentError(f"grid: the extent must have a width and a height, got {self.extent}")

    @classmethod
    def from_resolution(cls, extent: Extent, xres: float, yres: float, crs: str = "") -> Grid:
        """Cells of a size, as many as come closest to the extent; its lower left corner stays, the others give way."""
        ncol = max(1, math.floor(extent.width / xres + 0.5))
        nrow = max(1, math.floor(extent.height / yres + 0.5))
        xmax, ymax = extent.xmin + ncol * xres, extent.ymin + nrow * yres
        if math.isclose(xmax - extent.xmin, extent.width, rel_tol=1e-12):
            xmax = extent.xmax
        if math.isclose(ymax - extent.ymin, extent.height, rel_tol=1e-12):
            ymax = extent.ymax
        return cls(Extent(extent.xmin, xmax, extent.ymin, ymax), nrow, ncol, crs)

    @property
    def xres(self) -> float:
        """Width of a cell."""
        return self.extent.width / self.ncol

    @property
    def yres(self) -> float:
        """Height of a cell."""
        return self.extent.height / self.nrow

    @property
    def cells(self) -> int:
        """Number of cells of a layer."""
        return self.nrow * self.ncol

    @property
    def window(self) -> Window:
        """All cells."""
        return Window(0, 0, self.nrow, self.ncol)

    @property
    def transform(self) -> tuple[float, float, float, float, float, float]:
        """Affine coefficients a, b, c, d, e, f of ``x = a col + b row + c``, ``y = d col + e row + f``."""
        return self.xres, 0.0, self.extent.xmin, 0.0, -self.yres, self.extent.ymax

    @property
    def is_lonlat(self) -> bool:
        """Whether the CRS has coordinates in degrees."""
        return _crs.is_lonlat(self.crs)

    @property
    def is_global(self) -> bool:
        """Whether the columns go once around the earth, so that the last is a neighbour of the first."""
        return self.is_lonlat and self.turn.period == self.ncol

    @property
    def turn(self) -> Turn:
        """How the columns go on around the earth."""
        return Turn.of(self)

    def thinned(self, rows: int, cols: int | None = None) -> Grid:
        """One cell for so many rows and columns; the extent grows where the numbers do not divide."""
        cols = rows if cols is None else cols
        nrow, ncol, e = -(-self.nrow // rows), -(-self.ncol // cols), self.extent
        xmax = e.xmax if ncol * cols == self.ncol else e.xmin + ncol * cols * self.xres
        ymin = e.ymin if nrow * rows == self.nrow else e.ymax - nrow * rows * self.yres
        extent, told = Extent(e.xmin, xmax, ymin, e.ymax), self.geolocation
        return Grid(extent, nrow, ncol, self.crs, told and told.thinned((rows, cols), extent, (nrow, ncol)))

    def with_crs(self, crs: str) -> Grid:
        """The same cells under another CRS name."""
        return replace(self, crs=crs)

    # Cells and coordinates

    def x_from_col(self, col: ArrayLike) -> NDArray[np.float64]:
        """x of the centres of columns; NaN outside."""
        c = np.asarray(col)
        x = self.extent.xmin + (c + 0.5) * self.xres
        return np.where((c >= 0) & (c < self.ncol), x, np.nan)

    def y_from_row(self, row: ArrayLike) -> NDArray[np.float64]:
        """y of the centres of rows; NaN outside."""
        r = np.asarray(row)
        y = self.extent.ymax - (r + 0.5) * self.yres
        return np.where((r >= 0) & (r < self.nrow), y, np.nan)

    def col_from_x(self, x: ArrayLike) -> NDArray[np.int64]:
        """Columns of x: an edge belongs to the right-hand cell, the right border to the last; -1 outside."""
        return _index((np.asarray(x, dtype=np.float64) - self.extent.xmin) / self.xres, self.ncol)

    def row_from_y(self, y: ArrayLike) -> NDArray[np.int64]:
        """Rows of y: an edge belongs to the lower cell, the bottom border to the last; -1 outside."""
        return _index((self.extent.ymax - np.asarray(y, dtype=np.float64)) / self.yres, self.nrow)

    def cell_from_row_col(self, row: ArrayLike, col: ArrayLike) -> NDArray[np.int64]:
        """Cell numbers of rows and columns (broadcast); -1 outside."""
        rows, cols = np.asarray(row, dtype=np.int64), np.asarray(col, dtype=np.int64)
        try:
            r, c = np.broadcast_arrays(rows, cols)
        except ValueError:
            raise ArgumentError(
                f"rows and columns must be as many, got {rows.size} and {cols.size}"
            ) from None
        inside = (r >= 0) & (r < self.nrow) & (c >= 0) & (c < self.ncol)
        return np.where(inside, r * np.int64(self.ncol) + c, np.int64(-1))

    def cell_from_xy(self, xy: ArrayLike) -> NDArray[np.int64]:
        """Cell numbers of points of shape (n, 2); -1 outside."""
        points = np.asarray(xy, dtype=np.float64)
        if points.size % 2:
            raise ArgumentError(f"coordinates must be of shape (n, 2), got {points.size} numbers")
        points = points.reshape(-1, 2)
        return self.cell_from_row_col(self.row_from_y(points[:, 1]), self.col_from_x(points[:, 0]))

    def row_col_from_cell(self, cell: ArrayLike) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Rows and columns of cell numbers; -1 for numbers outside."""
        c = np.asarray(cell, dtype=np.int64)
        inside = (c >= 0) & (c < self.cells)
        return np.where(inside, c // self.ncol, -1), np.where(inside, c % self.ncol, -1)

    def xy_from_cell(self, cell: ArrayLike) -> NDArray[np.float64]:
        """Centres of cells as an array of shape (n, 2); NaN outside."""
        row, col = self.row_col_from_cell(np.atleast_1d(np.asarray(cell, dtype=np.int64)))
        return np.column_stack([self.x_from_col(col), self.y_from_row(row)])

    # Windows and extents

    def extent_of(self, window: Window) -> Extent:
        """Outer edges of the cells of a window (which may reach beyond the grid)."""
        e, xres, yres = self.extent, self.xres, self.yres
        return Extent(
            e.xmin if window.col == 0 else e.xmin + window.col * xres,
            e.xmax if window.col_stop == self.ncol else e.xmin + window.col_stop * xres,
            e.ymin if window.row_stop == self.nrow else e.ymax - window.row_stop * yres,
            e.ymax if window.row == 0 else e.ymax - window.row * yres,
        )

    def subgrid(self, window: Window) -> Grid:
        """The grid of the cells of a window."""
        extent, told = self.extent_of(window), self.geolocation
        return Grid(extent, window.nrow, window.ncol, self.crs, told and told.part(window, extent))

    def window_of(self, extent: Extent, snap: Snap = "near") -> Window:
        """The cells of an extent, which may lie outside this grid.

        Parameters
        ----------
        extent : SpatExtent
        snap : {"near", "in", "out"}
            Move edges to the nearest cell edge, inward or outward. As in terra, an edge in the middle of a cell moves
            away from the cell edge that is nearest to 0.
        """
        if snap == "near":
            col, col_stop = (_nearest(x, self.extent.xmin, self.xres) for x in (extent.xmin, extent.xmax))
            row, row_stop = (-_nearest(y, self.extent.ymax, self.yres) for y in (extent.ymax, extent.ymin))
            return Window(row, col, max(0, row_stop - row), max(0, col_stop - col))
        left = (extent.xmin - self.extent.xmin) / self.xres
        right = (extent.xmax - self.extent.xmin) / self.xres
        top = (self.extent.ymax - extent.ymax) / self.yres
        bottom = (self.extent.ymax - extent.ymin) / self.yres
        col, col_stop = _snap(left, right, snap)
        row, row_stop = _snap(top, bottom, snap)
        return Window(row, col, max(0, row_stop - row), max(0, col_stop - col))

    def rows_and_columns(self, row: int, nrows: int | None, col: int, ncols: int | None, verb: str) -> Window:
        """A window of so many rows and columns, by default all that follow; an error where it reaches out."""
        for what, first, size in (("rows", row, self.nrow), ("columns", col, self.ncol)):
            if not 0 <= first < size:
                raise ArgumentError(f"{verb}: {what} are numbered 0 to {size - 1}, got {first}")
        height = self.nrow - row if nrows is None else nrows
        width = self.ncol - col if ncols is None else ncols
        window = Window(row, col, height, width)
        if height < 1 or width < 1 or not self.window.contains(window):
            raise ArgumentError(
                f"{verb}: nrows must be 1 to {self.nrow - row} and ncols 1 to {self.ncol - col} from there, got "
                f"{height} and {width}"
            )
        return window

    def whole_cells(self, extent: Extent, snap: Snap = "near") -> Window:
        """The cells of an extent, as `window_of` has them, but one row and column at least: where both sides would be on
        one edge, those in which the lower one lies."""
        window = self.window_of(extent, snap)
        row, col = window.row, window.col
        if window.nrow == 0:
            row = math.ceil((self.extent.ymax - extent.ymin) / self.yres) - 1
        if window.ncol == 0:
            col = math.floor((extent.xmin - self.extent.xmin) / self.xres)
        return Window(row, col, max(1, window.nrow), max(1, window.ncol))

    def part_of(self, extent: Extent) -> Extent | None:
        """The part of an extent that lies on this grid, in whole cells; None where there is none."""
        found = self.extent_of(self.whole_cells(extent)).intersect(self.extent)
        return found if found is not None and found.width > 0 and found.height > 0 else None

    def offset_in(self, other: Grid) -> tuple[int, int]:
        """Row and column of `other` at which the first cell of this grid lies.

        Raises
        ------
        GridMismatchError
            Where the cells of the two do not coincide.
        """
        self.check_aligned(other)
        return (
            round((other.extent.ymax - self.extent.ymax) / other.yres),
            round((self.extent.xmin - other.extent.xmin) / other.xres),
        )

    def is_aligned(self, other: Grid) -> bool:
        """Whether the cells of the two grids have one size and coincide where they overlap."""
        if not (
            math.isclose(self.xres, other.xres, rel_tol=1e-6)
            and math.isclose(self.yres, other.yres, rel_tol=1e-6)
        ):
            return False
        dx = (self.extent.xmin - other.extent.xmin) / other.xres
        dy = (self.extent.ymax - other.extent.ymax) / other.yres
        return abs(dx - round(dx)) < TOLERANCE and abs(dy - round(dy)) < TOLERANCE

    def check_places(self, other: Grid, verb: str) -> None:
        """Raise GridMismatchError where both count cells that different arrays place: two passes of a satellite."""
        one, two = self.geolocation, other.geolocation
        if one is not None and two is not None and not one.agrees(two):
            raise GridMismatchError(
                f"{verb}: cells must lie in the same places, got those of {' and '.join(one.arrays.names)} and those of "
                f"{' and '.join(two.arrays.names)}; use project() first"
            )

    def check_aligned(self, other: Grid) -> None:
        """Raise GridMismatchError unless `is_aligned`."""
        self.check_places(other, "grids")
        if not self.is_aligned(other):
            raise GridMismatchError(
                f"grids must have cells of one size that coincide, got resolution {self.xres:.10g}, {self.yres:.10g} "
                f"at {self.extent} and {other.xres:.10g}, {other.yres:.10g} at {other.extent}; use resample() first"
            )

    def same_cells(self, other: Grid, tolerance: float = TOLERANCE) -> bool:
        """Whether both have the same rows and columns in the same place (within `tolerance` of a cell)."""
        if self.nrow != other.nrow or self.ncol != other.ncol:
            return False
        reach = tolerance * max(self.xres, self.yres)
        return all(abs(a - b) <= reach for a, b in zip(self.extent, other.extent, strict=True))

    def check_same(self, other: Grid, verb: str) -> Grid:
        """This grid, with the CRS that the two have.

        Raises
        ------
        GridMismatchError
            Where rows, columns or extents differ.
        CRSMismatchError
            Where both have a CRS and the two mean different things.
        """
        if self.nrow != other.nrow or self.ncol != other.ncol:
            raise GridMismatchError(
                f"{verb}: number of rows and columns must match, got {self.nrow} x {self.ncol} and "
                f"{other.nrow} x {other.ncol}; use crop(), extend() or resample() first"
            )
        if not self.same_cells(other):
            raise GridMismatchError(
                f"{verb}: extents must match, got {self.extent} and {other.extent}; "
                "use crop(), extend() or resample() first"
            )
        self.check_places(other, verb)
        return self.with_crs(common_crs(self.crs, other.crs, verb))

    def __str__(self) -> str:
        return f"{self.nrow} x {self.ncol} cells of {self.xres:.7g} x {self.yres:.7g}, {self.extent}"


def common_crs(a: str, b: str, verb: str) -> str:
    """The CRS of two inputs; the known one where the other has none, with a warning.

    Raises
    ------
    CRSMismatchError
        Where the two differ in meaning.
    """

    if a and b:
        if not _crs.same_crs(a, b):
            raise CRSMismatchError(
                f"{verb}: coordinate reference systems must match, got {_crs.describe_crs(a)} and "
                f"{_crs.describe_crs(b)}; use project() first, or set .crs where it is wrong"
            )
        return a
    if a != b:
        known = _crs.describe_crs(a or b)
        warn(f"{verb}: one input has no CRS; taking {known} for both")
    return a or b


def _index(position: NDArray[np.float64], size: int) -> NDArray[np.int64]:
    finite = np.isfinite(position) & (position >= 0) & (position <= size)
    index = np.floor(np.where(finite, position, -1.0)).astype(np.int64)
    return np.where(finite & (index == size), size - 1, index)


def origin_of(edge: float, size: float) -> float:
    """The corner of cells that is nearest to 0, the positive one of two, on an axis where `edge` is one."""
    found = edge - size * _half_away(edge / size)
    return abs(found) if math.isclose(size + found, abs(found), rel_tol=1e-9) else found


def _nearest(position: float, edge: float, size: float) -> int:
    """How many cells of a size lie between `edge` and the edge that is nearest to a position."""
    origin = origin_of(edge, size)
    return _half_away((position - origin) / size) - _half_away((edge - origin) / size)


def _half_away(number: float) -> int:
    """The nearest whole number; halves go away from 0."""
    return math.floor(number + 0.5) if number >= 0 else math.ceil(number - 0.5)


def _snap(start: float, stop: float, snap: Snap) -> tuple[int, int]:
    fuzz = 1e-6  # an edge this close to a cell edge is meant to be on it
    if snap == "out":
        return math.floor(start + fuzz), math.ceil(stop - fuzz)
    if snap == "in":
        return math.ceil(start - fuzz), math.floor(stop + fuzz)
    raise ArgumentError(f"crop: snap must be 'near', 'in' or 'out', got {snap!r}")
