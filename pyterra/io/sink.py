"""GeoTIFF and COG as sinks: how values become stored numbers, and what is said about them in the file."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from pyterra import kernels
from pyterra.errors import ArgumentError, ValueRangeError
from pyterra.expr import Array, Categories, Layer, Node
from pyterra.grid import Window
from pyterra.io.aux_xml import categories_xml
from pyterra.io.describe import format_time
from pyterra.io.safe_write import SafeRaster
from pyterra.options import current

RangeMode = Literal["error", "clip", "na"]

TILE = 512
COG_TILE = 512
_COLOR_TYPES = ("uint8", "uint16")


@dataclass(frozen=True)
class Encoding:
    """How the values of a raster become stored numbers."""

    dtype: str
    """numpy dtype name of the file."""
    nodata: float | int | None
    """Code for missing, None = the file has none."""
    scale: float = 1.0
    """stored = (value - offset) / scale."""
    offset: float = 0.0
    """stored = (value - offset) / scale."""
    mode: RangeMode = "error"
    """What becomes of values that the dtype cannot hold."""
    target: str = ""
    """The file, for errors."""
    names: tuple[str, ...] = ()
    """Layer names, for errors."""

    def __call__(self, block: Array, window: Window) -> tuple[Array, Array]:
        """Stored numbers of a block, and per layer: count, minimum, maximum, sum, sum of squares of its values.

        Raises
        ------
        ValueRangeError
            Where a value does not fit and the mode is "error".
        """
        stored = np.empty(block.shape, self.dtype)
        statistics = np.empty((len(block), 5))
        for i, layer in enumerate(block):
            result = kernels.convert.encode(
                layer, np.dtype(self.dtype), self.nodata, mode=self.mode, scale=self.scale, offset=self.offset
            )
            if result.out_of_range and self.mode == "error":
                raise ValueRangeError(self._message(i, window, result))
            if result.collisions and self.mode == "error":
                raise ValueRangeError(self._collision(i, window, result))
            if result.missing_lost:
                raise ValueRangeError(
                    f"write_raster: {self.target} layer {self.names[i]!r}, {window}: {result.missing_lost} cells are "
                    f"missing but {self.dtype} has no code for missing here; give nodata="
                )
            stored[i] = result.raw
            statistics[i] = _moments(layer)
        return stored, statistics

    def _message(self, i: int, window: Window, result: Any) -> str:
        limits = np.iinfo(self.dtype) if np.dtype(self.dtype).kind in "iu" else np.finfo(self.dtype)
        return (
            f"write_raster: values must fit {self.dtype} ({limits.min} to {limits.max}), got {result.first_out_of_range:g} "
            f"({result.out_of_range} cells) in {self.target} layer {self.names[i]!r}, {window}; choose a wider datatype, "
            "or out_of_range='clip' or 'na'"
        )

    def _collision(self, i: int, window: Window, result: Any) -> str:
        return (
            f"write_raster: {result.collisions} cells of {self.target} layer {self.names[i]!r}, {window}, have the value "
            f"{self.nodata}, which is the code for missing; choose another nodata or a wider datatype"
        )


def _moments(layer: Array) -> tuple[float, float, float, float, float]:
    valid = layer[~np.isnan(layer)].astype(np.float64)
    if not valid.size:
        return 0.0, np.inf, -np.inf, 0.0, 0.0
    return valid.size, valid.min(), valid.max(), valid.sum(), np.square(valid).sum()


class RasterSink:
    """A GeoTIFF or COG under way. Use as a context manager; nothing stands under the path until `finish`."""

    def __init__(
        self,
        path: str | os.PathLike[str],
        node: Node,
        encoding: Encoding,
        *,
        cog: bool,
        overwrite: bool,
        options: Mapping[str, Any],
        overviews: str,
        tags: Mapping[str, str],
    ) -> None:
        self._node, self._encoding, self._cog = node, encoding, cog
        self._overviews, self._tags = overviews, dict(tags)
        self._options = {key.upper(): value for key, value in options.items()}
        self._statistics = np.zeros((len(node.layers), 5))
        self._statistics[:, 1], self._statistics[:, 2] = np.inf, -np.inf
        self.raster = SafeRaster(path, self._profile(), overwrite=overwrite, verify=current().verify)

    def _profile(self) -> dict[str, Any]:
        from affine import Affine

        grid, dtype = self._node.grid, np.dtype(self._encoding.dtype)
        profile: dict[str, Any] = {
            "width": grid.ncol,
            "height": grid.nrow,
            "count": len(self._node.layers),
            "dtype": "int8" if dtype == np.int8 else dtype.name,
            "crs": grid.crs or None,
            "transform": Affine(*grid.transform),
            "nodata": self._encoding.nodata,
            "tiled": True,
            "blockxsize": TILE,
            "blockysize": TILE,
            "interleave": "band",
            "compress": "ZSTD",
            "zstd_level": 1,
            "predictor": 3 if dtype.kind == "f" else 2,
            "bigtiff": "IF_SAFER",
            "num_threads": current().worker_count,
            "sparse_ok": True,
        }
        if self._cog:
            return profile  # the part of a COG is read once and thrown away
        given = {key.lower(): value for key, value in self._options.items()}
        compress = str(given.get("compress", "ZSTD")).upper()
        if compress not in ("ZSTD", "DEFLATE", "LZW"):
            profile.pop("predictor")
        if compress != "ZSTD":
            profile.pop("zstd_level")
        if str(given.get("tiled", True)).upper() in ("NO", "FALSE"):
            profile.pop("blockxsize"), profile.pop("blockysize")
        profile.update(given)
        return profile

    @property
    def tile(self) -> tuple[int, int] | None:
        """Tiles of the file."""
        grid = self._node.grid
        return min(TILE, grid.nrow), min(TILE, grid.ncol)

    @property
    def bytes_per_cell(self) -> float:
        """Stored numbers of a block, on their way."""
        return 2.0 * len(self._node.layers) * np.dtype(self._encoding.dtype).itemsize

    def encoder(self) -> Callable[[Array, Window], Any]:
        """Values to stored numbers, done by the workers."""
        return self._encoding

    def put(self, window: Window, data: tuple[Array, Array]) -> None:
        """Write a block."""
        stored, statistics = data
        self.raster.write((window.row, window.col, window.nrow, window.ncol), stored)
        total = self._statistics
        total[:, 0] += statistics[:, 0]
        total[:, 1] = np.fmin(total[:, 1], statistics[:, 1])
        total[:, 2] = np.fmax(total[:, 2], statistics[:, 2])
        total[:, 3:] += statistics[:, 3:]

    def finish(self) -> None:
        """Add metadata and put the file in place."""
        tables = {i: layer.categories for i, layer in enumerate(self._node.layers) if layer.categories is not None}
        with self.raster.editing() as dataset:
            self._describe(dataset)
        if tables:
            self._write_categories(tables)
        if self._cog:
            self.raster.commit_cog(self._cog_options(), self._overviews)
        else:
            self.raster.commit()

    def _cog_options(self) -> dict[str, Any]:
        dtype = np.dtype(self._encoding.dtype)
        chosen: dict[str, Any] = {
            "COMPRESS": "DEFLATE",
            "BLOCKSIZE": COG_TILE,
            "BIGTIFF": "IF_SAFER",
            "NUM_THREADS": current().worker_count,
            "PREDICTOR": "FLOATING_POINT" if dtype.kind == "f" else "STANDARD",
        }
        if dtype.itemsize == 1:
            chosen["PREDICTOR"] = "NO"
        chosen.update(self._options)
        return chosen

    def _describe(self, dataset: Any) -> None:
        layers = self._node.layers
        for i, layer in enumerate(layers):
            dataset.set_band_description(i + 1, layer.name)
            if layer.unit:
                dataset.set_band_unit(i + 1, layer.unit)
            tags = self._band_tags(layer, self._statistics[i])
            if tags:
                dataset.update_tags(i + 1, **tags)
            if layer.colors and len(layers) == 1 and self._encoding.dtype in _COLOR_TYPES:
                dataset.write_colormap(1, dict(layer.colors))
        if self._encoding.scale != 1 or self._encoding.offset != 0:
            dataset.scales = (self._encoding.scale,) * len(layers)
            dataset.offsets = (self._encoding.offset,) * len(layers)
        if self._tags:
            dataset.update_tags(**self._tags)

    def _band_tags(self, layer: Layer, statistics: Array) -> dict[str, str]:
        tags = {}
        if layer.time is not None:
            tags["DATE_TIME"] = format_time(layer.time, layer.step)
            tags["TIME_STEP"] = layer.step
        if layer.kind == "bool":
            tags["VALUES"] = "bool"
        if layer.long_name:
            tags["long_name"] = layer.long_name
        count, low, high, total, squares = (float(v) for v in statistics)
        if count:
            low, high, total, squares = self._as_stored(count, low, high, total, squares)
            mean = total / count
            spread = max(0.0, squares / count - mean * mean) ** 0.5
            tags |= {
                "STATISTICS_MINIMUM": f"{low:.17g}",
                "STATISTICS_MAXIMUM": f"{high:.17g}",
                "STATISTICS_MEAN": f"{mean:.17g}",
                "STATISTICS_STDDEV": f"{spread:.17g}",
                "STATISTICS_VALID_PERCENT": f"{100 * count / self._node.grid.cells:.4g}",
            }
        return tags

    def _as_stored(self, count: float, low: float, high: float, total: float, squares: float) -> tuple[float, ...]:
        """Statistics of stored numbers, which is what the tags hold."""
        scale, offset = self._encoding.scale, self._encoding.offset
        squares = (squares - 2 * offset * total + count * offset * offset) / scale**2
        total = (total - count * offset) / scale
        ends = sorted(((low - offset) / scale, (high - offset) / scale))
        if np.dtype(self._encoding.dtype).kind in "iu":
            ends = [float(np.trunc(v + np.copysign(0.5, v))) for v in ends]
        return ends[0], ends[1], total, squares

    def _write_categories(self, tables: dict[int, Categories]) -> None:
        Path(f"{self.raster.part}.aux.xml").write_text(categories_xml(tables))

    def __enter__(self) -> RasterSink:
        return self

    def __exit__(self, *exc: object) -> None:
        self.raster.abort()


def check_nodata(value: float | int | None, dtype: str) -> float | int | None:
    """The code for missing as the dtype holds it.

    Raises
    ------
    ArgumentError
        Where the dtype cannot hold it.
    """
    if value is None:
        return None
    kind = np.dtype(dtype)
    if kind.kind in "iu":
        limits = np.iinfo(kind)
        if value != value or value != int(value) or not limits.min <= int(value) <= limits.max:
            raise ArgumentError(
                f"nodata: must be a whole number that {dtype} can hold ({limits.min} to {limits.max}), got {value}"
            )
        return int(value)
    number = float(value)
    if np.isfinite(number) and not np.isfinite(kind.type(number)):
        raise ArgumentError(f"nodata: must be a number that {dtype} can hold, got {value}")
    return float(kind.type(number))


def default_nodata(dtype: str) -> float | int | None:
    """The code for missing where none is asked for, as terra's: lowest signed, highest unsigned, NaN for floats."""
    kind = np.dtype(dtype)
    if kind.kind == "u":
        return int(np.iinfo(kind).max)
    return int(np.iinfo(kind).min) if kind.kind == "i" else float("nan")


def overview_resampling(kinds: Sequence[str]) -> str:
    """average for measured values, mode for classes, nearest for yes and no."""
    if any(kind == "factor" for kind in kinds):
        return "mode"
    return "nearest" if all(kind == "bool" for kind in kinds) else "average"
