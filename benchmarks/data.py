"""Inputs of the benchmarks, made in a folder when first asked for."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.errors import NotGeoreferencedWarning
from rasterio.transform import Affine

CELL = 30.0
CORNER = (500_000.0, 5_400_000.0)
CRS = "EPSG:32631"
PROFILE = {
    "driver": "GTiff",
    "tiled": True,
    "blockxsize": 512,
    "blockysize": 512,
    "crs": CRS,
    "compress": "LZW",
}
EPOCHS = (2003, 2007, 2011, 2015, 2019)
YEARS = tuple(range(2000, 2023))


@dataclass(frozen=True)
class Sizes:
    """Sides of the square rasters, in cells, and how many samples are taken."""

    large: int
    """Single layers in most workloads."""
    middle: int
    """Layers of stacks, and what is costly per cell."""
    long: int
    """Stacks of 126 layers."""
    file: int
    """Each of a hundred files."""
    samples: int
    """Times each side is timed, in turn."""


FULL = Sizes(large=4000, middle=1500, long=500, file=1000, samples=5)
QUICK = Sizes(large=1200, middle=500, long=200, file=200, samples=3)
TINY = Sizes(large=96, middle=48, long=24, file=16, samples=1)


def surface(side: int, seed: int) -> NDArray[np.float32]:
    """Hills with noise on them, 0 to 1, as measured surfaces are: smooth enough to compress a little."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:side, 0:side].astype(np.float32) / np.float32(side)
    hills = np.zeros((side, side), np.float32)
    for _ in range(4):
        a, b, phase = rng.uniform(3, 25, 3).astype(np.float32)
        hills += np.sin(a * x + b * y + phase)
    noise = rng.standard_normal((side, side), dtype=np.float32)
    return np.clip(0.5 + hills / 10 + noise / 30, 0, 1).astype(np.float32)


class Data:
    """Files in a folder.

    Parameters
    ----------
    folder : Path
    sizes : Sizes
    """

    def __init__(self, folder: Path, sizes: Sizes) -> None:
        self.folder, self.sizes = folder, sizes
        folder.mkdir(parents=True, exist_ok=True)

    def _write(
        self, name: str, array: NDArray[Any], cell: float = CELL, crs: str = CRS, **profile: Any
    ) -> Path:
        path = self.folder / name
        array = array if array.ndim == 3 else array[None]
        transform = Affine(cell, 0, CORNER[0], 0, -cell, CORNER[1])
        shape = {"count": len(array), "height": array.shape[1], "width": array.shape[2]}
        options = {
            **PROFILE,
            "crs": crs,
            "transform": transform,
            "dtype": array.dtype.name,
            **shape,
            **profile,
        }
        with rasterio.open(path, "w", **options) as file:
            file.write(array)
        return path

    def _holes(self, array: NDArray[Any], share: float, seed: int, code: float) -> NDArray[Any]:
        rng = np.random.default_rng(seed)
        array[rng.random(array.shape, dtype=np.float32) < share] = code
        return array

    @cached_property
    def red(self) -> Path:
        """int16, 5 % missing."""
        values = (surface(self.sizes.large, 1) * 4000 + 200).astype(np.int16)
        return self._write("red.tif", self._holes(values, 0.05, 1, -32768), nodata=-32768)

    @cached_property
    def nir(self) -> Path:
        """int16, 5 % missing."""
        values = (surface(self.sizes.large, 2) * 6000 + 500).astype(np.int16)
        return self._write("nir.tif", self._holes(values, 0.05, 2, -32768), nodata=-32768)

    @cached_property
    def heights(self) -> Path:
        """float32, 2 % missing."""
        values = surface(self.sizes.large, 3) * np.float32(1000)
        return self._write("heights.tif", self._holes(values, 0.02, 3, np.nan), nodata=np.nan)

    @cached_property
    def hills(self) -> Path:
        """float32, 2 % missing, a quarter of the cells of `heights`."""
        values = surface(self.sizes.large // 2, 4) * np.float32(1000)
        return self._write("hills.tif", self._holes(values, 0.02, 4, np.nan), nodata=np.nan)

    @cached_property
    def classes(self) -> Path:
        """uint8, 0 to 199, 255 = missing."""
        values = (surface(self.sizes.large, 5) * 199).astype(np.uint8)
        return self._write("classes.tif", self._holes(values, 0.02, 5, 255), nodata=255)

    @cached_property
    def stack(self) -> Path:
        """24 layers of float32, 10 % missing."""
        side = self.sizes.middle
        layers = np.stack([surface(side, 10 + i) * np.float32(100) for i in range(24)])
        return self._write(
            "stack.tif", self._holes(layers, 0.1, 10, np.nan), nodata=np.nan, interleave="band"
        )

    @cached_property
    def epochs(self) -> Path:
        """Five layers of uint8, 0 or 100, none missing: cropland at five dates."""
        side = self.sizes.large // 2
        layers = np.stack([(surface(side, 40 + i) > 0.5).astype(np.uint8) * 100 for i in range(len(EPOCHS))])
        return self._write("epochs.tif", layers, interleave="band")

    @cached_property
    def series(self) -> Path:
        """126 layers of float32, 30 % missing."""
        base = surface(self.sizes.long, 60) * np.float32(100)
        season = np.sin(np.arange(126, dtype=np.float32) / 23 * 2 * np.pi) * 20
        layers = base[None] + season[:, None, None]
        return self._write(
            "series.tif", self._holes(layers, 0.3, 60, np.nan), nodata=np.nan, interleave="band"
        )

    @cached_property
    def series16(self) -> Path:
        """126 layers of int16, 30 % missing."""
        with rasterio.open(self.series) as file:
            values = np.nan_to_num(np.round(file.read()), nan=-32768).astype(np.int16)
        return self._write("series16.tif", values, nodata=-32768, interleave="band")

    @cached_property
    def finer(self) -> Path:
        """The grid of `hills` with cells of 25 m instead of 30 m; no values."""
        side = self.sizes.large // 2 * 6 // 5
        return self._write("finer.tif", np.zeros((1, side, side), np.uint8), cell=25.0)

    @cached_property
    def degrees(self) -> Path:
        """A grid in degrees over `hills`; no values."""
        import pyterra as pt

        grid = pt.rast(self.hills).project("EPSG:4326")
        path = self.folder / "degrees.tif"
        left, _, _, top = grid.ext.xmin, grid.ext.xmax, grid.ext.ymin, grid.ext.ymax
        transform = Affine(grid.res[0], 0, left, 0, -grid.res[1], top)
        size = {"count": 1, "height": grid.nrow, "width": grid.ncol, "dtype": "uint8"}
        with rasterio.open(
            path, "w", **{**PROFILE, **size, "crs": "EPSG:4326", "transform": transform}
        ) as file:
            file.write(np.zeros((1, grid.nrow, grid.ncol), np.uint8))
        return path

    @cached_property
    def swath(self) -> Path:
        """float32, 2 % missing, as large as `hills`: rows and columns of a sensor, placed by arrays beside it."""
        side = self.sizes.large // 2
        row, col = np.mgrid[0:side, 0:side] / side
        places = np.stack([5 + 6 * col + 2 * row + 0.3 * row * col, 50 - 4 * row + 1.5 * col])
        arrays = self._write("places.tif", places)
        path = self.folder / "swath.tif"
        values = self._holes(surface(side, 4) * np.float32(1000), 0.02, 4, np.nan)
        shape = {"count": 1, "height": side, "width": side, "dtype": "float32", "nodata": np.nan}
        told = {"SRS": "EPSG:4326", "GEOREFERENCING_CONVENTION": "PIXEL_CENTER"}
        told |= {"X_DATASET": str(arrays), "Y_DATASET": str(arrays), "X_BAND": "1", "Y_BAND": "2"}
        told |= {
            f"{axis}_{key}": value
            for axis in ("PIXEL", "LINE")
            for key, value in (("OFFSET", "0"), ("STEP", "1"))
        }
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            with rasterio.open(path, "w", **{**PROFILE, **shape, "crs": None}) as file:
                file.write(values, 1)
                file.update_tags(ns="GEOLOCATION", **told)
        return path

    @cached_property
    def files(self) -> list[Path]:
        """A hundred files of uint8."""
        values = (surface(self.sizes.file, 7) * 200).astype(np.uint8)
        return [self._write(f"file{i:03d}.tif", (values + i).astype(np.uint8)) for i in range(100)]

    @cached_property
    def sources(self) -> Path:
        """float32, missing but for 300 cells."""
        side = self.sizes.large // 4
        values = np.full((side, side), np.nan, np.float32)
        values.ravel()[np.random.default_rng(8).choice(values.size, min(300, side), replace=False)] = 1
        return self._write("sources.tif", values, nodata=np.nan)

    @cached_property
    def spots(self) -> Path:
        """float32, about a third missing, in thousands of pieces."""
        values = surface(self.sizes.middle, 9)
        return self._write(
            "spots.tif", np.where(values > 0.55, np.float32(1), np.float32(np.nan)), nodata=np.nan
        )

    @cached_property
    def friction(self) -> Path:
        """float32 from 1, with three cells of 0."""
        values = surface(self.sizes.long, 10) * np.float32(9) + 1
        side = self.sizes.long
        values[side // 3, side // 4] = values[side // 2, side // 2] = values[side - 3, 2] = 0
        return self._write("friction.tif", values, nodata=np.nan)

    @cached_property
    def zones(self) -> Path:
        """uint8, seven levels of a smooth surface."""
        y, x = np.mgrid[0 : self.sizes.middle, 0 : self.sizes.middle] / self.sizes.middle
        values = (np.sin(9 * x + 2) + np.cos(7 * y) + 2) * 1.7
        return self._write("zones.tif", values.astype(np.uint8), nodata=255)

    @cached_property
    def polygons(self) -> Path:
        """500 stars of 40 corners over `heights`, some overlapping."""
        import shapely

        rng, side = np.random.default_rng(11), self.sizes.large * CELL
        count = 500 if self.sizes.large > 1000 else 20
        angle = np.linspace(0, 2 * np.pi, 40, endpoint=False)
        radius = rng.uniform(0.3, 1.0, (count, 40)) * side / 30
        centre = rng.uniform(0.04, 0.96, (count, 2)) * [side, -side] + CORNER
        rings = centre[:, None] + np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=-1)
        return self._vector("polygons.gpkg", shapely.polygons(rings))

    @cached_property
    def points(self) -> Path:
        """100,000 points over `stack`."""
        import shapely

        rng, side = np.random.default_rng(12), self.sizes.middle * CELL
        count = 100_000 if self.sizes.large > 1000 else 50
        return self._vector(
            "points.gpkg", shapely.points(rng.uniform(0, 1, (count, 2)) * [side, -side] + CORNER)
        )

    def _vector(self, name: str, geoms: Any) -> Path:
        import geopandas as gpd

        path = self.folder / name
        gpd.GeoDataFrame({"id": np.arange(len(geoms))}, geometry=geoms, crs=CRS).to_file(path)
        return path

    def output(self, name: str) -> Path:
        """Where a result goes."""
        return self.folder / f"out-{name}.tif"
