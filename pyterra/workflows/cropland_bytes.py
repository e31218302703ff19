"""The maps of a tile on stored bytes: patterns of the epochs, a table from patterns to percent, exact averages.

What is computed is what `approximate` makes of the values; the table and the weights of the epochs come from it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyterra.construct import rast
from pyterra.expr import Read
from pyterra.expr.source import FileBand
from pyterra.frozen import dataclass
from pyterra.grid import Grid, Window
from pyterra.handles.spatextent import SpatExtent
from pyterra.handles.spatraster import SpatRaster
from pyterra.io.raster.overviews import Blank
from pyterra.io.raster.stamps import format_time
from pyterra.io.safe.safe_cog import SafeCog
from pyterra.kernels.patterns import (
    MOST_PATTERNS,
    Patterns,
    base_of,
    interpolated,
    look_up,
    patterns,
    states,
    sums,
)
from pyterra.options import current
from pyterra.raster.build import node_of

Bytes = NDArray[np.uint8]


@dataclass(frozen=True)
class Interpolation:
    """How the maps of years follow from epochs."""

    epochs: tuple[int, ...]
    """Their years."""
    years: tuple[int, ...]
    """Of the maps; those that equal another in any case have their band together."""
    method: str
    """As of `approximate`."""
    rule: int
    """As of `approximate`."""

    def weights(self) -> NDArray[np.float64]:
        """What each epoch counts in each year, of shape (year, epoch); NaN for years that are missing."""
        return _weights(self)

    def bands(self) -> dict[int, int]:
        """The band of each year: years of the same weights share one."""
        found: dict[bytes, int] = {}
        return {
            year: found.setdefault(row.tobytes(), len(found))
            for year, row in zip(self.years, self.weights(), strict=True)
        }

    def distinct(self) -> list[int]:
        """The first year of each band."""
        first: dict[int, int] = {}
        for year, band in self.bands().items():
            first.setdefault(band, year)
        return list(first.values())

    def distinct_weights(self) -> NDArray[np.float64]:
        """What each epoch counts in each band."""
        return self.weights()[[self.years.index(year) for year in self.distinct()]]

    def table(self, code: int | None, missing: int) -> Bytes:
        """Percent of each band for each pattern, as stored bytes of shape (band, pattern)."""
        return _table(self, code, missing)

    def of(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Years of cells that are given by epochs, of shape (epoch, cell)."""
        r = rast(values[:, None, :], xmin=0, xmax=values.shape[1], ymin=0, ymax=1)
        annual = r.approximate(self.method, xout=self.years, rule=self.rule, z=list(self.epochs))  # type: ignore[arg-type]
        found: NDArray[np.float64] = annual.to_numpy()[:, 0].astype(float)
        return found


@lru_cache(maxsize=16)
def _weights(how: Interpolation) -> NDArray[np.float64]:
    """See `Interpolation.weights`: they are the same for all tiles of a job."""
    found = how.of(np.eye(len(how.epochs)))
    found.setflags(write=False)
    return found


@lru_cache(maxsize=16)
def _table(how: Interpolation, code: int | None, missing: int) -> Bytes:
    """See `Interpolation.table`."""
    known = states(len(how.epochs), base_of(code)).astype(float)
    percent = np.where(known == 2, np.nan, 100 * known).T
    found = rounded(how.of(percent)[[how.years.index(year) for year in how.distinct()]], missing)
    found.setflags(write=False)
    return found


def rounded(values: NDArray[np.float64], missing: int) -> Bytes:
    """Bytes of values from 0 to 100, halves upward."""
    whole: Bytes = np.where(np.isnan(values), missing, np.floor(np.nan_to_num(values) + 0.5)).astype(np.uint8)
    return whole


@dataclass(frozen=True)
class Percent:
    """How much of each cell is cropland."""

    area: NDArray[np.int64]
    """Cropland, of shape (row, col, epoch)."""
    whole: NDArray[np.int64]
    """Area of the cells, of shape (row, col)."""


@dataclass(frozen=True)
class Stored:
    """The patterns of a tile."""

    patterns: Patterns
    """Of its cells."""
    grid: Grid
    """Where they lie."""
    code: int | None
    """The code for missing, where it counts as missing."""
    epochs: int
    """How many there are."""

    @property
    def has_ones(self) -> bool:
        """Whether any cell of any epoch is cropland."""
        return bool(self._ones[self.patterns.present[: len(self._ones)]].any())

    @property
    def complete(self) -> bool:
        """Whether no cell is missing."""
        known = states(self.epochs, base_of(self.code))
        return not (known[self.patterns.present[: len(known)]] == 2).any()

    @property
    def _ones(self) -> Bytes:
        ones: Bytes = (states(self.epochs, base_of(self.code)) == 1).astype(np.uint8)
        return ones

    def percent(self, target: Grid, fine: int, coarse: int) -> Percent:
        """Percent of cropland of coarser cells.

        Parameters
        ----------
        target : Grid
            The cells.
        fine, coarse : int
            Cells along a degree, here and there.
        """
        unit = math.lcm(fine, coarse)
        here, there = self.grid.extent, target.extent
        first = round((there.ymax - here.ymax) * unit), round((here.xmin - there.xmin) * unit)
        area, whole = sums(
            self.patterns.cells, self._ones, first, unit // fine, unit // coarse, (target.nrow, target.ncol)
        )
        return Percent(area, whole)


def read_patterns(epochs: SpatRaster, extent: SpatExtent, zero_is_missing: bool) -> Stored | None:
    """The patterns of a part of the epochs; None where they are not plain bytes, or too many."""
    node = node_of(epochs, "croplands")
    layers = [_plain_bytes(part, layer) if isinstance(part, Read) else None for part, layer in node.parts]
    found = [layer for layer in layers if layer is not None]
    codes = {band.nodata for _, band in found}
    if len(found) < len(node.layers) or len(codes) != 1:
        return None
    code = codes.pop()
    code = None if code is None or zero_is_missing else int(code)
    if code in (0, 1) or base_of(code) ** len(found) > MOST_PATTERNS:
        return None
    window = node.grid.window_of(extent).intersection(node.grid.window)
    if window is None:
        return None
    stored = [source.read_stored((band.band,), window)[0] for source, band in found]
    return Stored(patterns(stored, code), node.grid.subgrid(window), code, len(found))


def _plain_bytes(part: Read, layer: int) -> tuple[Any, FileBand] | None:
    """Where the bytes of a layer come from, and its band, where they are the values."""
    source, index = part.source, part.bands[layer]
    band = source.file_band(index)
    if band is None or not source.is_bytes((index,)):
        return None
    if (band.dtype, band.scale, band.offset) != ("uint8", 1, 0):
        return None
    return source.by_byte((index,), part.dtype)[0], band


def write_tile(
    path: Path,
    grid: Grid,
    blocks: Iterator[tuple[Window, Bytes | None]],
    how: Interpolation,
    nodata: int,
    options: Mapping[str, Any],
) -> None:
    """Write the bands of a tile.

    Parameters
    ----------
    path : Path
    grid : Grid
    blocks : iterator
        Windows of whole blocks and their bytes of shape (band, row, col); None where there is no cropland at all.
    how : Interpolation
    nodata : int
    options : mapping
        Creation options of GDAL's COG driver.
    """
    from affine import Affine

    years = how.distinct()
    profile = {
        "width": grid.ncol,
        "height": grid.nrow,
        "count": len(years),
        "dtype": "uint8",
        "nodata": nodata,
        "crs": grid.crs or None,
        "transform": Affine(*grid.transform),
        "photometric": "MINISBLACK",
        "num_threads": current().worker_count,
    }
    with SafeCog(path, profile, cog=options, overwrite=True, verify=current().verify) as raster:
        height, width = raster.tile
        empty = np.zeros((-(-grid.nrow // height), -(-grid.ncol // width)), bool)
        for window, values in blocks:
            if values is None:
                empty[window.row // height, window.col // width] = True
            else:
                raster.write((window.row, window.col, window.nrow, window.ncol), values)
        _describe(raster, years)
        nothing = np.isnan(how.distinct_weights()).any(axis=1)
        raster.commit(blank=Blank(np.where(nothing, nodata, 0).astype(np.uint8), empty))


def _describe(raster: SafeCog, years: Sequence[int]) -> None:
    """Call the bands by the first of the years that they stand for."""
    with raster.editing() as dataset:
        for band, year in enumerate(years):
            dataset.set_band_description(band + 1, str(year))
            dataset.update_tags(band + 1, DATE_TIME=format_time(float(year), "years"), TIME_STEP="years")


def fine_blocks(stored: Stored, table: Bytes, side: int) -> Iterator[tuple[Window, Bytes | None]]:
    """The blocks of the finest maps: bytes of a table by patterns."""
    cells = stored.patterns.cells
    for window in _windows(cells.shape, side):
        here = cells[window.row : window.row_stop, window.col : window.col_stop]
        yield window, look_up(table, here) if here.any() else None


def coarse_blocks(
    percent: Percent, weights: NDArray[np.float64], nodata: int, side: int
) -> Iterator[tuple[Window, Bytes | None]]:
    """The blocks of coarser maps: percent of the epochs, interpolated."""
    for window in _windows(percent.whole.shape, side):
        place = np.s_[window.row : window.row_stop, window.col : window.col_stop]
        yield window, interpolated(percent.area[place], percent.whole[place], weights, nodata)


def _windows(shape: Sequence[int], side: int) -> Iterator[Window]:
    for row in range(0, shape[0], side):
        for col in range(0, shape[1], side):
            yield Window(row, col, min(side, shape[0] - row), min(side, shape[1] - col))
