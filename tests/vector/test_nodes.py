"""Nodes taken away, added and moved, against terra 1.9 and by hand."""

import numpy as np
import pytest
import shapely

import pyterra as pt
from pyterra.errors import ArgumentError


def line(text, crs="EPSG:3035"):
    return pt.vect(text, crs=crs)


@pytest.mark.parametrize(
    ("text", "d", "expected"),
    [
        ("LINESTRING (0 0, 0.3 0, 1 0, 1.2 0, 3 0)", 0.5, "LINESTRING (0 0, 1 0, 3 0)"),
        ("LINESTRING (0 0, 0.3 0, 0.6 0, 0.9 0, 1 0)", 0.5, "LINESTRING (0 0, 1 0)"),
        ("LINESTRING (0 0, 0.5 0, 1 0)", 0.5, "LINESTRING (0 0, 1 0)"),
        ("LINESTRING (0 0, 5 0, 5.9 0.9, 5.9 0)", 1, "LINESTRING (0 0, 5.9 0)"),
        ("LINESTRING (0 0, 0.3 0)", 0.5, "LINESTRING (0 0, 0.3 0)"),
        ("MULTILINESTRING ((0 0, 0.2 0, 1 0), (5 5, 5.1 5))", 0.5, "MULTILINESTRING ((0 0, 1 0), (5 5, 5.1 5))"),
        (
            "POLYGON ((0 0, 0.2 0, 1 0, 1 1, 0.9 1, 0 1, 0 0.2, 0 0))", 0.5,
            "POLYGON ((0 0, 1 0, 1 1, 0 1, 0 0))",
        ),
        (
            "POLYGON ((0 0, 9 0, 9 9, 0 9, 0 0), (1 1, 1.2 1, 1.2 1.2, 1 1.2, 1 1))", 0.5,
            "POLYGON ((0 0, 9 0, 9 9, 0 9, 0 0), (1 1, 1.2 1, 1.2 1.2, 1 1.2, 1 1))",
        ),
    ],
)  # fmt: skip
def test_nodes_are_thinned_as_in_terra(text, d, expected):
    # terra 1.9-45: thinNodes(vect(text), d)
    assert line(text).thin_nodes(d, make_valid=False).geoms[0].wkt == expected
    assert line(text).thin_nodes(d).geoms[0].equals(shapely.from_wkt(expected))


def test_nodes_are_thinned_on_the_earth_as_in_terra():
    # terra 1.9-45: thinNodes(vect(..., crs = "EPSG:4326"), 150, "km")
    got = line("LINESTRING (0 0, 1 0, 2.8 0, 3 0)", "EPSG:4326").thin_nodes(150, "km")
    assert got.geoms[0].wkt == "LINESTRING (0 0, 3 0)"
    kept = line("LINESTRING (0 0, 1 0, 2.8 0, 3 0)", "EPSG:4326").thin_nodes(100, "km")
    assert kept.geoms[0].wkt == "LINESTRING (0 0, 1 0, 3 0)"


def test_thinned_polygons_are_made_valid():
    # terra 1.9-45: areas of thinNodes(p, 1); the ring crosses itself
    p = line("POLYGON ((0 0, 4 0, 4.2 0.3, 4 4, 2 4, 4.1 0.2, 0 4, 0 0))")
    assert not p.thin_nodes(1, make_valid=False).is_valid().all()
    got = p.thin_nodes(1)
    assert got.is_valid().all()
    assert shapely.get_num_geometries(got.geoms[0]) == 3


def test_nothing_comes_of_nothing():
    for v in (line("LINESTRING (0 0, 1 1)")[[]], line("LINESTRING EMPTY"), line("POLYGON EMPTY")):
        assert len(v.thin_nodes(1)) == len(v)
    both = line(["LINESTRING EMPTY", "LINESTRING (0 0, 1 0)"])
    assert both.thin_nodes(0.5).geom(wkt=True) == ["LINESTRING EMPTY", "LINESTRING (0 0, 1 0)"]
    assert both.elongate(1).geom(wkt=True) == ["LINESTRING EMPTY", "LINESTRING (-1 0, 2 0)"]


def test_lines_are_elongated_as_in_terra():
    # terra 1.9-45: elongate(v, 1)
    bent = pt.vect("LINESTRING (0 0, 1 0, 1 1)", atts={"a": [7]}).elongate(1)
    np.testing.assert_allclose(bent.crds(), [[-1, 0], [1, 0], [1, 2]], atol=1e-15)
    assert bent["a"].tolist() == [7]
    parts = pt.vect("MULTILINESTRING ((0 0, 1 0), (5 5, 6 5))").elongate(1)
    assert parts.geoms[0].wkt == "MULTILINESTRING ((-1 0, 2 0), (4 5, 7 5))"
    ring = pt.vect("LINESTRING (0 0, 1 0, 1 1, 0 0)").elongate(1).crds()
    np.testing.assert_allclose(ring[[0, -1]], [[-1, 0], [-0.7071067811865476, -0.7071067811865475]])


def test_lines_go_on_along_the_geodesic_as_in_terra():
    # terra 1.9-45: elongate(vect("LINESTRING (0 50, 1 51)", crs = "EPSG:4326"), 10000), and flat = TRUE
    v = line("LINESTRING (0 50, 1 51)", "EPSG:4326")
    expected = [[-0.0740951710181794, 49.92385356368597], [1.0775392249118791, 51.07543189395577]]
    np.testing.assert_allclose(v.elongate(10000).crds(), expected, rtol=0, atol=1e-9)
    assert line("LINESTRING (0 0, 1 0)", "EPSG:4326").elongate(1, flat=True).crds().tolist() == [
        [-1, 0],
        [2, 0],
    ]


def test_a_line_that_begins_with_a_repeated_node_is_elongated_along_its_first_step():
    got = pt.vect("LINESTRING (0 0, 0 0, 1 0, 1 0)").elongate(1)
    assert got.geoms[0].wkt == "LINESTRING (-1 0, 0 0, 1 0, 2 0)"
    two = pt.vect(["LINESTRING (3 3, 3 3)", "LINESTRING (0 0, 0 0, 1 0, 1 0)"]).elongate(1)
    assert two.geom(wkt=True) == ["LINESTRING (3 3, 3 3)", "LINESTRING (-1 0, 0 0, 1 0, 2 0)"]


def test_points_are_moved_within_the_distance():
    v = pt.vect(np.zeros((2000, 2)), atts={"n": range(2000)})
    far = np.hypot(*v.agitate(2, seed=1).crds().T)
    assert far.max() <= 2
    assert (far**2).mean() == pytest.approx(
        2, abs=0.1
    )  # by hand: uniform in a disc, half of the radius squared
    earth = pt.vect(np.tile([10.0, 60.0], (500, 1)), crs="EPSG:4326")
    metres = earth.agitate(1000, seed=1).distance(earth[[0]])[:, 0]
    assert 900 < metres.max() < 1005
    assert v.agitate(0).crds().tolist() == v.crds().tolist()
    assert v.agitate(1, seed=3).crds().tolist() == v.agitate(1, seed=3).crds().tolist()


SQUARES = ("POLYGON ((0 0, 1 0, 1 1, 0 1, 0 0))", "POLYGON ((1.05 0, 2 0, 2 1, 1.05 1, 1.05 0))")
POINTS = [[0, 0.5], [3, 3], [0.5, 0.5], [-1, 0]]


def test_points_are_moved_onto_geometries_as_in_terra():
    # terra 1.9-45: snapTo(t, q[1]), snapTo(t, q, paired = FALSE), snapTo(t[2:3], q), snapTo(t, l, paired = FALSE)
    t, q = pt.vect(POINTS, atts={"i": [1, 2, 3, 4]}), pt.vect(list(SQUARES))
    lines = pt.vect(["LINESTRING (0 0, 1 1)", "LINESTRING (1 1, 2 0)"])
    assert t.snap_to(q[[0]]).crds().tolist() == [[0, 0.5], [1, 1], [0.5, 0.5], [0, 0]]
    assert t.snap_to(q, paired=False).crds().tolist() == [[0, 0.5], [2, 1], [0.5, 0.5], [0, 0]]
    assert t[[1, 2]].snap_to(q).crds().tolist() == [[1, 1], [1.05, 0.5]]
    assert t.snap_to(lines, paired=False).crds().tolist() == [[0.25, 0.25], [1, 1], [0.5, 0.5], [0, 0]]
    assert t.snap_to(lines, paired=False)["i"].tolist() == [1, 2, 3, 4]


def test_points_on_the_earth_are_moved_onto_great_circles():
    # By hand: on the circle through (0, 50) and (10, 50) the middle is at atan(tan(50) / cos(5)); an end, where
    # nothing falls on the arc. Beyond the date line longitudes go on as those of the line.
    earth = "EPSG:4326"
    arc = pt.vect("LINESTRING (0 50, 10 50)", crs=earth)
    middle = np.degrees(np.arctan(np.tan(np.radians(50)) / np.cos(np.radians(5))))
    got = pt.vect([[5, 51], [-3, 50]], crs=earth).snap_to(arc)
    np.testing.assert_allclose(got.crds(), [[5, middle], [0, 50]], atol=1e-12)
    far = pt.vect("LINESTRING (179 -1, 179 1)", crs=earth)
    np.testing.assert_allclose(pt.vect([[-179, 0]], crs=earth).snap_to(far).crds(), [[179, 0]], atol=1e-12)


def test_places_of_a_multipoint_are_moved_one_by_one():
    got = pt.vect("MULTIPOINT (0 5, 2 3)").snap_to(pt.vect("LINESTRING (0 0, 4 0)"))
    assert got.geoms[0].wkt == "MULTIPOINT ((0 0), (2 0))"


def test_what_is_nowhere_stays():
    points = pt.vect(["POINT (1 1)", "POINT EMPTY"])
    assert points.snap_to(pt.vect("LINESTRING EMPTY")).geom(wkt=True) == ["POINT (1 1)", "POINT EMPTY"]
    assert len(points[[]].snap_to(pt.vect("LINESTRING (0 0, 1 1)"), paired=False)) == 0


def test_what_is_refused():
    points, lines = pt.vect([[0, 0], [1, 1], [2, 2]]), pt.vect(["LINESTRING (0 0, 1 1)"] * 2)
    with pytest.raises(ArgumentError, match="thin_nodes: geometries must be lines or polygons"):
        points.thin_nodes(1)
    with pytest.raises(ArgumentError, match="thin_nodes: d must be above 0, got -1"):
        lines.thin_nodes(-1)
    with pytest.raises(ArgumentError, match="elongate: geometries must be lines"):
        points.elongate()
    with pytest.raises(ArgumentError, match="elongate: length must be above 0, got 0"):
        lines.elongate(0)
    with pytest.raises(ArgumentError, match="agitate: geometries must be points"):
        lines.agitate(1)
    with pytest.raises(ArgumentError, match="agitate: maxdist must be 0 or more, got -1"):
        points.agitate(-1)
    with pytest.raises(ArgumentError, match="snap_to: y: geometries must be lines or polygons"):
        points.snap_to(points)
    with pytest.raises(ArgumentError, match="as many as x, got 2 for 3"):
        points.snap_to(lines)
