"""What a vector is: kind, extent, CRS, names."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

import pyterra as pt
from pyterra.errors import ArgumentError, CRSMismatchError


@pytest.fixture
def v():
    atts = {"n": [3, 1, 2], "name": ["c", "a", None], "size": [1.5, np.nan, 3.0]}
    return pt.vect([[0, 0], [1, 1], [2, 2]], crs="EPSG:3035", atts=atts)


def test_names_are_set_and_unique(v):
    v.names = ["a", "b", "c"]
    assert v["a"].tolist() == [3, 1, 2]
    with pytest.raises(ArgumentError, match="one per attribute"):
        v.names = ["a"]
    with pytest.raises(ArgumentError, match="unique"):
        v.names = ["a", "a", "b"]
    with pytest.raises(ArgumentError, match="geometry"):
        v.names = ["a", "geometry", "b"]


def test_a_crs_is_named_and_taken_away(v):
    v.crs = "EPSG:4326"
    assert v.is_lonlat()
    v.crs = None
    assert v.crs is None
    assert v.wkt == ""
    assert v.is_lonlat(perhaps=True)
    assert not v.is_lonlat()
    with pytest.raises(ArgumentError, match="not known"):
        v.crs = "EPSG:0"


CRS = "EPSG:3035"


@pytest.fixture
def squares():
    shapes = [shapely.box(x, 0, x + 2, 2) for x in (0, 2, 10)]
    return pt.vect(shapes, crs=CRS, atts={"a": [1, 2, 3], "g": ["x", "y", "y"]})


def test_each_geometry_is_compared_with_each_of_another_vector_or_its_own(squares):
    # as terra 1.9
    assert squares.compare_geom(squares[[1, 0]]).tolist() == [[False, True], [True, False], [False, False]]
    assert squares.compare_geom().tolist() == np.eye(3, dtype=bool).tolist()
    assert not squares.compare_geom(squares.shift(0.1, 0)).any()
    assert (
        squares.compare_geom(squares.shift(0.1, 0), tolerance=0.2).tolist() == np.eye(3, dtype=bool).tolist()
    )
    assert squares.compare_geom(squares[:0]).shape == (3, 0)
    with pytest.raises(ArgumentError, match="tolerance must be 0 or more, got -1"):
        squares.compare_geom(squares, tolerance=-1)


def test_geometries_of_other_reference_systems_are_not_compared(squares):
    other = squares[:]
    other.crs = "EPSG:3857"
    with pytest.raises(CRSMismatchError):
        squares.compare_geom(other)
