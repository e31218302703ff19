"""Coordinates brought into another reference system."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from pyterra.errors import ArgumentError, warn
from pyterra.grid.crs import way
from pyterra.packages import shapely
from pyterra.vector.build import (
    Shapes,
    attributes_of,
    build,
    check_vector,
    kind_of,
    placed,
    to_crs,
    transformed,
)
from pyterra.vector.parts import empties

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster
    from pyterra.handles.spatvector import SpatVector
    from pyterra.types import CRSLike


def project(x: SpatVector, y: CRSLike | SpatRaster | SpatVector) -> SpatVector:
    """Geometries with their vertices in another coordinate reference system.

    Parameters
    ----------
    x : SpatVector
    y : str, int, CRS, SpatRaster or SpatVector
        The CRS, or an object that has it. Coordinates are x and y, longitude and latitude, whatever order of axes a
        CRS declares.

    Returns
    -------
    SpatVector
        Lines between vertices stay straight. Use `densify` first where they are long. Heights change where both CRS
        have heights, else they stay.

    Raises
    ------
    ArgumentError
        Where one of the two has no CRS.

    Warns
    -----
    PyterraWarning
        Where a vertex has no place in the target CRS: its geometry is empty then.

    See Also
    --------
    densify : Adds vertices, so that long lines become curves.
    SpatRaster.project : The verb for rasters.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.vect([[1, 0]], crs="EPSG:4326").project("EPSG:3857").round(1).crds().tolist()
    [[111319.5, 0.0]]
    """
    check_vector(x, "project")
    target = to_crs(y if isinstance(y, str) else getattr(y, "crs", y))
    if x.crs is None or target is None:
        missing = "the vector" if x.crs is None else "the target"
        raise ArgumentError(f"project: {missing} must have a CRS, got none; set .crs first")
    change = way(x.crs, target)

    shapes = _changed(x.geoms, change, all(len(c.axis_info) == 3 for c in (x.crs, target)))
    vertices, owners = shapely.get_coordinates(shapes, return_index=True)
    lost = np.unique(owners[~np.isfinite(vertices).all(axis=1)])
    if lost.size:
        shapes[lost] = empties(kind_of(x.geoms), lost.size)
        warn(
            f"project: {lost.size} of {len(shapes)} geometries have no place in the target CRS and are empty now"
        )
    return build(shapes, attributes_of(x), target)


def _changed(shapes: Shapes, change: Any, solid: bool) -> Shapes:
    """Geometries in another CRS. Heights change where both have them, else they stay."""
    if solid and shapely.has_z(shapes).all():
        xyz = shapely.get_coordinates(shapes, include_z=True)
        return placed(shapes, np.column_stack(change.transform(*xyz.T)))
    return transformed(shapes, lambda xy: np.column_stack(change.transform(xy[:, 0], xy[:, 1])))
