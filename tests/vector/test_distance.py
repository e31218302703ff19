"""Distances between geometries, and the nearest ones."""

from __future__ import annotations

import itertools

import numpy as np
import pyproj
import pytest
import shapely

import pyterra as pt
from pyterra.errors import ArgumentError

LONLAT = "OGC:CRS84"


def random_polygons(count, size, seed):
    rng = np.random.default_rng(seed)
    centres = rng.uniform([-170, -75], [170, 75], (count, 2))
    angles = np.sort(rng.uniform(0, 2 * np.pi, (count, 9)), axis=1)
    reach = rng.uniform(0.3, 1, (count, 9)) * size
    xy = centres[:, None] + reach[..., None] * np.stack([np.cos(angles), np.sin(angles)], axis=2)
    return pt.vect(list(shapely.convex_hull(shapely.polygons(xy))), crs=LONLAT)


def test_distances_in_the_plane():
    a = pt.vect([[0, 0], [3, 4], [0, 9]], crs="EPSG:3035")
    assert a.distance().tolist() == [
        [0, 5, 9],
        [5, 0, pytest.approx(np.sqrt(34))],
        [9, pytest.approx(np.sqrt(34)), 0],
    ]
    assert a.distance(unit="km")[0, 1] == 0.005
    assert a.distance(a[0], pairwise=True).tolist() == [0, 5, 9]
    assert a.distance(sequential=True).tolist() == pytest.approx([0, 5, np.sqrt(34)])
    square = pt.vect(pt.ext(1, 2, -1, 1), crs="EPSG:3035")
    assert a.distance(square)[0].tolist() == [1]
    feet = pt.vect([[0, 0], [0, 3937]], crs="EPSG:2263")
    assert feet.distance()[0, 1] == pytest.approx(1200)
    with pytest.raises(ArgumentError, match="as many geometries in both, or one, got 3 and 2"):
        a.distance(a[:2], pairwise=True)


def test_distances_on_the_sphere():
    a = pt.vect([[0, 0], [1, 0], [179.5, 0]], crs=LONLAT)
    degree = np.pi / 180 * 6378137
    assert a.distance()[0, 1] == pytest.approx(degree)
    assert a.distance(pt.vect([[-179.5, 0]], crs=LONLAT))[2, 0] == pytest.approx(degree)
    box = pt.vect(pt.ext(2, 3, -1, 1), crs=LONLAT)
    assert a.distance(box)[:2, 0] == pytest.approx([2 * degree, degree])
    far = pt.vect(pt.ext(-179, -178, -1, 1), crs=LONLAT)
    assert a.distance(far)[2, 0] == pytest.approx(1.5 * degree)
    inside = pt.vect([[2.5, 0], [2.5, 0.999]], crs=LONLAT)
    assert inside.distance(box).tolist() == [[0], [0]]
    cross = pt.vect(["LINESTRING (-5 0, 5 0)", "LINESTRING (0 -5, 0 5)"], crs=LONLAT)
    assert cross.distance().tolist() == [[0, 0], [0, 0]]


def test_distances_to_lines_on_the_sphere_are_the_least_of_all_points():
    rng = np.random.default_rng(8)
    line = pt.vect("LINESTRING (0 40, 10 45, 20 41)", crs=LONLAT)
    points = pt.vect(rng.uniform([-5, 35], [25, 50], (30, 2)), crs=LONLAT)
    dense = pt.vect(line.densify(200).crds(), crs=LONLAT)
    expected = points.distance(dense).min(axis=1)
    # Corners are joined by great circles here and by geodesics there.
    assert np.allclose(points.distance(line)[:, 0], expected, rtol=1e-3, atol=150)


def test_the_nearest_is_found_with_its_place():
    a = pt.vect([[0, 0], [5, 5], [9, 9]], crs="EPSG:3035")
    found = a.nearest()
    assert found["to_id"].tolist() == [1, 2, 1]
    assert found.names == ["from_id", "from_x", "from_y", "to_id", "to_x", "to_y", "distance"]
    assert found["distance"].tolist() == pytest.approx([np.sqrt(50), np.sqrt(32), np.sqrt(32)])
    line = pt.vect("LINESTRING (0 2, 9 2)", crs="EPSG:3035")
    assert a.nearest(line)["to_y"].tolist() == [2, 2, 2]
    assert a.nearest(line, lines=True).geom(wkt=True)[0] == "LINESTRING (0 0, 0 2)"
    square = pt.vect(pt.ext(0, 2, 1, 3), crs="EPSG:3035")
    assert a.nearest(square)["distance"].iloc[0] == pytest.approx(np.sqrt(5))
    assert a.nearest(square, centroids=False)["distance"].iloc[0] == 1
    assert a.nearest(a[::-1], pairs=True)["to_id"].tolist() == [0, 1, 2]


def test_of_equally_near_ones_the_first_is_taken():
    a = pt.vect([[0, 0], [1, 0], [-1, 0], [0, 0]], crs="EPSG:3035")
    assert a.nearest()["to_id"].tolist() == [3, 0, 0, 0]
    there = pt.vect([[1, 0], [-1, 0]], crs="EPSG:3035")
    assert a[0].nearest(there)["to_id"].tolist() == [0]
    degrees = pt.vect([[0, 0], [1, 0], [-1, 0], [0, 0]], crs=LONLAT)
    assert degrees.nearest()["to_id"].tolist() == [3, 0, 0, 0]


def test_the_nearest_on_the_sphere_is_that_of_the_whole_matrix():
    rng = np.random.default_rng(3)
    a, b = (pt.vect(rng.uniform([-180, -90], [180, 90], (n, 2)), crs=LONLAT) for n in (200, 150))
    for method in ("haversine", "geo"):
        assert (a.nearest(b, method=method)["to_id"] == a.distance(b, method=method).argmin(axis=1)).all()
        alone = a.distance(method=method)
        np.fill_diagonal(alone, np.inf)
        assert (a.nearest(method=method)["to_id"] == alone.argmin(axis=1)).all()
    polygons = random_polygons(20, 3, 4)
    for method in ("haversine", "geo"):
        expected = a.distance(polygons, method=method).argmin(axis=1)
        assert (a.nearest(polygons, centroids=False, method=method)["to_id"] == expected).all()


def test_nearby_gives_pairs_or_the_nearest_few():
    a = pt.vect([[0, 0], [3, 4], [9, 9]], crs="EPSG:3035")
    assert a.nearby(distance=5).to_numpy().tolist() == [[0, 1]]
    assert a.nearby(distance=5, symmetrical=False).to_numpy().tolist() == [[0, 1], [1, 0]]
    assert a.nearby(k=2).to_numpy().tolist() == [[0, 1, 2], [1, 0, 2], [2, 1, 0]]
    degrees = pt.vect([[0, 0], [1, 0], [9, 9]], crs=LONLAT)
    assert degrees.nearby(distance=112_000).to_numpy().tolist() == [[0, 1]]
    with pytest.raises(ArgumentError, match="k must be at least 1"):
        a.nearby(k=0)


def test_geodesics_between_points_are_those_of_terra():
    # terra 1.9-45: distance(p, method = "geo"); distance(p, q, method = "geo", unit = "km")
    p = pt.vect([[10, 50], [175, -20]], crs=LONLAT)
    assert p.distance(method="geo")[0, 1] == pytest.approx(16423147.513574, rel=1e-13)
    assert p.distance(method="geo", sequential=True).tolist() == [0, p.distance(method="geo")[0, 1]]
    q = pt.vect([[-170, 60]], crs=LONLAT)
    expected = [7809.0115974508, 8970.5571180093]
    np.testing.assert_allclose(p.distance(q, method="geo", unit="km")[:, 0], expected, rtol=1e-12)
    np.testing.assert_allclose(p.distance(q, method="geo", unit="km", pairwise=True), expected, rtol=1e-12)


def walked(place: np.ndarray, line: np.ndarray) -> float:
    """Length of the shortest geodesic to places along the geodesics between vertices, ever closer to each other."""
    geod, best, n = pyproj.Geod(ellps="WGS84"), np.inf, 2001
    for a, b in itertools.pairwise(line):
        azimuth, _, length = geod.inv(*a, *b)
        low, high = 0.0, length
        for _ in range(4):
            at = np.linspace(low, high, n)
            lon, lat, _ = geod.fwd(np.full(n, a[0]), np.full(n, a[1]), np.full(n, azimuth), at)
            far = geod.inv(lon, lat, np.full(n, place[0]), np.full(n, place[1]))[2]
            best, step = min(best, far.min()), at[1] - at[0]
            low, high = max(0.0, at[far.argmin()] - step), min(length, at[far.argmin()] + step)
    return best


@pytest.mark.parametrize("span", [0.01, 1, 20, 120])
def test_geodesics_to_lines_are_the_shortest_of_all(span):
    rng = np.random.default_rng(int(span))
    for _ in range(5):
        xy = rng.uniform(-60, 60, 2) + rng.uniform(-span, span, (4, 2)) * [1, 0.4]
        xy = np.clip(xy, [-180, -85], [180, 85])
        point, line = pt.vect([xy[0].tolist()], crs=LONLAT), pt.vect(shapely.LineString(xy[1:]), crs=LONLAT)
        expected = walked(xy[0], xy[1:])
        assert point.distance(line, method="geo")[0, 0] == pytest.approx(expected, abs=1e-6)
        assert line.distance(point, method="geo", pairwise=True)[0] == pytest.approx(expected, abs=1e-6)
        found = line.nearest(point).values().iloc[0]
        assert found["distance"] == pytest.approx(expected, abs=1e-6)
        ends = found[["from_x", "from_y", "to_x", "to_y"]].astype(float)
        assert pyproj.Geod(ellps="WGS84").inv(*ends)[2] == pytest.approx(expected, abs=1e-3)


def test_geodesics_of_terra_to_lines_and_polygons():
    # terra 1.9-45: distance(p, x, method = "geo"), where what is nearest is a vertex
    p = pt.vect([[0, 0], [-70, 20]], crs=LONLAT)
    lines = pt.vect(["LINESTRING (20 10, 60 60)", "LINESTRING (-20 10, -30 20, -10 60)"], crs=LONLAT)
    polygons = pt.vect("POLYGON ((30 -20, 50 -20, 50 -10, 30 -20))", crs=LONLAT)
    expected = [[2475724.5, 2475724.5], [9640990.0, 4175498.3]]
    np.testing.assert_allclose(p.distance(lines, method="geo"), expected, atol=0.05)
    assert p[:1].distance(polygons, method="geo")[0, 0] == pytest.approx(3947808.0, abs=0.05)
    # the same with use_nodes = TRUE, of a place that is nearer to an edge
    q = pt.vect([[10, 50]], crs=LONLAT)
    for method, expected in (("geo", [3295031.4, 1684220.2]), ("haversine", [3288504.6, 1682081.9])):
        np.testing.assert_allclose(q.distance(lines, method=method, use_nodes=True)[0], expected, atol=0.05)
        assert (q.distance(lines, method=method)[0] < np.array(expected) - 1000).all()
    assert np.isnan(p.distance(pt.vect("LINESTRING EMPTY", crs=LONLAT), method="geo")).all()


@pytest.mark.parametrize("method", ["haversine", "geo"])
def test_lines_that_cross_on_the_earth_alone_are_at_no_distance(method):
    # the great circle from (0, 40) to (80, 40) passes (40, 47.6)
    a = pt.vect("LINESTRING (0 40, 80 40)", crs=LONLAT)
    b = pt.vect(
        ["LINESTRING (40 45, 40 60)", "LINESTRING (40 48, 40 60)", "LINESTRING (220 -45, 220 -60)"],
        crs=LONLAT,
    )
    found = a.distance(b, method=method)[0]
    assert found[0] == 0
    assert (found[1:] > 10_000).all()


def test_the_nearest_by_geodesics_may_be_another():
    # on the sphere the second is nearer, on the ellipsoid the first
    a = pt.vect([[0, 0]], crs=LONLAT)
    b = pt.vect([[0, 10.03], [10, 0]], crs=LONLAT)
    assert a.nearest(b)["to_id"].tolist() == [0]
    assert a.nearest(b, method="haversine")["to_id"].tolist() == [1]
    assert a.nearby(b)["k1"].tolist() == [0]
    assert a.nearby(b, method="cosine")["k1"].tolist() == [1]
    both = pt.vect([[0, 0], [0, 10.03], [10, 0]], crs=LONLAT)
    assert both.nearest()["to_id"].tolist()[0] == 1


def test_what_goes_on_beyond_the_date_line_is_met_there():
    box = pt.vect("POLYGON ((170 10, 190 10, 190 20, 170 20, 170 10))", crs="OGC:CRS84")
    inside = pt.vect([[-179, 12], [179, 12]], crs="OGC:CRS84")
    assert inside.distance(box).ravel().tolist() == [0, 0]
    assert box.distance(inside).ravel().tolist() == [0, 0]
