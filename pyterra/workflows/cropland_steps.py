"""The two steps of the croplands job that workers do: the maps of a tile, and the mosaic of a year."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

import numpy as np

from pyterra.construct import ext, rast
from pyterra.errors import SourceError
from pyterra.handles.spatextent import SpatExtent
from pyterra.handles.spatraster import SpatRaster
from pyterra.tiles import LayerName, OutputFile, Tile, path_inside
from pyterra.tiles.mosaic import mosaic_band
from pyterra.workflows.epochs import Area, Epoch, overlap, stack_epochs

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
    mosaics: Mapping[int, str]
    """Virtual mosaic of each epoch, by year."""
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
    tile_files: Mapping[str, tuple[OutputFile, ...]] = field(default_factory=dict)
    """Finished tiles by resolution, once there are some."""


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


def make_tile(tile: Tile, job: CroplandJob) -> list[Path]:
    """Write the annual maps of a tile, one file of all years per resolution; nothing where no epoch has cropland."""
    epochs = stack_epochs(job.mosaics, job.epochs).crop(ext(*tile.extent))
    missing = float("nan")
    table = [(0, 0), (1, 100), (missing, 0 if job.area.zero_is_missing else missing)]
    percent = epochs.classify(table, others=_FOREIGN).compute()
    found = percent.global_(["min", "max", "isNA"], na_rm=True)
    if found["min"].min() == _FOREIGN:
        raise _foreign_values(tile, job)
    if not found["max"].max() > 0:
        return []
    complete = not found["isNA"].any()
    written = []
    for name, cells in job.resolutions.items():
        if cells == job.area.cells_per_degree:
            annual = _annual(percent, job)
        elif complete:
            # Interpolation and average are both linear: where nothing is missing their order does not matter,
            # and averages of 5 epochs cost less than those of 23 years.
            annual = _annual(percent.resample(_lattice(percent.ext, cells), "average"), job)
        else:
            annual = _annual(percent, job).resample(_lattice(percent.ext, cells), "average")
        annual.time = list(job.years)
        path = tile_path(tile, name, job)
        annual.write_raster(path, overwrite=True, datatype="uint8", nodata=NODATA)
        written.append(path)
    return written


def tile_path(tile: Tile, resolution: str, job: CroplandJob) -> Path:
    """Where the maps of a tile lie."""
    return path_inside(job.out, "tiles", resolution, f"{tile.id}.tif")


def make_map(wanted: AnnualMap, job: CroplandJob) -> Path:
    """Write the mosaic of a year from the finished tiles."""
    xmin, xmax, ymin, ymax = job.area.extent
    path = wanted.path(job)
    return mosaic_band(
        [file.path for file in job.tile_files[wanted.resolution]],
        path,
        band=job.years.index(wanted.year),
        extent=_lattice(SpatExtent(xmin, xmax, ymin, ymax), job.resolutions[wanted.resolution]).ext,
        name=f"cropland {wanted.year}",
        tags={
            "TITLE": f"Cropland in {wanted.year}, percent of the cell",
            "SOURCE": _SOURCE,
            "VERSION": job.version,
            "NODATA_MEANING": "no tile with cropland in any epoch: to be counted as 0",
        },
        band_tags={"DATE_TIME": str(wanted.year), "TIME_STEP": "years"},
        overwrite=True,
    )


def _annual(percent: SpatRaster, job: CroplandJob) -> SpatRaster:
    """Percent of the epochs to percent of the years."""
    known = [epoch.year for epoch in job.epochs]
    return percent.approximate(job.method, xout=job.years, rule=job.rule, z=known)


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
