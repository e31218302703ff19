"""Results written where they are wanted: taken once, by what fits, in this thread alone."""

import threading

import numpy as np

from pyterra.kernels import destination


def test_the_first_result_that_fits_takes_what_is_offered():
    target = np.zeros((1, 2, 3))
    with destination.into(target):
        for shape, dtype in (((1, 2, 4), np.float64), ((1, 2, 3), np.float32)):
            assert not np.shares_memory(destination.empty(shape, dtype), target)
        first, second = (destination.empty((1, 2, 3), np.float64) for _ in range(2))
    assert destination.lies_in(first, target)
    assert not np.shares_memory(second, target)
    assert not destination.lies_in(second, target)
    assert not np.shares_memory(destination.empty((1, 2, 3), np.float64), target)


def test_a_part_that_does_not_lie_together_is_not_offered():
    whole = np.zeros((2, 4, 3))
    with destination.into(whole[:, :2]):
        assert not np.shares_memory(destination.empty((2, 2, 3), np.float64), whole)
    with destination.into(whole[:1, :2]):
        assert destination.lies_in(destination.empty((1, 2, 3), np.float64), whole[:1, :2])


def test_a_run_within_another_does_not_take_what_that_was_offered():
    target = np.zeros((1, 1, 1))
    with destination.into(target):
        with destination.into(None):
            assert destination.empty((1, 1, 1), np.float64) is not target
        found = []
        thread = threading.Thread(target=lambda: found.append(destination.empty((1, 1, 1), np.float64)))
        thread.start()
        thread.join()
        assert found[0] is not target
        assert destination.empty((1, 1, 1), np.float64) is target
