"""Land for the chapters of the book."""

import numpy as np

from pyterra.workflows.teaching import waves


def test_waves_run_from_0_to_1_and_are_the_same_for_everybody():
    found = waves((30, 40), 7)
    assert (found.shape, found.min(), found.max()) == ((30, 40), 0, 1)
    assert np.array_equal(found, waves((30, 40), 7))
    assert not np.allclose(found, waves((30, 40), 8))


def test_neighbours_are_alike_and_more_so_where_waves_are_long():
    steps = [np.abs(np.diff(waves((40, 40), 3, longest=longest))).max() for longest in (2, 20)]
    assert steps[0] < steps[1] < 0.6
