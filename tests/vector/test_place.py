"""Coordinates changed by a rule; longitudes brought into range."""

from __future__ import annotations

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
    with pytest.raises(ArgumentError, match="direction: must be"):
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
