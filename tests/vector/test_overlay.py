"""Two vectors laid on each other."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

import pyterra as pt
from pyterra.errors import ArgumentError, CRSMismatchError


def squares(*corners, side=2.0, crs="EPSG:3035", **atts):
    texts = [shapely.box(x, y, x + side, y + side).wkt for x, y in corners]
    return pt.vect(texts, crs=crs, atts=atts or None)


@pytest.fixture
def a():
    return squares((0, 0), (2, 0), (10, 10), a=[1, 2, 3], g=["x", "x", "y"])


@pytest.fixture
def b():
    return squares((1, 1), (3, 1), b=[7, 8])


def areas(v):
    return shapely.area(v.geoms).tolist()


def test_intersect_has_a_record_for_each_pair_that_shares_ground(a, b):
    found = a.intersect(b)
    assert found.values().to_numpy().tolist() == [[1, "x", 7], [2, "x", 7], [2, "x", 8]]
    assert areas(found) == [1, 1, 1]
    assert areas(a * b) == [1, 1, 1]
    assert areas(a.intersect(pt.ext(0, 1, 0, 1))) == [1]


def test_names_that_both_have_are_told_apart(a, b):
    b.names = ["a"]
    assert a.intersect(b).names == ["a_1", "g", "a_2"]
    both = a.union(b)
    assert both.names == ["a_1", "g", "a_2"]
    assert both["a_1"].isna().sum() == 2
    assert both["a_2"].isna().sum() == 3


def test_union_keeps_all_ground_once(a, b):
    both = a + b
    assert sum(areas(both)) == 12 + 8 - 3
    assert both["a"].dropna().tolist() == [
        1,
        2,
        3,
        1,
        2,
        2,
    ]  # what one side covers comes first, as in terra 1.9
    assert both["a"].isna().tolist() == [False] * 3 + [True] * 2 + [False] * 3
    assert both["b"].isna().tolist() == [True] * 3 + [False] * 5


def test_union_of_one_tells_in_which_polygons_each_piece_lies():
    found = squares((0, 0), (1, 1), (8, 8)).union()
    assert found.names == ["id_0", "id_1", "id_2"]
    assert {tuple(row): area for row, area in zip(found.values().to_numpy(), areas(found), strict=True)} == {
        (1, 1, 0): 1,
        (1, 0, 0): 3,
        (0, 1, 0): 3,
        (0, 0, 1): 4,
    }


def test_erase_takes_ground_away(a, b):
    left = a - b
    assert areas(left) == [3, 2, 4]
    assert left["a"].tolist() == [1, 2, 3]
    assert len(a.erase(pt.ext(-1, 5, -1, 5))) == 1
    assert areas(squares((0, 0), (1, 1)).erase()) == [3, 4]
    assert areas(squares((0, 0), (1, 1)).erase(sequential=False)) == [3, 3]


def test_erase_by_points_and_borders_takes_nothing(a):
    assert areas(a.erase(pt.vect([[1, 1]], crs="EPSG:3035"))) == [4, 4, 4]
    assert areas(a.erase(a.as_lines())) == [4, 4, 4]


def test_symdif_and_cover(a, b):
    apart = a.symdif(b)
    assert (sum(areas(apart)), apart.names) == (9 + 5, ["a", "g", "b"])
    over = a.cover(b)
    assert areas(over) == [3, 2, 4, 4, 4]
    assert areas(a.cover(b, expand=False)) == [3, 2, 4, 2, 1]
    cut = a.cover(b, identity=True)
    assert sum(areas(cut)) == sum(areas(over))
    assert cut["b"].tolist()[3:] == [7, 7, 8, 7, 8]
    assert cut["a"].tolist()[3:6] == [1, 2, 2]
    assert areas(a.cover(b, identity=True, expand=False)) == [3, 2, 4, 1, 1, 1]


def test_crop_does_not_show_the_borders_of_what_it_crops_by(a, b):
    found = a.crop(b)
    assert (areas(found), found["a"].tolist(), found.names) == ([1, 2], [1, 2], ["a", "g"])
    assert len(a.crop(pt.ext(50, 60, 50, 60))) == 0


def test_crop_takes_the_convex_hull_of_points_and_lines():
    square = pt.vect("POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0))")
    corners = pt.vect([[1, 1], [3, 1], [1, 3]])
    assert [g.area for g in square.crop(corners).geoms] == [2]
    assert [g.area for g in square.crop(pt.vect("LINESTRING (1 1, 3 1, 1 3)")).geoms] == [2]
    assert pt.vect([[1.5, 1.5], [3, 3]]).crop(corners).crds().tolist() == [[1.5, 1.5]]


def test_mask_takes_whole_records(a, b):
    assert a.mask(b)["a"].tolist() == [1, 2]
    assert a.mask(b, inverse=True)["a"].tolist() == [3]
    assert a.mask(pt.ext(9, 11, 9, 11))["a"].tolist() == [3]


def test_lower_dimensions_win(a):
    line = pt.vect("LINESTRING (-1 1, 5 1)", crs="EPSG:3035")
    assert a.intersect(line).geomtype() == line.intersect(a).geomtype() == "lines"
    assert line.erase(a).perim().tolist() == [2]
    points = pt.vect([[1, 1], [2, 1], [99, 99]], crs="EPSG:3035", atts={"n": [1, 2, 3]})
    assert points.intersect(a)["n"].tolist() == [1, 2, 2]
    assert points.erase(a)["n"].tolist() == [3]
    assert line.intersect(pt.vect("LINESTRING (0 0, 2 2)", crs="EPSG:3035")).geom(wkt=True) == ["POINT (1 1)"]


def test_polygons_that_only_touch_have_nothing_in_common():
    assert len(squares((0, 0)).intersect(squares((2, 0), (2, 2)))) == 0
    mixed = pt.vect("POLYGON ((0 0, 3 0, 3 3, 0 3, 0 0))", crs="EPSG:3035")
    hook = pt.vect("POLYGON ((3 0, 4 0, 4 3, 2 3, 2 2, 3 2, 3 0))", crs="EPSG:3035")
    assert shapely.intersection(mixed.geoms, hook.geoms)[0].geom_type == "GeometryCollection"
    assert areas(mixed.intersect(hook)) == [1]


def test_places_that_differ_are_refused(a):
    for verb in "intersect union erase symdif cover crop mask relate is_related distance nearest".split():
        with pytest.raises(CRSMismatchError, match=f"{verb if verb != 'mask' else 'is_related'}: "):
            getattr(a, verb)(squares((0, 0), crs="EPSG:4326"))


def test_a_known_crs_is_taken_for_one_that_is_not(a):
    unknown = squares((1, 1), crs=None)
    for verb in "intersect union erase symdif cover crop".split():
        with pytest.warns(UserWarning, match="one input has no CRS"):
            assert getattr(unknown, verb)(a).crs == a.crs


def test_kinds_that_cannot_be_laid_on_each_other_are_refused(a):
    line = pt.vect("LINESTRING (-1 1, 5 1)", crs="EPSG:3035")
    for verb in "union symdif cover".split():
        with pytest.raises(ArgumentError, match=f"{verb}: geometries must be polygons, got lines"):
            getattr(a, verb)(line)
    with pytest.raises(ArgumentError, match="needs another SpatVector"):
        a + 1
    with pytest.raises(ArgumentError, match="crop: y must be a SpatVector or have an extent, got int"):
        a.crop(1)


def test_a_raster_counts_as_its_extent(a):
    r = pt.rast(nrows=1, ncols=1, xmin=0, xmax=1, ymin=0, ymax=1, crs="EPSG:3035")
    assert areas(a.crop(r)) == [1]


def test_pieces_of_one_vector_are_in_the_order_of_terra():
    # terra 1.9-45: union(rbind(a, b)), columns pasted together
    corners = [
        (0, 0, 8, 9),
        (10, 0, 14, 5),
        (20, 0, 24, 5),
        (5, 6, 15, 15),
        (2, 2, 3, 3),
        (30, 0, 34, 5),
        (12, 2, 22, 3),
    ]
    found = pt.vect([shapely.box(*c) for c in corners], crs="EPSG:3035").union()
    pieces = "1000000 0100000 0010000 0001000 1001000 1000100 0000010 0000001 0100001 0010001".split()
    assert ["".join(map(str, row)) for row in found.values().to_numpy()] == pieces
    assert found.expanse(transform=False).tolist() == pytest.approx([62, 18, 18, 81, 9, 1, 20, 6, 2, 2])


def test_points_and_lines_are_joined_without_repeating_records():
    # terra 1.9-45: nrow(union(p, p)), union(p, q)$m, as.data.frame(union(p))
    p = pt.vect([[1, 1], [12, 1], [50, 1]], atts={"m": [5, 6, 7]}, crs="EPSG:3035")
    q = pt.vect([[12, 1], [1, 1]], atts={"m": [6, 9]}, crs="EPSG:3035")
    assert len(p.union(p)) == 3
    assert p.union(q)["m"].tolist() == [5, 6, 7, 9]
    assert p.union().values().to_numpy().tolist() == np.eye(3).tolist()
    assert list(p.union().values().columns) == ["id_0", "id_1", "id_2"]
