"""Coordinates of vertices; points, lines and polygons made into one another."""

from __future__ import annotations

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


def test_each_point_is_a_part_of_its_own():
    v = pt.vect(["MULTIPOINT ((1 2), (3 4))", "POINT (5 6)"])  # as terra 1.9
    assert v.geom().tolist() == [[0, 0, 1, 2, 0], [0, 1, 3, 4, 0], [1, 0, 5, 6, 0]]
    assert pt.vect(v.geom(), type="points").geom(wkt=True) == v.geom(wkt=True)
