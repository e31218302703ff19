"""relate, is_related: how the extent of a raster, or an extent, lies to geometries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from pyterra.expr.described import Described
from pyterra.grid.extent import Extent
from pyterra.raster.build import extent_of, is_raster
from pyterra.vector import of_extents
from pyterra.vector import relate as _relate
from pyterra.vector.build import is_vector

if TYPE_CHECKING:
    from pyterra.types import ExtentLike

Rectangle = TypeVar("Rectangle", bound=Described | Extent)


def relate(x: Rectangle, y: ExtentLike, relation: str = "intersects") -> NDArray[np.bool_]:
    """To which geometries an extent is related.

    Parameters
    ----------
    x : SpatRaster or SpatExtent
        The rectangle of a raster is meant.
    y : SpatVector, SpatExtent or SpatRaster
    relation : str
        As for `SpatVector.relate`, seen from `x`.

    Returns
    -------
    ndarray of bool of shape (1, len(y))

    Raises
    ------
    CRSMismatchError
        Where a raster and a vector have different reference systems.

    See Also
    --------
    is_related : Asks for any of them.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.ext(0, 2, 0, 2).relate(pt.vect([[1, 1], [9, 9]]), "contains").tolist()
    [[True, False]]
    """
    return np.asarray(_relate.relate(_rectangle(x, y), y, relation))


def is_related(x: Rectangle, y: ExtentLike, relation: str = "intersects") -> bool:
    """Whether an extent is related to any geometry.

    Parameters
    ----------
    x : SpatRaster or SpatExtent
        The rectangle of a raster is meant.
    y : SpatVector, SpatExtent or SpatRaster
    relation : str
        As for `SpatVector.relate`, seen from `x`.

    Returns
    -------
    bool

    Raises
    ------
    CRSMismatchError
        Where a raster and a vector have different reference systems.

    See Also
    --------
    relate : Tells which.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.rast(nrows=2, ncols=2, xmin=0, xmax=2, ymin=0, ymax=2, crs="").is_related(pt.ext(5, 6, 5, 6))
    False
    """
    return bool(_relate.is_related(_rectangle(x, y), y, relation)[0])


def _rectangle(x: Any, y: Any) -> Any:
    """The rectangle as a polygon; an extent is one of the reference system of the other."""
    crs = x._node.grid.crs if is_raster(x) else y.wkt if is_vector(y) else ""
    return of_extents.as_polygons(extent_of(x), crs)
