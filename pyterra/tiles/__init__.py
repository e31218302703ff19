"""Jobs of many tiles: tilings, a runner that survives what happens in long runs, names and catalogues.

A tile function takes a tile and the job's context, writes its files through safe writers, and returns their
paths. `run_tiles` calls it for every tile on threads, processes or a Dask cluster; a `Manifest` remembers
what is done, so that a job that was killed goes on where it stood.
"""

from pyterra.functions.fingerprint import fingerprint
from pyterra.tiles.grid import Tile, TileGrid, check_tile_id, path_inside
from pyterra.tiles.manifest import Manifest, OutputFile, Record, checksum
from pyterra.tiles.mosaic import mosaic_band
from pyterra.tiles.names import LayerName
from pyterra.tiles.runner import Failure, Report, run_tiles
from pyterra.tiles.stac import Asset, Collection, Item, write_catalogue

__all__ = [
    "Asset",
    "Collection",
    "Failure",
    "Item",
    "LayerName",
    "Manifest",
    "OutputFile",
    "Record",
    "Report",
    "Tile",
    "TileGrid",
    "check_tile_id",
    "checksum",
    "fingerprint",
    "mosaic_band",
    "path_inside",
    "run_tiles",
    "write_catalogue",
]
