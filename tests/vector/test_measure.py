"""Areas, lengths, distances, relations and neighbours."""

from __future__ import annotations

import numpy as np
import pyproj
import pytest
import shapely

import pyterra as pt
from pyterra.errors import ArgumentError, PyterraWarning

GEOD = pyproj.Geod(ellps="WGS84")
LONLAT = "OGC:CRS84"


def random_polygons(count, size, seed):
    rng = np.random.default_rng(seed)
    centres = rng.uniform([-170, -75], [170, 75], (count, 2))
    angles = np.sort(rng.uniform(0, 2 * np.pi, (count, 9)), axis=1)
    reach = rng.uniform(0.3, 1, (count, 9)) * size
    xy = centres[:, None] + reach[..., None] * np.stack([np.cos(angles), np.sin(angles)], axis=2)
    return pt.vect(list(shapely.convex_hull(shapely.polygons(xy))), crs=LONLAT)


@pytest.mark.parametrize("size", [0.01, 1.0, 12.0])
def test_areas_and_lengths_are_those_of_geographiclib(size):
    v = random_polygons(40, size, 5)
    expected = np.array([GEOD.geometry_area_perimeter(shape) for shape in v.geoms])
    assert np.allclose(v.expanse(), np.abs(expected[:, 0]), rtol=1e-9, atol=1e-4)
    assert np.allclose(v.perim(), expected[:, 1], rtol=1e-12)
    assert np.allclose(v.as_lines().perim(), expected[:, 1], rtol=1e-12)


def test_holes_are_taken_from_the_area_and_added_to_the_rim():
    ring = pt.vect("POLYGON ((0 0, 3 0, 3 3, 0 3, 0 0), (1 1, 2 1, 2 2, 1 2, 1 1))", crs=LONLAT)
    outer, hole = pt.vect(pt.ext(0, 3, 0, 3), crs=LONLAT), pt.vect(pt.ext(1, 2, 1, 2), crs=LONLAT)
    assert ring.expanse()[0] == pytest.approx(outer.expanse()[0] - hole.expanse()[0], rel=1e-12)
    assert ring.perim()[0] == pytest.approx(outer.perim()[0] + hole.perim()[0], rel=1e-12)


def test_a_cap_around_a_pole_has_its_area():
    cap = pt.vect("POLYGON ((0 60, 90 60, 180 60, -90 60, 0 60))", crs=LONLAT)
    expected = abs(GEOD.polygon_area_perimeter([0, 90, 180, -90], [60] * 4)[0])
    assert cap.expanse()[0] == pytest.approx(expected, rel=1e-12)


def test_planar_areas_are_brought_to_the_ground():
    v = pt.vect(pt.ext(980000, 981000, 200000, 201000), crs="EPSG:2263")
    assert v.expanse()[0] == pytest.approx(92903.86, abs=0.01)
    assert v.expanse("ha", transform=False)[0] == pytest.approx((1000 * 1200 / 3937) ** 2 / 1e4)
    assert v.perim()[0] == pytest.approx(1219.2024)
    assert pt.vect([[0, 0]], crs="EPSG:3035").expanse().tolist() == [0]
    with pytest.warns(PyterraWarning, match="expanse: the CRS is not known"):
        assert pt.vect(pt.ext(0, 2, 0, 2)).expanse().tolist() == [4]
    with pytest.raises(ArgumentError, match="unit must be one of m, km, ha"):
        v.expanse("acres")


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


# Relations


@pytest.fixture
def squares():
    return pt.vect(
        [pt.vect(pt.ext(x, x + 2, y, y + 2)).geoms[0] for x, y in ((0, 0), (2, 0), (4, 2), (9, 9))]
    )


def test_relations_by_name_and_by_pattern(squares):
    points = pt.vect([[1, 1], [2, 1], [50, 50]])
    assert squares.relate(points, "contains")[:2].tolist() == [[True, False, False], [False, False, False]]
    assert squares.relate(points, "covers")[:2].tolist() == [[True, True, False], [False, True, False]]
    assert squares.relate(points, "T********")[:2].tolist() == squares.relate(points, "contains")[:2].tolist()
    apart = squares.relate(points, "disjoint")
    assert (apart == ~squares.relate(points, "intersects")).all()
    assert (squares.relate(points, "FF*FF****") == apart).all()
    assert (squares.relate(squares, "equals") == np.eye(4, dtype=bool)).all()


def test_all_pairs_are_found_whatever_fits_at_once(squares, monkeypatch):
    from pyterra.vector import relate

    expected = squares.relate(squares, "disjoint")
    monkeypatch.setattr(relate, "CHUNK", 5)
    assert (squares.relate(squares, "disjoint") == expected).all()


def test_relations_as_pairs(squares):
    found = squares.relate(relation="touches", pairs=True)
    assert (list(found), found.to_numpy().tolist()) == (["id_1", "id_2"], [[0, 1], [1, 0], [1, 2], [2, 1]])
    points = pt.vect([[1, 1]])
    assert squares.relate(points, "contains", pairs=True).to_numpy().tolist() == [[0, 0]]
    kept = squares.relate(points, "contains", pairs=True, na_rm=False)
    assert kept.to_numpy().tolist() == [[0, 0], [1, -1], [2, -1], [3, -1]]
    assert squares.is_related(pt.ext(0, 1, 0, 1), "covers").tolist() == [True, False, False, False]


def test_neighbours_share_a_border_or_a_corner(squares):
    assert squares.adjacent(symmetrical=True).to_numpy().tolist() == [[0, 1]]
    assert squares.adjacent("queen", symmetrical=True).to_numpy().tolist() == [[0, 1], [1, 2]]
    assert squares.adjacent(pairs=False).sum() == 2
    with pytest.raises(ArgumentError, match="type must be one of rook"):
        squares.adjacent("bishop")
    with pytest.raises(ArgumentError, match="must be polygons, got points"):
        squares.centroids().adjacent()


@pytest.mark.parametrize("relation", ["touch", "T*F", "TTTTTTTTX", "coverdby"])
def test_relations_that_are_none_are_refused(squares, relation):
    with pytest.raises(ArgumentError, match="must be a name or a DE-9IM pattern"):
        squares.relate(squares, relation)


def test_the_relation_is_not_taken_for_y(squares):
    with pytest.raises(ArgumentError, match="give the relation by name"):
        squares.relate("touches")
