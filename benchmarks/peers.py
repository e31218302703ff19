"""The same work by other packages of Python, where they are installed: the dependency group ``bench`` has them all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from numpy.typing import NDArray

from benchmarks.data import EPOCHS, YEARS, Data
from benchmarks.jobs.cells import CODES, EDGES
from benchmarks.jobs.engine import CUTS
from benchmarks.jobs.stacks import PROBS
from benchmarks.jobs.windows import GAUSS

Floats = NDArray[np.floating[Any]]
Call = Callable[[], Any]


@dataclass(frozen=True)
class Peer:
    """Another package that does the work of a workload."""

    package: str
    """What it is called."""
    make: Callable[[Data], Call]
    """Imports it, lays out what it works on, and gives the call that is timed."""


PEERS: dict[str, Peer] = {}


def peer(workload: str, package: str) -> Callable[[Callable[[Data], Call]], Callable[[Data], Call]]:
    """Enter a function of the data as the peer of a workload."""

    def enter(make: Callable[[Data], Call]) -> Callable[[Data], Call]:
        PEERS[workload] = Peer(package, make)
        return make

    return enter


def values_of(path: Path) -> Floats:
    """Values of a file in float32, missing as NaN, of shape (band, row, col)."""
    with rasterio.open(path) as file:
        values: Floats = file.read(masked=True).astype(np.float32).filled(np.nan)
        return values


def layer_of(path: Path) -> Any:
    """The first band of a file as xarray-spatial takes it."""
    import xarray as xr

    values = values_of(path)[0]
    cells = {"y": np.arange(values.shape[0])[::-1] * 30.0, "x": np.arange(values.shape[1]) * 30.0}
    return xr.DataArray(values, dims=("y", "x"), coords=cells, attrs={"res": (30.0, 30.0)})


def keep(values: NDArray[Any], like: Path, out: Path, **more: Any) -> None:
    """Write values as the workloads do: LZW, tiles of 512 cells, two threads."""
    values = values if values.ndim == 3 else values[None]
    with rasterio.open(like) as file:
        profile = {**file.profile, "dtype": values.dtype.name, "count": len(values), "num_threads": 2}
    tiles = {"blockxsize": 512, "blockysize": 512, "tiled": True, "nodata": np.nan}
    profile.update({**tiles, "compress": "LZW", "interleave": "band", **more})
    with rasterio.open(out, "w", **profile) as file:
        file.write(values)


def index_of(data: Data) -> Floats:
    """The vegetation index, from both files."""
    red, nir = values_of(data.red)[0], values_of(data.nir)[0]
    with np.errstate(all="ignore"):
        found: Floats = (nir - red) / (nir + red)
    return found


def window_mean(values: Floats, size: int) -> Floats:
    """Mean of the cells of a window that are there."""
    from scipy.ndimage import uniform_filter

    there = ~np.isnan(values)
    total = uniform_filter(np.where(there, values, np.float32(0)), size, mode="constant")
    share = uniform_filter(there.astype(np.float32), size, mode="constant")
    with np.errstate(all="ignore"):
        found: Floats = np.where(share > 0.5 / size**2, total / share, np.float32(np.nan))
    return found


def code_table() -> NDArray[np.uint8]:
    """What becomes of each of 256 bytes."""
    table = np.arange(256, dtype=np.uint8)
    for old, new in CODES:
        table[old] = new
    return table


@peer("ndvi-file", "numpy")
def ndvi_file(data: Data) -> Call:
    return lambda: keep(index_of(data), data.red, data.output("peer"))


@peer("lapp-file", "numpy")
def lapp_file(data: Data) -> Call:
    return ndvi_file(data)


@peer("ndvi-memory", "numpy")
def ndvi_memory(data: Data) -> Call:
    """In double precision, as terra and pyterra compute."""
    red, nir = values_of(data.red), values_of(data.nir)
    return lambda: np.subtract(nir, red, dtype=np.float64) / np.add(nir, red, dtype=np.float64)


def _of_stack(data: Data, make: Callable[[Any], Callable[[Floats], Any]]) -> Call:
    import bottleneck

    stack, function = values_of(data.stack), make(bottleneck)
    return lambda: function(stack)


@peer("mean-memory", "bottleneck")
def mean_memory(data: Data) -> Call:
    return _of_stack(data, lambda bn: lambda values: bn.nanmean(values, axis=0))


@peer("sd-memory", "bottleneck")
def sd_memory(data: Data) -> Call:
    return _of_stack(data, lambda bn: lambda values: bn.nanstd(values, axis=0, ddof=1))


@peer("max-memory", "bottleneck")
def max_memory(data: Data) -> Call:
    return _of_stack(data, lambda bn: lambda values: bn.nanmax(values, axis=0))


@peer("mean-file", "bottleneck")
def mean_file(data: Data) -> Call:
    import bottleneck

    def call() -> None:
        keep(bottleneck.nanmean(values_of(data.stack), axis=0), data.stack, data.output("peer"))

    return call


@peer("quantile-memory", "numbagg")
def quantile_memory(data: Data) -> Call:
    import numbagg

    stack = values_of(data.stack)
    return lambda: numbagg.nanquantile(stack, list(PROBS), axis=0)


@peer("quantile-file", "numbagg")
def quantile_file(data: Data) -> Call:
    import numbagg

    def call() -> None:
        found = numbagg.nanquantile(values_of(data.stack), list(PROBS), axis=0)
        keep(found.astype(np.float32), data.stack, data.output("peer"))

    return call


@peer("classify-memory", "xarray-spatial")
def classify_memory(data: Data) -> Call:
    from xrspatial.classify import reclassify

    layer = layer_of(data.heights)
    return lambda: reclassify(layer, list(EDGES[1:]), list(range(1, len(EDGES))))


@peer("classify-file", "xarray-spatial")
def classify_file(data: Data) -> Call:
    from xrspatial.classify import reclassify

    def call() -> None:
        found = reclassify(layer_of(data.heights), list(EDGES[1:]), list(range(1, len(EDGES))))
        bytes_ = np.nan_to_num(found.to_numpy()).astype(np.uint8)
        keep(bytes_, data.heights, data.output("peer"), nodata=0)

    return call


@peer("codes-memory", "numpy")
def codes_memory(data: Data) -> Call:
    table = code_table()
    with rasterio.open(data.classes) as file:
        codes = file.read()
    return lambda: table[codes]


@peer("codes-file", "numpy")
def codes_file(data: Data) -> Call:
    table = code_table()

    def call() -> None:
        with rasterio.open(data.classes) as file:
            codes = file.read()
        keep(table[codes], data.classes, data.output("peer"), nodata=255)

    return call


@peer("subst-file", "numpy")
def subst_file(data: Data) -> Call:
    return codes_file(data)


@peer("focal3-memory", "scipy")
def focal3_memory(data: Data) -> Call:
    values = values_of(data.heights)[0]
    return lambda: window_mean(values, 3)


@peer("focal11-memory", "scipy")
def focal11_memory(data: Data) -> Call:
    values = values_of(data.heights)[0]
    return lambda: window_mean(values, 11)


@peer("focal3-file", "scipy")
def focal3_file(data: Data) -> Call:
    return lambda: keep(window_mean(values_of(data.heights)[0], 3), data.heights, data.output("peer"))


@peer("focal-weights-memory", "scipy")
def focal_weights(data: Data) -> Call:
    from scipy.ndimage import correlate

    values, weights = values_of(data.heights)[0], GAUSS.astype(np.float32)

    def call() -> Floats:
        there = ~np.isnan(values)
        total = correlate(np.where(there, values, np.float32(0)), weights, mode="constant")
        share = correlate(there.astype(np.float32), weights, mode="constant")
        return np.where(share > 0, total, np.float32(np.nan))

    return call


@peer("focal-median-memory", "scipy")
def focal_median(data: Data) -> Call:
    from scipy.ndimage import median_filter

    values = np.nan_to_num(values_of(data.hills)[0])
    return lambda: median_filter(values, 11)


@peer("chain-file", "scipy")
def chain_file(data: Data) -> Call:
    def call() -> None:
        index = np.clip(index_of(data), 0, 1)
        classes = np.digitize(index, CUTS[1:-1], right=True).astype(np.float32) + 1
        classes[np.isnan(index)] = np.nan
        keep(window_mean(classes, 3), data.red, data.output("peer"))

    return call


@peer("aggregate-memory", "numpy")
def aggregate_memory(data: Data) -> Call:
    values = values_of(data.heights)[0]
    side = len(values) // 10
    cells = values[: side * 10, : side * 10].reshape(side, 10, side, 10)
    return lambda: np.nanmean(cells, axis=(1, 3))


@peer("terrain-slope-memory", "xarray-spatial")
def slope_memory(data: Data) -> Call:
    from xrspatial import slope

    layer = layer_of(data.heights)
    return lambda: slope(layer)


@peer("hundred-files", "rasterio")
def hundred_files(data: Data) -> Call:
    def call() -> NDArray[np.uint8]:
        side = data.sizes.file
        out = np.empty((len(data.files), side, side), np.uint8)
        for i, path in enumerate(data.files):
            with rasterio.open(path) as file:
                file.read(1, out=out[i])
        return out

    return call


@peer("zonal-mean-file", "numpy")
def zonal_file(data: Data) -> Call:
    def call() -> Floats:
        values = values_of(data.heights).ravel()
        with rasterio.open(data.classes) as file:
            zones = file.read().ravel()
        there = ~np.isnan(values)
        zones, values = zones[there], values[there]
        total = np.bincount(zones, values)
        with np.errstate(all="ignore"):
            found: Floats = total / np.bincount(zones)
        return found

    return call


@peer("extract-polygons-file", "rasterstats")
def polygons_file(data: Data) -> Call:
    from rasterstats import zonal_stats

    return lambda: zonal_stats(str(data.polygons), str(data.heights), stats="mean")


@peer("extract-exact-file", "exactextract")
def exact_file(data: Data) -> Call:
    import geopandas as gpd
    from exactextract import exact_extract

    return lambda: exact_extract(str(data.heights), gpd.read_file(data.polygons), "mean")


@peer("extract-points-file", "rasterio")
def points_file(data: Data) -> Call:
    """All of the file is read: so many points lie in all of its tiles, and rasterio's `sample` takes minutes."""
    import geopandas as gpd
    from rasterio.transform import rowcol

    places = gpd.read_file(data.points).geometry

    def call() -> Any:
        with rasterio.open(data.stack) as file:
            rows, cols = rowcol(file.transform, places.x.to_numpy(), places.y.to_numpy())
            return file.read()[:, rows, cols]

    return call


@peer("distance-memory", "scipy")
def distance_memory(data: Data) -> Call:
    from scipy.ndimage import distance_transform_edt

    empty = np.isnan(values_of(data.sources)[0])
    return lambda: distance_transform_edt(empty, sampling=30.0)


@peer("patches-memory", "scipy")
def patches_memory(data: Data) -> Call:
    from scipy.ndimage import label

    there = ~np.isnan(values_of(data.spots)[0])
    return lambda: label(there)


def _warped(data: Data, target: Path) -> Call:
    from rasterio.enums import Resampling
    from rasterio.warp import reproject

    def call() -> None:
        with rasterio.open(data.hills) as source, rasterio.open(target) as grid:
            out = np.empty((1, *grid.shape), np.float32)
            place = {"dst_transform": grid.transform, "dst_crs": grid.crs, "dst_nodata": np.nan}
            reproject(rasterio.band(source, 1), out, resampling=Resampling.bilinear, **place)
        keep(out, target, data.output("peer"))

    return call


@peer("resample-file", "rasterio")
def resample_file(data: Data) -> Call:
    return _warped(data, data.finer)


@peer("project-file", "rasterio")
def project_file(data: Data) -> Call:
    return _warped(data, data.degrees)


@peer("gaps-memory", "xarray")
def gaps_memory(data: Data) -> Call:
    import xarray as xr

    series = xr.DataArray(values_of(data.series), dims=("time", "y", "x"))
    return lambda: series.interpolate_na("time")


@peer("approximate-file", "xarray")
def approximate_file(data: Data) -> Call:
    import xarray as xr

    def call() -> None:
        epochs = xr.DataArray(
            values_of(data.epochs), dims=("year", "y", "x"), coords={"year": np.array(EPOCHS, float)}
        )
        years = epochs.interp(year=np.clip(YEARS, EPOCHS[0], EPOCHS[-1]).astype(float))
        keep(np.round(years.to_numpy()).astype(np.uint8), data.epochs, data.output("peer"), nodata=255)

    return call
