"""Annual cropland maps from the GLAD epochs: tiles, interpolation, mosaics at four resolutions, a catalogue.

The steps: virtual mosaics of the epochs; for every tile of one degree that holds any cropland, `approximate` to the
years wanted; per year and resolution a mosaic of the tiles as COG; a STAC catalogue, a picture and a report.
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pyterra.construct import rast
from pyterra.errors import ArgumentError, JobError, SourceError
from pyterra.handles.spatextent import SpatExtent
from pyterra.io.safe.fingerprint import fingerprint as state_of
from pyterra.tiles import Manifest, OutputFile, Report, Tile, TileGrid, fingerprint, run_tiles
from pyterra.workflows.cropland_catalogue import publish
from pyterra.workflows.cropland_steps import (
    AnnualMap,
    CroplandJob,
    first_maps,
    make_map,
    make_tile,
    tile_path,
)
from pyterra.workflows.epochs import (
    Area,
    Paths,
    check_epochs,
    find_epochs,
    mosaic_epochs,
    overlap,
    stack_epochs,
)
from pyterra.workflows.report import CroplandReport, write_report

YEARS = tuple(range(2000, 2023))
"""Years of the published maps."""
RESOLUTIONS = {"30m": 4000, "100m": 1200, "250m": 480, "1km": 120}
"""Cells per degree by name. Cells of all of them end where tiles end, so a tile's averages need its own cells only."""
Codec = Literal["DEFLATE", "ZSTD", "LZW", "LZMA", "NONE"]
_LEVELS = {"DEFLATE": (1, 12), "ZSTD": (1, 22), "LZW": (0, -1), "LZMA": (0, 9), "NONE": (0, -1)}
"""Lowest and highest level of each codec."""
MANIFEST = "manifest.sqlite"
"""Name of the file with the state of the job."""


def croplands(
    inputs: Paths,
    out: str | os.PathLike[str],
    *,
    years: Iterable[int] = YEARS,
    resolutions: Sequence[str] | Mapping[str, int] = tuple(RESOLUTIONS),
    epochs: Sequence[int] | None = None,
    method: Literal["linear", "constant"] = "linear",
    rule: int = 2,
    tile_size: int = 1,
    version: str = "v20240624",
    compress: Codec = "DEFLATE",
    level: int | None = None,
    blocksize: int | None = None,
    workers: int | None = None,
    executor: Any = "processes",
    on_error: Literal["raise", "skip"] = "raise",
    retries: int = 2,
    resume: bool = True,
    verify: bool = False,
    share: bool = False,
    progress: bool | None = None,
) -> CroplandReport:
    """Make annual maps of cropland, in percent of a cell.

    Parameters
    ----------
    inputs : path, or iterable of path
        The folder of the GLAD files ``Global_cropland_{NE,NW,SE,SW}_{year}.tif``, or files of any names with a year in
        them: 1 = cropland, 0 = none or no data, EPSG:4326, a whole number of cells per degree.
    out : path
        Folder of the results, made when missing.
    years : iterable of int
        Years to map.
    resolutions : sequence of str, or mapping
        Of "30m", "100m", "250m" and "1km"; or cells per degree by name. None finer than the input. Coarser ones are
        averages weighted by area.
    epochs : sequence of int, optional
        Epochs that must be there; see `find_epochs`.
    method : {"linear", "constant"}
        Between epochs.
    rule : {1, 2}
        Before the first and after the last epoch: 1 leaves years missing, 2 repeats the nearest epoch.
    tile_size : int
        Degrees per tile.
    version : str
        Last field of the file names.
    compress : {"DEFLATE", "ZSTD", "LZW", "LZMA", "NONE"}
        Codec of tiles and maps. DEFLATE is what every reader has, ZSTD takes less time.
    level : int, optional
        How much the codec tries: 1 to 12 for DEFLATE (6 by default), 1 to 22 for ZSTD (9), 0 to 9 for LZMA.
    blocksize : int, optional
        Rows and columns of the tiles inside of a map, a multiple of 16. By default such that a square degree has a whole
        number of them, which are compressed once and copied from the tiles to the maps.
    workers, executor, retries, resume, verify, progress
        As in `pyterra.tiles.run_tiles`; for tiles and for mosaics.
    on_error : {"raise", "skip"}
        When a tile or a mosaic was given up: stop, or make the others first. A mosaic that failed is then left out of
        catalogue, pictures and report; no mosaic is made while a tile is lacking.
    share : bool
        Work on the job together with other processes, on this machine or on others that see the same folder (a Slurm
        array), each of which is called like this one: each claims tiles and maps that no other works on, and takes over
        those of one that died. The file system must have locks.

    Returns
    -------
    CroplandReport

    Raises
    ------
    SourceError, CRSMismatchError, GridMismatchError
        Where the inputs do not do; says which file and why.
    JobError
        Where a tile failed, with ``on_error="skip"`` after all others were made; with "raise", where a mosaic failed. The
        finished ones are kept.

    Notes
    -----
    A tile without cropland in any epoch is not written: the maps are missing (255) there and sparse, and users count
    it as 0. Inside of a tile with cropland, 0 is 0. A tile that failed is never taken for one without cropland: maps are
    made when all tiles are.

    Resuming makes again what was made from other inputs or parameters, and what is gone or has another size. The
    bytes of the maps depend neither on the number of workers nor on where a run was interrupted.
    """
    if share and not resume:
        raise ArgumentError(
            "croplands: share needs resume, got resume=False, with which each process would make what another has made; "
            "begin with an empty folder"
        )
    clock = _Clock()
    found = find_epochs(inputs, epochs)
    area = check_epochs(found)
    job = CroplandJob(
        epochs=found,
        stack=None,
        area=area,
        years=_checked_years(years),
        resolutions=_checked_resolutions(resolutions, area, tile_size),
        method=method,
        rule=rule,
        version=version,
        out=Path(out).expanduser().resolve(),
        options=_checked_options(compress, level, blocksize),
    )
    maps = _make_folders(job)
    with Manifest(job.out / MANIFEST, shared=share) as manifest:
        how: dict[str, Any] = {
            "manifest": manifest,
            "workers": workers,
            "executor": executor,
            "on_error": on_error,
            "retries": retries,
            "resume": resume,
            "verify": verify,
            "progress": progress,
        }
        with manifest.alone("epochs"):
            job = replace(job, stack=stack_epochs(mosaic_epochs(found, job.out / "epochs"), found))
        clock.lap("inputs")
        tiles = list(TileGrid(_whole_degrees(area.extent), tile_size, degrees=True).touching(area.extent))
        tiled = run_tiles(make_tile, tiles, context=job, inputs=_inputs_of_tiles(job), label="tiles", **how)
        tiled.raise_failures("croplands", ", so no map is made, in which they would count as 0")
        job = replace(job, tile_files=_finished(manifest, tiles, job))
        clock.lap("tiles")
        first = first_maps(job)
        mapped = Report(0, 0, 0, (), 0.0)
        for label, of_equal_years in {"maps": False, "maps of equal years": True}.items():
            asked = [wanted for wanted in maps if (first[wanted] != wanted) == of_equal_years]
            mapped += run_tiles(make_map, asked, context=job, inputs=_inputs_of_maps(job), label=label, **how)
            job = replace(job, finished_maps=frozenset(m for m in asked if _is_done(manifest, m)))
        made = [wanted for wanted in maps if _is_done(manifest, wanted)]
        clock.lap("maps")
        if not made:
            raise JobError(f"croplands: no map could be made; the first failure: {mapped.failures[0].error}")
        with manifest.alone("catalogue"):
            catalogue, pictures = publish(job, made, manifest, resume=resume)
            clock.lap("catalogue and pictures")
            reports = {"tiles": tiled, "maps": mapped}
            return write_report(job, tiles, made, manifest, reports, clock.laps, catalogue, pictures)


def _make_folders(job: CroplandJob) -> list[AnnualMap]:
    """Make the folders of tiles and maps, and return the maps."""
    maps = [AnnualMap(name, year) for name in job.resolutions for year in job.years]
    folders = {wanted.path(job).parent for wanted in maps}
    folders |= {job.out / "tiles" / name for name in job.resolutions}
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
    return maps


def _is_done(manifest: Manifest, wanted: AnnualMap) -> bool:
    record = manifest.record(wanted.id)
    return record is not None and record.state == "done"


def _inputs_of_tiles(job: CroplandJob) -> Callable[[Tile], Any]:
    """What a tile is made from: the state of the files below it, and the parameters."""
    how = job.interpolation  # a year more that equals another one changes no tile
    parameters = fingerprint(
        how.distinct(),
        how.distinct_weights(),
        job.resolutions,
        job.method,
        job.rule,
        job.area.cells_per_degree,
        job.options,
    )
    files = [
        (epoch.year, file, rast(file).ext, state_of(file)) for epoch in job.epochs for file in epoch.files
    ]

    def inputs(tile: Tile) -> Any:
        place = SpatExtent(*tile.extent)
        return parameters, [
            (year, file, state) for year, file, extent, state in files if overlap(extent, place)
        ]

    return inputs


def _finished(
    manifest: Manifest, tiles: Sequence[Tile], job: CroplandJob
) -> dict[str, tuple[OutputFile, ...]]:
    """Files of the finished tiles by resolution, in the order of the tiles.

    Raises
    ------
    SourceError
        Where the manifest names a file that no tile of this job has.
    """
    done = {record.id: record.outputs for record in manifest.records("done")}
    files: dict[str, list[OutputFile]] = {name: [] for name in job.resolutions}
    for tile in tiles:
        places = {str(tile_path(tile, name, job)): name for name in job.resolutions}
        for file in done.get(tile.id, ()):
            if file.path not in places:
                raise SourceError(
                    f"croplands: the files of tile {tile.id} must be {', '.join(places)}, got {file.path} from "
                    f"{job.out / MANIFEST}; delete it, and the tiles are made again"
                )
            files[places[file.path]].append(file)
    if not any(files.values()):
        raise JobError(
            "croplands: no tile with cropland was made, so there is nothing to map; look at the inputs"
        )
    return {name: tuple(found) for name, found in files.items()}


def _inputs_of_maps(job: CroplandJob) -> Callable[[AnnualMap], Any]:
    """What a map is made from: the content of its band of the tiles, and its own name and extent."""
    bands = job.interpolation.bands()

    @cache
    def content(resolution: str, band: int) -> str:
        files = job.tile_files[resolution]
        return fingerprint(
            [
                (Path(file.path).name, file.parts[band] if file.parts else (file.checksum, band))
                for file in files
            ]
        )

    return lambda wanted: (
        content(wanted.resolution, bands[wanted.year]),
        job.area.extent,
        wanted.path(job).name,
        job.map_options(wanted.resolution),
    )


def _checked_options(compress: str, level: int | None, blocksize: int | None) -> dict[str, Any]:
    """Creation options of GDAL's COG driver."""
    if compress.upper() not in _LEVELS:
        raise ArgumentError(f"croplands: compress must be one of {', '.join(_LEVELS)}, got {compress!r}")
    lowest, highest = _LEVELS[compress.upper()]
    if level is not None and not lowest <= level <= highest:
        raise ArgumentError(
            f"croplands: level must be {lowest} to {highest} with {compress}, got {level}"
            if highest >= 0
            else f"croplands: {compress} has no levels, got {level}; leave it out"
        )
    if blocksize is not None and (blocksize % 16 or not 64 <= blocksize <= 4096):
        raise ArgumentError(
            f"croplands: blocksize must be a multiple of 16 from 64 to 4096, got {blocksize}; use 512"
        )
    given = {"COMPRESS": compress.upper(), "LEVEL": level, "BLOCKSIZE": blocksize}
    return {name: value for name, value in given.items() if value is not None}


def _checked_years(years: Iterable[int]) -> tuple[int, ...]:
    chosen = tuple(sorted(set(years)))
    if not chosen or not all(isinstance(year, int) and 1900 <= year <= 2100 for year in chosen):
        raise ArgumentError(f"croplands: years must be whole numbers from 1900 to 2100, got {chosen}")
    return chosen


def _checked_resolutions(
    wanted: Sequence[str] | Mapping[str, int], area: Area, tile_size: int
) -> dict[str, int]:
    """Cells per degree by name, finest first."""
    if isinstance(wanted, Mapping):
        chosen = {name: int(cells) for name, cells in wanted.items()}
    else:
        unknown = [name for name in wanted if name not in RESOLUTIONS]
        if unknown:
            raise ArgumentError(
                f"croplands: resolutions must be of {', '.join(RESOLUTIONS)}, got {', '.join(unknown)}; for another "
                "one give a mapping of name to cells per degree"
            )
        chosen = {name: RESOLUTIONS[name] for name in wanted}
    if not chosen:
        raise ArgumentError("croplands: at least one resolution is needed, got none")
    for name, cells in chosen.items():
        if not 1 <= cells <= area.cells_per_degree:
            raise ArgumentError(
                f"croplands: {name} must have 1 to {area.cells_per_degree} cells per degree (those of the input), got "
                f"{cells}; leave it out"
            )
    if not 1 <= tile_size <= 30:
        raise ArgumentError(f"croplands: tile_size must be 1 to 30 degrees, got {tile_size}")
    return dict(sorted(chosen.items(), key=lambda item: -item[1]))


def _whole_degrees(extent: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """The extent moved outward to whole degrees."""
    xmin, xmax, ymin, ymax = extent
    slack = 1e-6
    return (
        float(math.floor(xmin + slack)),
        float(math.ceil(xmax - slack)),
        float(math.floor(ymin + slack)),
        float(math.ceil(ymax - slack)),
    )


class _Clock:
    """Seconds of each stage."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._since = time.perf_counter()

    def lap(self, stage: str) -> None:
        now = time.perf_counter()
        self.laps[stage], self._since = now - self._since, now
