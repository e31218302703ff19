"""Forms, coordinates and places of geometries."""

from __future__ import annotations

import numpy as np
import pyproj
import pytest
import shapely

import pyterra as pt
from pyterra.errors import ArgumentError

RING = "POLYGON ((0 0, 9 0, 9 9, 0 9, 0 0), (1 1, 2 1, 2 2, 1 1))"
TWO = "MULTIPOLYGON (((20 0, 22 0, 22 2, 20 0)), ((30 0, 39 0, 39 9, 30 9, 30 0), (31 1, 32 1, 32 2, 31 1)))"


@pytest.fixture
def v():
    return pt.vect([RING, TWO], atts={"n": [1, 2]})


def test_geom_numbers_geometries_parts_and_holes(v):
    table = v.geom(df=True)
    assert table.groupby(["geom", "part", "hole"]).size().to_dict() == {
        (0, 0, 0): 5,
        (0, 0, 1): 4,
        (1, 0, 0): 4,
        (1, 1, 0): 5,
        (1, 1, 1): 4,
    }
    assert v.crds().tolist() == table[["x", "y"]].to_numpy().tolist()
    assert len(v.geom(hex=True)) == len(v.geom(wkb=True)) == 2


def test_parts_become_geometries(v):
    parts = v.disagg()
    assert parts["n"].tolist() == [1, 2, 2]
    segments = v.disagg(segments=True)
    assert segments["n"].tolist() == [1] * 4 + [2] * 7
    assert segments.geom(wkt=True)[0] == "LINESTRING (0 0, 9 0)"


def test_vertices_become_points_and_lines(v):
    points = v.as_points()
    assert len(points) == 7 + 10
    assert points["n"].value_counts().to_dict() == {1: 7, 2: 10}
    assert len(v.as_points(skiplast=False)) == 9 + 13
    assert shapely.get_num_geometries(v.as_points(multi=True).geoms).tolist() == [7, 10]
    lines = v.as_lines()
    assert shapely.get_num_geometries(lines.geoms).tolist() == [2, 3]
    assert shapely.equals(lines.as_polygons().geoms, v.geoms).all()


def test_points_are_joined_in_pairs():
    a, b = pt.vect([[0, 0], [1, 1]]), pt.vect([[5, 5], [6, 6]])
    assert a.as_lines(b).geom(wkt=True) == ["LINESTRING (0 0, 5 5)", "LINESTRING (1 1, 6 6)"]
    assert len(a[0].as_lines(b)) == 2
    with pytest.raises(ArgumentError, match="as many points"):
        a.as_lines(pt.vect([[0, 0]] * 3))
    with pytest.raises(ArgumentError, match="at least 2 points"):
        a[0].as_lines()
    with pytest.raises(ArgumentError, match="three different points"):
        pt.vect("LINESTRING (0 0, 1 1)").as_polygons()


def test_holes_are_filled_or_given(v):
    assert shapely.area(v.fill_holes().geoms).tolist() == [81, 83]
    holes = v.fill_holes(inverse=True)
    assert (holes["n"].tolist(), shapely.area(holes.geoms).tolist()) == ([1, 2], [0.5, 0.5])
    assert len(v.fill_holes().fill_holes(inverse=True)) == 0


def test_hulls_are_of_all_or_of_groups():
    v = pt.vect([[0, 0], [2, 0], [2, 2], [9, 9]], atts={"g": ["a", "a", "a", "b"]})
    assert shapely.area(v.hull(by="g").geoms).tolist() == [2, 0]
    assert v.hull(by="g").is_na().tolist() == [False, True]
    assert len(v.hull("rectangle")) == 1
    assert shapely.covers(shapely.buffer(v.hull("circle").geoms[0], 1e-9), v.geoms).all()
    with pytest.raises(ArgumentError, match="type must be one of convex"):
        v.hull("round")


def test_a_bow_is_made_valid():
    bow = pt.vect("POLYGON ((0 0, 2 2, 2 0, 0 2, 0 0))")
    assert (
        bow.is_valid(messages=True)["reason"].tolist() == ["Self-intersection [1 1]"] or not bow.is_valid()[0]
    )
    assert shapely.area(bow.make_valid().geoms).tolist() == [2]
    spike = pt.vect("POLYGON ((0 0, 2 0, 2 2, 0 2, 0 0, -3 0, 0 0))").make_valid()
    assert spike.geoms[0].geom_type == "Polygon"


def test_centroids_may_have_to_lie_inside():
    hook = pt.vect("POLYGON ((0 0, 9 0, 9 1, 1 1, 1 9, 0 9, 0 0))")
    assert not shapely.within(hook.centroids().geoms, hook.geoms)[0]
    assert shapely.within(hook.centroids(inside=True).geoms, hook.geoms)[0]


def test_lines_get_fewer_or_more_vertices():
    line = pt.vect("LINESTRING (0 0, 5 0.1, 10 0)", atts={"n": [1]})
    assert line.simplify_geom(1).geom(wkt=True) == ["LINESTRING (0 0, 10 0)"]
    assert line.simplify_geom(1).densify(4).crds()[:, 0].round(3).tolist() == [0, 3.333, 6.667, 10]
    assert line.simplify_geom(1).densify(4, equalize=False).crds()[:, 0].tolist() == [0, 4, 8, 10]
    assert line.densify(4)["n"].tolist() == [1]
    with pytest.raises(ArgumentError, match="interval must be above 0"):
        line.densify(0)
    with pytest.raises(ArgumentError, match="tolerance must not be below 0"):
        line.simplify_geom(-1)


def test_new_vertices_on_the_earth_lie_on_the_geodesic():
    line = pt.vect("LINESTRING (0 60, 60 60)", crs="EPSG:4326")
    dense = line.densify(100_000)
    assert dense.crds()[:, 1].max() > 63
    assert dense.perim()[0] == pytest.approx(line.perim()[0], rel=1e-12)
    assert line.densify(100_000, flat=True).crds()[:, 1].max() == 60


def test_densify_keeps_rings_and_holes(v):
    dense = v.densify(1.5)
    assert shapely.area(dense.geoms).tolist() == pytest.approx(shapely.area(v.geoms).tolist())
    assert shapely.get_num_geometries(dense.geoms).tolist() == [1, 2]


def test_coordinates_are_changed_by_rule():
    line = pt.vect("LINESTRING (1 11, 7 11, 5 13)")
    assert line.shift(1, -1).crds()[0].tolist() == [2, 10]
    assert line.flip().crds()[:, 1].tolist() == [11, 11, 9]
    assert line.flip("horizontal").crds()[:, 0].tolist() == [1, -5, -3]
    assert line.t().crds()[0].tolist() == [11, 1]
    assert line.rescale(2, 1, 1, 11).crds()[:, 0].tolist() == [1, 13, 9]
    assert line.spin(90, 1, 11).crds().round(9).tolist() == [[1, 11], [1, 5], [3, 7]]
    there = pt.vect([[0, 60]], crs="EPSG:4326").spin(
        30, 0, 0
    )  # 60 degrees of the meridian, 30 degrees off it
    azimuth, _, distance = pyproj.Geod(ellps="WGS84").inv(0, 0, *there.crds()[0])
    assert [azimuth, distance] == pytest.approx([30, pyproj.Geod(ellps="WGS84").inv(0, 0, 0, 60)[2]])
    assert pt.vect([[0.25, -0.25]]).round(1).crds().tolist() == [[0.3, -0.3]]
    assert round(pt.vect([[0.123456, 0]])).crds()[0, 0] == 0.1235
    with pytest.raises(ArgumentError, match="direction must be"):
        line.flip("up")


def test_longitudes_move_to_the_other_side():
    v = pt.vect([[10, 0], [190, 0], [350, 0], [-10, 0]], crs="EPSG:4326")
    assert v.rotate(180).crds()[:, 0].tolist() == [10, -170, -10, -10]
    assert v.rotate(0, left=False).crds()[:, 0].tolist() == [10, 190, 350, 350]
    box = pt.vect(pt.ext(170, 190, 0, 5), crs="EPSG:4326")
    halves = box.rotate(180)
    assert (halves.ext.xmin, halves.ext.xmax, shapely.area(halves.geoms)[0]) == (-180, 180, 100)
    assert box.rotate(180, split=False).ext.xmin == -170
    assert shapely.equals(box.normalize_longitude().geoms, halves.geoms).all()


def test_what_touches_the_meridian_is_not_cut_and_stays_once():
    shapes = [
        "LINESTRING (180 0, 180 5)",
        "LINESTRING (170 0, 180 5)",
        "LINESTRING (180 0, 190 5)",
        "LINESTRING (170 0, 190 10)",
    ]
    found = pt.vect(shapes, crs="EPSG:4326").rotate(180).geom(wkt=True)
    assert found[:2] == shapes[:2]
    assert found[2] == "LINESTRING (-180 0, -170 5)"
    assert found[3] == "MULTILINESTRING ((170 0, 180 5), (-180 5, -170 10))"
    points = pt.vect(["MULTIPOINT ((170 0), (180 1), (190 2))", "POINT EMPTY"], crs="EPSG:4326")
    assert sorted(points.rotate(180).crds().tolist()) == [[-170, 2], [170, 0], [180, 1]]
    assert sorted(points.rotate(180, left=False).crds().tolist()) == [[180, 1], [190, 2], [530, 0]]


def test_each_point_is_a_part_of_its_own():
    v = pt.vect(["MULTIPOINT ((1 2), (3 4))", "POINT (5 6)"])  # as terra 1.9
    assert v.geom().tolist() == [[0, 0, 1, 2, 0], [0, 1, 3, 4, 0], [1, 0, 5, 6, 0]]
    assert pt.vect(v.geom(), type="points").geom(wkt=True) == v.geom(wkt=True)


def test_vertices_are_brought_into_another_crs():
    v = pt.vect([[5, 50]], crs="EPSG:4326", atts={"n": [1]})
    there = v.project("EPSG:3035")
    assert there["n"].tolist() == [1]
    assert there.crds()[0].tolist() == pytest.approx([3963471, 2996471], abs=100_000)
    assert np.allclose(there.project(v).crds(), [[5, 50]])
    assert np.allclose(v.project(pt.rast(crs="EPSG:3035", xmin=0, xmax=9)).crds(), there.crds())
    with pytest.raises(ArgumentError, match="the vector must have a CRS"):
        pt.vect([[0, 0]]).project("EPSG:3035")
    with pytest.raises(ArgumentError, match="1 vertices cannot be transformed, the first at 0, 91"):
        pt.vect([[0, 91]], crs="EPSG:4326").project("EPSG:3857")
