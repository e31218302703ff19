"""What rast and its kin make of what they are given."""

import numpy as np
import pandas as pd
import pytest

import pyterra as pt
from pyterra.errors import (
    ArgumentError,
)

NAN = np.nan


@pytest.fixture
def r():
    return pt.rast(
        np.arange(24.0).reshape(2, 3, 4), names=["red", "nir"], extent=(0, 4, 0, 3), crs="EPSG:3035"
    )


@pytest.mark.parametrize(
    ("extent", "resolution", "shape", "far"),
    [
        ((0, 1.05, 0, 1.05), 0.1, (11, 11), (1.1, 1.1)),
        ((0, 1.04, 0, 1.06), 0.1, (11, 10), (1.0, 1.1)),
        ((5, 6, -3, -1), (0.4, 0.3), (7, 3), (6.2, -0.9)),
        ((0, 1, 0, 1), 3, (1, 1), (3, 3)),
        ((0, 1, 0, 1), 0.1, (10, 10), (1, 1)),
    ],
)
def test_a_resolution_moves_the_far_edges(extent, resolution, shape, far):
    # As terra 1.9: the resolution is given, xmax and ymax follow; the setter does the same.
    made = pt.rast(extent=extent, resolution=resolution)
    again = pt.rast(extent=extent, nrows=2, ncols=2)
    again.res = resolution
    for r in (made, again, pt.rast(again, resolution=resolution)):
        assert r.res == pytest.approx(np.broadcast_to(resolution, 2), rel=1e-12)
        assert r.shape[1:] == shape
        assert (r.xmin, r.ymin) == (extent[0], extent[2])
        assert (r.xmax, r.ymax) == pytest.approx(far, rel=1e-12)


@pytest.mark.parametrize("bad", [0, -1, (1, 2, 3), np.nan, (1, 0)])
def test_a_resolution_is_checked(bad):
    with pytest.raises(ArgumentError, match="rast: resolution must be one or two numbers above 0"):
        pt.rast(extent=(0, 1, 0, 1), resolution=bad)


def test_construction_follows_terra():
    world = pt.rast()
    assert (world.nrow, world.ncol, world.nlyr) == (180, 360, 1)
    assert world.is_lonlat()
    assert not world.has_values()
    assert pt.rast(pt.ext(0, 10, 0, 10), resolution=3).res == (3, 3)
    assert pt.rast(nrows=2, ncols=2, nlyrs=3, vals=1).shape == (3, 2, 2)
    assert pt.rast(nrows=2, ncols=2, xmin=0, xmax=1000, ymin=0, ymax=1000).crs is None
    like = pt.rast(pt.rast(np.ones((2, 3)), extent=(0, 3, 0, 2), crs="EPSG:3035"), nlyrs=2)
    assert like.shape == (2, 2, 3)
    assert not like.has_values()
    with pytest.raises(ArgumentError, match="not both"):
        pt.rast(nrows=2, resolution=1)
    with pytest.raises(ArgumentError, match="resample"):
        pt.rast(np.ones((2, 2)), nrows=4)
    with pytest.raises(ArgumentError, match="shape"):
        pt.rast(np.ones(4))
    with pytest.raises(ArgumentError, match="multiple of 4"):
        pt.rast(nrows=2, ncols=2, vals=[1, 2, 3])


def test_an_array_given_to_rast_can_change_afterwards():
    array = np.zeros((2, 2))
    made = pt.rast(array)
    array[:] = 9
    assert made.to_numpy().max() == 0


def test_points_on_a_grid_make_a_raster():
    frame = pd.DataFrame({"x": [0.5, 1.5, 0.5], "y": [1.5, 1.5, 0.5], "v": [1, 2, 3]})
    made = pt.rast(frame, type="xyz")
    np.testing.assert_array_equal(made.to_numpy(), [[[1, 2], [3, NAN]]])
    assert made.names == ["v"]
    with pytest.raises(ArgumentError, match="regular grid"):
        pt.rast(pd.DataFrame({"x": [0, 1, 2.5], "y": [0, 0, 1], "v": [1, 2, 3]}), type="xyz")
    with pytest.raises(ArgumentError, match="xyz"):
        pt.rast(frame)
