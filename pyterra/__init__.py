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
from importlib import import_module as _import
from typing import TYPE_CHECKING as _TYPE_CHECKING

from pyterra import errors
from pyterra.between.tessellate import tessellate
from pyterra.construct import ext, netw, rast, rectify
from pyterra.elsewhere import advice as _advice
from pyterra.generics import c
from pyterra.handles.datasets import SpatRasterCollection, SpatRasterDataset
from pyterra.handles.spatextent import SpatExtent
from pyterra.handles.spatnetwork import SpatNetwork
from pyterra.handles.spatraster import SpatRaster
from pyterra.handles.spatvector import SpatVector
from pyterra.handles.spatvectorproxy import SpatVectorProxy
from pyterra.handles.vectors import SpatVectorCollection
from pyterra.options import options
from pyterra.raster.mosaic import vrt
from pyterra.raster.read import read_rasters
from pyterra.several import sds, sprc, svc
from pyterra.system import describe, lib_version, same_crs, vector_layers
from pyterra.vector.graticule import graticule
from pyterra.vector.make import vect
from pyterra.verbs import *  # noqa: F403
from pyterra.verbs import METHODS as _METHODS

__version__ = "0.1.0"

if _TYPE_CHECKING:
    from pyterra import rbridge as rbridge
    from pyterra.maps.annotations import (
        add_abline,
        add_box,
        add_grid,
        add_mtext,
        halo,
    )
    from pyterra.maps.draw import draw
    from pyterra.maps.furniture import north, sbar
    from pyterra.maps.insets import map_extent
    from pyterra.maps.own_legends import add_legend, legend_cont
    from pyterra.maps.palettes import map_pal
    from pyterra.models.load import load_model
    from pyterra.raster.make_vrt import make_vrt
    from pyterra.rbridge.convert import from_r
    from pyterra.tiles.apply import tile_apply
    from pyterra.tiles.chunk import chunk

_LATE = {
    "add_abline": "pyterra.maps.annotations",
    "add_box": "pyterra.maps.annotations",
    "add_grid": "pyterra.maps.annotations",
    "add_legend": "pyterra.maps.own_legends",
    "add_mtext": "pyterra.maps.annotations",
    "chunk": "pyterra.tiles.chunk",
    "draw": "pyterra.maps.draw",
    "halo": "pyterra.maps.annotations",
    "legend_cont": "pyterra.maps.own_legends",
    "map_extent": "pyterra.maps.insets",
    "make_vrt": "pyterra.raster.make_vrt",
    "map_pal": "pyterra.maps.palettes",
    "from_r": "pyterra.rbridge.convert",
    "load_model": "pyterra.models.load",
    "north": "pyterra.maps.furniture",
    "sbar": "pyterra.maps.furniture",
    "tile_apply": "pyterra.tiles.apply",
}
"""Functions that few programs use, and the modules from which they come when they are first asked for."""


def __getattr__(name: str) -> object:
    if name == "rbridge":
        return _import("pyterra.rbridge")
    if name not in _LATE:
        hint = (
            "" if name.startswith("_") else _advice(name, lambda other: other in globals() or other in _LATE)
        )
        raise AttributeError(f"module 'pyterra' has no attribute {name!r}{hint}")
    globals()[name] = found = getattr(_import(_LATE[name]), name)
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *_LATE})


__all__ = [
    "SpatExtent",
    "SpatNetwork",
    "SpatRaster",
    "SpatRasterCollection",
    "SpatRasterDataset",
    "SpatVector",
    "SpatVectorCollection",
    "SpatVectorProxy",
    "add_abline",
    "add_box",
    "add_grid",
    "add_legend",
    "add_mtext",
    "c",
    "chunk",
    "describe",
    "draw",
    "errors",
    "ext",
    "from_r",
    "graticule",
    "halo",
    "legend_cont",
    "lib_version",
    "load_model",
    "make_vrt",
    "map_extent",
    "map_pal",
    "netw",
    "north",
    "options",
    "rast",
    "read_rasters",
    "rectify",
    "same_crs",
    "sbar",
    "sds",
    "sprc",
    "svc",
    "tessellate",
    "tile_apply",
    "vect",
    "vector_layers",
    "vrt",
]
__all__ += [name for name in _METHODS if not hasattr(_builtins, name)]
