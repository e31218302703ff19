"""A raster of which a part is seen."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ExtentError


@pytest.fixture
def r():
    return pt.rast(np.arange(12.0).reshape(2, 2, 3), names=["a", "b"])


def test_a_window_shows_a_part_and_goes_away(r):
    r.window = pt.ext(0, 2, 0, 1)
    assert (r.window, r.shape, tuple(r.ext)) == ([True, True], (2, 1, 2), (0, 2, 0, 1))
    assert r.values().tolist() == [[3, 9], [4, 10]]
    r.window = None
    assert (r.window, r.shape) == ([False, False], (2, 2, 3))
    np.testing.assert_array_equal(r.to_numpy(), np.arange(12.0).reshape(2, 2, 3))


def test_another_window_is_one_of_the_whole(r):
    r.window = (0, 1, 0, 1)
    r.window = (1, 3, -9, 9)
    assert tuple(r.ext) == (1, 3, 0, 2)
    r.window = (0, 3, 0, 2)
    assert r.window == [False, False]


def test_what_was_set_meanwhile_stays(r):
    r.window = (0, 1, 0, 1)
    r.names = ["x", "y"]
    r.window = None
    assert r.names == ["x", "y"]


def test_each_layer_tells_whether_it_is_seen_through_one(r):
    cut = r.crop(pt.ext(0, 2, 0, 1))
    r.window = (0, 2, 0, 1)
    assert pt.c(cut, r).window == [False, False, True, True]
    assert r["b"].window == [True]
    assert (r * 1).window == [False, False]


def test_a_window_beside_the_raster_is_refused(r):
    with pytest.raises(ExtentError, match="window: the window must overlap the raster"):
        r.window = (5, 6, 5, 6)
    assert r.window == [False, False]


def test_a_window_of_less_than_a_cell_is_one_cell(r):
    r.window = pt.ext(1.1, 1.4, 0.6, 0.9)
    assert (r.shape, tuple(r.ext)) == ((2, 1, 1), (1, 2, 0, 1))
