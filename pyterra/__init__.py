"""pyterra: R's terra for Python.

Rasters larger than memory, on all cores, with terra's verbs:

>>> import pyterra as pt
>>> r = pt.rast(nrows=2, ncols=2, vals=[1, 2, 3, 4])
>>> (r * 10).values(drop=True)
array([10., 20., 30., 40.])
"""

from pyterra import errors
from pyterra.construct import c, ext, rast
from pyterra.extent import SpatExtent
from pyterra.options import options
from pyterra.raster.spatraster import SpatRaster

__version__ = "0.1.0"

__all__ = ["SpatExtent", "SpatRaster", "c", "errors", "ext", "options", "rast"]
