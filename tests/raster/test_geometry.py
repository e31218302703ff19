"""Size, extent and CRS of a raster."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import (
    GridMismatchError,
)


@pytest.fixture
def r():
    return pt.rast(
        np.arange(24.0).reshape(2, 3, 4), names=["red", "nir"], extent=(0, 4, 0, 3), crs="EPSG:3035"
    )


def test_geometry_can_be_set(r):
    r.ext = pt.ext(0, 8, 0, 6)
    assert r.res == (2, 2)
    assert r.has_values()
    r.xmin = -8
    assert r.xres == 4
    r.crs = "EPSG:32631"
    assert r.crs.to_epsg() == 32631
    computed = r + 1
    computed.ext = pt.ext(0, 4, 0, 3)
    assert list(computed.ext) == [0, 4, 0, 3]
    assert computed.to_numpy()[0, 0, 0] == 1
    r.res = 1
    assert not r.has_values()


def test_compare_geom_says_what_differs(r):
    assert r.compare_geom(r + 1)
    assert not r.compare_geom(r.shift(1), stop_on_error=False)
    with pytest.raises(GridMismatchError, match="extents differ"):
        r.compare_geom(r.shift(1))
    other = pt.SpatRaster(r._node)
    other.crs = 32631
    with pytest.raises(GridMismatchError, match="reference systems"):
        r.compare_geom(other)


def test_of_two_corners_nearest_to_zero_the_positive_one_is_the_origin():
    assert pt.rast(xmin=-0.5, xmax=9.5, ncols=10).origin == (0.5, 0)


@pytest.mark.parametrize(
    ("xmin", "origin", "moved"),
    [(-0.5, 0, 0), (0.5, 0, 1), (-0.5, 0.8, -0.2), (0.7, 0.5, 0.5), (0, -0.5, 0.5)],
)
def test_a_new_origin_moves_by_half_a_cell_at_most(xmin, origin, moved):
    # terra 1.9-45: origin(r) <- c(origin, 0)
    r = pt.rast(xmin=xmin, xmax=xmin + 10, ncols=10, ymin=0, ymax=10, nrows=10)
    r.origin = (origin, 0)
    assert tuple(r.ext) == pytest.approx((moved, moved + 10, 0, 10))
