"""What of a folder, a catalogue or a file is looked at."""

import json

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import SourceError
from pyterra.maps.webpage import entries_of
from pyterra.workflows.view import view_map

pytest.importorskip("matplotlib")


def write(path, value=1.0, ncol=3):
    path.parent.mkdir(parents=True, exist_ok=True)
    pt.rast(np.full((1, 2, ncol), value), extent=(5, 8, 49, 51), crs="EPSG:4326").write_raster(path)
    return path


def entries(where):
    page = view_map(where)
    times = [getattr(one, "time", "geometries") for one in page.layers]
    return page, {one["name"]: [times[i] for i in one["layers"]] for one in entries_of(page)}


def test_dated_files_of_a_folder_are_a_series_and_others_layers(tmp_path):
    for year in (2003, 2001, 2002):
        write(tmp_path / "years" / f"crop_{year}0101_{year}1231_v20240624.tif", year)
    for day in ("2001-02-03", "2001-03-04"):
        write(tmp_path / "days" / f"ndvi_{day}.tif")
    write(tmp_path / "height.tif")
    pt.vect([[6, 50]], crs="EPSG:4326").write_vector(tmp_path / "wells.gpkg")
    page, found = entries(tmp_path)
    assert found == {
        "days": ["2001-02-03", "2001-03-04"],
        "height": [""],
        "years": ["2001", "2002", "2003"],
        "wells": ["geometries"],
    }
    assert page.title == tmp_path.name
    assert [one.shown for one in page.layers] == [True, True, False, False, False, False, True]


def test_files_on_other_grids_are_layers_of_their_own(tmp_path):
    write(tmp_path / "a_20010101.tif")
    write(tmp_path / "a_20020101.tif", ncol=6)
    assert list(entries(tmp_path)[1]) == ["a_20010101", "a_20020101"]


def test_nothing_hidden_and_nothing_outside_is_looked_at(tmp_path):
    outside = write(tmp_path / "elsewhere" / "secret.tif")
    folder = tmp_path / "folder"
    write(folder / "own.tif")
    write(folder / ".kept" / "old.tif")
    (folder / "link.tif").symlink_to(outside)
    (folder / "way").symlink_to(outside.parent)
    (folder / "again.tif").symlink_to(folder / "own.tif")
    (folder / "round.tif").symlink_to(folder / "round.tif")
    assert set(entries(folder)[1]) == {"own", "again"}


def catalogue(folder, hrefs, **more):
    """A catalogue of one item for each year."""
    items = []
    for year, href in hrefs.items():
        dates = {"start_datetime": f"{year}-01-01T00:00:00Z", "end_datetime": f"{year}-12-31T23:59:59Z"}
        item = {"type": "Feature", "properties": dates, "assets": {"1km": {"href": href, "roles": ["data"]}}}
        (folder / f"{year}.json").write_text(json.dumps(item | more))
        items.append({"rel": "item", "href": f"./{year}.json"})
    start = {
        "type": "Catalog",
        "title": "Crops",
        "links": [*items, {"rel": "root", "href": "./catalog.json"}],
    }
    (folder / "catalog.json").write_text(json.dumps(start))


def test_a_catalogue_tells_what_there_is(tmp_path):
    for year in (2001, 2002):
        write(tmp_path / "maps" / f"{year}.tif")
    write(tmp_path / "maps" / "draft.tif")
    catalogue(tmp_path, {2002: "maps/2002.tif", 2001: "maps/2001.tif"})
    page, found = entries(tmp_path)
    assert (page.title, found) == ("Crops", {"1km": ["2001", "2002"]})


def test_a_catalogue_does_not_lead_out_of_the_folder(tmp_path):
    outside = write(tmp_path / "secret_2002.tif")
    folder = tmp_path / "folder"
    write(folder / "own.tif")
    hrefs = {2001: "own.tif", 2002: "../secret_2002.tif", 2003: outside.as_uri(), 2004: str(outside)}
    catalogue(
        folder,
        hrefs,
        links=[{"rel": "child", "href": "../other.json"}, {"rel": "child", "href": "2001.json"}],
    )
    (tmp_path / "other.json").write_text("not read")
    assert entries(folder)[1] == {"1km": [""]}


@pytest.mark.parametrize(("text", "match"), [("{", "must be JSON"), ("[]", "must be an object")])
def test_a_broken_catalogue_is_told(tmp_path, text, match):
    write(tmp_path / "own.tif")
    (tmp_path / "catalog.json").write_text(text)
    with pytest.raises(SourceError, match=match):
        view_map(tmp_path)


def test_single_files_are_shown(tmp_path):
    assert view_map(write(tmp_path / "a.tif")).title == "a.tif"
    pt.vect([[6, 50]], crs="EPSG:4326").write_vector(tmp_path / "wells.gpkg")
    assert view_map(tmp_path / "wells.gpkg").names == ["wells"]


def test_nothing_to_look_at_is_told(tmp_path):
    with pytest.raises(SourceError, match="there must be rasters"):
        view_map(tmp_path)
    with pytest.raises(SourceError, match="there must be a file or folder"):
        view_map(tmp_path / "nothing")


def series(value, name):
    """Two months of a variable."""
    r = pt.rast(
        np.full((2, 2, 3), float(value)),
        extent=(5, 8, 49, 51),
        crs="EPSG:4326",
        names=[f"{name}_1", f"{name}_2"],
    )
    r.time = ["2001-01-01", "2001-02-01"]
    return r


def test_of_netcdf_each_variable_is_a_layer_with_its_times(tmp_path):
    pt.write_cdf({"rain": series(1, "a"), "snow": series(2, "a")}, tmp_path / "climate.nc")
    dates = ["2001-01-01", "2001-02-01"]
    page, found = entries(tmp_path / "climate.nc")
    assert (page.title, found) == ("climate.nc", {"rain": dates, "snow": dates})
    assert [one.shown for one in page.layers] == [True, True, False, False]
    write(tmp_path / "height.tif")
    assert entries(tmp_path)[1] == {"height": [""], "rain": dates, "snow": dates}
    pt.write_cdf({"rain": series(3, "a")}, tmp_path / "more.nc")
    assert list(entries(tmp_path)[1]) == ["height", "climate: rain", "climate: snow", "more: rain"]


def test_a_store_of_zarr_is_shown_without_its_coordinates(tmp_path):
    rasterio = pytest.importorskip("rasterio")
    place = {
        "width": 3,
        "height": 2,
        "crs": "EPSG:4326",
        "transform": rasterio.transform.from_bounds(5, 49, 8, 51, 3, 2),
    }
    with rasterio.open(tmp_path / "a.zarr", "w", driver="Zarr", count=1, dtype="float32", **place) as target:
        target.write(np.ones((1, 2, 3), "float32"))
    for where in (tmp_path, tmp_path / "a.zarr"):
        page = view_map(where)
        assert page.names == ["a"]
        assert page.layers[0].values.tolist() == [[1, 1, 1], [1, 1, 1]]


def test_a_virtual_raster_is_shown_where_all_of_it_lies_in_the_folder(tmp_path):
    outside = write(tmp_path / "elsewhere" / "secret.tif")
    folder = tmp_path / "folder"
    pt.vrt([write(folder / "own.tif")], folder / "all.vrt")
    pt.vrt([outside], folder / "out.vrt")
    assert list(entries(folder)[1]) == ["all", "own"]


def test_each_table_of_a_geopackage_is_a_layer(tmp_path):
    path = tmp_path / "places.gpkg"
    pt.vect([[6, 50]], crs="EPSG:4326").write_vector(path, layer="wells")
    pt.vect(pt.ext(5, 6, 49, 50), crs="EPSG:4326").write_vector(path, layer="areas", insert=True)
    assert view_map(path).names == ["wells", "areas"]
    assert view_map(tmp_path).names == ["wells", "areas"]


def test_a_store_with_parts_from_elsewhere_is_not_shown(tmp_path):
    outside, folder = tmp_path / "outside", tmp_path / "folder"
    outside.mkdir()
    (folder / "a.zarr").mkdir(parents=True)
    (folder / "a.zarr" / "0.0").symlink_to(outside)
    with pytest.raises(SourceError, match="there must be rasters"):
        view_map(folder)
