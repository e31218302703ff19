"""Buffers: in the plane, on the ground, across 180 degrees, around a pole."""

from __future__ import annotations

import numpy as np
import pyproj
import pytest
import shapely

import pyterra as pt
from pyterra.errors import ArgumentError, ColumnError

GEOD = pyproj.Geod(ellps="WGS84")
EARTH = 510065621724088.4  # square metres of the ellipsoid


def lonlat(*wkt, **more):
    return pt.vect(list(wkt), crs="OGC:CRS84", **more)


def rim_distances(shape, inner):
    """Geodesic distances of corners of a shape to a line drawn with many points."""
    corners = shapely.get_coordinates(shape)
    corners = corners[:: len(corners) // 60 + 1]
    points = shapely.get_coordinates(shapely.segmentize(inner, 0.001))
    a, b = np.repeat(corners, len(points), axis=0), np.tile(points, (len(corners), 1))
    return GEOD.inv(a[:, 0], a[:, 1], b[:, 0], b[:, 1])[2].reshape(len(corners), -1).min(axis=1)


def test_a_square_grows_and_shrinks():
    square = pt.vect("POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0))")
    assert square.buffer(1, joinstyle="mitre").ext == pt.ext(-1, 5, -1, 5)
    assert shapely.area(square.buffer(-1).geoms)[0] == 4
    assert square.buffer(-3).is_na().tolist() == [True]
    assert shapely.area(square.buffer(1, joinstyle="mitre").geoms)[0] == 36
    assert shapely.area(square.buffer(1, joinstyle="bevel").geoms)[0] == 16 + 16 + 2


def test_caps_of_lines():
    line = pt.vect("LINESTRING (0 0, 4 0)")
    areas = [shapely.area(line.buffer(1, 1, capstyle=c).geoms)[0] for c in ("flat", "square", "round")]
    assert np.allclose(areas, [8, 12, 10])


def test_widths_are_per_geometry_or_an_attribute():
    v = pt.vect([[0, 0], [9, 0], [18, 0]], atts={"w": [1.0, 2.0, 3.0]})
    assert np.allclose(shapely.bounds(v.buffer([1, 2]).geoms)[:, 3], [1, 2, 1])
    assert np.allclose(shapely.bounds(v.buffer("w").geoms)[:, 3], [1, 2, 3])


def test_widths_that_are_none_are_refused():
    v = pt.vect([[0, 0]], atts={"width": [1.0]})
    with pytest.raises(ColumnError, match="did you mean 'width'"):
        v.buffer("widht")
    with pytest.raises(ArgumentError, match="at most one per geometry"):
        v.buffer([1, 2])
    with pytest.raises(ArgumentError, match="finite numbers"):
        v.buffer(np.nan)
    with pytest.raises(ArgumentError, match="capstyle: must be"):
        v.buffer(1, capstyle="pointed")


@pytest.mark.parametrize("width", [10.0, 50_000.0, 2_000_000.0])
def test_a_point_on_the_earth_has_a_circle_of_metres(width):
    circle = lonlat("POINT (10 50)").buffer(width)
    assert len(shapely.get_coordinates(circle.geoms)) == 41
    assert np.allclose(rim_distances(circle.geoms[0], shapely.Point(10, 50)), width, rtol=1e-9)


@pytest.mark.parametrize(
    "wkt",
    [
        "LINESTRING (10 60, 10.5 60, 10.6 60.4)",
        "LINESTRING (10 60, 14 61, 15 58)",
        "POLYGON ((10 60, 10.3 60, 10.2 60.2, 10 60))",
        "POLYGON ((10 60, 14 60, 13 63, 10 60), (11 60.5, 13 60.5, 12.5 61.5, 11 60.5))",
    ],
    ids=["line", "long line", "polygon", "large polygon with a hole"],
)
@pytest.mark.parametrize("width", [5_000.0, 15_000.0])
def test_the_rim_is_as_far_from_the_geometry_as_asked(wkt, width):
    v = lonlat(wkt)
    rim = shapely.boundary(v.buffer(width, 20).geoms[0])
    inner = v.geoms[0] if v.is_lines() else shapely.boundary(v.geoms[0])
    found = rim_distances(rim, inner)
    # Where pieces of a large geometry meet, their sides cross a little inside.
    assert found.max() <= width * 1.0005
    assert found.min() >= width * 0.995


def test_a_polygon_on_the_earth_shrinks():
    v = lonlat("POLYGON ((10 60, 14 60, 13 63, 10 60))", "POLYGON ((10 60, 10.3 60, 10.2 60.2, 10 60))")
    for shape, before in zip(v.buffer(-2000).geoms, v.geoms, strict=True):
        assert shapely.within(shape, before)
        assert np.allclose(rim_distances(shapely.boundary(shape), shapely.boundary(before)), 2000, rtol=2e-3)


def test_a_circle_across_180_degrees_is_cut_there():
    for lon in (179.9, -179.9, 180):
        circle = lonlat(f"POINT ({lon} 10)").buffer(50_000)
        assert circle.geoms[0].geom_type == "MultiPolygon"
        assert circle.is_valid().all()
        assert (circle.ext.xmin, circle.ext.xmax) == (-180, 180)
        assert circle.expanse()[0] == pytest.approx(
            lonlat("POINT (0 10)").buffer(50_000).expanse()[0], rel=1e-3
        )


def test_a_polygon_across_180_degrees_grows_on_both_sides():
    both = lonlat(
        "MULTIPOLYGON (((179 0, 180 0, 180 1, 179 1, 179 0)), ((-180 0, -179 0, -179 1, -180 1, -180 0)))"
    )
    grown = both.buffer(10_000)
    here = lonlat("POLYGON ((-1 0, 1 0, 1 1, -1 1, -1 0))").buffer(10_000)
    assert (grown.ext.xmin, grown.ext.xmax) == (-180, 180)
    assert grown.expanse()[0] == pytest.approx(here.expanse()[0], rel=2e-3)


def test_a_circle_around_a_pole_holds_the_pole():
    cap = lonlat("POINT (40 89)").buffer(500_000)
    assert list(cap.ext)[:2] == [-180, 180]
    assert cap.ext.ymax == 90
    assert cap.is_valid().all()
    assert shapely.contains_xy(cap.geoms[0], [0, 100, -150], [89.9, 89, 88]).all()
    south = lonlat("POINT (-100 -90)").buffer(100_000)
    assert south.ext.ymin == -90
    assert south.ext.ymax == pytest.approx(-89.1, abs=0.01)


def test_longitudes_that_go_beyond_180_stay_so():
    assert lonlat("POINT (190 0)").buffer(10_000).ext.xmin == pytest.approx(189.91, abs=0.01)


def test_no_geometries_have_no_buffers():
    assert len(pt.vect().buffer(1)) == 0
    assert len(lonlat("POINT (1 1)")[:0].buffer(1)) == 0


def share_of_earth(width):
    """Part of the sphere that lies within a distance of a point."""
    return (1 - np.cos(width / 6371007.2)) / 2


@pytest.mark.parametrize("width", [9.9e6, 1.005e7, 1.2e7, 1.5e7, 1.9e7, 1.99e7])
@pytest.mark.parametrize("place", [[0, 0], [170, 0], [20, 30], [-100, 60], [12, 90], [33, -45.5]])
def test_a_buffer_wider_than_a_quarter_of_the_earth_is_all_within(place, width):
    made = pt.vect([place], crs="EPSG:4326").buffer(width, quadsegs=60)
    assert made.is_valid().all()
    assert made.expanse()[0] / EARTH == pytest.approx(share_of_earth(width), abs=1e-3)
    lon, lat = (v.ravel() for v in np.meshgrid(np.arange(-175.5, 180, 15), np.arange(-82.5, 90, 15)))
    far = GEOD.inv(*(np.full(lon.size, v) for v in place), lon, lat)[2]
    sure = np.abs(far - width) > 0.003 * width
    assert (shapely.contains_xy(made.geoms[0], lon, lat) == (far < width))[sure].all()


@pytest.mark.parametrize("width", [2.1e7, 4e7])
def test_a_buffer_wider_than_half_the_earth_is_the_earth(width):
    shapes = [
        "POINT (20 30)",
        "LINESTRING (0 0, 5 3, 20 40)",
        "POLYGON ((10 20, 25 20, 25 40, 10 40, 10 20))",
    ]
    for shape in shapes:
        made = pt.vect(shape, crs="EPSG:4326").buffer(width)
        assert list(made.ext) == [-180, 180, -90, 90]
        assert made.expanse()[0] == pytest.approx(EARTH, rel=1e-9)


@pytest.mark.parametrize("width", [8e6, 1.05e7, 1.5e7, 1.9e7])
@pytest.mark.parametrize(
    "shape",
    [
        "LINESTRING (0 0, 5 3, 20 40)",
        "POLYGON ((10 20, 25 20, 25 40, 10 40, 10 20))",
        "MULTIPOINT ((0 0), (120 10), (-100 -60))",
        "LINESTRING (175 10, 180 11)",
    ],
)
def test_wide_buffers_of_large_shapes_hold_what_is_within(shape, width):
    made = pt.vect(shape, crs="EPSG:4326").buffer(width)
    assert made.is_valid().all()
    lon, lat = (v.ravel() for v in np.meshgrid(np.arange(-175.5, 180, 12), np.arange(-84.5, 90, 12)))
    given = shapely.from_wkt(shape)
    along = shapely.get_coordinates(shapely.segmentize(given, 0.5))
    far = np.min([GEOD.inv(*(np.full(lon.size, v) for v in p), lon, lat)[2] for p in along], axis=0)
    far[shapely.contains_xy(given, lon, lat)] = 0
    sure = np.abs(far - width) > 0.006 * width
    assert (shapely.contains_xy(made.geoms[0], lon, lat) == (far < width))[sure].all()
