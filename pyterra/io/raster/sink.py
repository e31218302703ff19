"""Raster files as sinks: how values become stored numbers, and what is said about them in the file."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pyterra import kernels
from pyterra.errors import ArgumentError, ValueRangeError, WriteError, warn
from pyterra.expr import Layer, Node
from pyterra.expr.layers import common_tags
from pyterra.expr.times import alike
from pyterra.grid import Window
from pyterra.io.formats.record import RasterFormat
from pyterra.io.raster.aux_xml import categories_xml
from pyterra.io.raster.copied import Copied
from pyterra.io.raster.describe import COLORS
from pyterra.io.raster.encoding import Encoding, Stored
from pyterra.io.raster.layout import file_tile
from pyterra.io.raster.stamps import format_time
from pyterra.io.raster.tags import by_domain
from pyterra.io.safe.safe_cog import SafeCog
from pyterra.io.safe.safe_write import SafeRaster
from pyterra.options import VerifyMode, current


def has_colors(layers: int, dtype: str) -> bool:
    """Whether a file has a table of colours: GDAL keeps that of a single layer of a small type."""
    return layers == 1 and dtype in ("uint8", "uint16")


class RasterSink:
    """A raster file under way: a GeoTIFF, or what is copied from one. Use as a context manager.

    Nothing stands under the path until `finish`.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        node: Node,
        encoding: Encoding,
        *,
        format: RasterFormat,
        overwrite: bool,
        options: Mapping[str, Any],
        overviews: str,
        tags: Mapping[str, str],
        verify: VerifyMode | None = None,
    ) -> None:
        self._node, self._encoding = node, encoding
        self._cog, self._copied = format.made == "cog", format.made == "copied"
        self._tags = common_tags(node.layers) | {("", key): text for key, text in tags.items()}
        self._options = {key.upper(): value for key, value in options.items()}
        tables = {i: layer.categories for i, layer in enumerate(node.layers) if layer.categories is not None}
        self._classes = categories_xml(tables) if tables else ""
        self._statistics: Any = None
        self._missing = self._taken = False
        itemsize = np.dtype(encoding.dtype).itemsize * len(node.layers)
        self._tile = file_tile(itemsize, (node.grid.nrow, node.grid.ncol), None if self._cog else node.tiling)
        how: Any = {"overwrite": overwrite, "verify": verify or current().verify}
        self.raster: SafeRaster = (
            SafeCog(path, self._profile(), cog=self._cog_options(), overviews=overviews, **how)
            if format.made == "cog"
            else SafeRaster(path, self._profile(), **how)
        )
        try:
            with self.raster.editing() as dataset:
                self._describe(dataset)
            if self._copied:
                self._kind = Copied(format, {**format.options(encoding.dtype), **self._options})
                self._try()
        except BaseException:
            self.raster.abort()
            raise

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
            "sparse_ok": self._encoding.spare is None,
        }
        if len(self._node.layers) > 2 and not self._is_picture:
            profile["photometric"] = "MINISBLACK"  # GDAL takes three bands of bytes for red, green and blue
        if self._cog or self._copied:
            return profile  # a part that is copied is read once and thrown away
        given = {key.lower(): value for key, value in self._options.items()}
        compress = str(given.get("compress", "ZSTD")).upper()
        if compress not in ("ZSTD", "DEFLATE", "LZW"):
            profile.pop("predictor")
        if compress != "ZSTD":
            profile.pop("zstd_level")
        if str(given.get("tiled", True)).upper() in ("NO", "FALSE"):
            profile.pop("blockxsize"), profile.pop("blockysize")
        profile.update(given)
        if self._encoding.spare is not None:
            profile["sparse_ok"] = (
                False  # tiles of zeros that are not stored become missing when a code comes at the end
            )
        return profile

    @property
    def _is_picture(self) -> bool:
        return {"red", "green", "blue"} <= {layer.channel for layer in self._node.layers}

    def _try(self) -> None:
        """Let the format show what it holds of such a raster, before anything is computed."""

        def describe(file: Path, dataset: Any) -> None:
            self._describe(dataset)
            if self._classes:
                Path(f"{file}.aux.xml").write_text(self._classes, encoding="utf-8")

        record, target = self._kind.record, self._encoding.target
        self._kind.check_driver(target)
        try:
            lost = self.raster.try_as(self._kind, describe)
        except WriteError as error:
            if (
                isinstance(error.__cause__, OSError) and error.__cause__.errno
            ):  # of the disk, not of the format
                raise
            text = str(error).partition(f"{record}: ")[2] or str(error)
            raise ArgumentError(
                f"write_raster: {target}: {record} cannot hold this raster ({text}); write .tif, or change what it is"
            ) from error
        if lost:
            warn(f"write_raster: {target}: {record} does not keep {', '.join(lost)}; .tif does")

    @property
    def tile(self) -> tuple[int, int] | None:
        """Tiles of the file."""
        return self.raster.tile

    def encoder(self) -> Encoding:
        """Values to stored numbers, done by the workers."""
        return self._encoding

    def put(self, window: Window, data: Stored) -> None:
        """Write a block."""
        self._missing, self._taken = self._missing or data.missing, self._taken or data.taken
        if self._missing and self._taken:
            raise ValueRangeError(
                f"write_raster: {self._encoding.target}: cells are missing, and {self._encoding.spare}, the usual code "
                f"for missing of {self._encoding.dtype}, is a value; give another nodata= or a wider datatype"
            )
        self.raster.write((window.row, window.col, window.nrow, window.ncol), data.numbers)
        known = self._statistics
        self._statistics = (
            data.moments if known is None else kernels.reduce.merge_moments(known, data.moments)
        )

    def finish(self) -> None:
        """Add what is known at the end, and put the file in place."""
        if self._missing:
            self.raster.set_nodata(self._encoding.spare)
        with self.raster.editing() as dataset:
            for i, tags in enumerate(self._statistics_tags()):
                if tags:
                    dataset.update_tags(i + 1, **tags)
        if self._classes:
            with self.raster.editing():
                Path(f"{self.raster.part}.aux.xml").write_text(self._classes, encoding="utf-8")
        if self._copied:
            self.raster.commit_as(self._kind)
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
        if self._encoding.spare is not None:
            chosen["SPARSE_OK"] = "NO"  # as above
        return chosen

    def _describe(self, dataset: Any) -> None:
        """Say what is known of the layers, before the first block: GDAL takes a colour table only then."""
        layers = alike(self._node.layers)
        for i, layer in enumerate(layers):
            dataset.set_band_description(i + 1, layer.name)
            if layer.unit:
                dataset.set_band_unit(i + 1, layer.unit)
            tags = dict(layer.tags) | band_tags(layer)
            if tags:
                dataset.update_tags(i + 1, **tags)
            if layer.colors and has_colors(len(layers), self._encoding.dtype):
                dataset.write_colormap(1, dict(layer.colors))
        if self._is_picture:
            dataset.colorinterp = [_interpretation(layer) for layer in layers]
        if self._encoding.scale != 1 or self._encoding.offset != 0:
            dataset.scales = (self._encoding.scale,) * len(layers)
            dataset.offsets = (self._encoding.offset,) * len(layers)
        for domain, told in by_domain(self._tags):
            dataset.update_tags(**({"ns": domain} if domain else {}), **told)

    def _statistics_tags(self) -> list[dict[str, str]]:
        """GDAL's statistics of the stored numbers of each layer."""
        finish = kernels.finish.finish
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

    def __enter__(self) -> RasterSink:
        return self

    def __exit__(self, *exc: object) -> None:
        self.raster.abort()


def _interpretation(layer: Layer) -> Any:
    """What GDAL takes a band for, in its words."""
    from rasterio.enums import ColorInterp

    return ColorInterp[layer.channel if layer.channel in COLORS else "undefined"]


def band_tags(layer: Layer) -> dict[str, str]:
    """What GDAL has no place of its own for."""
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
    if layer.channel and layer.channel not in COLORS:
        tags["CHANNEL"] = layer.channel
    return tags


def overview_resampling(kinds: Sequence[str]) -> str:
    """average for measured values, mode for classes, nearest for yes and no."""
    if any(kind == "factor" for kind in kinds):
        return "mode"
    return "nearest" if all(kind == "bool" for kind in kinds) else "average"
