"""What the gapfill job reads, and its two steps: a part of the stack filled, and a file of the result."""

from __future__ import annotations

import inspect
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pyterra.construct import ext, rast
from pyterra.errors import ArgumentError, SourceError
from pyterra.expr.source import FileBand
from pyterra.frozen import dataclass
from pyterra.handles.spatraster import SpatRaster
from pyterra.raster.join import c
from pyterra.raster.mosaic import vrt
from pyterra.series.reconstruct import reconstruct
from pyterra.series.ways import WAYS, deseasoned
from pyterra.tiles import Tile, path_inside
from pyterra.workflows.dates import date_in_name

Paths = str | os.PathLike[str] | Iterable[str | os.PathLike[str]]
QUALITY = "quality"
"""Folder of the layers of quality."""
UNKNOWN = 255
"""Code for missing in layers of quality."""


@dataclass(frozen=True)
class GapJob:
    """All that a worker has to know."""

    files: tuple[Path, ...]
    """The inputs."""
    positions: tuple[np.datetime64, ...]
    """The date of each layer."""
    method: Any
    """As for `SpatRaster.fill`."""
    rule: int | tuple[int, int]
    """For lines and steps, beyond the ends."""
    season_size: int | None
    """Frames in a year."""
    quality: bool
    """Whether layers of quality are made."""
    cog: bool
    """Whether files of the result are cloud-optimised."""
    overwrite: bool
    """Whether they replace others."""
    out: Path
    """Folder of the results."""
    work: Path
    """Folder of the parts."""
    parts: tuple[str, ...] = ()
    """Names of the finished parts, once there are some."""

    def stack(self) -> SpatRaster:
        """All layers, without their dates."""
        return c(*(rast(file) for file in self.files))


@dataclass(frozen=True, slots=True)
class FilledFile:
    """One file to be written."""

    number: int
    """Of the input."""
    first: int
    """Its first layer in the stack."""
    count: int
    """How many it has."""

    @property
    def id(self) -> str:
        """Name in the manifest."""
        return f"file_{self.number}"


def make_part(tile: Tile, job: GapJob) -> list[Path]:
    """Write all layers of a part of the stack, filled, and their quality."""
    stack, place = job.stack(), ext(*tile.extent)
    path = part_path(tile.id, job)
    how = _stored_alike([rast(file) for file in job.files])
    found = filled(stack, job.positions, job.method, job.rule, job.season_size)
    found.crop(place).write_raster(path, overwrite=True, **how)
    if not job.quality:
        return [path]
    other = part_path(tile.id, job, QUALITY)
    told = quality_of(stack, job.positions, job.method, job.season_size)
    told.crop(place).write_raster(other, overwrite=True, datatype="uint8", nodata=UNKNOWN)
    return [path, other]


def make_file(wanted: FilledFile, job: GapJob) -> list[Path]:
    """Write a file of the result from the finished parts, with the names, type and units of its input."""
    part = rast(job.files[wanted.number])
    chosen = slice(wanted.first, wanted.first + wanted.count)
    how = {"format": "COG"} if job.cog else {}
    made = []
    for folder in (None, QUALITY) if job.quality else (None,):
        layers = joined(job, folder)[chosen]
        layers.names = part.names if folder is None else [f"{name}_quality" for name in part.names]
        if part.time is not None:
            layers.time = part.time
        if folder is None:
            layers.units = part.units
        target = path_inside(job.out, *([folder] if folder else []), job.files[wanted.number].name)
        stored = _stored_as(_band(part)) if folder is None else {"datatype": "uint8", "nodata": UNKNOWN}
        layers.write_raster(target, overwrite=job.overwrite, **stored, **how)
        made.append(target)
    return made


def part_path(name: str, job: GapJob, what: str | None = None) -> Path:
    """Where a part lies."""
    return path_inside(job.work, f"{name}.tif" if what is None else f"{name}_{what}.tif")


def joined(job: GapJob, what: str | None = None) -> SpatRaster:
    """All finished parts as one raster."""
    paths = [part_path(name, job, what) for name in job.parts]
    if len(paths) == 1:
        return rast(paths[0])
    return vrt(paths, job.work / f"{what or 'filled'}.vrt", overwrite=True)


def quality_of(
    stack: SpatRaster, positions: Sequence[np.datetime64], method: Any, season_size: int | None
) -> SpatRaster:
    """What the values of each layer rest on, 0 to 100, by the first of the ways of filling.

    Raises
    ------
    ArgumentError
        For a way that is no weighted mean.
    """
    first = method if isinstance(method, str) or _is_step(method) else method[0]
    name, given = (first, {}) if isinstance(first, str) else first
    way = WAYS.get(name)
    if way is None or way.call not in (reconstruct, deseasoned):
        means = ", ".join(key for key, way in WAYS.items() if way.call in (reconstruct, deseasoned))
        raise ArgumentError(f"gapfill: quality is that of weighted means ({means}), got {name}")
    arguments = {**way.fixed, **given, "season_size": season_size, "quality": True, "keep_original": True}
    if way.call is deseasoned:
        own = inspect.signature(deseasoned).parameters
        arguments = {name: own[name].default for name in ("att_seas", "att_env")} | arguments
        arguments.pop("lmbda", None)
    found = reconstruct(stack.set_time(list(positions)), **arguments)
    return found[len(stack) :]


def _is_step(value: Any) -> bool:
    return len(value) == 2 and not isinstance(value[1], str | tuple | list)


def _band(part: SpatRaster) -> FileBand:
    found: FileBand = part._node.source.file_band(0)  # type: ignore[attr-defined]
    return found


def _stored_alike(parts: Sequence[SpatRaster]) -> dict[str, Any]:
    """How all files store their values; what holds them all where they do so in several ways."""
    found = {repr(stored): stored for stored in (_stored_as(_band(part)) for part in parts)}
    return found.popitem()[1] if len(found) == 1 else {"datatype": "float64"}


def _stored_as(band: FileBand) -> dict[str, Any]:
    """Arguments of `write_raster`, that store values as a band does."""
    code = band.nodata if band.nodata is not None or band.dtype[0] in "iu" else float("nan")
    return {"datatype": band.dtype, "nodata": code, "scale": band.scale, "offset": band.offset}


def filled(
    stack: SpatRaster,
    positions: Sequence[np.datetime64],
    method: Any,
    rule: int | tuple[int, int],
    season_size: int | None,
) -> SpatRaster:
    if method in ("linear", "constant"):
        return stack.approximate(method, rule=rule, z=positions)
    return stack.set_time(list(positions)).fill(method, season_size=season_size)


def stack_of(
    files: Sequence[Path], dates: Sequence[Any] | None
) -> tuple[list[SpatRaster], SpatRaster, tuple[np.datetime64, ...]]:
    """The files, all their layers as one raster, and the date of each layer."""
    parts = [rast(file) for file in files]
    stack = c(*parts)
    if len(stack) < 2:
        raise SourceError(f"gapfill: at least two layers are needed, got 1 in {files[0]}")
    if dates is None:
        dates = [day for part, file in zip(parts, files, strict=True) for day in _dates(part, file)]
    if len(dates) != len(stack):
        raise ArgumentError(f"gapfill: dates must be one per layer ({len(stack)}), got {len(dates)}")
    positions = tuple(np.datetime64(day, "D") for day in dates)
    if len(set(positions)) < 2:
        raise ArgumentError(f"gapfill: layers must have different dates, all have {positions[0]}")
    return parts, stack, positions


def _dates(part: SpatRaster, file: Path) -> list[np.datetime64]:
    """The dates of a file's layers: their time, or what its name or theirs tell."""
    if part.has_time() and part.time is not None and all(isinstance(t, np.datetime64) for t in part.time):
        return list(part.time)
    texts = [file.stem] if len(part) == 1 else part.names
    found = [date_in_name(text) for text in texts]
    for text, day in zip(texts, found, strict=True):
        if day is None:
            raise ArgumentError(
                f"gapfill: the date of {text!r} ({file.name}) is not known; name it with a date (20150101, "
                "2015-01-01 or 2015-01), set the time of its layers, or pass dates="
            )
    return [day for day in found if day is not None]


def files_of(inputs: Paths) -> list[Path]:
    items = [inputs] if isinstance(inputs, str | os.PathLike) else list(inputs)
    files: list[Path] = []
    for item in items:
        path = Path(item).expanduser().absolute()
        inside = (
            sorted(p for p in path.glob("*") if p.suffix.lower() in (".tif", ".tiff"))
            if path.is_dir()
            else [path]
        )
        if not inside:
            raise SourceError(f"gapfill: no .tif file is in {path}")
        files += inside
    if not files:
        raise SourceError("gapfill: no input was given; name files or a folder")
    names = [file.name for file in files]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise SourceError(f"gapfill: files must have different names, got {', '.join(twice)} twice")
    return files
