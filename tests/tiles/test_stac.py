"""Catalogues that others read, from a disk, without a network."""

import hashlib
import json
import shutil
from datetime import date

import pystac
import pytest
from jsonschema import Draft7Validator
from pystac.validation.local_validator import get_local_schema_cache
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT7

from pyterra.errors import ArgumentError
from pyterra.tiles import Asset, Collection, Item, write_catalogue


def item(folder, year, **changes):
    path = folder / "maps" / f"{year}.tif"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(bytes([year % 256]) * year)
    fields = {
        "id": f"y{year}",
        "bbox": (7.0, 45.0, 9.0, 47.0),
        "begin": date(year, 1, 1),
        "end": date(year, 12, 31),
        "assets": {
            "30m": Asset(
                href=str(path),
                title=f"30 m, {year}",
                checksum=True,
                shape=(8000, 8000),
                transform=(0.00025, 0, 7, 0, -0.00025, 47),
                more={"gsd": 27.8},
            ),
            "1km": Asset(
                href=str(path),
                shape=(240, 240),
                transform=(1 / 120, 0, 7, 0, -1 / 120, 47),
                more={"gsd": 928},
            ),
            "far": Asset(href=f"https://example.org/{year}.tif?sig=secret", roles=["mirror"]),
        },
        "crs": "EPSG:4326",
        "properties": {"version": "v1"},
    }
    return Item(**{**fields, **changes})


def collection(items, **changes):
    fields = {
        "id": "cropland",
        "description": "Cropland",
        "license": "CC-BY-SA-4.0",
        "keywords": ["crops"],
        "providers": [{"name": "A lab", "roles": ["producer"], "url": "https://example.org"}],
        "publications": {"10.1000/182": "Anyone (2000): A paper"},
    }
    return Collection(items=items, **{**fields, **changes})


@pytest.fixture
def written(tmp_path):
    root = tmp_path / "out"
    items = [item(root, 2003), item(root, 2007, bbox=(-10.0, 40.0, 8.0, 46.0))]
    return write_catalogue(root, [collection(items)], catalogue_id="job", description="A job")


def test_pystac_reads_what_was_written(written):
    catalogue = pystac.Catalog.from_file(str(written))
    (found,) = catalogue.get_collections()
    assert found.extent.spatial.bboxes == [[-10.0, 40.0, 9.0, 47.0]]
    begin, end = found.extent.temporal.intervals[0]
    assert (begin.date(), end.date()) == (date(2003, 1, 1), date(2007, 12, 31))
    items = list(catalogue.get_items(recursive=True))
    assert [i.id for i in items] == ["y2003", "y2007"]
    assert items[0].get_collection().id == "cropland"
    assert items[0].properties["version"] == "v1"
    assert items[0].ext.proj.code == "EPSG:4326"
    assert found.providers[0].name == "A lab"


def test_each_asset_tells_its_own_grid(written):
    first = next(iter(pystac.Catalog.from_file(str(written)).get_items(recursive=True)))
    assert {name: first.assets[name].ext.proj.shape for name in ("30m", "1km")} == {
        "30m": [8000, 8000],
        "1km": [240, 240],
    }
    assert first.assets["1km"].ext.proj.transform[0] == 1 / 120
    assert first.assets["1km"].extra_fields["gsd"] == 928
    assert not [key for key in first.properties if key in ("proj:shape", "proj:transform", "gsd")]


def test_a_collection_tells_what_its_items_share_and_what_it_rests_on(written):
    found = json.loads((written.parent / "cropland" / "collection.json").read_text())
    assert found["summaries"] == {"proj:code": ["EPSG:4326"], "gsd": [27.8, 928]}
    # The titles differ between the years.
    assert set(found["item_assets"]["30m"]) == {"type", "roles", "proj:shape", "proj:transform", "gsd"}
    assert found["item_assets"]["far"]["roles"] == ["mirror"]
    assert found["sci:publications"] == [{"doi": "10.1000/182", "citation": "Anyone (2000): A paper"}]
    assert {"rel": "cite-as", "href": "https://doi.org/10.1000/182", "type": "text/html"} in found["links"]


def test_the_extensions_named_are_those_whose_fields_are_there(written):
    for path in written.parent.rglob("*.json"):
        content = json.loads(path.read_text())
        named = {url.split("/")[3] for url in content.get("stac_extensions", ())}
        expected = {"catalog": set(), "collection": {"projection", "scientific"}}
        assert named == expected.get(path.stem, {"projection", "file"})


def test_assets_lead_to_the_files_and_describe_them(written):
    first = next(iter(pystac.Catalog.from_file(str(written)).get_items(recursive=True)))
    asset = first.assets["30m"]
    content = (written.parent / "maps" / "2003.tif").read_bytes()
    with open(asset.get_absolute_href(), "rb") as file:
        assert file.read() == content
    assert asset.href == "../maps/2003.tif"
    assert asset.ext.file.size == 2003
    assert asset.ext.file.checksum == "1220" + hashlib.sha256(content).hexdigest()


def test_the_files_follow_the_core_schemas(written):
    schemas = get_local_schema_cache()
    registry = Registry().with_resources(
        (uri, Resource.from_contents(schema, default_specification=DRAFT7)) for uri, schema in schemas.items()
    )
    checked = []
    for path in written.parent.rglob("*.json"):
        content = json.loads(path.read_text())
        kind = {"Catalog": "catalog", "Collection": "collection", "Feature": "item"}[content["type"]]
        schema = schemas[f"https://schemas.stacspec.org/v1.1.0/{kind}-spec/json-schema/{kind}.json"]
        assert list(Draft7Validator(schema, registry=registry).iter_errors(content)) == []
        checked.append(kind)
    assert sorted(checked) == ["catalog", "collection", "item", "item"]


def test_the_catalogue_is_self_contained_and_may_be_moved(written, tmp_path):
    shutil.move(written.parent, tmp_path / "elsewhere")
    catalogue = pystac.Catalog.from_file(str(tmp_path / "elsewhere" / "catalog.json"))
    for found in catalogue.get_items(recursive=True):
        with open(found.assets["30m"].get_absolute_href(), "rb") as file:
            assert file.read(1)
    assert all(str(tmp_path) not in path.read_text() for path in (tmp_path / "elsewhere").rglob("*.json"))


def test_no_secrets_are_published(written):
    assert all("secret" not in path.read_text() for path in written.parent.rglob("*.json"))


def test_writing_again_replaces_and_leaves_nothing_beside(written, tmp_path):
    before = sorted(written.parent.rglob("*"))
    root = written.parent
    write_catalogue(root, [collection([item(root, 2003)])], catalogue_id="job", description="New")
    assert json.loads(written.read_text())["description"] == "New"
    assert sorted(root.rglob("*")) == before


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"items": ()}, "at least one item"),
        ({"id": "a/b"}, "file name"),
        ({"id": ".."}, "inside"),
    ],
)
def test_bad_collections_are_refused(tmp_path, changes, word):
    fields = {"items": [item(tmp_path, 2003)], **changes}
    with pytest.raises(ArgumentError, match=word):
        write_catalogue(tmp_path / "out", [collection(**fields)], catalogue_id="x", description="x")


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"id": "../x"}, "file name"),
        ({"id": "collection"}, "file name"),
        ({"end": date(2000, 1, 1)}, "before"),
    ],
)
def test_bad_items_are_refused(tmp_path, changes, word):
    with pytest.raises(ArgumentError, match=word):
        write_catalogue(
            tmp_path, [collection([item(tmp_path, 2003, **changes)])], catalogue_id="x", description="x"
        )


def test_the_same_id_twice_is_refused(tmp_path):
    one = item(tmp_path, 2003)
    with pytest.raises(ArgumentError, match="different ids"):
        write_catalogue(tmp_path, [collection([one, one])], catalogue_id="x", description="x")
    with pytest.raises(ArgumentError, match="different ids"):
        write_catalogue(tmp_path, [collection([one])] * 2, catalogue_id="x", description="x")
