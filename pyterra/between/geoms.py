"""What raster verbs take as vectors: SpatVector, and everything that `vect` makes one of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pyterra.errors import ArgumentError, warn
from pyterra.grid import Grid
from pyterra.grid.crs import describe_crs, same_crs
from pyterra.grid.extent import Extent
from pyterra.grid.grid import common_crs
from pyterra.vector.build import is_vector
from pyterra.vector.make import vect
from pyterra.vector.project import project

if TYPE_CHECKING:
    from pyterra.handles.spatvector import SpatVector


def stands_for_vector(value: object) -> bool:
    """Whether a value is a SpatVector, or a geopandas or shapely object that stands for one."""
    return (
        is_vector(value)
        or hasattr(value, "geom_type")
        or isinstance(value, Extent)
        or (hasattr(value, "__geo_interface__") and not isinstance(value, str))
        or _holds_geometries(value)
    )


def _holds_geometries(value: object) -> bool:
    """Whether a value is a list or an array of shapely geometries, where some may be missing."""
    if isinstance(value, np.ndarray):
        value = value.ravel().tolist() if value.dtype == object else []
    first = next((v for v in value if v is not None), None) if isinstance(value, list | tuple) else None
    return hasattr(first, "geom_type")


def vector_of(value: Any) -> SpatVector:
    """A SpatVector of anything that `vect` takes."""
    return value if is_vector(value) else vect(value)


def geoms_on(value: Any, grid: Grid, verb: str, *, projected: bool = False) -> tuple[NDArray[Any], Any, str]:
    """Geometries, attributes (None for bare coordinates) and type of a vector that lies over a grid.

    Where `projected`, a vector of another reference system is brought into that of the grid, with a warning: that is for
    verbs whose answer is a table, so that nothing of it lies in either system.

    Raises
    ------
    CRSMismatchError
        Where vector and grid have different reference systems, unless `projected`.
    ArgumentError
        For anything that is no vector.
    """
    import shapely

    if stands_for_vector(value):
        vector = vector_of(value)
        if isinstance(value, Extent):
            return vector.geoms, vector.values(), vector.geomtype()
        if projected and grid.crs and vector.wkt and not same_crs(grid.crs, vector.wkt):
            warn(
                f"{verb}: the vector is projected to the CRS of the raster, "
                f"from {describe_crs(vector.wkt)} to {describe_crs(grid.crs)}"
            )
            vector = project(vector, grid.crs)
        common_crs(grid.crs, vector.wkt, verb)
        return vector.geoms, vector.values(), vector.geomtype()
    if isinstance(value, str):
        raise ArgumentError(f"{verb}: must be a SpatVector or coordinates, got text; make one with vect()")
    try:
        xy = np.asarray(value, np.float64)
    except (TypeError, ValueError) as error:
        raise ArgumentError(
            f"{verb}: must be a SpatVector or coordinates of shape (n, 2), got {type(value).__name__}; "
            "make one with vect()"
        ) from error
    if xy.ndim != 2 or xy.shape[1] != 2:
        raise ArgumentError(
            f"{verb}: must be a SpatVector or coordinates of shape (n, 2), got {type(value).__name__} {xy.shape}"
        )
    return shapely.points(xy), None, "points"
