"""Yes and no, with missing."""

import numpy as np
import pytest

from pyterra.kernels import destination, flags

NAN = np.nan


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_answers_are_those_of_whole_blocks(dtype):
    rng = np.random.default_rng(1)
    a, b = (rng.integers(0, 3, (2, 131, 257)).astype(dtype) for _ in range(2))
    a[rng.random(a.shape) < 0.1], b[rng.random(b.shape) < 0.1] = NAN, NAN
    found = flags.asked(np.less, a, b)
    assert found.dtype == np.float32
    expected = np.where(np.isnan(a) | np.isnan(b), NAN, a < b)
    np.testing.assert_array_equal(found, expected)
    np.testing.assert_array_equal(
        flags.asked(lambda values: values == 1, a), np.where(np.isnan(a), NAN, a == 1)
    )


def test_answers_are_written_where_they_are_wanted():
    place = np.zeros((1, 1, 3), np.float32)
    with destination.into(place):
        found = flags.asked(lambda values: values > 1, np.array([[[1, 2, NAN]]]))
    assert destination.lies_in(found, place)
    np.testing.assert_array_equal(place, [[[0, 1, NAN]]])


def test_there_may_be_no_cells():
    assert flags.asked(np.isnan, np.empty((1, 0, 4))).shape == (1, 0, 4)
