"""Rasters joined layer by layer."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import (
    GridMismatchError,
    PyterraWarning,
)


@pytest.fixture
def r():
    return pt.rast(
        np.arange(24.0).reshape(2, 3, 4), names=["red", "nir"], extent=(0, 4, 0, 3), crs="EPSG:3035"
    )


def test_joining_names_by_argument_and_checks_grids(r):
    assert pt.c(r[0], b=r[1]).names == ["red", "b"]
    with pytest.raises(GridMismatchError):
        pt.c(r, r.aggregate(2, "max", na_rm=True))
    bare = pt.rast(np.ones((3, 4)), extent=(0, 4, 0, 3))
    with pytest.warns(PyterraWarning, match="no CRS"):
        assert pt.c(r, bare).crs.to_epsg() == 3035
