"""tessellate: hexagons or rectangles that cover an extent without gaps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from pyterra.arguments import checked, choice
from pyterra.errors import ArgumentError
from pyterra.grid.crs import LONLAT, is_lonlat, parse_crs
from pyterra.grid.extent import Extent
from pyterra.raster.build import extent_of, number
from pyterra.vector.build import build, to_crs

if TYPE_CHECKING:
    from pyterra.handles.spatvector import SpatVector

WORLD = Extent(-180.0, 180.0, -90.0, 90.0)
METRES = 6378137.0
"""From the middle of the earth to the equator."""
SIDE = 17
"""Stretches of a side of a hexagon of longitude and latitude, which is no straight line there."""


@checked
def tessellate(
    x: Any = None,
    size: float = 0,
    *,
    type: Literal["hexagon", "rectangle"] = "hexagon",
    flat_top: bool = False,
    align: Literal["fit", "align"] = "fit",
    lonlat: bool | None = None,
) -> SpatVector:
    """Polygons of one size that cover an extent without gaps.

    Parameters
    ----------
    x : SpatRaster, SpatVector, SpatExtent or anything with an extent, optional
        What is to be covered; by default the earth.
    size : float
        How far it is from one side of a hexagon to the opposite one, or the side of a rectangle; in units of the CRS, for
        longitude and latitude in metres.
    type : {"hexagon", "rectangle"}
        What the polygons are.
    flat_top : bool
        Whether hexagons have two horizontal sides; otherwise two vertical ones.
    align : {"fit", "align"}
        Rectangles that all lie within the extent, so that they are a little larger or smaller; or squares of the size,
        that may reach beyond it.
    lonlat : bool, optional
        Whether coordinates without a reference system are longitude and latitude; by default they are not.

    Returns
    -------
    SpatVector
        Polygons, row by row from the south.

    Raises
    ------
    ArgumentError
        For a size that is not above 0.

    See Also
    --------
    SpatRaster.as_polygons : Cells as polygons.
    get_tile_extents : Tiles of a raster.

    Notes
    -----
    Hexagons of longitude and latitude have the same area, but not the same shape: they are regular in a cylindrical
    equal-area projection that is true in the middle of the extent. Around the earth their size is changed so that the
    last meets the first; those at the date line are in two parts, and those at the poles are cut.

    Examples
    --------
    >>> import pyterra as pt
    >>> cells = pt.tessellate(pt.ext(0, 100, 0, 100), 10)
    >>> len(cells), round(cells.geoms[0].area, 3)
    (149, 86.603)
    """
    extent = WORLD if x is None else extent_of(x)
    crs = parse_crs(getattr(x, "crs", None) or "")
    if not crs and (lonlat or (x is None and lonlat is not False)):
        crs = parse_crs(LONLAT)
    if not number(size, "tessellate: size") > 0:
        raise ArgumentError(f"tessellate: size must be above 0, got {size}")
    degrees = is_lonlat(crs) if crs else False
    if choice(type, ("hexagon", "rectangle"), "tessellate: type") == "hexagon":
        shapes = _on_earth(extent, size, flat_top) if degrees else _hexagons(extent, size, flat_top)
    elif choice(align, ("fit", "align"), "tessellate: align") == "fit":
        shapes = _boxes(*_fitting(extent, *_lengths(extent, size, degrees)))
    else:
        shapes = _boxes(*_squares(extent, size, degrees))
    return build(shapes, None, to_crs(crs) if crs else None)


def _lattice(extent: Extent, size: float, flat_top: bool) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Centres of the hexagons that touch an extent, and the steps from a centre to the corners."""
    import shapely  # noqa: F401

    low, high = (extent.ymin, extent.ymax), (extent.xmin, extent.xmax)
    (begin, end), (left, right) = (high, low) if flat_top else (low, high)
    radius = size / np.sqrt(3)
    rows = begin - radius / 2 + 1.5 * radius * np.arange(int((end - begin) / radius / 1.5) + 3)
    rows = rows[rows - radius <= end + 1e-9 * radius]
    centres = []
    for k, row in enumerate(rows):
        first = left - (size / 2 if k % 2 else 0.0)
        along = first + size * np.arange(int((right - left) / size) + 3)
        along = along[along - size / 2 <= right + 1e-9 * size]
        centres.append(np.column_stack([along, np.full(along.size, row)]))
    angle = np.deg2rad(np.arange(30, 390, 60))
    corners = radius * np.column_stack([np.cos(angle), np.sin(angle)])
    found = np.concatenate(centres)
    return (found[:, ::-1], corners[::-1, ::-1]) if flat_top else (found, corners)


def _hexagons(extent: Extent, size: float, flat_top: bool) -> NDArray[Any]:
    import shapely

    centres, corners = _lattice(extent, size, flat_top)
    shapes: NDArray[Any] = shapely.polygons(centres[:, None] + corners)
    return shapes


def _on_earth(extent: Extent, size: float, flat_top: bool) -> NDArray[Any]:
    """Hexagons of an equal-area projection in longitude and latitude."""
    import pyproj
    import shapely

    middle = min(abs(extent.ymin + extent.ymax) / 2, 80.0)
    plane = pyproj.Proj(proj="cea", lat_ts=middle, ellps="WGS84")
    (left, right), (bottom, top) = plane((extent.xmin, extent.xmax), (extent.ymin, extent.ymax))
    around = extent.width > 360 - 1e-9
    if around:
        step = size * (1.5 / np.sqrt(3) * 2 if flat_top else 1.0)
        size *= (right - left) / max(round((right - left) / step), 1) / step
    centres, corners = _lattice(Extent(left, right, bottom, top), size, flat_top)
    if around:
        centres = centres[(centres[:, 0] > left - 1e-6 * size) & (centres[:, 0] < right - 1e-6 * size)]
    following = np.roll(corners, -1, axis=0)
    share = (np.arange(SIDE) / SIDE)[:, None]
    ring = (corners[:, None] + (following - corners)[:, None] * share).reshape(-1, 2)
    shapes = shapely.polygons(centres[:, None] + ring)
    pole, turn = plane(0, 90)[1], right - left
    if around:
        earth, shift = shapely.box(left, -pole, right, pole), np.array([turn, 0.0])
        turned = [shapely.polygons(centres[:, None] + ring + by * shift) for by in (-1, 0, 1)]
        parts = shapely.intersection(np.stack(turned), earth)
        parts[~np.isin(shapely.get_type_id(parts), (3, 6))] = shapely.from_wkt("POLYGON EMPTY")
        shapes = shapely.union_all(parts, axis=0)
    else:
        bounds = shapely.total_bounds(shapes)
        shapes = shapely.intersection(shapes, shapely.box(bounds[0], -pole, bounds[2], pole))
    shapes = shapes[shapely.area(shapes) > 1e-6 * size**2]
    found: NDArray[Any] = shapely.transform(
        shapes, lambda xy: np.column_stack(plane(xy[:, 0], xy[:, 1], inverse=True))
    )
    return found


def _lengths(extent: Extent, size: float, degrees: bool) -> tuple[float, float]:
    """How many sizes an extent is wide and high."""
    wide, high = extent.width, extent.height
    if degrees:
        metre = np.deg2rad(1.0) * METRES
        wide *= float(np.cos(np.deg2rad((extent.ymin + extent.ymax) / 2))) * metre
        high *= metre
    return wide / size, high / size


def _fitting(extent: Extent, wide: float, high: float) -> tuple[NDArray[np.float64], ...]:
    """Edges of equal rectangles, left, bottom, right, top."""
    xs = np.linspace(extent.xmin, extent.xmax, max(round(wide), 1) + 1)
    ys = np.linspace(extent.ymin, extent.ymax, max(round(high), 1) + 1)
    left, bottom = np.meshgrid(xs[:-1], ys[:-1])
    right, top = np.meshgrid(xs[1:], ys[1:])
    return left.ravel(), bottom.ravel(), right.ravel(), top.ravel()


def _squares(extent: Extent, size: float, degrees: bool) -> tuple[NDArray[np.float64], ...]:
    """Edges of squares in rows around the middle of an extent; of longitude and latitude, as wide as they are high."""
    step = size / (np.deg2rad(1.0) * METRES) if degrees else size
    rows = max(int(np.ceil(extent.height / step - 1e-9)), 1)
    base = (extent.ymin + extent.ymax) / 2 - rows * step / 2
    middle, parts = (extent.xmin + extent.xmax) / 2, []
    for k in range(rows):
        bottom, top = base + k * step, base + (k + 1) * step
        if degrees:
            bottom, top = max(bottom, -90.0), min(top, 90.0)
        wide = step / max(float(np.cos(np.deg2rad((bottom + top) / 2))), 1e-9) if degrees else step
        if degrees and extent.width > 360 - 1e-9:
            wide = 360.0 / max(round(360.0 / wide), 1)
        count = max(int(np.ceil(extent.width / wide - 1e-9)), 1)
        left = middle + (np.arange(count) - count / 2) * wide
        parts.append(np.stack([left, np.full(count, bottom), left + wide, np.full(count, top)]))
    return tuple(np.concatenate(parts, axis=1))


def _boxes(left: Any, bottom: Any, right: Any, top: Any) -> NDArray[Any]:
    import shapely

    shapes: NDArray[Any] = shapely.box(left, bottom, right, top)
    return shapes
