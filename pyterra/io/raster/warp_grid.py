"""The grid that GDAL suggests for a raster in another CRS."""

from __future__ import annotations

from pyterra.errors import ArgumentError
from pyterra.grid import Grid
from pyterra.grid.extent import Extent
from pyterra.io.raster.gdal import failures


def default_grid(source: Grid, wkt: str) -> Grid:
    """Square cells in another CRS that keep the resolution along the diagonal.

    Parameters
    ----------
    source : Grid
    wkt : str
        The CRS.

    Raises
    ------
    ArgumentError
        Where the extent cannot be transformed.
    """
    from rasterio.warp import calculate_default_transform

    left, bottom, right, top = source.extent.bounds
    try:
        transform, width, height = calculate_default_transform(
            source.crs, wkt, source.ncol, source.nrow, left, bottom, right, top
        )
    except failures() as error:
        raise ArgumentError(f"project: {source.extent} cannot be transformed: {error}") from error
    xmin, ymax = transform.c, transform.f
    width, height = max(width, 1), max(height, 1)  # GDAL finds none for a raster of a few cells
    return Grid(
        Extent(xmin, xmin + width * transform.a, ymax + height * transform.e, ymax), height, width, wkt
    )
