"""SpatExtent: the rectangle that users hold, and the index of its verbs."""

from __future__ import annotations

from pyterra import bridge as _bridge
from pyterra.between import relate as _relate
from pyterra.between import tiles as _tiles
from pyterra.grid.extent import Extent
from pyterra.maps import extents as _maps
from pyterra.maps import overlays as _overlays
from pyterra.maps import pages as _pages
from pyterra.vector import of_extents as _of_extents


class SpatExtent(Extent):
    """Rectangle ``xmin, xmax, ymin, ymax`` (terra's order), immutable.

    ``e + 1`` grows it by 1 on every side, and ``e - 1`` shrinks it. ``e * 2`` doubles its size around the centre, and
    ``e / 2`` halves it. ``e % 5`` aligns it outward to multiples of 5. ``e + f`` is the union and ``e * f`` the
    intersection of two extents. Extents are compared with a tolerance of 1e-6; ``e < f`` means that e lies inside f.

    Raises
    ------
    ExtentError
        Where a bound is not a number or ``xmin > xmax`` or ``ymin > ymax``.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.ext(0, 10, 0, 5) + 1
    SpatExtent : -1, 11, -1, 6 (xmin, xmax, ymin, ymax)
    """

    __slots__ = ()

    width = Extent.width
    height = Extent.height
    bounds = Extent.bounds

    # Other rectangles

    union = Extent.union
    intersect = _tiles.intersect
    shift = Extent.shift
    extend = Extent.extend
    floor = Extent.floor
    ceiling = Extent.ceiling
    round = Extent.round
    align = _tiles.align
    project = _of_extents.project

    relate = _relate.relate
    is_related = _relate.is_related

    # Numbers

    is_empty = Extent.is_empty
    mean = Extent.mean
    min = Extent.min
    max = Extent.max
    range = Extent.range
    as_matrix = Extent.as_matrix

    # Vectors and points

    as_points = _of_extents.as_points
    as_lines = _of_extents.as_lines
    as_polygons = _of_extents.as_polygons
    spat_sample = _of_extents.spat_sample

    # Maps

    plot = _maps.plot
    lines = _overlays.lines
    polys = _overlays.polys
    points = _overlays.points

    to_r = _bridge.to_r

    def _repr_html_(self) -> str:
        return _pages.html_extent(self)
