"""Making vectors from text, coordinates, tables and geometries."""

from __future__ import annotations

import json
import pickle

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

import pyterra as pt
from pyterra.errors import ArgumentError, ColumnError, PyterraWarning

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
    (folder / "table.csv").write_text("a,b\n1,2\n")
    two = [shapely.Point(0, 0), shapely.LineString([[0, 0], [1, 1]])]
    features = [{"type": "Feature", "properties": {}, "geometry": shape.__geo_interface__} for shape in two]
    mixed = json.dumps({"type": "FeatureCollection", "features": features})
    (folder / "mixed.geojson").write_text(mixed)
    return folder


def test_text_makes_geometries():
    v = pt.vect([SQUARE, "MULTIPOLYGON (((5 5, 6 5, 6 6, 5 5)))"], crs="EPSG:4326")
    assert (v.geomtype(), len(v), v.shape) == ("polygons", 2, (2, 0))
    assert v.ext == pt.ext(0, 6, 0, 6)
    assert v.is_lonlat()


def test_coordinates_make_points_lines_and_polygons():
    xy = np.array([[0, 0], [1, 0], [1, 1]])
    assert len(pt.vect(xy)) == 3
    assert pt.vect(xy, type="lines").geom(wkt=True) == ["LINESTRING (0 0, 1 0, 1 1)"]
    assert pt.vect(xy, type="polygons").geom(wkt=True) == ["POLYGON ((0 0, 1 0, 1 1, 0 0))"]
    assert len(pt.vect([1, 2])) == 1


def test_what_geom_gives_is_taken_back():
    texts = [
        "POLYGON ((0 0, 9 0, 9 9, 0 9, 0 0), (1 1, 2 1, 2 2, 1 1), (4 4, 5 4, 5 5, 4 4))",
        "MULTIPOLYGON (((20 0, 22 0, 22 2, 20 0)), ((30 0, 39 0, 39 9, 30 9, 30 0), (31 1, 32 1, 32 2, 31 1)))",
    ]
    v = pt.vect(texts)
    again = pt.vect(v.geom(), type="polygons")
    assert shapely.equals_exact(v.geoms, again.geoms).all()
    lines = v.as_lines()
    assert shapely.equals_exact(lines.geoms, pt.vect(lines.geom(), type="lines").geoms).all()
    points = pt.vect(["MULTIPOINT ((0 0), (1 1))", "POINT (5 5)"])
    assert shapely.equals_exact(points.geoms, pt.vect(points.geom(), type="points").geoms).all()


def test_a_table_has_its_columns_of_coordinates_named():
    table = pd.DataFrame({"lon": [5.0, np.nan], "lat": [50.0, 51.0], "n": [1, 2]}, index=[7, 8])
    v = pt.vect(table, geom=("lon", "lat"))
    assert v.names == ["n"]
    assert v.is_na().tolist() == [False, True]
    assert pt.vect(pd.DataFrame({"g": ["POINT (1 2)"]}), geom="g").crds().tolist() == [[1, 2]]
    with pytest.raises(ColumnError, match="no column 'lom'; did you mean 'lon'"):
        pt.vect(table, geom=("lom", "lat"))
    with pytest.raises(ArgumentError, match="a DataFrame needs geom="):
        pt.vect(pd.DataFrame({"a": [1]}))


def test_other_packages_objects_are_taken():
    frame = gpd.GeoDataFrame({"a": [1, 2]}, geometry=gpd.points_from_xy([0, 1], [0, 1]), crs=4326)
    for given in (frame, frame.geometry, pt.vect(frame), frame.to_arrow(index=False)):
        v = pt.vect(given)
        assert (len(v), v.crs.to_epsg()) == (2, 4326)
    assert pt.vect(frame)["a"].tolist() == [1, 2]
    assert len(pt.vect(frame.__geo_interface__)) == 2
    assert pt.vect(shapely.box(0, 0, 1, 1)).geomtype() == "polygons"
    assert pt.vect(pt.ext(0, 1, 0, 1)).ext == pt.ext(0, 1, 0, 1)
    assert len(pt.vect([pt.vect([[0, 0]]), pt.vect([[1, 1]])])) == 2


def test_a_vector_is_no_view_of_the_table_it_was_made_from():
    frame = gpd.GeoDataFrame({"a": [1, 2]}, geometry=gpd.points_from_xy([0, 1], [0, 1]))
    v = pt.vect(frame)
    frame["a"] = 0
    out = v.to_geopandas()
    out["a"] = 9
    assert v["a"].tolist() == [1, 2]


@pytest.mark.parametrize(
    ("measured", "kept"), [("POINT ZM (1 2 3 4)", "POINT Z (1 2 3)"), ("POINT M (1 2 4)", "POINT (1 2)")]
)
def test_measures_are_dropped_with_a_warning(measured, kept):
    with pytest.warns(PyterraWarning, match="M coordinates are dropped"):
        v = pt.vect(measured)
    assert v.geom(wkt=True) == [kept]


class TestHeights:
    def test_they_are_kept(self):
        texts = ["POINT Z (1 2 3)", "POINT (4 5)"]
        assert pt.vect(texts).geom(wkt=True) == texts

    def test_coordinates_may_have_them(self):
        assert pt.vect([[1, 2, 3], [4, 5, np.nan]]).geom(wkt=True) == ["POINT Z (1 2 3)", "POINT (4 5)"]
        line = pt.vect([[0, 0, 1], [1, 1, 2]], type="lines")
        assert line.geom(wkt=True) == ["LINESTRING Z (0 0 1, 1 1 2)"]

    def test_a_table_may_have_them(self):
        table = pd.DataFrame({"x": [1.0], "y": [2.0], "z": [3.0], "a": ["p"]})
        v = pt.vect(table, geom=("x", "y", "z"))
        assert (v.geom(wkt=True), v.names) == (["POINT Z (1 2 3)"], ["a"])
        with pytest.raises(ArgumentError, match="or three of x, y and z"):
            pt.vect(table, geom=("x", "y", "z", "a"))

    @pytest.mark.parametrize("kind", ["points", "lines", "polygons"])
    def test_rows_of_geometries_come_back(self, kind):
        wkt = {
            "points": ["MULTIPOINT Z ((0 0 1), (1 1 2))", "POINT (5 5)"],
            "lines": ["MULTILINESTRING Z ((0 0 1, 1 1 2), (2 2 3, 3 3 4))", "LINESTRING (5 5, 6 6)"],
            "polygons": [
                "POLYGON Z ((0 0 1, 9 0 2, 9 9 3, 0 0 1), (5 1 4, 8 1 5, 8 4 6, 5 1 4))",
                "POLYGON ((20 20, 21 20, 21 21, 20 20))",
            ],
        }[kind]
        v = pt.vect(wkt)
        assert pt.vect(v.geom(), type=kind).identical(v)


@pytest.mark.parametrize(
    ("given", "text"),
    [
        (["POINT (0 0)", SQUARE], "all geometries must be of one kind, got 1 points, 1 polygons"),
        (
            "GEOMETRYCOLLECTION (POINT (0 0))",
            "must be points, lines or polygons, got GeometryCollection at 0",
        ),
        (["POINT (0 0)", "POINT (a b)"], "geometry 1 must be well-known text"),
        (3, "cannot make geometries of int"),
        ([["a", "b"]], "cannot make geometries of list"),
    ],
)
def test_what_cannot_be_made_is_told(given, text):
    with pytest.raises(ArgumentError, match=text):
        pt.vect(given)


def test_a_vector_travels(folder):
    v = pt.vect(folder / "points.gpkg")
    again = pickle.loads(pickle.dumps(v))
    assert again.values().equals(v.values())
    assert again.crs == v.crs
    assert again.sources() == v.sources()


def test_no_geometries_work_everywhere():
    empty = pt.vect(SQUARE, atts={"a": [1]}, crs="EPSG:4326")[:0]
    full = pt.vect(SQUARE, atts={"b": [1]}, crs="EPSG:4326")
    assert (empty.geomtype(), empty.ext, empty.names) == ("none", pt.ext(0, 0, 0, 0), ["a"])
    for verb in (
        "buffer centroids disagg hull as_points as_lines as_polygons make_valid aggregate union erase fill_holes"
    ).split():
        arguments = [100] if verb == "buffer" else []
        assert len(getattr(empty, verb)(*arguments)) == 0, verb
    for verb in "expanse perim is_na is_valid crds geom".split():
        assert len(getattr(empty, verb)()) == 0, verb
    for verb in "intersect erase crop mask".split():
        assert len(getattr(empty, verb)(full)) == 0, verb
    for verb in "union symdif cover rbind".split():
        assert len(getattr(empty, verb)(full)) == 1, verb
        assert len(getattr(full, verb)(empty)) == 1, verb
    assert len(full.intersect(empty)) == 0
    assert len(full.erase(empty)) == 1
    assert empty.relate(full).shape == (0, 1)
    assert full.distance(empty).shape == (1, 0)
    assert len(full.nearest(empty)) == len(empty.nearest(full)) == 0
    assert (
        len(empty.project("EPSG:3035"))
        == len(empty.shift(1, 1))
        == len(empty.flip())
        == len(empty.densify(9))
        == 0
    )
    assert empty.aggregate("a").names == ["a", "agg_n"]
    assert len(empty.unique()) == len(empty.sort("a")) == 0
    assert repr(empty)
