"""Outlines of connected cells of one value, by GDAL."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def outlines(
    codes: NDArray[np.int32], transform: tuple[float, ...]
) -> tuple[NDArray[Any], NDArray[np.int32]]:
    """Polygons around cells that are equal and share an edge.

    Parameters
    ----------
    codes : int32 array of shape (row, col)
        Negative for cells that belong to no polygon.
    transform : six numbers
        Coefficients of the grid, as `Grid.transform` gives them.

    Returns
    -------
    (array of shapely polygons, array of their codes)
    """
    import shapely
    from affine import Affine
    from rasterio.features import shapes

    rings: list[Any] = []
    ring_of: list[int] = []
    found: list[int] = []
    for shape, code in shapes(codes, mask=codes >= 0, connectivity=4, transform=Affine(*transform)):
        rings += shape["coordinates"]
        ring_of += [len(found)] * len(shape["coordinates"])
        found.append(int(code))
    if not found:
        return np.empty(0, object), np.empty(0, np.int32)
    sizes = np.array([len(ring) for ring in rings])
    linear = shapely.linearrings(
        np.concatenate([np.asarray(r) for r in rings]), indices=np.repeat(np.arange(len(rings)), sizes)
    )
    polygons: NDArray[Any] = shapely.polygons(linear, indices=np.asarray(ring_of))
    return polygons, np.asarray(found, np.int32)
