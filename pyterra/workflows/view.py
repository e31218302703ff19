"""Results in a browser: a folder of rasters and vectors, a catalogue, or one file."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np

from pyterra.construct import rast
from pyterra.errors import ArgumentError, PyterraError, SourceError
from pyterra.frozen import dataclass
from pyterra.handles.spatraster import SpatRaster
from pyterra.io.raster.members import members_of
from pyterra.maps.explore import CELLS, put_member
from pyterra.maps.plet import plet_vector
from pyterra.maps.web import WebMap
from pyterra.several import sprc
from pyterra.system import vector_layers
from pyterra.vector.make import vect
from pyterra.workflows.dates import date_in_name, interval_in_name

RASTERS = (".tif", ".tiff", ".vrt")
STORES = (".nc", ".zarr")
"""Files that may hold several data sets, each with times of its own."""
VECTORS = (".gpkg", ".geojson", ".fgb", ".shp")
"""What is looked for in a folder: formats that keep to their own files."""
CATALOGUES = ("catalog.json", "stac/catalog.json", "results/stac/catalog.json")
"""Where the catalogue of a folder may lie."""
MAX_FILES = 2_000
MAX_JSON = 20_000_000
"""Bytes of a file of a catalogue."""


@dataclass(frozen=True)
class Group:
    """Rasters that are one layer of the map."""

    name: str
    files: tuple[Path, ...]
    dates: tuple[np.datetime64, ...] = ()
    """One for each file, none where they do not follow each other in time."""
    yearly: bool = False
    """Whether each stands for a whole year."""


@dataclass(frozen=True)
class Found:
    """What there is to look at."""

    title: str
    groups: tuple[Group, ...]
    stores: tuple[Path, ...] = ()
    vectors: tuple[Path, ...] = ()


def view_map(where: Path) -> WebMap:
    """A map of what lies in a folder, or in a file.

    A folder that has a catalogue (STAC) shows what that lists: a layer for each asset, its items along a slider.
    Otherwise each folder of dated rasters is such a layer, and any other file one of its own; of NetCDF and Zarr each
    data set, of a GeoPackage each table.

    Raises
    ------
    SourceError
        Where there is nothing to look at.
    """
    if not where.exists():
        raise SourceError(f"view: there must be a file or folder, got {str(where)!r}")
    if where.is_file() or where.suffix.lower() in STORES:
        vector = where.suffix.lower() in VECTORS
        return replace(
            _with_vectors(None, where) if vector else _with_store(None, where, CELLS), title=where.name
        )
    found = catalogued(where) or in_folder(where)
    if not (found.groups or found.stores or found.vectors):
        kinds = f"rasters ({', '.join(RASTERS + STORES)}) or vectors ({', '.join(VECTORS)})"
        raise SourceError(f"view: there must be {kinds}, got {str(where)!r}")
    shown: WebMap | None = None
    maxcell = max(20_000, CELLS // max(1, len(found.groups) + len(found.stores)))
    for group in found.groups:
        shown = _put(shown, _opened(group), group.name, maxcell)
    for file in found.stores:
        shown = _with_store(shown, file, maxcell, f"{file.stem}: " if len(found.stores) > 1 else "")
    for file in found.vectors:
        shown = _with_vectors(shown, file)
    assert shown is not None
    return replace(shown, title=found.title)


def _with_store(shown: WebMap | None, file: Path, maxcell: int, before: str = "") -> WebMap:
    """A map with the data sets of a file, each with its name; the layers of the only one keep theirs."""
    inside = sprc(file)
    maxcell = max(20_000, maxcell // len(inside))
    for one, name in zip(inside, inside.names, strict=True):
        shown = _put(shown, one, before + name if before or len(inside) > 1 else "", maxcell)
    assert shown is not None
    return shown


def _with_vectors(shown: WebMap | None, file: Path) -> WebMap:
    """A map with the tables of a file."""
    tables = vector_layers(file)
    for table in tables:
        name = file.stem if len(tables) == 1 else table
        shown = plet_vector(vect(file, layer=table), name=name, map=shown)
    if shown is None:
        raise SourceError(f"view: there must be tables with geometries, got {str(file)!r}")
    return shown


def _put(shown: WebMap | None, x: SpatRaster, name: str, maxcell: int) -> WebMap:
    """A map with a raster, seen where it is the first one."""
    return put_member(shown, x, name, shown=shown is None, maxcell=maxcell)


def _opened(group: Group) -> SpatRaster:
    opened = rast([str(file) for file in group.files])
    if not group.dates:
        if len(opened) == 1:
            opened.names = [group.name]
        return opened
    if group.yearly:
        return opened.set_time([int(str(day.astype("datetime64[Y]"))) for day in group.dates], "years")
    return opened.set_time(np.array(group.dates))


def inside(path: Path, folder: Path) -> bool:
    """Whether a path, all links followed, is a file within a folder, or a store of files there."""
    try:
        home = folder.resolve()
        if not path.resolve(strict=True).is_relative_to(home):
            return False
        store = path.suffix.lower() in STORES and all(
            part.resolve(strict=True).is_relative_to(home) for part in path.rglob("*")
        )
        return path.is_file() or store
    except (OSError, RuntimeError):
        return False


def in_folder(folder: Path) -> Found:
    """The files of a folder and of those below it, in groups that follow each other in time where they can."""
    files = sorted(_files(folder))[:MAX_FILES]
    rasters = [file for file in files if file.suffix.lower() in RASTERS and _keeps_to(file, folder)]
    groups = [
        group
        for parent, members in groupby(rasters, key=lambda file: file.parent)
        for group in _grouped(parent, list(members))
    ]
    stores = tuple(file for file in files if file.suffix.lower() in STORES)
    vectors = tuple(file for file in files if file.suffix.lower() in VECTORS)
    return Found(folder.resolve().name, tuple(groups), stores, vectors)


def _keeps_to(file: Path, folder: Path) -> bool:
    """Whether all that a virtual raster shows lies in the folder, too."""
    if file.suffix.lower() != ".vrt":
        return True
    return all(inside(Path(member.path), folder) for member in members_of(str(file), None))


def _files(folder: Path) -> Iterator[Path]:
    """Files below a folder; nothing hidden, and no links that lead out of it."""
    for path in folder.rglob("*"):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if not hidden and path.suffix.lower() in RASTERS + STORES + VECTORS and inside(path, folder):
            yield path


def _grouped(parent: Path, files: Sequence[Path]) -> list[Group]:
    dates = [date_in_name(file.stem) for file in files]
    known = [day for day in dates if day is not None]
    if len(files) > 1 and len(set(known)) == len(files) and _alike(files):
        yearly = all(_is_year(file.stem) for file in files)
        order = sorted(range(len(files)), key=lambda i: known[i])
        return [Group(parent.name, tuple(files[i] for i in order), tuple(known[i] for i in order), yearly)]
    return [Group(file.stem, (file,)) for file in files]


def _alike(files: Sequence[Path]) -> bool:
    """Whether rasters have one layer each, on one grid."""
    try:
        return len(rast([str(file) for file in files])) == len(files)
    except PyterraError:
        return False


def _is_year(text: str) -> bool:
    days = interval_in_name(text)
    if days is None:
        return False
    first, last = (str(day) for day in days)
    return first[:4] == last[:4] and (first[4:], last[4:]) == ("-01-01", "-12-31")


def catalogued(folder: Path) -> Found | None:
    """What the catalogue of a folder lists of files within the folder, None where there is no catalogue."""
    start = next((folder / name for name in CATALOGUES if inside(folder / name, folder)), None)
    if start is None:
        return None
    found: dict[str, dict[Path, tuple[np.datetime64, bool]]] = {}
    for item, place in _items(start, folder):
        when, yearly = _when(item)
        for name, asset in item.get("assets", {}).items():
            file = place.parent / str(asset.get("href", ""))
            data = "data" in asset.get("roles", ["data"]) and file.suffix.lower() in RASTERS
            if data and "://" not in str(asset.get("href", "")) and inside(file, folder):
                found.setdefault(str(name), {})[file.resolve()] = (when, yearly)
    groups = [_of_asset(name, files) for name, files in found.items()]
    title = str(_read(start).get("title") or folder.resolve().name)
    return Found(title, tuple(groups)) if groups else None


def _of_asset(name: str, files: dict[Path, tuple[np.datetime64, bool]]) -> Group:
    order = sorted(files, key=lambda file: (files[file][0], file))
    dates = tuple(files[file][0] for file in order)
    if len(set(dates)) < len(dates) or any(np.isnat(day) for day in dates) or len(dates) < 2:
        return Group(name, tuple(order))
    return Group(name, tuple(order), dates, all(files[file][1] for file in order))


def _items(start: Path, folder: Path) -> Iterator[tuple[dict[str, Any], Path]]:
    """Items below a catalogue, and where each is written; each file once."""
    todo, seen = [start], set[Path]()
    while todo and len(seen) < MAX_FILES:
        place = todo.pop(0)
        if place.resolve() in seen or not inside(place, folder):
            continue
        seen.add(place.resolve())
        told = _read(place)
        if told.get("type") == "Feature":
            yield told, place
        links = [link for link in told.get("links", []) if link.get("rel") in ("child", "item")]
        todo += [place.parent / str(link.get("href", "")) for link in links]


def _read(place: Path) -> dict[str, Any]:
    """A file of a catalogue.

    Raises
    ------
    SourceError
        Where it is none.
    """
    if place.stat().st_size > MAX_JSON:
        raise SourceError(f"view: a catalogue must have less than {MAX_JSON:,} bytes, got {str(place)!r}")
    try:
        told = json.loads(place.read_text("utf-8"))
    except ValueError as error:
        raise SourceError(f"view: a catalogue must be JSON, got {str(place)!r}: {error}") from None
    if not isinstance(told, dict):
        raise SourceError(f"view: a catalogue must be an object of JSON, got {str(place)!r}")
    return told


def _when(item: dict[str, Any]) -> tuple[np.datetime64, bool]:
    """The first day of an item, and whether it stands for the year."""
    told = item.get("properties", {})
    first = str(told.get("start_datetime") or told.get("datetime") or "NaT")[:10]
    last = str(told.get("end_datetime") or "")[:10]
    try:
        day = np.datetime64(first, "D")
    except ValueError:
        raise ArgumentError(f"view: the time of an item must be a date, got {first!r}") from None
    return day, first[:4] == last[:4] and (first[4:], last[4:]) == ("-01-01", "-12-31")
