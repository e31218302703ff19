"""GeoTIFF and COG as sinks: how values become stored numbers, and what is said about them in the file."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from pyterra import kernels
from pyterra.errors import ArgumentError, ValueRangeError
from pyterra.expr import Array, Categories, Layer, Node
from pyterra.expr.times import alike
from pyterra.grid import Window
from pyterra.io.aux_xml import categories_xml
from pyterra.io.layout import file_tile
from pyterra.io.safe_write import SafeRaster
from pyterra.io.stamps import format_time
from pyterra.io.wide_integers import integers
from pyterra.options import VerifyMode, current

RangeMode = Literal["error", "clip", "na"]

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
    bits: bool = False
    """Whether blocks hold the bits of 64-bit integers, see `wide_integers`."""

    def __call__(self, block: Array, window: Window) -> tuple[Array, Any]:
        """Stored numbers of a block, and their partial statistics (`kernels.reduce.Moments`).

        Raises
        ------
        ValueRangeError
            Where a value does not fit and the mode is "error".
        """
        if self.bits:
            return self._copied(block, window)
        result = self._encode(block)
        if self._refuses(result):
            for i, layer in enumerate(block):
                alone = self._encode(layer)
                if self._refuses(alone):
                    raise ValueRangeError(self._message(i, window, alone))
        return result.raw, self._statistics(block, result.raw)

    def _copied(self, block: Array, window: Window) -> tuple[Array, Any]:
        """The integers whose bits came; a code for missing must be no value."""
        code = None if self.nodata is None else int(self.nodata)
        numbers, missing = integers(block, np.dtype(self.dtype), code)
        for i, (layer, gone) in enumerate(zip(numbers, missing, strict=True)):
            place = f"{self.target} layer {self.names[i]!r}, {window}"
            if code is None and gone.any():
                raise ValueRangeError(
                    f"write_raster: {place}: {int(gone.sum())} cells are missing but {self.dtype} has no code for "
                    "missing here; give nodata="
                )
            asked = code is not None and self.mode == "error"
            same = int(((layer == code) & ~gone).sum()) if asked else 0
            if same:
                raise ValueRangeError(
                    f"write_raster: {same} cells of {place}, have the value {code}, which is the code for missing; "
                    "choose another nodata"
                )
        flat = np.where(missing, np.nan, numbers.astype(np.float64)).reshape(len(block), -1)
        return numbers, kernels.reduce.moments(flat)

    def join(self, parts: list[tuple[Window, tuple[Array, Any]]], window: Window) -> tuple[Array, Any]:
        """The stored numbers of a block from those of its strips, and their partial statistics."""
        stored = np.empty((len(parts[0][1][0]), window.nrow, window.ncol), np.dtype(self.dtype))
        known: Any = None
        for strip, (numbers, moments) in parts:
            rows, cols = strip.slices_in(window)
            stored[:, rows, cols] = numbers
            known = moments if known is None else kernels.reduce.merge_moments(known, moments)
        return stored, known

    def _encode(self, values: Array) -> Any:
        return kernels.convert.encode(
            values, np.dtype(self.dtype), self.nodata, mode=self.mode, scale=self.scale, offset=self.offset
        )

    def _refuses(self, result: Any) -> bool:
        strict = self.mode == "error"
        return bool(result.missing_lost or (strict and (result.out_of_range or result.collisions)))

    def _statistics(self, block: Array, stored: Array) -> Any:
        """Partial statistics of the stored numbers; of the block itself where storing changed nothing."""
        flat = stored.reshape(len(stored), -1)
        if stored.dtype == np.uint8:
            code = self.nodata
            return kernels.bytes.byte_moments(flat, None if code is None else int(code))
        plain = self.scale == 1 and self.offset == 0
        if plain and stored.dtype.kind == "f" and stored.dtype.itemsize >= block.dtype.itemsize:
            return kernels.reduce.moments(block.reshape(len(block), -1))
        return kernels.reduce.moments(kernels.convert.decode(flat, self.nodata, 1.0, 0.0, np.float64))

    def _message(self, i: int, window: Window, result: Any) -> str:
        place = f"{self.target} layer {self.names[i]!r}, {window}"
        if self.mode == "error" and result.out_of_range:
            limits = np.iinfo(self.dtype) if np.dtype(self.dtype).kind in "iu" else np.finfo(self.dtype)
            return (
                f"write_raster: values must fit {self.dtype} ({limits.min} to {limits.max}), got "
                f"{result.first_out_of_range:g} ({result.out_of_range} cells) in {place}; choose a wider datatype, or "
                "out_of_range='clip' or 'na'"
            )
        if self.mode == "error" and result.collisions:
            return (
                f"write_raster: {result.collisions} cells of {place}, have the value {self.nodata}, which is the code "
                "for missing; choose another nodata or a wider datatype"
            )
        return (
            f"write_raster: {place}: {result.missing_lost} cells are missing but {self.dtype} has no code for missing "
            "here; give nodata="
        )


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
        inherited: tuple[Mapping[str, str], Sequence[Mapping[str, str]]] = ({}, ()),
        verify: VerifyMode | None = None,
    ) -> None:
        self._node, self._encoding, self._cog = node, encoding, cog
        self._overviews, self._tags = overviews, {**inherited[0], **tags}
        self._band_tags = inherited[1]
        self._options = {key.upper(): value for key, value in options.items()}
        self._statistics: Any = None
        itemsize = np.dtype(encoding.dtype).itemsize * len(node.layers)
        self._tile = file_tile(itemsize, (node.grid.nrow, node.grid.ncol), None if cog else node.tiling)
        self.raster = SafeRaster(
            path, self._profile(), overwrite=overwrite, verify=verify or current().verify
        )

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
            "blockxsize": self._tile[1],
            "blockysize": self._tile[0],
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
        return self.raster.tile

    @property
    def bytes_per_cell(self) -> float:
        """Stored numbers of a block, on their way."""
        return len(self._node.layers) * (2.0 * np.dtype(self._encoding.dtype).itemsize + 8.0)

    @property
    def stored_per_cell(self) -> float:
        """Stored numbers of all layers."""
        return float(len(self._node.layers) * np.dtype(self._encoding.dtype).itemsize)

    def encoder(self) -> Encoding:
        """Values to stored numbers, done by the workers."""
        return self._encoding

    def put(self, window: Window, data: tuple[Array, Any]) -> None:
        """Write a block."""
        stored, part = data
        self.raster.write((window.row, window.col, window.nrow, window.ncol), stored)
        known = self._statistics
        self._statistics = part if known is None else kernels.reduce.merge_moments(known, part)

    def finish(self) -> None:
        """Add metadata and put the file in place."""
        tables = {
            i: layer.categories for i, layer in enumerate(self._node.layers) if layer.categories is not None
        }
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
            "BLOCKSIZE": max(self._tile),
            "BIGTIFF": "IF_SAFER",
            "NUM_THREADS": current().worker_count,
            "PREDICTOR": "FLOATING_POINT" if dtype.kind == "f" else "STANDARD",
        }
        if dtype.itemsize == 1:
            chosen["PREDICTOR"] = "NO"
        chosen.update(self._options)
        return chosen

    def _describe(self, dataset: Any) -> None:
        layers = alike(self._node.layers)
        statistics = self._statistics_tags()
        for i, layer in enumerate(layers):
            dataset.set_band_description(i + 1, layer.name)
            if layer.unit:
                dataset.set_band_unit(i + 1, layer.unit)
            own = dict(self._band_tags[i]) if self._band_tags else {}
            tags = own | _band_tags(layer) | statistics[i]
            if tags:
                dataset.update_tags(i + 1, **tags)
            if layer.colors and len(layers) == 1 and self._encoding.dtype in _COLOR_TYPES:
                dataset.write_colormap(1, dict(layer.colors))
        if self._encoding.scale != 1 or self._encoding.offset != 0:
            dataset.scales = (self._encoding.scale,) * len(layers)
            dataset.offsets = (self._encoding.offset,) * len(layers)
        if self._tags:
            dataset.update_tags(**self._tags)

    def _statistics_tags(self) -> list[dict[str, str]]:
        """GDAL's statistics of the stored numbers of each layer."""
        finish = kernels.reduce.finish_moments
        found = {
            tag: finish(self._statistics, name, True)
            for tag, name in (("MINIMUM", "min"), ("MAXIMUM", "max"), ("MEAN", "mean"), ("STDDEV", "std"))
        }
        counts = finish(self._statistics, "count")
        tags = []
        for i, count in enumerate(counts):
            own = {f"STATISTICS_{tag}": f"{values[i]:.17g}" for tag, values in found.items()}
            own["STATISTICS_VALID_PERCENT"] = f"{100 * count / self._node.grid.cells:.4g}"
            tags.append(own if count and all(np.isfinite(v[i]) for v in found.values()) else {})
        return tags

    def _write_categories(self, tables: dict[int, Categories]) -> None:
        Path(f"{self.raster.part}.aux.xml").write_text(categories_xml(tables))

    def __enter__(self) -> RasterSink:
        return self

    def __exit__(self, *exc: object) -> None:
        self.raster.abort()


def _band_tags(layer: Layer) -> dict[str, str]:
    tags = {}
    if layer.time is not None:
        tags["DATE_TIME"] = format_time(layer.time, layer.step, layer.zone)
        tags["TIME_STEP"] = layer.step
    if layer.unit:
        tags["UNIT"] = layer.unit  # where terra keeps it; GDAL's own place is set as well
    if layer.kind == "bool":
        tags["VALUES"] = "bool"
    if layer.long_name:
        tags["long_name"] = layer.long_name
    return tags


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
        if (
            value in (np.inf, -np.inf)
            or value != value
            or value != int(value)
            or not limits.min <= int(value) <= limits.max
        ):
            raise ArgumentError(
                f"nodata: must be a whole number that {dtype} can hold ({limits.min} to {limits.max}), got {value}"
            )
        return int(value)
    number = float(value)
    with np.errstate(over="ignore"):
        held = float(kind.type(number))
    if np.isfinite(number) and not np.isfinite(held):
        raise ArgumentError(f"nodata: must be a number that {dtype} can hold, got {value}")
    return held


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
