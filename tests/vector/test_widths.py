"""How narrow geometries are and how far they reach, against terra 1.9 and by hand."""

import numpy as np
import pytest
import shapely

import pyterra as pt
from pyterra.errors import ArgumentError

TILTED = "POLYGON ((0 0, 4 3, 3.4 3.8, -0.6 0.8, 0 0))"
"""A rectangle of 5 x 1."""


def test_widths_are_those_of_terra_at_any_angle():
    # terra 1.9-45: width(q) gives 1.00 0.95 for the first two
    v = pt.vect(
        ["POLYGON ((0 0, 1 0, 1 1, 0 1, 0 0))", "POLYGON ((1.05 0, 2 0, 2 1, 1.05 1, 1.05 0))", TILTED]
    )
    np.testing.assert_allclose(v.width(), [1, 0.95, 1], rtol=1e-12)
    assert pt.vect("LINESTRING (0 0, 3 4)").width().tolist() == [0]
    assert np.isnan(pt.vect("POLYGON EMPTY").width()).all()


def test_the_width_of_a_triangle_is_its_least_height():
    assert pt.vect("POLYGON ((0 0, 4 0, 0 3, 0 0))").width()[0] == pytest.approx(12 / 5)


def test_the_strip_is_crossed_by_a_line():
    # terra 1.9-45: width(q, as.lines = TRUE) gives LINESTRING (0 0, 1 0) for the square
    v = pt.vect(["POLYGON ((0 0, 1 0, 1 1, 0 1, 0 0))", "POLYGON ((0 0, 4 0, 0 3, 0 0))", "POLYGON EMPTY"])
    across = v.width(as_lines=True)
    np.testing.assert_allclose(shapely.length(across.geoms), [1, 12 / 5, 0])
    # by hand: the height of the triangle on its longest side, from (0, 0)
    np.testing.assert_allclose(shapely.get_coordinates(across.geoms[1]), [[1.44, 1.92], [0, 0]], atol=1e-12)


def test_points_have_the_width_of_their_hull():
    # terra 1.9-45: width(vect(c("MULTIPOINT (1 1, 2 3, 4 4)", "MULTIPOINT (8 8, 7 3)"))) gives 0.7071068 0
    v = pt.vect(["MULTIPOINT ((1 1), (2 3), (4 4))", "MULTIPOINT ((8 8), (7 3))"])
    np.testing.assert_allclose(v.width(), [0.5**0.5, 0], atol=1e-12)
    assert pt.vect([[1, 2]]).width().tolist() == [0]


def test_widths_on_the_earth_are_in_metres():
    thin = pt.vect("POLYGON ((10 59.95, 11 59.95, 11 60.05, 10 60.05, 10 59.95))", crs="EPSG:4326")
    tall = pt.vect("POLYGON ((10 59.9, 10.1 59.9, 10.1 60.1, 10 60.1, 10 59.9))", crs="EPSG:4326")
    geod = thin.crs.get_geod()
    assert thin.width()[0] == pytest.approx(geod.inv(10, 59.95, 10, 60.05)[2], rel=0.01)
    assert tall.width()[0] == pytest.approx(geod.inv(10, 60.1, 10.1, 60.1)[2], rel=0.01)
    across = tall.width(as_lines=True)
    assert across.perim()[0] == pytest.approx(tall.width()[0], rel=1e-4)
    assert tall.ext.xmin - 1e-9 <= across.ext.xmin <= across.ext.xmax <= tall.ext.xmax + 1e-9
    assert tall.clearance()[0] == pytest.approx(tall.width()[0], rel=0.01)
    assert tall.clearance(as_lines=True).perim()[0] == pytest.approx(tall.clearance()[0], rel=1e-4)


def test_widths_are_those_of_the_same_shapes_in_metres():
    rng = np.random.default_rng(3)
    for lat in rng.uniform(-70, 70, 5):
        xy = np.column_stack([rng.uniform(20, 20.3, 8), lat + rng.uniform(-0.15, 0.15, 8)])
        v = pt.vect(shapely.convex_hull(shapely.multipoints(xy)), crs="EPSG:4326")
        flat = v.project(f"+proj=aeqd +lon_0=20.15 +lat_0={lat} +datum=WGS84")
        np.testing.assert_allclose(v.width(), flat.width(), rtol=1e-4)


def test_clearances_are_those_of_terra():
    # terra 1.9-45: clearance(q)
    v = pt.vect(["POLYGON ((0 0, 1 0, 1 1, 0 1, 0 0))", "POLYGON ((1.05 0, 2 0, 2 1, 1.05 1, 1.05 0))"])
    np.testing.assert_allclose(v.clearance(), [1, 0.95])
    lines = v.clearance(as_lines=True)
    np.testing.assert_allclose(shapely.length(lines.geoms), [1, 0.95])
    assert np.isnan(pt.vect("LINESTRING (1 1, 1 1)").clearance()).all()


def test_segments_are_counted_over_parts_and_rings():
    v = pt.vect(["POLYGON ((0 0, 9 0, 9 9, 0 9, 0 0), (1 1, 2 1, 2 2, 1 1))", "POLYGON EMPTY"])
    assert v.nseg().tolist() == [7, 0]
    assert pt.vect("MULTILINESTRING ((0 0, 1 1, 2 0), (5 5, 6 6))").nseg().tolist() == [3]


def test_farthest_places_are_those_of_terra():
    # terra 1.9-45: furdist(p[1:2], q), and with pairwise = TRUE
    p = pt.vect([[0, 0], [4, 1]], crs="EPSG:3035")
    q = pt.vect(
        ["POLYGON ((0 0, 1 0, 1 1, 0 1, 0 0))", "POLYGON ((1.05 0, 2 0, 2 1, 1.05 1, 1.05 0))"],
        crs="EPSG:3035",
    )
    np.testing.assert_allclose(p.furdist(q), [[1.414214, 2.236068], [4.123106, 3.114884]], atol=1e-6)
    np.testing.assert_allclose(p.furdist(q, pairwise=True), [1.414214, 3.114884], atol=1e-6)
    np.testing.assert_allclose(
        p.furdist(q[[0]], pairwise=True, unit="km"), [0.001414214, 0.004123106], atol=1e-9
    )


def test_farthest_places_on_the_earth_are_measured_along_great_circles():
    p, line = pt.vect([[0, 0]], crs="EPSG:4326"), pt.vect("LINESTRING (1 0, 90 0)", crs="EPSG:4326")
    assert p.furdist(line)[0, 0] == pytest.approx(np.pi / 2 * 6378137, rel=1e-9)


def test_heights_are_seen():
    assert not pt.vect([[1, 2]]).has_z()


def test_what_is_refused():
    points = pt.vect([[0, 0], [1, 1]])
    for verb in ("clearance", "nseg"):
        with pytest.raises(ArgumentError, match=f"^{verb}: geometries must be"):
            getattr(points, verb)()
    with pytest.raises(ArgumentError, match="furdist: geometries must be points"):
        pt.vect("LINESTRING (0 0, 1 1)").furdist(points)
    with pytest.raises(ArgumentError, match="as many geometries, got 2 and 3"):
        points.furdist(pt.vect([[0, 0], [1, 1], [2, 2]]), pairwise=True)


def test_the_farthest_place_on_the_earth_is_measured_along_geodesics():
    # terra 1.9-45: furdist(q, p, unit="km"), 784.0287
    square = pt.vect("POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0))", crs="EPSG:4326")
    found = pt.vect([[5, 5]], crs="EPSG:4326").furdist(square, unit="km")
    np.testing.assert_allclose(found, [[784.0287398]], rtol=1e-9)
