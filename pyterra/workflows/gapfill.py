"""Gaps of a dated stack filled, each cell along its own series."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from pyterra.errors import ArgumentError, OutputExistsError, SourceError
from pyterra.frozen import dataclass
from pyterra.handles.spatraster import SpatRaster
from pyterra.io.safe.fingerprint import fingerprint as state_of
from pyterra.options import current
from pyterra.tiles import Manifest, TileGrid, fingerprint, run_tiles
from pyterra.workflows.gapfill_steps import (
    QUALITY,
    FilledFile,
    GapJob,
    Paths,
    files_of,
    filled,
    joined,
    make_file,
    make_part,
    quality_of,
    stack_of,
)

if TYPE_CHECKING:
    import pandas as pd

SIDE = 2048
"""Rows and columns of a tile."""
PARTS = "parts"
"""Folder of what resuming needs."""
MANIFEST = "manifest.sqlite"
"""Name of the file with the state of the job."""


@dataclass(frozen=True, slots=True)
class GapReport:
    """What was filled."""

    paths: tuple[Path, ...]
    """The files written, one per input."""
    dates: tuple[np.datetime64, ...]
    """Of each layer."""
    names: tuple[str, ...]
    """Of each layer."""
    before: tuple[int, ...]
    """Missing cells of each layer of the input."""
    after: tuple[int, ...]
    """Missing cells that are left: before the first and after the last value of their cell, and in cells without one."""
    never: int
    """Cells without a value at any date."""
    cells: int
    """Cells of a layer."""
    quality: tuple[Path, ...] = ()
    """The files of quality, one per input, where they were wanted."""

    def __str__(self) -> str:
        wide = max(len(name) for name in self.names)
        lines = [
            f"{len(self.paths)} file(s) in {self.paths[0].parent}",
            f"{'date':<12}{'layer':<{wide}}  gaps  left",
        ]
        for day, name, before, after in zip(self.dates, self.names, self.before, self.after, strict=True):
            lines.append(f"{day!s:<12}{name:<{wide}}  {before / self.cells:>5.1%}  {after / self.cells:.1%}")
        before, after, never = sum(self.before), sum(self.after), self.never * len(self.names)
        lines.append(
            f"{before} gaps, {before - after} filled, {after - never} left at the ends of series, {never} in "
            f"{self.never} cells without a value at any date"
        )
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class GapValidation:
    """How well values that were hidden came back."""

    hidden: int
    """Values that were hidden."""
    filled: int
    """Those that got a value; the others lay at the ends of their series."""
    rmse: float
    """Root of the mean squared error."""
    bias: float
    """Mean of filled less observed."""
    r2: float
    """Share of the variance of the hidden values that is explained."""

    def __str__(self) -> str:
        return (
            f"{self.hidden} observed values hidden, {self.filled} filled: RMSE {self.rmse:.4g}, bias {self.bias:.3g}, "
            f"R2 {self.r2:.4f}"
        )


def gapfill(
    inputs: Paths,
    out: str | os.PathLike[str],
    *,
    method: Any = "linear",
    rule: int | tuple[int, int] = 1,
    season_size: int | None = None,
    dates: Sequence[Any] | None = None,
    overwrite: bool = False,
    quality: bool = False,
    cog: bool = False,
    resume: bool = False,
    tile_size: int = SIDE,
    executor: Any = "serial",
) -> GapReport:
    """Fill the missing cells of a stack of rasters along their series, and write it again.

    Parameters
    ----------
    inputs : path, or iterable of path
        Files of one or more layers on one grid; folders stand for the ``.tif`` files in them.
    out : path
        Folder for the results, made when missing. Each file keeps its name, type, code for missing, scale, layer
        names, time and units.
    method : str, (str, mapping of arguments), or a sequence of them
        Straight lines between observations ("linear"), steps ("constant"), or another way of `SpatRaster.fill`, or
        several after each other.
    rule : 1, 2 or (int, int)
        Before the first and after the last observation of a cell: 1 leaves gaps, 2 repeats it; for lines and steps alone.
    season_size : int, optional
        Frames in a year, for ways that go by seasons. By default as the dates tell.
    dates : sequence of date, optional
        One per layer. By default the time of the layers, else the dates in the names of the files: of an interval
        (``20141202_20150320``) or a month (``2015_01``) its middle, or one day (``20150101``, ``2015-01-01``).
    overwrite : bool
        Replace existing files.
    quality : bool
        Also write what values rest on to the folder ``quality``, files of the same names: 100 observed, else the
        weights that were there in percent of what a gap can have at most; 0 filled by a later way, or not. For
        weighted means ("swa", "deseasoned" ...) as the first way.
    cog : bool
        Write cloud-optimised GeoTIFFs.
    resume : bool
        Keep what an earlier run has finished from the same inputs and arguments, tile by tile and file by file, and
        replace the rest. Its state and parts lie in the folder ``parts``, which may go when all is done.
    tile_size : int
        Rows and columns that are filled before the state is kept.
    executor : {"serial", "processes", "threads", "dask", "local"}, address or distributed.Client
        Where tiles are filled, as for `pyterra.tiles.run_tiles`; one after the other is done on all cores, too.

    Returns
    -------
    GapReport

    Raises
    ------
    ArgumentError
        Where a date is not known, or all layers have the same.
    SourceError
        For fewer than two layers, two files of one name, or classes with another method than "constant".
    GridMismatchError
        Where the files do not share a grid.

    Notes
    -----
    Nothing is held in memory but blocks: a stack may be of any size. Parts need as much room on disk as the result, in
    `out` with `resume`, else in the temporary folder.
    """
    files = files_of(inputs)
    folder = Path(out).expanduser().absolute()
    targets = [folder / file.name for file in files]
    if not (overwrite or resume):
        for target in targets:
            if target.exists():
                raise OutputExistsError(f"gapfill: {target} exists; pass overwrite=True to replace it")
    parts, stack, positions = stack_of(files, dates)
    if method != "constant" and any(stack.is_factor()):
        raise SourceError("gapfill: there is no line between classes; use method='constant'")
    filled(stack, positions, method, rule, season_size)  # what is refused is refused before anything is made
    if quality:
        quality_of(stack, positions, method, season_size)
    (folder / QUALITY if quality else folder).mkdir(parents=True, exist_ok=True)
    before = _gaps(stack)  # counted first, as inputs may be replaced
    never = int((stack.count_na() == len(stack)).global_("sum").to_numpy()[0, 0])
    with _working_folder(folder, resume) as work:
        job = GapJob(
            tuple(files),
            positions,
            method,
            rule,
            season_size,
            quality,
            cog,
            overwrite or resume,
            folder,
            work,
        )
        job = _run(job, parts, stack, resume, tile_size, executor)
        after = _gaps(joined(job))
    told = tuple(folder / QUALITY / file.name for file in files) if quality else ()
    names = tuple(stack.names)
    return GapReport(tuple(targets), positions, names, before, after, never, stack.ncell, told)


@contextmanager
def _working_folder(folder: Path, kept: bool) -> Iterator[Path]:
    """A folder for the parts: `PARTS`, which stays for the next run, or one that is removed."""
    if kept:
        (folder / PARTS).mkdir(exist_ok=True)
        yield folder / PARTS
        return
    place = Path(tempfile.mkdtemp(prefix=f"pyterra-{os.getpid()}-", dir=current().temporary_folder))
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _run(
    job: GapJob, parts: Sequence[SpatRaster], stack: SpatRaster, resume: bool, tile_size: int, executor: Any
) -> GapJob:
    """Fill the stack tile by tile, then write its files; what an earlier run has finished stays."""
    tiles = list(TileGrid(stack.ext, (tile_size * stack.xres, tile_size * stack.yres), clip=True))
    inputs = fingerprint(
        [state_of(file) for file in job.files],
        [str(day) for day in job.positions],
        repr((job.method, job.rule, job.season_size, job.quality, job.cog)),
    )
    first = np.cumsum([0, *(len(part) for part in parts)])
    wanted = [FilledFile(k, int(first[k]), len(part)) for k, part in enumerate(parts)]
    how: dict[str, Any] = {"inputs": inputs, "executor": executor, "resume": resume, "retries": 0}
    with Manifest(job.work / MANIFEST) as manifest:
        run_tiles(make_part, tiles, context=job, manifest=manifest, label="tiles", **how)
        job = replace(job, parts=tuple(tile.id for tile in tiles))
        run_tiles(make_file, wanted, context=job, manifest=manifest, label="files", **how)
    return job


def _gaps(r: SpatRaster) -> tuple[int, ...]:
    return tuple(int(n) for n in r.global_("isNA").iloc[:, 0])


def validate_gapfill(
    inputs: Paths,
    *,
    share: float = 0.1,
    method: Any = "linear",
    rule: int | tuple[int, int] = 1,
    season_size: int | None = None,
    dates: Sequence[Any] | None = None,
    seed: int = 1,
) -> GapValidation:
    """Hide a random share of the observed values, fill them, and compare.

    Parameters
    ----------
    inputs, method, rule, season_size, dates
        As in `gapfill`. The stack is held in memory.
    share : float
        Of the observed values of all dates, that are hidden.
    seed : int
        Of the random choice.

    Returns
    -------
    GapValidation
    """
    if not 0 < share < 1:
        raise ArgumentError(f"gapfill: share must lie between 0 and 1, got {share}")
    _, stack, positions = stack_of(files_of(inputs), dates)
    observed = stack.to_numpy()
    hidden = ~np.isnan(observed) & (np.random.default_rng(seed).random(observed.shape) < share)
    with_gaps = stack.set_values(np.where(hidden, np.nan, observed))
    found = filled(with_gaps, positions, method, rule, season_size).to_numpy()
    known = hidden & ~np.isnan(found)
    if not known.any():
        raise ArgumentError("gapfill: no hidden value could be filled; the series are too short")
    truth, error = observed[known].astype(float), found[known].astype(float) - observed[known]
    total = float(np.square(truth - truth.mean()).sum())
    return GapValidation(
        int(hidden.sum()),
        int(known.sum()),
        float(np.sqrt(np.square(error).mean())),
        float(error.mean()),
        1 - float(np.square(error).sum()) / total if total else float("nan"),
    )


def tune_gapfill(
    inputs: Paths,
    *,
    share: float = 0.1,
    hide: Literal["random", "layers", "runs"] = "random",
    season_size: int | None = None,
    dates: Sequence[Any] | None = None,
    cells: int = 20_000,
    seed: int = 1,
) -> pd.DataFrame:
    """Errors of all ways to fill the gaps of a stack, on values that are hidden from them, the best way first.

    Parameters
    ----------
    inputs, season_size, dates
        As in `gapfill`.
    share, hide, cells, seed
        As in `SpatRaster.tune`, which tells of the columns.

    Returns
    -------
    pandas.DataFrame
    """
    _, stack, positions = stack_of(files_of(inputs), dates)
    return stack.set_time(list(positions)).tune(
        hide=hide, share=share, season_size=season_size, cells=cells, seed=seed
    )
