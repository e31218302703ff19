"""The two steps of the croplands job that workers do: the maps of a tile, and the mosaic of a year."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import numpy as np

from pyterra.construct import ext, rast
from pyterra.errors import SourceError
from pyterra.frozen import dataclass
from pyterra.handles.spatextent import SpatExtent
from pyterra.handles.spatraster import SpatRaster
from pyterra.tiles import LayerName, OutputFile, Tile, path_inside
from pyterra.tiles.mosaic import block_of, measured_bands, mosaic_band
from pyterra.workflows.cropland_bytes import (
    Interpolation,
    Stored,
    coarse_blocks,
    fine_blocks,
    read_patterns,
    write_tile,
)
from pyterra.workflows.epochs import Area, Epoch, overlap

NODATA = 255
"""Code for missing in all maps: no tile with cropland lies there."""
_SOURCE = "GLAD cropland epochs (Potapov et al. 2021), linear interpolation between them"
_ROUNDING = 1e-6
_FOREIGN = -1
"""What becomes of values that are neither 0 nor 1, to be noticed."""


@dataclass(frozen=True)
class CroplandJob:
    """All that a worker has to know. Small, and the same for all tiles."""

    epochs: tuple[Epoch, ...]
    """The inputs."""
    stack: SpatRaster | None = field(compare=False)
    """The epochs as layers, once their mosaics are made: opened once for all tiles."""
    area: Area
    """What the inputs cover."""
    years: tuple[int, ...]
    """Years of the maps."""
    resolutions: Mapping[str, int]
    """Cells per degree of the maps, by name."""
    method: Literal["linear", "constant"]
    """Between epochs: straight lines or steps."""
    rule: int
    """Outside the epochs: 1 missing, 2 the value of the nearest one."""
    version: str
    """Last field of the file names."""
    out: Path
    """Folder of all results."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """Creation options of the maps, of GDAL's COG driver."""
    tile_files: Mapping[str, tuple[OutputFile, ...]] = field(default_factory=dict)
    """Finished tiles by resolution, once there are some."""
    finished_maps: frozenset[AnnualMap] = frozenset()
    """Maps whose tiles those of equal years copy, once there are some."""

    @cached_property
    def interpolation(self) -> Interpolation:
        """How years follow from epochs."""
        return Interpolation(tuple(epoch.year for epoch in self.epochs), self.years, self.method, self.rule)

    def map_options(self, resolution: str) -> dict[str, Any]:
        """Creation options of the maps of a resolution."""
        side = block_of(self.resolutions[resolution])
        return {"COMPRESS": "DEFLATE", "BLOCKSIZE": side, **self.options}

    def tile_options(self, resolution: str) -> dict[str, Any]:
        """Creation options of the tiles of a resolution: those of the maps, to which their bytes are copied."""
        chosen = self.map_options(resolution)
        halves = self.resolutions[resolution] % (2 * int(chosen["BLOCKSIZE"])) == 0
        return {**chosen, "INTERLEAVE": "BAND", "OVERVIEW_COUNT": int(halves), "BIGTIFF": "IF_SAFER"}


@dataclass(frozen=True, slots=True)
class AnnualMap:
    """One mosaic to be made."""

    resolution: str
    """Such as "100m"."""
    year: int
    """The year."""

    @property
    def id(self) -> str:
        """Name in the manifest."""
        return f"map_{self.resolution}_{self.year}".replace(".", "-")

    def path(self, job: CroplandJob) -> Path:
        """Where it lies, under its OpenLandMap name."""
        name = LayerName(
            variable="cropland",
            procedure="glad.potapov.et.al",
            type="p",
            support=self.resolution,
            begin=date(self.year, 1, 1),
            end=date(self.year, 12, 31),
            version=job.version,
        )
        return path_inside(job.out, f"layers{self.resolution}", name.format(".tif"))


def make_tile(tile: Tile, job: CroplandJob) -> list[OutputFile]:
    """Write the annual maps of a tile, one file of all distinct years per resolution; nothing without cropland."""
    return [measured_bands(path) for path in _maps_of_tile(tile, job)]


def _maps_of_tile(tile: Tile, job: CroplandJob) -> list[Path]:
    extent = ext(*tile.extent)
    assert job.stack is not None
    stored = read_patterns(job.stack, extent, job.area.zero_is_missing)
    if stored is None:
        return _make_from_values(tile, job.stack.crop(extent), job)
    if stored.patterns.foreign:
        raise _foreign_values(tile, job)
    if not stored.has_ones:
        return []
    return [_write_from_bytes(tile, name, stored, job) for name in job.resolutions]


def _write_from_bytes(tile: Tile, name: str, stored: Stored, job: CroplandJob) -> Path:
    """Write the maps of a tile from its patterns, in one resolution."""
    cells, how, path = job.resolutions[name], job.interpolation, tile_path(tile, name, job)
    options = job.tile_options(name)
    side = options["BLOCKSIZE"]
    if cells == job.area.cells_per_degree:
        table = how.table(stored.code, NODATA)
        write_tile(path, stored.grid, fine_blocks(stored, table, side), how, NODATA, options)
    elif stored.complete:
        # Interpolation and average are both linear: where nothing is missing their order does not matter,
        # and averages of 5 epochs cost less than those of 23 years.
        grid = _lattice(SpatExtent(*stored.grid.extent), cells)._node.grid
        percent = stored.percent(grid, job.area.cells_per_degree, cells)
        blocks = coarse_blocks(percent, how.distinct_weights(), NODATA, side)
        write_tile(path, grid, blocks, how, NODATA, options)
    else:
        assert job.stack is not None
        _write_from_values(path, name, _percent(job.stack.crop(ext(*tile.extent)), job), job)
    return path


def _make_from_values(tile: Tile, epochs: SpatRaster, job: CroplandJob) -> list[Path]:
    """As `make_tile`, for epochs that are no plain bytes, or too many for a table."""
    percent = _percent(epochs, job).compute()
    found = percent.global_(["min", "max"], na_rm=True)
    if found["min"].min() == _FOREIGN:
        raise _foreign_values(tile, job)
    if not found["max"].max() > 0:
        return []
    return [_write_from_values(tile_path(tile, name, job), name, percent, job) for name in job.resolutions]


def _percent(epochs: SpatRaster, job: CroplandJob) -> SpatRaster:
    missing = float("nan")
    table = [(0, 0), (1, 100), (missing, 0 if job.area.zero_is_missing else missing)]
    return epochs.classify(table, others=_FOREIGN)


def _write_from_values(path: Path, name: str, percent: SpatRaster, job: CroplandJob) -> Path:
    """Write the maps of a tile, in one resolution, from the percent of its epochs."""
    years = job.interpolation.distinct()
    annual = percent.approximate(
        job.method, xout=years, rule=job.rule, z=[epoch.year for epoch in job.epochs]
    )
    if job.resolutions[name] != job.area.cells_per_degree:
        annual = annual.resample(_lattice(percent.ext, job.resolutions[name]), "average")
    annual.time = years
    annual.write_raster(
        path,
        overwrite=True,
        datatype="uint8",
        nodata=NODATA,
        format="COG",
        overviews="average",
        options=job.tile_options(name),
    )
    return path


def tile_path(tile: Tile, resolution: str, job: CroplandJob) -> Path:
    """Where the maps of a tile lie."""
    return path_inside(job.out, "tiles", resolution, f"{tile.id}.tif")


def first_maps(job: CroplandJob) -> dict[AnnualMap, AnnualMap]:
    """The maps, and of each the one of the first year that is equal."""
    first: dict[int, int] = {}
    for year, band in job.interpolation.bands().items():
        first.setdefault(band, year)
    return {
        AnnualMap(name, year): AnnualMap(name, first[band])
        for name in job.resolutions
        for year, band in job.interpolation.bands().items()
    }


def make_map(wanted: AnnualMap, job: CroplandJob) -> Path:
    """Write the mosaic of a year from the finished tiles, or from the map of an equal year."""
    xmin, xmax, ymin, ymax = job.area.extent
    path, band = wanted.path(job), job.interpolation.bands()[wanted.year]
    files = [file.path for file in job.tile_files[wanted.resolution]]
    first = first_maps(job)[wanted]
    if first != wanted and first in job.finished_maps:
        files, band = [str(first.path(job))], 0
    return mosaic_band(
        files,
        path,
        band=band,
        extent=_lattice(SpatExtent(xmin, xmax, ymin, ymax), job.resolutions[wanted.resolution]).ext,
        name=f"cropland {wanted.year}",
        tags={
            "TITLE": f"Cropland in {wanted.year}, percent of the cell",
            "SOURCE": _SOURCE,
            "VERSION": job.version,
            "NODATA_MEANING": "no tile with cropland in any epoch: to be counted as 0",
        },
        options=job.map_options(wanted.resolution),
        band_tags={"DATE_TIME": str(wanted.year), "TIME_STEP": "years"},
        overwrite=True,
    )


def _lattice(extent: SpatExtent, cells: int) -> SpatRaster:
    """A grid without values over an extent, its edges moved outward to multiples of ``1 / cells`` degrees."""
    west, south = (math.floor(edge * cells + _ROUNDING) for edge in (extent.xmin, extent.ymin))
    east, north = (math.ceil(edge * cells - _ROUNDING) for edge in (extent.xmax, extent.ymax))
    return rast(
        nrows=north - south,
        ncols=east - west,
        extent=(west / cells, east / cells, south / cells, north / cells),
        crs="EPSG:4326",
    )


def _foreign_values(tile: Tile, job: CroplandJob) -> SourceError:
    """The error that says which files hold other values than 0 and 1 in a tile."""
    guilty = []
    place = SpatExtent(*tile.extent)
    for epoch in job.epochs:
        for file in epoch.files:
            r = rast(file)
            if not overlap(r.ext, place):
                continue
            here = [
                value for value in np.unique(r.crop(place).values()) if value == value and value not in (0, 1)
            ]
            if here:
                guilty.append(f"{Path(file).name} ({', '.join(f'{value:g}' for value in here[:3])})")
    return SourceError(
        f"croplands: values must be 0 (no cropland or no data) or 1 (cropland), got others in tile {tile.id} of "
        f"{', '.join(guilty)}; reclassify these files"
    )
