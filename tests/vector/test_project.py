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
    with pytest.raises(ArgumentError, match="1 vertices cannot be transformed, the first at 0, 91"):
        pt.vect([[0, 91]], crs="EPSG:4326").project("EPSG:3857")
