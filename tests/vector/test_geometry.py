"""Forms and parts of geometries."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

import pyterra as pt
from pyterra.errors import ArgumentError

RING = "POLYGON ((0 0, 9 0, 9 9, 0 9, 0 0), (1 1, 2 1, 2 2, 1 1))"
TWO = "MULTIPOLYGON (((20 0, 22 0, 22 2, 20 0)), ((30 0, 39 0, 39 9, 30 9, 30 0), (31 1, 32 1, 32 2, 31 1)))"


@pytest.fixture
def v():
    return pt.vect([RING, TWO], atts={"n": [1, 2]})


def test_parts_become_geometries(v):
    parts = v.disagg()
    assert parts["n"].tolist() == [1, 2, 2]
    segments = v.disagg(segments=True)
    assert segments["n"].tolist() == [1] * 4 + [2] * 7
    assert segments.geom(wkt=True)[0] == "LINESTRING (0 0, 9 0)"


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
    with pytest.raises(ArgumentError, match="type: must be one of convex"):
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
    assert line.simplify_geom(1).densify(2.5).crds()[:, 0].tolist() == [0, 2.5, 5, 7.5, 10]
    # terra 1.9-45: densify(vect("LINESTRING (0 0, 10 0)"), d, equalize) for d of 3, 3.34 and 2.9; nodes keep the distance
    straight = pt.vect("LINESTRING (0 0, 10 0)")
    assert straight.densify(3).crds()[:, 0].round(3).tolist() == [0, 3.333, 6.667, 10]
    assert straight.densify(3.34).crds()[:, 0].tolist() == [0, 5, 10]
    assert straight.densify(2.9, equalize=False).crds()[:, 0].tolist() == [0, 2.9, 5.8, 10]
    # terra 1.9-45: 6, 4, 3 and 2 nodes on a degree of the equator
    degree = pt.vect("LINESTRING (0 0, 1 0)", crs="EPSG:4326")
    assert [len(degree.densify(d).crds()) for d in (20_000, 30_000, 40_000, 60_000)] == [6, 4, 3, 2]
    assert line.densify(4)["n"].tolist() == [1]
    with pytest.raises(ArgumentError, match="interval must be above 0"):
        line.densify(0)


def test_centroids_that_lie_outside_may_be_corrected():
    # terra 1.9-45: centroids(p, correct = TRUE) and with inside = TRUE leave the first as it is; the second by hand
    v = pt.vect(["POLYGON ((0 0, 2 0, 2 2, 0 2, 0 0))", "POLYGON ((0 0, 9 0, 9 1, 1 1, 1 9, 0 9, 0 0))"])
    plain = v.centroids().crds()
    moved = v.centroids(correct=True).crds()
    assert moved[0].tolist() == plain[0].tolist() == [1, 1]
    assert not v.geoms[1].intersects(v.centroids().geoms[1])
    assert sorted(np.abs(moved[1] - plain[1])) == pytest.approx([0, plain[1].min() - 1])
    inside = v.centroids(inside=True, correct=True)
    assert inside.crds()[0].tolist() == [1, 1]
    assert v.geoms[1].contains(inside.geoms[1])


def test_hulls_of_what_lies_on_a_line():
    """As terra 1.9; groups of such are empty."""
    two = pt.vect([[0, 0], [2, 1]], atts={"g": ["a", "b"]})
    assert two.hull().geom(wkt=True) == ["LINESTRING (0 0, 2 1)"]
    assert two.hull("rectangle").geom(wkt=True) == ["LINESTRING (0 0, 2 1)"]
    assert two[0].hull().geomtype() == "points"
    assert two.hull("circle").geomtype() == "polygons"
    assert two.hull(by="g").is_na().tolist() == [True, True]
    many = pt.vect([[0, 0], [4, 0], [2, 1], [2, 5]])
    assert many.hull("concave", param=0.2).geom(wkt=True) == many.hull("concave_ratio", param=0.2).geom(
        wkt=True
    )


@pytest.mark.parametrize(
    ("along", "records", "areas"),
    [
        (["LINESTRING (-1 5, 40 5)"], [1, 1, 2, 2], [50, 50, 50, 50]),
        (["LINESTRING (5 -1, 5 7)", "LINESTRING (5 7, 12 7)"], [1, 1, 2], [65, 35, 100]),
        (["POLYGON ((5 5, 25 5, 25 20, 5 20, 5 5))"], [1, 1, 2, 2], [75, 25, 75, 25]),
        (["LINESTRING (2 2, 4 4)"], [1, 2], [100, 100]),
        (["LINESTRING (50 0, 50 9)"], [1, 2], [100, 100]),
    ],
)
def test_polygons_cut_along_others(along, records, areas):
    """The parts of terra 1.9, `split(v, f)`."""
    v = pt.vect(
        [f"POLYGON (({x} 0, {x + 10} 0, {x + 10} 10, {x} 10, {x} 0))" for x in (0, 20)], atts={"a": [1, 2]}
    )
    found = v.split(pt.vect(along))
    assert found["a"].tolist() == records
    np.testing.assert_allclose(shapely.area(found.geoms), areas)


def test_cuts_that_meet_borders_at_any_place():
    shape = "POLYGON ((0.2 0.3, 3.4 0.1, 3.1 3.7, 0.6 3.2, 0.2 0.3))"
    across = pt.vect("POLYGON ((1.5 1.1, 5.2 0.9, 5.5 4.4, 1.7 4.2, 1.5 1.1))").as_lines()
    found = pt.vect(shape).split(across)
    assert len(found) == 2
    np.testing.assert_allclose(shapely.area(found.geoms).sum(), shapely.from_wkt(shape).area)


def test_lines_cut_holes_kept_and_points_refused():
    lines = pt.vect("LINESTRING (-1 5, 5 5)").split(pt.vect("POLYGON ((0 0, 9 0, 9 9, 0 9, 0 0))"))
    assert lines.geom(wkt=True) == ["LINESTRING (-1 5, 0 5)", "LINESTRING (0 5, 5 5)"]
    holed = pt.vect("POLYGON ((0 0, 6 0, 6 6, 0 6, 0 0), (2 2, 4 2, 4 4, 2 4, 2 2))")
    assert shapely.area(holed.split(pt.vect("LINESTRING (-1 3, 7 3)")).geoms).tolist() == [16, 16]
    with pytest.raises(ArgumentError, match="split: f"):
        holed.split(pt.vect([[1, 1]]))
    earth = pt.vect("POLYGON ((0 40, 20 40, 20 50, 0 50, 0 40))", crs="EPSG:4326")
    parts = earth.split(pt.vect("LINESTRING (-1 45, 21 45)", crs="EPSG:4326"))
    assert len(parts) == 2
    assert parts.geoms[0].union(parts.geoms[1]).bounds[3] > 50
