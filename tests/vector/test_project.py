"""Coordinates brought into another reference system."""

from __future__ import annotations

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError

RING = "POLYGON ((0 0, 9 0, 9 9, 0 9, 0 0), (1 1, 2 1, 2 2, 1 1))"
TWO = "MULTIPOLYGON (((20 0, 22 0, 22 2, 20 0)), ((30 0, 39 0, 39 9, 30 9, 30 0), (31 1, 32 1, 32 2, 31 1)))"


@pytest.fixture
def v():
    return pt.vect([RING, TWO], atts={"n": [1, 2]})


def test_vertices_are_brought_into_another_crs():
    v = pt.vect([[5, 50]], crs="EPSG:4326", atts={"n": [1]})
    there = v.project("EPSG:3035")
    assert there["n"].tolist() == [1]
    assert there.crds()[0].tolist() == pytest.approx([3963471, 2996471], abs=100_000)
    assert np.allclose(there.project(v).crds(), [[5, 50]])
    assert np.allclose(v.project(pt.rast(crs="EPSG:3035", xmin=0, xmax=9)).crds(), there.crds())
    with pytest.raises(ArgumentError, match="the vector must have a CRS"):
        pt.vect([[0, 0]]).project("EPSG:3035")


@pytest.mark.parametrize(
    ("shapes", "empty"),
    [
        (["POINT (0 -90)", "POINT (10 45)"], "POINT EMPTY"),
        (["LINESTRING (0 -90, 10 45)", "LINESTRING (0 50, 10 45)"], "LINESTRING EMPTY"),
        (
            ["POLYGON ((0 -90, 10 -80, 0 -80, 0 -90))", "POLYGON ((0 80, 10 80, 10 85, 0 80))"],
            "POLYGON EMPTY",
        ),
    ],
)
def test_what_has_no_place_in_the_other_crs_is_empty_there_as_in_terra(shapes, empty):
    # terra 1.9-45: NaN for the geometry with the south pole, and a warning
    v = pt.vect(shapes, crs="EPSG:4326", atts={"n": [1, 2]})
    with pytest.warns(UserWarning, match="1 of 2 geometries have no place in the target CRS"):
        there = v.project("+proj=lcc +lat_1=30 +lat_2=60")
    assert there.geoms[0].wkt == empty
    assert np.isfinite(there[1].crds()).all()
    assert there["n"].tolist() == [1, 2]
