"""Vector files: anything that OGR reads, and GeoParquet."""

from __future__ import annotations

import json

import geopandas as gpd
import numpy as np
import pytest
import shapely

import pyterra as pt
from pyterra.errors import PyterraWarning, SourceError

SQUARE = "POLYGON ((0 0, 2 0, 2 2, 0 2, 0 0))"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A file with three points, and one with two layers."""
    folder = tmp_path_factory.mktemp("files")
    v = pt.vect([[0, 0], [5, 5], [9, 9]], crs="EPSG:3035", atts={"n": [1, 2, 3]})
    v.write_vector(folder / "points.gpkg", layer="first")
    pt.vect(SQUARE, crs="EPSG:3035").write_vector(folder / "points.gpkg", layer="second", insert=True)
    v.write_vector(folder / "points.parquet")
    (folder / "text.gpkg").write_text("nothing")
    pt.rast([[1, 2]]).write_raster(folder / "picture.tif")
    (folder / "table.csv").write_text("a,b\n1,2\n")
    two = [shapely.Point(0, 0), shapely.LineString([[0, 0], [1, 1]])]
    features = [{"type": "Feature", "properties": {}, "geometry": shape.__geo_interface__} for shape in two]
    mixed = json.dumps({"type": "FeatureCollection", "features": features})
    (folder / "mixed.geojson").write_text(mixed)
    return folder


def test_files_are_read_by_layer_query_and_place(folder):
    path = folder / "points.gpkg"
    assert len(pt.vect(path)) == 3
    assert pt.vect(path, "second").geomtype() == "polygons"
    assert pt.vect(path, layer=1).geomtype() == "polygons"
    assert pt.vect(path, query="select * from first where n > 1")["n"].tolist() == [2, 3]
    assert pt.vect(path, layer="first", extent=pt.ext(4, 10, 4, 10))["n"].tolist() == [2, 3]
    triangle = pt.vect("POLYGON ((-1 -1, 6 -1, -1 6, -1 -1))", crs="EPSG:3035")
    assert pt.vect(path, filter=triangle, layer="first")["n"].tolist() == [1]
    assert pt.vect(path, filter=triangle, extent=pt.ext(-9, 99, -9, 99), layer="first")["n"].tolist() == [1]


def test_geoparquet_is_read_by_place_too(folder):
    path = folder / "points.parquet"
    assert pt.vect(path)["n"].tolist() == [1, 2, 3]
    assert pt.vect(path, extent=pt.ext(4, 10, 4, 10))["n"].tolist() == [2, 3]
    with pytest.raises(SourceError, match="one layer and no SQL"):
        pt.vect(path, query="select 1")


@pytest.mark.parametrize(
    ("name", "more", "text"),
    [
        ("none.gpkg", {}, "none.gpkg does not exist"),
        ("text.gpkg", {}, "cannot be opened"),
        ("picture.tif", {}, "cannot be opened: .*supported file format; rast opens rasters$"),
        ("points.gpkg", {"layer": "third"}, "no layer 'third'; it has layers first, second"),
        ("points.gpkg", {"query": "select * from third"}, "cannot be (read|opened).*third"),
        ("mixed.geojson", {}, "one kind, got 1 lines, 1 points.*mixed.geojson"),
        ("table.csv", {}, "has no geometries"),
    ],
)
def test_files_that_cannot_be_used_are_named(folder, name, more, text):
    with pytest.raises(SourceError, match=text):
        pt.vect(folder / name, **more)


def test_rast_says_which_verb_opens_vectors(folder):
    with pytest.raises(SourceError, match=r"points\.gpkg cannot be opened as GPKG.*; vect opens vectors$"):
        pt.rast(folder / "points.gpkg")


POINTS = [shapely.Point(1, 2), shapely.Point(3, 4), shapely.Point(5, 6)]


def vector(shapes=POINTS, crs="EPSG:4326", **columns):
    return pt.vect(gpd.GeoDataFrame(columns, geometry=list(shapes), crs=crs))


def there_and_back(v, path, **more):
    """What is read; a FlatGeobuf has its records in the order of its index, here they are put back."""
    names = v.names
    v["row"] = np.arange(len(v))
    v.write_vector(path, **more)
    back = pt.vect(path)
    back = back[np.argsort(np.asarray(back["row"], int))]
    return back[[name for name in back.names if name in names]]


SHAPES = {
    "points": POINTS,
    "lines": [shapely.LineString([(0, 0), (1, i)]) for i in (1, 2, 3)],
    "polygons": [shapely.box(i, 0, i + 1, 1) for i in (1, 3, 5)],
    "several polygons": [
        shapely.box(0, 0, 1, 1),
        shapely.MultiPolygon([shapely.box(2, 0, 3, 1)]),
        shapely.box(5, 0, 6, 1),
    ],
}


@pytest.mark.parametrize("ending", ["gpkg", "fgb", "shp"])
def test_a_layer_without_any_geometry_keeps_its_kind(tmp_path, ending):
    v = vector([shapely.box(0, 0, 1, 1), None, None], n=[1, 2, 3])[1:]
    back = there_and_back(v, tmp_path / f"a.{ending}")
    assert (back.geomtype(), len(back)) == ("polygons", 2)


def test_lines_of_gpx_are_read(tmp_path):
    for shapes in (
        SHAPES["lines"],
        [shapely.MultiLineString([[(0, 0), (1, 1)], [(2, 2), (3, 3)]]), *SHAPES["lines"][:2]],
    ):
        vector(shapes, name=["a", "b", "c"]).write_vector(tmp_path / "a.gpx", overwrite=True)
        back = pt.vect(tmp_path / "a.gpx")
        assert (back.geomtype(), back["name"].tolist()) == ("lines", ["a", "b", "c"])


def test_a_geometry_that_cannot_be_read_is_named(tmp_path):
    path = tmp_path / "a.geojson"
    good = {
        "type": "Feature",
        "properties": {},
        "geometry": {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]},
    }
    bad = {
        "type": "Feature",
        "properties": {},
        "geometry": {"type": "Polygon", "coordinates": [[[0, 0], [1, 0]]]},
    }
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [good, bad]}))
    with pytest.raises(SourceError, match=r"a\.geojson: the geometry of record 1 cannot be read"):
        pt.vect(path)


def test_kinds_that_do_not_go_together_are_told_with_the_file(tmp_path):
    path = tmp_path / "a.geojson"
    gpd.GeoDataFrame(geometry=[shapely.Point(0, 0), shapely.box(0, 0, 1, 1)], crs="EPSG:4326").to_file(path)
    with pytest.raises(SourceError, match=r"one kind, got 1 points, 1 polygons.*a\.geojson"):
        pt.vect(path)


def test_a_sequence_of_one_record_is_read(tmp_path):
    """It is a document of GeoJSON too, and taken for one."""
    back = there_and_back(vector([shapely.Point(1, 2)], n=["a"]), tmp_path / "a.geojsonl")
    assert back["n"].tolist() == ["a"]


def test_measures_are_dropped_with_a_warning(tmp_path):
    import pyogrio

    line = shapely.from_wkt(["LINESTRING ZM (0 0 1 5, 4 4 2 9)"])
    with pytest.warns(PyterraWarning, match="vect: M coordinates are dropped"):
        assert pt.vect(line).geom(wkt=True) == ["LINESTRING Z (0 0 1, 4 4 2)"]
    stored = shapely.to_wkb(line, flavor="iso", output_dimension=4)
    path = tmp_path / "measured.gpkg"
    pyogrio.raw.write(path, stored, [], [], geometry_type="Measured 3D LineString", crs="EPSG:3035")
    with pytest.warns(PyterraWarning, match="vect: M coordinates are dropped") as said:
        assert pt.vect(path).geom(wkt=True) == ["LINESTRING Z (0 0 1, 4 4 2)"]
    assert len(said) == 1
