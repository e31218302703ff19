"""viewshed: what can be seen from a place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np

from pyterra import kernels
from pyterra.arguments import choice
from pyterra.errors import ArgumentError
from pyterra.expr import Array, Node, Sweep
from pyterra.frozen import dataclass
from pyterra.grid import Grid, Window
from pyterra.grid.crs import to_pyproj
from pyterra.raster.build import FLOAT32, FLOAT64, number, numbers_of, one_layer, raster

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from pyterra.handles.spatraster import SpatRaster

Output = Literal["yes/no", "land", "sea"]


@dataclass(frozen=True, eq=False)
class Skylines:
    """What is known: the height of the eye, and what hides behind the rows next to strips."""

    strips: tuple[Window, ...]
    eye: float
    before: dict[int, Array]
    """First row of a strip -> skyline of the row next to it, on the side of the observer."""


@dataclass(frozen=True)
class Viewshed:
    """Strips tell the skylines of their outermost rows, one after the other away from the observer."""

    row: int
    col: int
    grid: Grid
    observer: float
    target: float
    drop: float
    """How far the earth falls away, per squared unit of distance."""
    output: Output

    temporaries: float = 48.0
    strip_cells: ClassVar[int] = 512 * 1024

    def begin(self, node: Node, strips: Sequence[Window]) -> Skylines:
        """Nothing is known."""
        return Skylines(tuple(strips), float("nan"), {})

    def _has_observer(self, window: Window) -> bool:
        return window.row <= self.row < window.row_stop

    def survey(self, block: Array, window: Window, state: Skylines) -> Any:
        """Height of the eye, and skylines of the first and last row; nothing before the strip beside has told its own.

        Raises
        ------
        ArgumentError
            Where the height of the land is missing below the observer.
        """
        if not self._has_observer(window) and window.row not in state.before:
            return None
        eye = self._eye(block, window) if self._has_observer(window) else state.eye
        return eye, self._sight(block, window, eye, state)[1]

    def update(
        self, state: Skylines, found: Sequence[tuple[Window, Any]]
    ) -> tuple[Skylines, Sequence[Window]]:
        """The skylines that are known now, and the strips beside them, away from the observer."""
        eye, before, wanted = state.eye, dict(state.before), []
        for window, told in found:
            if told is None:
                continue
            eye, (top, bottom) = told
            for strip in state.strips:
                above = strip.row_stop == window.row and window.row <= self.row
                below = strip.row == window.row_stop and window.row_stop > self.row
                if above or below:
                    before[strip.row] = top if above else bottom
                    wanted.append(strip)
        return Skylines(state.strips, eye, before), wanted

    def values(self, block: Array, window: Window, state: Skylines) -> Array:
        """What can be seen of one strip."""
        eye = self._eye(block, window) if len(state.strips) == 1 else state.eye
        land = block[0].astype(np.float64)
        need = self._sight(block, window, eye, state)[0]
        need += eye + self._fall(window)
        if self.output == "yes/no":
            seen = (land + self.target >= need).astype(np.float64)
        else:
            lowest = np.maximum(need, land) if self.output == "land" else np.where(np.isinf(need), land, need)
            seen = lowest - land if self.output == "land" else lowest
        return np.where(np.isnan(land), np.nan, seen)[None]

    def _eye(self, block: Array, window: Window) -> float:
        land = float(block[0, self.row - window.row, self.col])
        if land != land:
            raise ArgumentError(
                "viewshed: the observer must stand on a cell with a height; "
                f"that in row {self.row}, column {self.col} is missing"
            )
        return land + self.observer

    def _sight(self, block: Array, window: Window, eye: float, state: Skylines) -> tuple[Array, Array]:
        land = block[0].astype(np.float64) - eye - self._fall(window)
        before = state.before.get(window.row, np.full(self.grid.ncol, -np.inf))
        found: tuple[Array, Array] = kernels.sight.heights_in_sight(
            land, self.row - window.row, self.col, before
        )
        return found

    def _fall(self, window: Window) -> Array:
        """How far the earth falls away below the plane through the observer."""
        down = (np.arange(window.row, window.row_stop) - self.row) * self.grid.yres
        right = (np.arange(self.grid.ncol) - self.col) * self.grid.xres
        return self.drop * (down[:, None] ** 2 + right**2)


def viewshed(
    x: SpatRaster,
    loc: int | ArrayLike,
    observer: float = 1.8,
    target: float = 0,
    curvcoef: float = 6 / 7,
    output: Output = "yes/no",
) -> SpatRaster:
    """What can be seen from a place, or how high it would have to be to be seen.

    Parameters
    ----------
    x : SpatRaster
        Heights of the land, one layer, in the units of the CRS, which must not be lon/lat.
    loc : int or array
        Where the observer stands: the number of a cell, or x and y.
    observer : float
        Height of the eye above the land.
    target : float
        Height above the land of what is looked for.
    curvcoef : float
        How much of the curvature of the earth counts; less than 1, as the air bends the light. 0 for a plane.
    output : {"yes/no", "land", "sea"}
        Whether a cell can be seen; or how high above the land, or above the level from which heights are counted, a
        thing must reach to be seen.

    Returns
    -------
    SpatRaster
        A layer ``viewshed``; missing where the height is missing.

    Raises
    ------
    ArgumentError
        For more than one layer, a lon/lat raster, a place off the raster, or one without a height (when values are
        computed).

    See Also
    --------
    terrain : Computes slope and other characteristics.

    Notes
    -----
    The sight line to a cell runs over a plane through the eye and the two nearer cells beside it. Neighbours of the
    observer can always be seen; terra and GDAL see those below his feet only where they are not lower, and so lose
    ground that falls away. Missing cells hide nothing.

    References
    ----------
    Wang, J., Robinson, G. J. and White, K. (2000). Generating viewsheds without using sightlines. Photogrammetric
    Engineering and Remote Sensing 66, 87-90.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[1, 1, 5, 1, 9]], crs="EPSG:3035")
    >>> r.viewshed(0, observer=1).values(drop=True)
    array([1., 1., 1., 0., 1.])
    >>> r.viewshed(0, observer=1, curvcoef=0, output="sea").values(drop=True)
    array([1. , 1. , 0. , 6.5, 8. ])
    """
    node = one_layer(x, "viewshed")
    if node.grid.is_lonlat:
        raise ArgumentError("viewshed: the CRS must be planar, got lon/lat; project() first")
    output = choice(output, ("yes/no", "land", "sea"), "viewshed: output")
    cell = _cell_of(loc, node.grid)
    method = Viewshed(
        row=cell // node.grid.ncol,
        col=cell % node.grid.ncol,
        grid=node.grid,
        observer=number(observer, "viewshed: observer"),
        target=number(target, "viewshed: target"),
        drop=number(curvcoef, "viewshed: curvcoef") / _diameter(node.grid),
        output=output,
    )
    layer = replace(node.layers[0].number(), name="viewshed")
    kind, dtype = ("bool", FLOAT32) if output == "yes/no" else ("num", FLOAT64)
    return raster(
        Sweep(grid=node.grid, layers=(layer.as_kind(kind),), dtype=dtype, argument=node, method=method)  # type: ignore[arg-type]
    )


def _cell_of(loc: Any, grid: Grid) -> int:
    given = numbers_of(loc, "viewshed: loc").ravel()
    if given.size == 1 and given[0] == np.floor(given[0]):
        cell = int(given[0]) if 0 <= given[0] < grid.cells else -1
    elif given.size == 2:
        cell = int(grid.cell_from_xy(given)[0])
    else:
        raise ArgumentError(f"viewshed: loc must be the number of a cell, or x and y, got {loc!r:.60}")
    if cell < 0:
        told = f"cell {given[0]:.0f}" if given.size == 1 else given.tolist()
        raise ArgumentError(f"viewshed: loc must lie on the raster, got {told}; {grid}")
    return cell


def _diameter(grid: Grid) -> float:
    """Of the earth, in units of the CRS."""
    crs = to_pyproj(grid.crs) if grid.crs else None
    radius = 6378137.0 if crs is None or crs.ellipsoid is None else crs.ellipsoid.semi_major_metre
    unit = float(crs.axis_info[0].unit_conversion_factor or 1.0) if crs is not None and crs.axis_info else 1.0
    return 2.0 * float(radius) / unit
