"""Collections of vectors."""

from __future__ import annotations

import pickle

import pytest
import shapely

import pyterra as pt
from pyterra.errors import ArgumentError


@pytest.fixture
def r():
    return pt.rast(
        nrows=3, ncols=4, xmin=0, xmax=4, ymin=0, ymax=3, nlyrs=2, vals=range(1, 25), names=["a", "b"]
    )


@pytest.fixture
def s(r):
    return pt.sds(t=r, p=r * 10)


def test_collections_of_vectors_pickle():
    s = pt.svc(pt.vect([[0.0, 0.0]]), area=pt.vect(pt.ext(0, 1, 0, 1)))
    back = pickle.loads(pickle.dumps(s))
    assert (back.names, back.ext, [v.geomtype() for v in back]) == (
        ["", "area"],
        s.ext,
        ["points", "polygons"],
    )


CRS = "EPSG:3035"


@pytest.fixture
def squares():
    shapes = [shapely.box(x, 0, x + 2, 2) for x in (0, 2, 10)]
    return pt.vect(shapes, crs=CRS, atts={"a": [1, 2, 3], "g": ["x", "y", "y"]})


def test_a_collection_holds_vectors_of_any_kind(squares):
    s = pt.svc(squares, points=squares.centroids())
    assert (len(s), s.names, s["points"].geomtype()) == (2, ["", "points"], "points")
    assert [v.geomtype() for v in s] == ["polygons", "points"]
    assert len(s[1:]) == 1
    assert s.ext == squares.ext
    assert str(s).splitlines() == [
        "class       : SpatVectorCollection",
        "length      : 2",
        "geometry    : polygons (3)",
        "              points (3)",
        "crs (first) : ETRS89-extended / LAEA Europe (EPSG:3035)",
        "names       : , points",
    ]
    assert len(pickle.loads(pickle.dumps(s))) == 2
    assert len(pt.c(squares, s, more=squares)) == 4
    assert len(pt.svc([squares, squares])) == 2
    with pytest.raises(ArgumentError, match="no vector 'point'; did you mean 'points'"):
        s["point"]
    with pytest.raises(ArgumentError, match="numbered 0 to 1, got 2"):
        s[2]
    assert [len(v) for v in squares.split("g")] == [1, 2]


def test_vectors_are_replaced_or_added():
    a, b = pt.vect([[1.0, 2.0]]), pt.vect(pt.ext(0, 1, 0, 1))
    s = pt.svc(a=a)
    s["b"] = b
    s[-2] = b
    assert s.names == ["a", "b"]
    assert [v.geomtype() for v in s] == ["polygons", "polygons"]
    with pytest.raises(pt.errors.ArgumentError, match="svc: vectors are numbered 0 to 1, got 2"):
        s[2] = a
    with pytest.raises(pt.errors.ArgumentError, match="svc: "):
        s[0] = 1


def test_a_collection_is_projected_vector_by_vector():
    v = pt.vect([[180.0, 0.0]], crs="EPSG:4326")
    s = pt.svc(east=v, west=v.shift(-360)).project("EPSG:3857")
    assert s.names == ["east", "west"]
    assert s.crs.to_epsg() == 3857
    assert s["east"].crds()[0, 0] == pytest.approx(20037508.34, abs=0.01)
    assert pt.svc().crs is None
