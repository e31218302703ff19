"""Outlines of connected cells of one value, by GDAL."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyterra.errors import ReadError
from pyterra.io.raster.gdal import told

CHECKED_EVERY = 1000
"""Polygons after which it is asked whether there is room for more."""


def outlines(
    codes: NDArray[np.int32], transform: tuple[float, ...], check: Callable[[int], None]
) -> tuple[NDArray[Any], NDArray[np.int32]]:
    """Polygons around cells that are equal and share an edge.

    Parameters
    ----------
    codes : int32 array of shape (row, col)
        Negative for cells that belong to no polygon.
    transform : six numbers
        Coefficients of the grid, as `Grid.transform` gives them.
    check : callable
        Told the number of corners so far, now and then; raises where they are too many.

    Returns
    -------
    (array of shapely polygons, array of their codes)
    """
    import shapely
    from affine import Affine
    from rasterio.features import shapes

    corners, sizes, ring_of, found = array("d"), array("q"), array("q"), array("i")
    with told(ReadError, "as_polygons: the outlines of cells could not be drawn"):
        for shape, code in shapes(codes, mask=codes >= 0, connectivity=4, transform=Affine(*transform)):
            for ring in shape["coordinates"]:
                corners.extend(chain.from_iterable(ring))
                sizes.append(len(ring))
                ring_of.append(len(found))
            found.append(int(code))
            if len(found) % CHECKED_EVERY == 0:
                check(len(corners) // 2)
    check(len(corners) // 2)
    if not found:
        return np.empty(0, object), np.empty(0, np.int32)
    of_corner = np.repeat(np.arange(len(sizes)), np.frombuffer(sizes, np.int64))
    linear = shapely.linearrings(np.frombuffer(corners).reshape(-1, 2), indices=of_corner)
    polygons: NDArray[Any] = shapely.polygons(linear, indices=np.frombuffer(ring_of, np.int64))
    return polygons, np.frombuffer(found, np.int32).copy()
