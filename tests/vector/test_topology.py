"""How geometries fit together, against terra 1.9 and by hand."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError, CRSMismatchError

PAIR = ("POLYGON ((0 0, 1 0, 1 1, 0 1, 0 0))", "POLYGON ((1.05 0, 2 0, 2 1, 1.05 1, 1.05 0))")


def pair():
    return pt.vect(list(PAIR), atts={"a": [1, 2]})


def texts(v):
    return [g.normalize().wkt for g in v.geoms]


def same(v, *wkt):
    return texts(v) == texts(pt.vect(list(wkt)))


def test_nodes_are_moved_to_those_of_the_others_as_in_terra():
    # terra 1.9-45: snap(q, tolerance = .1)
    got = pair().snap(tolerance=0.1)
    assert same(got, "POLYGON ((0 0, 1.05 0, 1.05 1, 0 1, 0 0))", PAIR[1])
    assert got.values()["a"].tolist() == [1, 2]
    assert same(pair().snap(tolerance=0.01), *PAIR)
    assert same(pair()[[0]].snap(pair()[[1]], tolerance=0.1), "POLYGON ((0 0, 1.05 0, 1.05 1, 0 1, 0 0))")


def test_shared_edges_are_those_of_terra():
    # terra 1.9-45: sharedPaths(snap(q, tolerance = .1)); it counts from 1
    got = pair().snap(tolerance=0.1).shared_paths()
    assert same(got, "LINESTRING (1.05 0, 1.05 1)")
    assert got.values().to_numpy().tolist() == [[0, 1]]
    assert len(pair().shared_paths()) == 0
    with_line = pair().shared_paths(pt.vect(["LINESTRING (5 5, 6 6)", "LINESTRING (0 -1, 0 0.5)"]))
    assert same(with_line, "LINESTRING (0 0, 0 0.5)")
    assert with_line.values().to_numpy().tolist() == [[0, 1]]


def test_edges_that_meet_at_a_point_alone_share_nothing():
    assert len(pt.vect(["LINESTRING (0 0, 1 1)", "LINESTRING (0 1, 1 0)"]).shared_paths()) == 0


def test_gaps_are_those_of_terra():
    # terra 1.9-45: gaps(g)
    around = pt.vect([
        "POLYGON ((0 0, 3 0, 3 1, 0 1, 0 0))", "POLYGON ((0 1, 1 1, 1 2, 0 2, 0 1))",
        "POLYGON ((2 1, 3 1, 3 2, 2 2, 2 1))", "POLYGON ((0 2, 3 2, 3 3, 0 3, 0 2))",
    ])  # fmt: skip
    assert same(around.gaps(), "POLYGON ((1 1, 2 1, 2 2, 1 2, 1 1))")
    assert len(pair().gaps()) == 0


def test_lines_of_several_parts_are_merged():
    got = pt.vect(
        ["MULTILINESTRING ((0 0, 1 1), (2 0, 1 1))", "LINESTRING (5 5, 6 6)"], atts={"k": [1, 2]}
    ).merge_lines()
    assert same(got, "LINESTRING (0 0, 1 1, 2 0)", "LINESTRING (5 5, 6 6)")
    assert got.values()["k"].tolist() == [1, 2]


def test_a_line_gets_nodes_where_it_crosses_itself():
    got = pt.vect("LINESTRING (0 0, 2 2, 2 0, 0 2)").make_nodes()
    assert same(got, "MULTILINESTRING ((0 0, 1 1), (1 1, 2 2, 2 0, 1 1), (1 1, 0 2))")


def test_repeated_nodes_go_as_in_terra():
    # terra 1.9-45: removeDupNodes(d), removeDupNodes(d, 1)
    d = pt.vect("POLYGON ((0 0, 1 0, 1 0, 1.04 1.02, 0 1, 0 0))")
    assert same(d.remove_dup_nodes(), "POLYGON ((0 0, 1 0, 1.04 1.02, 0 1, 0 0))")
    assert same(d.remove_dup_nodes(1), PAIR[0])


def test_outlines_run_counterclockwise_and_holes_clockwise():
    got = pt.vect("POLYGON ((0 0, 0 9, 9 9, 9 0, 0 0), (1 1, 2 1, 2 2, 1 1))").force_ccw().geoms[0]
    assert got.exterior.is_ccw
    assert not got.interiors[0].is_ccw


def test_geometries_keep_a_distance_as_in_terra():
    # terra 1.9-45: thin(t, 1)
    t = pt.vect(
        np.array([[0, 0], [0.5, 0], [2, 0], [2.1, 0], [9, 0]]), crs="EPSG:3035", atts={"i": range(1, 6)}
    )
    assert t.thin(1).values()["i"].tolist() == [1, 3, 5]
    assert t.thin(0.001, "km").values()["i"].tolist() == [1, 3, 5]
    assert len(t[[]].thin(1)) == 0


def test_points_snap_to_others_that_are_near():
    # terra 1.9-45: snap(v, tolerance = 1) and snap(v, y, tolerance = 1)
    v = pt.vect([[0, 0], [0.6, 0], [5, 5]], atts={"n": [1, 2, 3]})
    snapped = v.snap(tolerance=1)
    assert snapped.crds().tolist() == [[0.6, 0], [0.6, 0], [5, 5]]
    assert snapped["n"].tolist() == [1, 2, 3]
    to = pt.vect([[5.5, 5], [0.1, 0]])
    assert v.snap(to, tolerance=1).crds().tolist() == [[0.1, 0], [0.1, 0], [5.5, 5]]


def test_only_rings_are_turned():
    lines = pt.vect("LINESTRING (0 0, 1 1)", atts={"n": [1]})
    assert lines.force_ccw().geom(wkt=True) == lines.geom(wkt=True)
    assert pt.vect([[1, 2]]).force_ccw().crds().tolist() == [[1, 2]]


def test_empty_geometries_are_found():
    assert pt.vect(["POINT (0 0)", "POINT EMPTY", "POINT EMPTY"]).empty_geoms().tolist() == [1, 2]


def test_what_is_refused():
    points = pt.vect([[0, 0]])
    for verb in ("merge_lines", "make_nodes", "shared_paths", "gaps"):
        with pytest.raises(ArgumentError, match=f"^{verb}: geometries must be"):
            getattr(points, verb)()
    with pytest.raises(ArgumentError, match="tolerance must be above 0"):
        pair().snap(tolerance=0)
    with pytest.raises(ArgumentError, match="d must be above 0"):
        points.thin(0)
    with pytest.raises(CRSMismatchError):
        pt.vect(PAIR[0], crs="EPSG:3035").snap(pt.vect(PAIR[1], crs="EPSG:4326"), tolerance=1)
