"""Maps in which the size of polygons tells a number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from pyterra.arguments import choice
from pyterra.errors import ArgumentError
from pyterra.packages import pandas, shapely
from pyterra.vector.build import Shapes, attributes_of, check_kind, check_vector, column, like, placed
from pyterra.vector.widths import width

if TYPE_CHECKING:
    from pyterra.handles.spatvector import SpatVector

CORNERS = 10
"""Corners of a quarter of a circle."""


def cartogram(
    x: SpatVector, var: str, type: Literal["nc", "circles"] = "nc", *, inside: bool = False, exp: float = 1
) -> SpatVector:
    """Polygons scaled by an attribute, or circles.

    Parameters
    ----------
    x : SpatVector
        Polygons.
    var : str
        Attribute of numbers. Polygons for which it is missing, or not above 0, are left out.
    type : {"nc", "circles"}
        Polygons in their places (`nc`): that of the greatest number keeps its size, and the areas of all on the
        ground are in proportion to the numbers. Or circles, with areas in proportion to the numbers, as the map shows
        them; that of the greatest has the area of the square of half the greatest width of a polygon.
    inside : bool
        Shrink towards a point that is certain to lie on the polygon, rather than the centroid.
    exp : float
        Areas are so many times as large.

    Returns
    -------
    SpatVector
        Polygons with their attributes.

    Raises
    ------
    ArgumentError
        For points or lines, an attribute that holds no numbers, another type, or `exp` not above 0.
    ColumnError
        Where there is no such attribute.

    See Also
    --------
    rescale : Larger or smaller, all alike.
    width : Widths of geometries.

    References
    ----------
    Olson, J. M. (1976). Noncontiguous area cartograms. The Professional Geographer 28, 371-380.

    Examples
    --------
    >>> import pyterra as pt
    >>> squares = ["POLYGON ((0 0, 2 0, 2 2, 0 2, 0 0))", "POLYGON ((2 0, 4 0, 4 2, 2 2, 2 0))"]
    >>> small = pt.vect(squares, atts={"n": [1, 4]}).cartogram("n")
    >>> [g.area for g in small.geoms]
    [1.0, 4.0]
    """
    check_kind(check_vector(x, "cartogram"), "polygons", "cartogram")
    values = attributes_of(x)[column(x, var, "cartogram")]
    if not pandas.api.types.is_numeric_dtype(values):
        raise ArgumentError(f"cartogram: {var!r} must hold numbers, got {values.dtype}")
    type = choice(type, ("nc", "circles"), "cartogram: type")
    if not exp > 0:
        raise ArgumentError(f"cartogram: exp must be above 0, got {exp!r}")
    number = values.to_numpy(np.float64, na_value=np.nan)
    rows = np.flatnonzero((number > 0) & ~shapely.is_empty(x.geoms))
    shapes = x.geoms[rows]
    number = number[rows]
    scale = np.sqrt(number / number.max(initial=0) * exp)
    middle = shapely.point_on_surface(shapes) if inside else shapely.centroid(shapes)
    if type == "circles":
        radius = scale * np.max(np.asarray(width(x[rows])), initial=0) / 2 / np.sqrt(np.pi)
        return like(x, np.array(shapely.buffer(middle, radius, quad_segs=CORNERS), dtype=object), rows)
    area = shapely.area(shapes) if x.crs is None else x[rows].expanse()
    scale *= np.sqrt(area[number.argmax()] / area) if len(rows) else 1
    return like(x, _scaled(shapes, shapely.get_coordinates(middle), scale), rows)


def _scaled(shapes: Shapes, middle: Any, scale: Any) -> Shapes:
    xy, of = shapely.get_coordinates(shapes, return_index=True)
    moved = middle[of] + (xy - middle[of]) * scale[of, None]
    return placed(shapes, moved)
