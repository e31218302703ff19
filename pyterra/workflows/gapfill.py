"""Gaps of a dated stack filled, each cell along its own series."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from pyterra.construct import rast
from pyterra.errors import ArgumentError, OutputExistsError, SourceError
from pyterra.handles.spatraster import SpatRaster
from pyterra.raster.join import c
from pyterra.workflows.dates import date_in_name

if TYPE_CHECKING:
    import pandas as pd

Paths = str | os.PathLike[str] | Iterable[str | os.PathLike[str]]


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
        (``20141202_20150320``) its middle, or one day (``20150101``, ``2015-01-01``).
    overwrite : bool
        Replace existing files.

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
    """
    files = _files(inputs)
    folder = Path(out).expanduser()
    targets = [folder / file.name for file in files]
    if not overwrite:
        for target in targets:
            if target.exists():
                raise OutputExistsError(f"gapfill: {target} exists; pass overwrite=True to replace it")
    parts, stack, positions = _stack(files, dates)
    if method != "constant" and any(stack.is_factor()):
        raise SourceError("gapfill: there is no line between classes; use method='constant'")
    folder.mkdir(parents=True, exist_ok=True)
    filled = _filled(stack, positions, method, rule, season_size).compute()
    never = stack.count_na() == len(stack)
    report = GapReport(
        tuple(targets),
        positions,
        tuple(stack.names),
        tuple(int(n) for n in stack.global_("isNA").iloc[:, 0]),
        tuple(int(n) for n in filled.global_("isNA").iloc[:, 0]),
        int(never.global_("sum").to_numpy()[0, 0]),
        stack.ncell,
    )
    start = 0
    for part, target in zip(parts, targets, strict=True):
        layers = filled[start : start + len(part)]
        layers.names, layers.units = part.names, part.units
        start += len(part)
        band = part._node.source.file_band(0)  # type: ignore[attr-defined]
        layers.write_raster(
            target,
            overwrite=overwrite,
            datatype=band.dtype,
            nodata=band.nodata if band.nodata is not None or band.dtype[0] in "iu" else float("nan"),
            scale=band.scale,
            offset=band.offset,
        )
    return report


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
    _, stack, positions = _stack(_files(inputs), dates)
    observed = stack.to_numpy()
    hidden = ~np.isnan(observed) & (np.random.default_rng(seed).random(observed.shape) < share)
    with_gaps = stack.set_values(np.where(hidden, np.nan, observed))
    filled = _filled(with_gaps, positions, method, rule, season_size).to_numpy()
    known = hidden & ~np.isnan(filled)
    if not known.any():
        raise ArgumentError("gapfill: no hidden value could be filled; the series are too short")
    truth, error = observed[known].astype(float), filled[known].astype(float) - observed[known]
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
    _, stack, positions = _stack(_files(inputs), dates)
    return stack.set_time(list(positions)).tune(
        hide=hide, share=share, season_size=season_size, cells=cells, seed=seed
    )


def _filled(
    stack: SpatRaster,
    positions: Sequence[np.datetime64],
    method: Any,
    rule: int | tuple[int, int],
    season_size: int | None,
) -> SpatRaster:
    if method in ("linear", "constant"):
        return stack.approximate(method, rule=rule, z=positions)
    return stack.set_time(list(positions)).fill(method, season_size=season_size)


def _stack(
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
                f"gapfill: the date of {text!r} ({file.name}) is not known; name it with a date (20150101 or "
                "2015-01-01), set the time of its layers, or pass dates="
            )
    return [day for day in found if day is not None]


def _files(inputs: Paths) -> list[Path]:
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
