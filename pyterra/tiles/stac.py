"""Static STAC catalogues: plain files with relative links, to be browsed from a disk or a web server."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from pyterra.errors import ArgumentError, SinkError
from pyterra.frozen import dataclass
from pyterra.io.safe.parts import atomic_path
from pyterra.io.safe.places import path_text
from pyterra.redact import redact
from pyterra.tiles.grid import path_inside

_VERSION = "1.1.0"
_EXTENSIONS = {
    "file": "https://stac-extensions.github.io/file/v2.1.0/schema.json",
    "proj": "https://stac-extensions.github.io/projection/v2.0.0/schema.json",
    "sci": "https://stac-extensions.github.io/scientific/v1.0.0/schema.json",
}
"""Schemas of the fields that begin with these names."""
COG = "image/tiff; application=geotiff; profile=cloud-optimized"
"""Media type of a cloud-optimised GeoTIFF."""

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """A file of an item, or an address of one."""

    href: str
    """A local path, linked relative to the item, or an address, kept without what follows its ``?``."""
    media_type: str = COG
    """What kind of file."""
    roles: Sequence[str] = ("data",)
    """``data``, ``thumbnail``, ``metadata`` ..."""
    title: str = ""
    """For people."""
    checksum: bool | str = False
    """Whether to read a local file and give its SHA-256; or what that is, as a catalogue says it."""
    shape: tuple[int, int] | None = None
    """Rows and columns."""
    transform: Sequence[float] | None = None
    """The six numbers of the affine transformation from columns and rows to coordinates, row by row."""
    more: Mapping[str, Any] = field(default_factory=dict)
    """Further fields, such as ``bands`` and ``gsd``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One place and time, with its files."""

    id: str
    """Unique in the collection, safe as a file name."""
    bbox: tuple[float, float, float, float]
    """West, south, east, north, in degrees."""
    begin: date
    """First day."""
    end: date
    """Last day."""
    assets: Mapping[str, Asset]
    """By name."""
    crs: str = ""
    """Such as "EPSG:4326"; empty leaves it out."""
    properties: Mapping[str, Any] = field(default_factory=dict)
    """Further properties."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """Items of one kind."""

    id: str
    """Unique in the catalogue, safe as a file name."""
    description: str
    """What it is."""
    items: Sequence[Item]
    """At least one."""
    license: str = "other"
    """An SPDX identifier such as "CC-BY-SA-4.0"."""
    title: str = ""
    """For people."""
    keywords: Sequence[str] = ()
    """For searches."""
    providers: Sequence[Mapping[str, Any]] = ()
    """Who made and who offers it: ``name``, ``roles``, ``url``, as STAC has them."""
    publications: Mapping[str, str] = field(default_factory=dict)
    """Citations of what it rests on, by DOI."""
    more: Mapping[str, Any] = field(default_factory=dict)
    """Further fields."""


def write_catalogue(
    folder: str | os.PathLike[str],
    collections: Iterable[Collection],
    *,
    catalogue_id: str,
    description: str,
    title: str = "",
) -> Path:
    """Write a self-contained STAC catalogue and return the path of its ``catalog.json``.

    Parameters
    ----------
    folder : path-like
        Where ``catalog.json``, ``COLLECTION/collection.json`` and ``COLLECTION/ITEM.json`` go; existing
        files of these names are replaced, each as a whole, the catalogue last.
    collections : iterable of Collection
        What it holds.
    catalogue_id, description, title : str
        Of the catalogue.

    Raises
    ------
    ArgumentError
        For ids that cannot be file names, twice the same id, or a collection without items.
    """
    root = Path(path_text(folder, "write_catalogue", SinkError)).resolve()
    root.mkdir(parents=True, exist_ok=True)
    children = []
    for collection in collections:
        home = _named(root, collection.id)
        home.mkdir(exist_ok=True)
        _check_items(collection)
        for item in collection.items:
            _write(_named(home, f"{item.id}.json"), _item_json(item, collection, home))
        _write(home / "collection.json", _collection_json(collection))
        children.append(_link("child", f"./{collection.id}/collection.json", title=collection.title))
    if len({link["href"] for link in children}) < len(children):
        raise ArgumentError("stac: collections must have different ids")
    catalogue = {
        "type": "Catalog",
        "stac_version": _VERSION,
        "id": catalogue_id,
        **({"title": title} if title else {}),
        "description": description,
        "links": [_link("root", "./catalog.json"), *children],
    }
    _write(root / "catalog.json", catalogue)
    return root / "catalog.json"


def _collection_json(collection: Collection) -> Json:
    boxes = [item.bbox for item in collection.items]
    whole = [
        min(b[0] for b in boxes),
        min(b[1] for b in boxes),
        max(b[2] for b in boxes),
        max(b[3] for b in boxes),
    ]
    first = min(item.begin for item in collection.items)
    last = max(item.end for item in collection.items)
    papers = [{"doi": doi, "citation": text} for doi, text in collection.publications.items()]
    fields: Json = {
        **({"title": collection.title} if collection.title else {}),
        "description": collection.description,
        **({"keywords": list(collection.keywords)} if collection.keywords else {}),
        "license": collection.license,
        **(
            {"providers": [dict(provider) for provider in collection.providers]}
            if collection.providers
            else {}
        ),
        **({"sci:publications": papers} if papers else {}),
        "extent": {
            "spatial": {"bbox": [whole]},
            "temporal": {"interval": [[_first_moment(first), _last_moment(last)]]},
        },
        "summaries": _summaries(collection),
        "item_assets": _item_assets(collection),
        **collection.more,
    }
    return {
        "type": "Collection",
        "stac_version": _VERSION,
        "stac_extensions": _extensions([fields, fields["summaries"], *fields["item_assets"].values()]),
        "id": collection.id,
        **fields,
        "links": [
            _link("root", "../catalog.json"),
            _link("parent", "../catalog.json"),
            *(
                _link("cite-as", f"https://doi.org/{doi}", kind="text/html")
                for doi in collection.publications
            ),
            *(_link("item", f"./{item.id}.json", kind="application/geo+json") for item in collection.items),
        ],
    }


def _summaries(collection: Collection) -> Json:
    """Which CRS and cell sizes there are."""
    codes = {item.crs for item in collection.items if item.crs}
    sizes = {a.more["gsd"] for item in collection.items for a in item.assets.values() if "gsd" in a.more}
    return {
        **({"proj:code": sorted(codes)} if codes else {}),
        **({"gsd": sorted(sizes)} if sizes else {}),
    }


def _item_assets(collection: Collection) -> Json:
    """What the assets of a name share in all items."""
    shared: dict[str, Json] = {}
    for item in collection.items:
        for name, asset in item.assets.items():
            here = _described(asset)
            known = shared.setdefault(name, here)
            shared[name] = {key: value for key, value in known.items() if here.get(key) == value}
    return shared


def _extensions(parts: Iterable[Mapping[str, Any]]) -> list[str]:
    """The schemas of the fields that there are."""
    used = {key.partition(":")[0] for part in parts for key in part}
    return [schema for prefix, schema in _EXTENSIONS.items() if prefix in used]


def _item_json(item: Item, collection: Collection, home: Path) -> Json:
    west, south, east, north = item.bbox
    assets = {name: _asset_json(asset, home) for name, asset in item.assets.items()}
    properties = {
        "datetime": None,
        "start_datetime": _first_moment(item.begin),
        "end_datetime": _last_moment(item.end),
        **({"proj:code": item.crs} if item.crs else {}),
        **item.properties,
    }
    return {
        "type": "Feature",
        "stac_version": _VERSION,
        "stac_extensions": _extensions([properties, *assets.values()]),
        "id": item.id,
        "collection": collection.id,
        "bbox": list(item.bbox),
        "geometry": {
            "type": "Polygon",
            "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]],
        },
        "properties": properties,
        "assets": assets,
        "links": [
            _link("root", "../catalog.json"),
            _link("parent", "./collection.json"),
            _link("collection", "./collection.json"),
        ],
    }


def _described(asset: Asset) -> Json:
    """What is said of an asset, apart from its file."""
    return {
        "type": asset.media_type,
        "roles": list(asset.roles),
        **({"title": asset.title} if asset.title else {}),
        **({"proj:shape": list(asset.shape)} if asset.shape is not None else {}),
        **({"proj:transform": list(asset.transform)} if asset.transform is not None else {}),
        **asset.more,
    }


def _asset_json(asset: Asset, home: Path) -> Json:
    described = _described(asset)
    if "://" in asset.href:
        return {"href": redact(asset.href.partition("?")[0]), **described}
    path = Path(asset.href).resolve()
    described["file:size"] = path.stat().st_size
    if isinstance(asset.checksum, str):
        described["file:checksum"] = asset.checksum
    elif asset.checksum:
        with path.open("rb") as file:
            # A multihash: 12 for SHA-256, 20 for its 32 bytes.
            described["file:checksum"] = "1220" + hashlib.file_digest(file, "sha256").hexdigest()
    href = Path(os.path.relpath(path, home)).as_posix()
    return {"href": href if href.startswith(".") else f"./{href}", **described}


def _check_items(collection: Collection) -> None:
    if not collection.items:
        raise ArgumentError(f"stac: collection {collection.id!r} must have at least one item")
    if len({item.id for item in collection.items}) < len(collection.items):
        raise ArgumentError(f"stac: the items of {collection.id!r} must have different ids")
    for item in collection.items:
        if item.end < item.begin:
            raise ArgumentError(
                f"stac: item {item.id!r} ends on {item.end}, before it begins on {item.begin}"
            )
        if "/" in item.id or item.id == "collection":
            raise ArgumentError(f"stac: an item id must be usable as a file name, got {item.id!r}")


def _named(folder: Path, name: str) -> Path:
    if "/" in name or "\\" in name:
        raise ArgumentError(f"stac: an id must be usable as a file name, got {name!r}")
    return path_inside(folder, name)


def _link(relation: str, href: str, *, title: str = "", kind: str = "application/json") -> Json:
    return {"rel": relation, "href": href, "type": kind, **({"title": title} if title else {})}


def _first_moment(day: date) -> str:
    return datetime.combine(day, time(), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _last_moment(day: date) -> str:
    return (datetime.combine(day, time(), UTC) + timedelta(days=1, seconds=-1)).strftime("%Y-%m-%dT%H:%M:%SZ")


def _write(path: Path, content: Json) -> None:
    with atomic_path(path, overwrite=True) as part:
        part.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
