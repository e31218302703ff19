"""pyterra: R's terra for Python.

Rasters larger than memory, on all cores, with terra's verbs:

>>> import pyterra as pt
>>> r = pt.rast(nrows=2, ncols=2, vals=[1, 2, 3, 4])
>>> (r * 10).values(drop=True)
array([10., 20., 30., 40.])

Every method of a raster, a vector or an extent is also a function: ``pt.focal(r, 3)`` is ``r.focal(3)``, and so is
every property: ``pt.names(r)``. Properties, and functions whose names Python uses for something else (``sum``, ``max``,
``round`` ...), are reached as ``pt.sum(r)`` and stay out of ``import *``.
"""

import builtins as _builtins

from pyterra import errors
from pyterra.construct import ext, rast
from pyterra.extent import SpatExtent
from pyterra.generics import PROPERTIES as _PROPERTIES
from pyterra.generics import VERBS as _VERBS
from pyterra.generics import c
from pyterra.models.load import load_model
from pyterra.options import options
from pyterra.plotting.furniture import north, sbar
from pyterra.raster.mosaic import vrt
from pyterra.raster.spatraster import SpatRaster
from pyterra.tiles.apply import tile_apply
from pyterra.vector.collection import SpatVectorCollection, svc
from pyterra.vector.make import vect
from pyterra.vector.spatvector import SpatVector

__version__ = "0.1.0"

globals().update(_PROPERTIES)
globals().update(_VERBS)

__all__ = [
    "SpatExtent",
    "SpatRaster",
    "SpatVector",
    "SpatVectorCollection",
    "c",
    "errors",
    "ext",
    "load_model",
    "north",
    "options",
    "rast",
    "sbar",
    "tile_apply",
    "svc",
    "vect",
    "vrt",
    *sorted(name for name in _VERBS if not hasattr(_builtins, name)),
]
