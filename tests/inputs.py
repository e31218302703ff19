"""Small rasters of every kind that the cases and laws are tried on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from affine import Affine

import pyterra as pt
from pyterra import SpatRaster

NAMES = ["red", "nir", "swir"]
LABELS = {1: "water", 2: "forest", 3: "grass", 5: "city"}
DATES = ["2020-01-15", "2020-03-01", "2020-07-09", "2021-01-20", "2021-03-05", "2022-07-30"]


@dataclass(frozen=True)
class Inputs:
    """Rasters on one grid, and some on grids beside it."""

    name: str
    """What is special about them."""
    x: SpatRaster
    """Three layers of measured values with missing cells, named red, nir and swir."""
    y: SpatRaster
    """Three more layers, missing elsewhere."""
    one: SpatRaster
    """One layer of measured values."""
    whole: SpatRaster
    """Three layers of whole numbers from -20 to 20."""
    few: SpatRaster
    """Two layers of whole numbers from 0 to 4 without missing cells."""
    flags: SpatRaster
    """One layer of yes and no."""
    classes: SpatRaster
    """One factor layer with four categories."""
    series: SpatRaster
    """Six layers with dates and gaps."""
    beside: SpatRaster
    """Three layers on cells that coincide with those of `x`, further right and down, overlapping."""
    finer: SpatRaster
    """A grid over the same ground whose cells do not coincide with those of `x`."""
    folder: Path
    """Where files may be written."""

    @property
    def ext(self) -> pt.SpatExtent:
        return self.x.ext

    def rasters(self) -> dict[str, SpatRaster]:
        return {name: value for name, value in vars(self).items() if isinstance(value, SpatRaster)}


@dataclass(frozen=True)
class Place:
    """Size and position of the rasters of one kind."""

    nrow: int
    ncol: int
    crs: str = "EPSG:3035"
    xmin: float = 4_000_000.0
    ymax: float = 3_000_000.0
    size: float = 100.0
    dtype: str = "float32"
    missing: float = 0.2
    files: bool = False

    @property
    def extent(self) -> tuple[float, float, float, float]:
        return self.xmin, self.xmin + self.ncol * self.size, self.ymax - self.nrow * self.size, self.ymax


PLACES = {
    "memory": Place(23, 17),
    "files": Place(23, 37, files=True),
    "earth": Place(9, 18, "EPSG:4326", -180.0, 90.0, 20.0, "float64"),
    "row": Place(1, 19, missing=0.3),
    "column": Place(13, 1, dtype="float64"),
    "cell": Place(1, 1, missing=0.0),
    "missing": Place(8, 9, missing=1.0),
}


def make_inputs(name: str, folder: Path) -> Inputs:
    """The rasters of one kind; always the same."""
    return make_at(name, PLACES[name], folder)


def make_at(name: str, place: Place, folder: Path) -> Inputs:
    rng = np.random.default_rng(20)
    shape = (place.nrow, place.ncol)

    def measured(count: int, low: float = -30.0, high: float = 30.0) -> np.ndarray:
        array = rng.uniform(low, high, (count, *shape)).round(2).astype(place.dtype)
        array[rng.random(array.shape) < place.missing] = np.nan
        if place.missing < 1 and array.size > 100:
            array[:, 2:4, 3:9] = np.nan  # a hole through all layers
        return array

    def integers(count: int, low: int, high: int, dtype: str) -> np.ndarray:
        return rng.integers(low, high, (count, *shape)).astype(dtype)

    def given(label: str, array: np.ndarray, names: list[str], **more: Any) -> SpatRaster:
        if place.files:
            path = folder / f"{name}-{label}.tif"
            write_tiled(path, array, place, names)
            made = pt.rast(path)
        else:
            made = pt.rast(array, extent=place.extent, crs=place.crs, names=names)
        for key, value in more.items():
            setattr(made, key, value)
        return made

    beside = Place(place.nrow, place.ncol, place.crs, place.xmin, place.ymax, place.size, place.dtype)
    moved = (max(1, place.nrow // 3), max(1, place.ncol // 2))
    neighbour = pt.rast(
        measured(3),
        extent=_moved(beside, *moved) if place.crs != "EPSG:4326" else place.extent,
        crs=place.crs,
        names=NAMES,
    )
    return Inputs(
        name=name,
        x=given("x", measured(3), NAMES),
        y=given("y", measured(3, 1.0, 9.0), NAMES),
        one=given("one", measured(1), ["height"]),
        whole=given("whole", integers(3, -20, 21, "int16"), ["a", "b", "c"]),
        few=given("few", integers(2, 0, 5, "uint8"), ["first", "second"]),
        flags=given("flags", measured(1), ["flag"]) > 0,
        classes=given(
            "classes", rng.choice([1, 2, 3, 5], (1, *shape)).astype("uint8"), ["cover"], levels=LABELS
        ),
        series=given("series", measured(6), [f"d{i}" for i in range(6)], time=DATES),
        beside=neighbour,
        finer=_finer(place),
        folder=folder,
    )


def _moved(place: Place, rows: int, cols: int) -> tuple[float, ...]:
    xmin, xmax, ymin, ymax = place.extent
    return (
        xmin + cols * place.size,
        xmax + cols * place.size,
        ymin - rows * place.size,
        ymax - rows * place.size,
    )


def _finer(place: Place) -> SpatRaster:
    xmin, xmax, ymin, ymax = place.extent
    part = 0.13 * place.size
    nrow, ncol = max(1, int(place.nrow * 1.4)), max(1, int(place.ncol * 1.7))
    return pt.rast(
        nrows=nrow, ncols=ncol, extent=(xmin + part, xmax - part, ymin + part, ymax - part), crs=place.crs
    )


def write_tiled(path: Path, array: np.ndarray, place: Place, names: list[str]) -> None:
    """A GeoTIFF in tiles of 16 x 16 cells, with a code for missing."""
    nodata = np.nan if array.dtype.kind == "f" else 255 if array.dtype == np.uint8 else -32768
    profile = {
        "driver": "GTiff",
        "height": place.nrow,
        "width": place.ncol,
        "count": len(array),
        "dtype": array.dtype.name,
        "crs": place.crs,
        "transform": Affine(place.size, 0, place.xmin, 0, -place.size, place.ymax),
        "nodata": nodata,
        "tiled": True,
        "blockxsize": 16,
        "blockysize": 16,
        "compress": "deflate",
    }
    with rasterio.open(path, "w", **profile) as dataset:
        dataset.write(array)
        for i, label in enumerate(names):
            dataset.set_band_description(i + 1, label)
