"""Values out of a raster."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import (
    ArgumentError,
    TooLargeError,
)


@pytest.fixture
def r():
    return pt.rast(
        np.arange(24.0).reshape(2, 3, 4), names=["red", "nir"], extent=(0, 4, 0, 3), crs="EPSG:3035"
    )


def test_numpy_gets_values_but_not_in_passing_when_they_are_many(r):
    assert np.asarray(r).shape == (2, 3, 4)
    assert np.asarray(r, dtype="int16").dtype == np.int16
    huge = pt.rast(nrows=40_000, ncols=40_000, vals=None)
    from pyterra.expr import Constant

    huge = pt.SpatRaster(
        Constant(grid=huge._node.grid, layers=huge._node.layers, dtype=np.dtype("f4"), numbers=(1.0,))
    )
    with pytest.raises(TooLargeError, match="to_numpy"):
        np.asarray(huge)


def test_values_is_terras_matrix(r):
    assert r.values().shape == (12, 2)
    assert r[0].values(drop=True).tolist() == list(range(12))
    assert r.set_values(np.zeros((12, 2))).names == ["red", "nir"]
    with pytest.raises(ArgumentError, match="numbers"):
        r.set_values(np.array(["a"] * 12))
