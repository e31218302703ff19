"""Results in a browser: a folder of rasters and vectors, a catalogue, or one file."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np

from pyterra.construct import rast
from pyterra.errors import ArgumentError, PyterraError, SourceError
from pyterra.handles.spatraster import SpatRaster
from pyterra.maps.plet import plet, plet_vector
from pyterra.maps.web import WebMap
from pyterra.vector.make import vect
from pyterra.workflows.dates import date_in_name, interval_in_name

RASTERS = (".tif", ".tiff")
VECTORS = (".gpkg", ".geojson", ".fgb", ".shp")
"""What is looked for in a folder: formats that keep to their own files."""
CATALOGUES = ("catalog.json", "stac/catalog.json", "results/stac/catalog.json")
"""Where the catalogue of a folder may lie."""
MAX_FILES = 2_000
MAX_JSON = 20_000_000
"""Bytes of a file of a catalogue."""
CELLS = 250_000
"""Cells that are read of a layer at first, fewer where there are many groups."""


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
    vectors: tuple[Path, ...] = ()


def view_map(where: Path) -> WebMap:
    """A map of what lies in a folder, or in a file.

    A folder that has a catalogue (STAC) shows what that lists: a layer for each asset, its items along a slider.
    Otherwise each folder of dated rasters is such a layer, and any other file one of its own.

    Raises
    ------
    SourceError
        Where there is nothing to look at.
    """
    if not where.exists():
        raise SourceError(f"view: there must be a file or folder, got {str(where)!r}")
    if where.is_file():
        name = where.name
        single = vect(where) if where.suffix.lower() in VECTORS else rast(where)
        return replace(
            plet(single) if isinstance(single, SpatRaster) else plet_vector(single, name=name), title=name
        )
    found = catalogued(where) or in_folder(where)
    if not found.groups and not found.vectors:
        raise SourceError(
            f"view: there must be rasters ({', '.join(RASTERS)}) or vectors ({', '.join(VECTORS)}), got {str(where)!r}"
        )
    shown: WebMap | None = None
    for group in found.groups:
        shown = _put(shown, group, max(20_000, CELLS // len(found.groups)))
    for file in found.vectors:
        shown = plet_vector(vect(file), name=file.stem, map=shown)
    assert shown is not None
    return replace(shown, title=found.title)


def _put(shown: WebMap | None, group: Group, maxcell: int) -> WebMap:
    """A map with the layer of a group, seen where it is the first one."""
    before = 0 if shown is None else len(shown.layers)
    shown = plet(_opened(group), main=group.name, maxcell=maxcell, map=shown)
    if not before:
        return shown
    added = tuple(replace(layer, shown=False) for layer in shown.layers[before:])
    return replace(shown, layers=(*shown.layers[:before], *added))


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
    """Whether a path, all links followed, is a file within a folder."""
    try:
        return path.resolve(strict=True).is_relative_to(folder.resolve()) and path.is_file()
    except (OSError, RuntimeError):
        return False


def in_folder(folder: Path) -> Found:
    """The files of a folder and of those below it, in groups that follow each other in time where they can."""
    files = sorted(_files(folder))[:MAX_FILES]
    rasters = [file for file in files if file.suffix.lower() in RASTERS]
    groups = [
        group
        for parent, members in groupby(rasters, key=lambda file: file.parent)
        for group in _grouped(parent, list(members))
    ]
    vectors = tuple(file for file in files if file.suffix.lower() in VECTORS)
    return Found(folder.resolve().name, tuple(groups), vectors)


def _files(folder: Path) -> Iterator[Path]:
    """Files below a folder; nothing hidden, and no links that lead out of it."""
    for path in folder.rglob("*"):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if not hidden and path.suffix.lower() in RASTERS + VECTORS and inside(path, folder):
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
