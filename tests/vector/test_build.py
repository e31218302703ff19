"""Small steps that every family of verbs of vectors takes."""

import numpy as np
import pytest
import shapely

import pyterra as pt
from pyterra.errors import ArgumentError, ColumnError, CRSMismatchError
from pyterra.vector.build import (
    attributes_of,
    bounds_of,
    build,
    check_kind,
    check_vector,
    column,
    joint_crs,
    kind_of,
    kinds_of,
    like,
    placed,
    to_crs,
    transformed,
    vertices,
    without_missing,
)

POINT, LINE, BOX = shapely.Point(1, 2), shapely.LineString([(0, 0), (3, 4)]), shapely.box(0, 0, 1, 1)


@pytest.fixture
def v():
    return pt.vect([[0, 0], [5, 6]], atts={"name": ["a", "b"]}, crs="EPSG:3035")


def shapes(*items):
    return np.array(items, dtype=object)


def test_single_and_multiple_geometries_are_of_one_kind():
    assert kinds_of(shapes(POINT, LINE, BOX)).tolist() == ["points", "lines", "polygons"]
    assert kind_of(shapes(BOX, shapely.MultiPolygon([BOX]))) == "polygons"
    assert kind_of(shapes()) == "none"


def test_kinds_that_do_not_go_together_are_told_with_their_numbers():
    with pytest.raises(ArgumentError, match="of one kind, got 2 lines, 1 points"):
        kind_of(shapes(POINT, LINE, LINE))
    with pytest.raises(ArgumentError, match="got GeometryCollection at 1"):
        kinds_of(shapes(POINT, shapely.GeometryCollection([POINT])))
    with pytest.raises(ArgumentError, match="got nothing at 0"):
        kinds_of(shapes(None))


def test_missing_geometries_become_empty_ones_of_the_kind():
    found = without_missing(shapes(None, BOX))
    assert (found[0].wkt, found[1]) == ("POLYGON EMPTY", BOX)
    assert without_missing(shapes(None), "lines")[0].wkt == "LINESTRING EMPTY"


def test_what_is_no_vector_or_of_another_kind_is_refused_by_the_verb(v):
    assert check_vector(v, "buffer") is v
    with pytest.raises(ArgumentError, match=r"buffer: must be a SpatVector, got int; make one with vect\(\)"):
        check_vector(3, "buffer")
    check_kind(v, ("lines", "points"), "crds")
    with pytest.raises(
        ArgumentError, match=r"expanse: geometries must be polygons, got points; see as_polygons"
    ):
        check_kind(v, "polygons", "expanse")


def test_other_geometries_keep_the_attributes_of_their_records(v):
    found = like(v, shapes(BOX, BOX, BOX), [1, 1, 0])
    assert (found["name"].tolist(), found.crs) == (["b", "b", "a"], v.crs)
    bare = build(shapes(POINT))
    assert (bare.names, bare.crs, bare.nrow) == ([], None, 1)


def test_attributes_are_the_table_without_the_geometries(v):
    assert attributes_of(v).columns.tolist() == ["name"]
    assert column(v, "name", "subset") == "name"
    with pytest.raises(ColumnError, match=r"subset: no attribute .nmae.*name"):
        column(v, "nmae", "subset")


def test_two_inputs_have_the_reference_system_that_is_known(v):
    assert to_crs("") is None
    assert joint_crs(v, pt.ext(0, 1, 0, 1), "crop") == v.crs
    with pytest.raises(CRSMismatchError):
        joint_crs(v, pt.vect([[0, 0]], crs="EPSG:4326"), "crop")


def test_the_bounds_of_nothing_are_0():
    assert tuple(bounds_of(shapes(POINT, LINE, shapely.Point()))) == (0, 3, 0, 4)
    assert tuple(bounds_of(shapes(shapely.Point()))) == (0, 0, 0, 0)


def test_heights_stay_where_x_and_y_change():
    shapes = np.array(shapely.from_wkt(["POINT Z (1 2 3)", "POINT (4 5)"]))
    texts = shapely.to_wkt(transformed(shapes, lambda xy: xy + [1, 0])).tolist()
    assert texts == ["POINT Z (2 2 3)", "POINT (5 5)"]
    assert shapely.to_wkt(placed(shapes, np.array([[9.0, 9.0], [8.0, 8.0]]))).tolist() == [
        "POINT Z (9 9 3)",
        "POINT (8 8)",
    ]
    assert vertices(shapes)[0][0].tolist() == [1, 2, 3]
    assert vertices(shapes[1:])[0].tolist() == [[4, 5]]
