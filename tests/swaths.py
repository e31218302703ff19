"""Rasters whose cells lie where arrays of coordinates say."""

import uuid
from dataclasses import replace

import pyterra as pt
from pyterra.grid import Grid
from pyterra.grid.crs import parse_crs
from pyterra.grid.extent import Extent
from pyterra.grid.geolocation import SENSOR, Geolocation
from pyterra.io.located import ReadArrays
from pyterra.raster.build import raster


def placed_by(x, lon, lat, crs="OGC:CRS84", **more):
    """The values of a raster, with its cells at longitudes and latitudes, or at x and y of another CRS."""
    nodes = [pt.rast(values, names=name)._node for name, values in (("lon", lon), ("lat", lat))]
    extent, shape = Extent(0, x.ncol, 0, x.nrow), (x.nrow, x.ncol)
    told = Geolocation(ReadArrays(uuid.uuid4(), *nodes), parse_crs(crs), extent, shape, **more)
    return raster(replace(x._node, grid=Grid(extent, *shape, SENSOR, told)))
