"""Distances between geometries, and the nearest ones."""

from __future__ import annotations

import numpy as np
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
    assert (a.nearest(b)["to_id"] == a.distance(b).argmin(axis=1)).all()
    alone = a.distance()
    np.fill_diagonal(alone, np.inf)
    assert (a.nearest()["to_id"] == alone.argmin(axis=1)).all()
    polygons = random_polygons(20, 3, 4)
    assert (a.nearest(polygons, centroids=False)["to_id"] == a.distance(polygons).argmin(axis=1)).all()


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
    with pytest.raises(ArgumentError, match='method "geo" is for single points'):
        p.distance(pt.vect("LINESTRING (0 0, 1 1)", crs=LONLAT), method="geo")
