"""Coordinates brought into another reference system."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from pyterra.errors import ArgumentError
from pyterra.packages import pyproj, shapely
from pyterra.vector.build import Shapes, attributes_of, build, check_vector, placed, to_crs, transformed

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
        Where one of the two has no CRS, or a vertex cannot be transformed.

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
    change = pyproj.Transformer.from_crs(x.crs, target, always_xy=True)

    shapes = _changed(x.geoms, change, all(len(c.axis_info) == 3 for c in (x.crs, target)))
    lost = ~np.isfinite(shapely.get_coordinates(shapes)).all(axis=1)
    if lost.any():
        at = shapely.get_coordinates(x.geoms)[lost][0]
        raise ArgumentError(
            f"project: {int(lost.sum())} vertices cannot be transformed, the first at {at[0]:.10g}, {at[1]:.10g}; "
            "crop() to where the target CRS is defined"
        )
    return build(shapes, attributes_of(x), target)


def _changed(shapes: Shapes, change: Any, solid: bool) -> Shapes:
    """Geometries in another CRS. Heights change where both have them, else they stay."""
    if solid and shapely.has_z(shapes).all():
        xyz = shapely.get_coordinates(shapes, include_z=True)
        return placed(shapes, np.column_stack(change.transform(*xyz.T)))
    return transformed(shapes, lambda xy: np.column_stack(change.transform(xy[:, 0], xy[:, 1])))
