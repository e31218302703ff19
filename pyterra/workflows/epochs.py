"""The input of the croplands job: maps of cropland for some years, in one or more files per year."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from pyterra.construct import rast
from pyterra.errors import ArgumentError, CRSMismatchError, GridMismatchError, SourceError
from pyterra.frozen import dataclass
from pyterra.handles.spatextent import SpatExtent
from pyterra.handles.spatraster import SpatRaster
from pyterra.options import options
from pyterra.raster.mosaic import vrt
from pyterra.tiles.names import LayerName

GLAD_YEARS = (2003, 2007, 2011, 2015, 2019)
"""Last years of the epochs of the GLAD cropland maps."""
_GLAD = re.compile(r"Global_cropland_(NE|NW|SE|SW)_(\d{4})\.tiff?$", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_WHOLE = 1e-6

Paths = str | os.PathLike[str] | Iterable[str | os.PathLike[str]]


@dataclass(frozen=True, slots=True)
class Epoch:
    """Where there was cropland in one year."""

    year: int
    """The year."""
    files: tuple[str, ...]
    """Absolute paths; together they cover the area."""


@dataclass(frozen=True, slots=True)
class Area:
    """What all epochs share."""

    extent: tuple[float, float, float, float]
    """xmin, xmax, ymin, ymax in degrees."""
    cells_per_degree: int
    """Cells along a degree of longitude and of latitude."""
    zero_is_missing: bool
    """Whether the files declare 0 as their code for missing; the job counts it as no cropland."""


def find_epochs(inputs: Paths, years: Sequence[int] | None = None) -> tuple[Epoch, ...]:
    """Find the epochs among files and folders.

    Parameters
    ----------
    inputs : path, or iterable of path
        Files, or folders with files of GLAD's names (``Global_cropland_NE_2003.tif``). Other files are taken when
        they are named themselves, and must have a year in their name; files of one year lie side by side.
    years : sequence of int, optional
        The epochs that must be there. By default the five of GLAD where the files have its names, else those that
        are found.

    Raises
    ------
    SourceError
        Where nothing is found, a file does not exist, or an epoch or one of its quadrants is missing.
    ArgumentError
        Where a name does not tell its year.
    """
    by_year: dict[int, list[str]] = {}
    glad = True
    for file in _files(inputs):
        glad &= _GLAD.search(file.name) is not None
        by_year.setdefault(year_of(file), []).append(str(file))
    wanted = sorted(set(years)) if years is not None else (GLAD_YEARS if glad else sorted(by_year))
    missing = [year for year in wanted if year not in by_year]
    if missing:
        raise SourceError(
            f"croplands: the epochs {_listed(wanted)} are needed, {_listed(missing)} not found; add the files, or name "
            "the epochs that there are (--epochs)"
        )
    found = tuple(Epoch(year, tuple(sorted(by_year[year]))) for year in wanted)
    if len(found) < 2:
        raise SourceError(f"croplands: at least two epochs are needed, got {_listed(wanted)}")
    if glad:
        _check_quadrants(found)
    return found


def year_of(file: Path) -> int:
    """The year that a file's name tells: that of its first day in OpenLandMap's names, else the last one in it."""
    with suppress(ArgumentError):
        return LayerName.parse(file).begin.year
    found = _YEAR.findall(file.stem)
    if not found:
        raise ArgumentError(f"croplands: a file must have its year in its name, got {file.name}; rename it")
    return int(found[-1])


def check_epochs(epochs: Sequence[Epoch]) -> Area:
    """Look at the headers of all files, and return what they share.

    Raises
    ------
    SourceError
        For a file that cannot be opened, has several bands, or does not hold whole numbers.
    CRSMismatchError
        For another CRS than EPSG:4326.
    GridMismatchError
        Where cells differ in size, do not begin at whole degrees, or an epoch covers another area.
    """
    extents: dict[int, SpatExtent] = {}
    sizes: dict[str, int] = {}
    codes: dict[str, float | int | None] = {}
    for epoch in epochs:
        for file in epoch.files:
            r = rast(file)
            name = Path(file).name
            sizes[name] = _cells_per_degree(r, name)
            codes[name] = r._node.layers[0].nodata
            whole = extents.get(epoch.year)
            extents[epoch.year] = r.ext if whole is None else whole.union(r.ext)
    first_name, first_size = next(iter(sizes.items()))
    for name, size in sizes.items():
        if size != first_size:
            raise GridMismatchError(
                f"croplands: all files must have cells of one size, got {size} per degree in {name} and {first_size} "
                f"in {first_name}; resample() one of them"
            )
        if codes[name] != codes[first_name]:
            raise SourceError(
                f"croplands: all files must have one code for missing, got {codes[name]} in {name} and "
                f"{codes[first_name]} in {first_name}"
            )
    extent = extents[epochs[0].year]
    for epoch in epochs[1:]:
        if not _same(extents[epoch.year], extent, first_size):
            raise GridMismatchError(
                f"croplands: all epochs must cover one area, got {extents[epoch.year]} for {epoch.year} "
                f"({_named(epoch.files)}) and {extent} for {epochs[0].year}; add or cut files"
            )
    return Area(tuple(extent), first_size, codes[first_name] == 0)  # type: ignore[arg-type]


def mosaic_epochs(epochs: Sequence[Epoch], folder: Path) -> dict[int, str]:
    """Write a virtual mosaic per epoch, and return their paths by year."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = {epoch.year: str(folder / f"{epoch.year}.vrt") for epoch in epochs}
    for epoch in epochs:
        vrt(epoch.files, paths[epoch.year], overwrite=True)
    return paths


def stack_epochs(mosaics: Mapping[int, str], epochs: Sequence[Epoch]) -> SpatRaster:
    """The mosaics as layers, named and dated by their years; they show the files of the epochs, wherever those lie."""
    folders = {os.path.dirname(file) or "." for epoch in epochs for file in epoch.files}
    with options(vrt_roots=[*options.current().vrt_roots, *sorted(folders)]):
        stack = rast(list(mosaics.values()))
    stack.names = [str(year) for year in mosaics]
    return stack


def overlap(a: SpatExtent, b: SpatExtent) -> bool:
    """Whether two extents share more than an edge."""
    slack = 1e-9
    wide = min(a.xmax, b.xmax) - max(a.xmin, b.xmin)
    high = min(a.ymax, b.ymax) - max(a.ymin, b.ymin)
    return wide > slack and high > slack


def _files(inputs: Paths) -> list[Path]:
    items = [inputs] if isinstance(inputs, str | os.PathLike) else list(inputs)
    files: dict[Path, None] = {}
    for item in items:
        path = Path(item).expanduser().resolve()
        if path.is_dir():
            inside = sorted(p for p in path.iterdir() if _GLAD.search(p.name))
            if not inside:
                raise SourceError(
                    f"croplands: no file Global_cropland_{{NE,NW,SE,SW}}_{{year}}.tif is in {path}; give the folder "
                    "of the GLAD files, or the files themselves"
                )
            files.update(dict.fromkeys(inside))
        elif path.exists():
            files[path] = None
        else:
            raise SourceError(f"croplands: {item} does not exist; give folders and files that do")
    if not files:
        raise SourceError("croplands: no input was given; name a folder or files")
    return list(files)


def _check_quadrants(epochs: Sequence[Epoch]) -> None:
    """The same quadrants in every epoch."""
    found = {e.year: {_quadrant(f): f for f in e.files} for e in epochs}
    everywhere = {q: files for files in found.values() for q in files}
    for year, quadrants in found.items():
        for quadrant in sorted(set(everywhere) - set(quadrants)):
            raise SourceError(
                f"croplands: Global_cropland_{quadrant}_{year}.tif is missing, other epochs have "
                f"{quadrant}; add it, or leave {quadrant} out of all"
            )


def _quadrant(file: str) -> str:
    match = _GLAD.search(Path(file).name)
    assert match is not None
    return match.group(1).upper()


def _cells_per_degree(r: SpatRaster, name: str) -> int:
    if r.crs is None or r.crs.to_epsg() != 4326:
        given = "none" if r.crs is None else r.crs.to_string()[:60]
        raise CRSMismatchError(
            f"croplands: the CRS must be EPSG:4326, got {given} in {name}; use project() first"
        )
    if r.nlyr != 1 or not (r.is_int()[0] or r.is_bool()[0]):
        raise SourceError(
            f"croplands: a file must have one band of whole numbers (0 and 1), got {r.nlyr} band(s) of "
            f"{r._node.layers[0].storage} in {name}"
        )
    cells = round(1 / r.xres)
    edges = [edge * cells for edge in r.ext]
    square = abs(r.xres * cells - 1) < _WHOLE and abs(r.yres * cells - 1) < _WHOLE
    if cells < 1 or not square or any(abs(edge - round(edge)) > 0.01 for edge in edges):
        raise GridMismatchError(
            f"croplands: a whole number of square cells must fit a degree and begin at whole degrees, got cells of "
            f"{r.xres:.9g} x {r.yres:.9g} from {r.xmin:.9g}, {r.ymax:.9g} in {name}; resample() it first"
        )
    return cells


def _same(a: SpatExtent, b: SpatExtent, cells: int) -> bool:
    return all(math.isclose(x, y, rel_tol=0, abs_tol=0.1 / cells) for x, y in zip(a, b, strict=True))


def _listed(years: Sequence[int]) -> str:
    return ", ".join(str(year) for year in years) or "none"


def _named(files: Sequence[str]) -> str:
    return ", ".join(Path(file).name for file in files)
