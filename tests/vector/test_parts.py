"""Geometries taken apart and put together."""

import numpy as np
import pytest
import shapely

from pyterra.vector.parts import (
    curves,
    empties,
    grouped,
    joined,
    made_of,
    of_curves,
    only,
    parts_of,
    points_at,
    polygons_of_rings,
    single_parts,
    united,
)

A, B, C = shapely.box(0, 0, 2, 2), shapely.box(1, 0, 3, 2), shapely.box(9, 9, 10, 10)
POINT, LINE = shapely.Point(5, 5), shapely.LineString([(0, 0), (1, 1)])


def shapes(*items):
    return np.array(items, dtype=object)


def test_parts_of_one_owner_become_one_and_a_part_alone_stays_single():
    found = joined(shapes(A, C, B), np.array([2, 0, 2]), 4, "polygons")
    assert [g.geom_type for g in found] == ["Polygon", "Polygon", "MultiPolygon", "Polygon"]
    assert shapely.is_empty(found).tolist() == [False, True, False, True]
    assert list(found[2].geoms) == [A, B]  # in their order
    assert len(joined(shapes(A, C, B), np.array([7, 1, 7]), None, "polygons")) == 2


@pytest.mark.parametrize("kind", ["points", "lines", "polygons"])
def test_nothing_is_an_empty_geometry_of_the_kind(kind):
    found = joined(shapes(), np.array([], int), 2, kind)
    assert shapely.equals(found, empties(kind, 2)).all()
    assert shapely.get_type_id(found).tolist() == [{"points": 0, "lines": 1, "polygons": 3}[kind]] * 2


def test_groups_are_kept_as_they_are_or_united():
    owner = np.array([1, 1, 0])
    assert grouped(shapes(A), np.array([1]), 2)[0].wkt == "GEOMETRYCOLLECTION EMPTY"
    assert shapely.area(grouped(shapes(A, B, C), owner, 2)).tolist() == [1, 8]
    assert shapely.area(united(shapes(A, B, C), owner, 2)).tolist() == [1, 6]
    assert len(united(shapes(), np.array([], int), 0)) == 0


def test_collections_are_taken_apart_however_nested():
    nested = shapely.GeometryCollection(
        [shapely.MultiPoint([(0, 0), (1, 1)]), shapely.GeometryCollection([LINE, A])]
    )
    parts, owner = single_parts(shapes(POINT, nested))
    assert [g.geom_type for g in parts] == ["Point", "Point", "Point", "LineString", "Polygon"]
    assert owner.tolist() == [0, 1, 1, 1, 1]


def test_what_is_of_one_kind_is_kept_of_collections():
    mixed = shapes(shapely.GeometryCollection([A, LINE, C]), A, shapely.GeometryCollection([POINT]))
    found = only(mixed, "polygons")
    assert shapely.area(found).tolist() == [5, 4, 0]
    assert found[2].wkt == "POLYGON EMPTY"
    same = shapes(A, C)
    assert only(same, "polygons") is same


def test_each_outer_ring_is_followed_by_its_holes():
    ring, hole = (
        shapely.LinearRing([(0, 0), (9, 0), (9, 9), (0, 9)]),
        shapely.LinearRing([(1, 1), (2, 1), (2, 2)]),
    )
    far = shapely.LinearRing([(20, 0), (21, 0), (21, 1), (20, 1)])
    found = polygons_of_rings(shapes(ring, hole, far), np.array([False, True, False]))
    assert shapely.area(found).tolist() == [80.5, 1]
    assert shapely.area(polygons_of_rings(shapes(ring, far), np.array([False, False]))).tolist() == [81, 1]


def test_rings_without_heights_are_flat_beside_others():
    xyz = np.array(
        [
            [0, 0, 1],
            [1, 0, 2],
            [1, 1, np.nan],
            [0, 0, 1],
            [5, 5, np.nan],
            [6, 5, np.nan],
            [6, 6, np.nan],
            [5, 5, np.nan],
        ]
    )
    made = made_of(shapely.linearrings, xyz, np.repeat([0, 1], 4))
    assert shapely.to_wkt(made).tolist() == [
        "LINEARRING Z (0 0 1, 1 0 2, 1 1 NaN, 0 0 1)",
        "LINEARRING (5 5, 6 5, 6 6, 5 5)",
    ]


def test_single_geometries_are_their_own_parts():
    for single in (shapes(A, shapely.Polygon(), C), shapes(POINT, shapely.Point()), shapes(LINE)):
        parts, owner = parts_of(single)
        assert parts is single
        assert owner.tolist() == shapely.get_parts(single, return_index=True)[1].tolist()
    parts, owner = parts_of(shapes(A, shapely.MultiPolygon([B, C]), shapely.MultiPolygon()))
    assert list(parts) == [A, B, C]
    assert owner.tolist() == [0, 1, 1]


def test_points_of_which_no_height_is_known_are_flat():
    points = points_at(np.array([[0, 0, 1], [1, 1, np.nan]]))
    assert shapely.has_z(points).tolist() == [True, False]
    assert shapely.to_wkt(points_at(np.array([[1.0, 2.0]]))).tolist() == ["POINT (1 2)"]
    assert points_at(np.empty((0, 2))).shape == points_at(np.empty((0, 3))).shape == (0,)


@pytest.mark.parametrize("height", ["", " Z"])
def test_curves_come_back_as_they_were_but_for_those_that_have_lost_their_nodes(height):
    z = " 4" if height else ""
    text = (
        "POLYGON{h} ((0 0{z}, 9 0{z}, 9 9{z}, 0 0{z}), (2 1{z}, 3 1{z}, 3 2{z}, 2 1{z}))",
        "POLYGON EMPTY",
        "MULTIPOLYGON{h} (((0 0{z}, 1 0{z}, 1 1{z}, 0 0{z})), ((5 5{z}, 6 5{z}, 6 6{z}, 5 5{z})))",
    )
    given = shapely.from_wkt([one.format(h=height, z=z) for one in text])
    rings, of, owner = curves(given)
    xyz, ring = shapely.get_coordinates(rings, include_z=bool(height), return_index=True)
    back = of_curves(xyz, ring, of, owner, 3, "polygons")
    assert shapely.to_wkt(back).tolist() == shapely.to_wkt(given).tolist()
    left = of_curves(xyz[ring != 2], ring[ring != 2], of, owner, 3, "polygons")
    assert [g.geom_type for g in left] == ["Polygon"] * 3
    lines = of_curves(xyz, ring, np.arange(4), np.array([0, 0, 2, 2]), 3, "lines")
    assert [g.geom_type for g in lines] == ["MultiLineString", "LineString", "MultiLineString"]
    assert shapely.is_empty(of_curves(xyz[:0], ring[:0], of, owner, 2, "lines")).all()
