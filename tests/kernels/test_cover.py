"""Values that are among some others."""

import numpy as np

from pyterra.kernels.cover import is_any

NAN = float("nan")


def test_missing_may_be_asked_for_like_any_value():
    block = np.array([[1.0, NAN, 3.0, 2.0]])
    assert is_any(block, [1, 3]).tolist() == [[True, False, True, False]]
    assert is_any(block, [NAN, 2]).tolist() == [[False, True, False, True]]
    assert not is_any(block, []).any()


def test_values_of_float32_are_compared_as_the_numbers_that_they_are():
    block = np.array([0.1, 0.5], np.float32)
    assert is_any(block, [0.1, 0.5]).tolist() == [False, True]
    assert is_any(block, [float(np.float32(0.1))]).tolist() == [True, False]
