"""Repetitions in tiles of bytes, by the kernels and cell by cell."""

import numpy as np
import pytest

from pyterra.kernels import repetitions
from pyterra.kernels._jit import exact_jit

compare, measure = repetitions.compare, repetitions.measure
PLACES = (1, 20, 19, 21)


@exact_jit
def _measured(data, places, same, lengths):
    compare(data, data.size, places, same)
    measure(same, data.size, lengths)


def lengths_of(data, back):
    """Bytes that equal those so many back, from each byte on."""
    found = np.zeros(data.size + 1, int)
    for p in range(data.size - 1, back - 1, -1):
        found[p] = found[p + 1] + 1 if data[p] == data[p - back] else 0
    return found[:-1]


@pytest.mark.parametrize("size", [1, 5, 20, 22, 400, 431, 2000])
@pytest.mark.parametrize("kinds", [1, 2, 3, 50])
def test_lengths_are_those_of_each_place_and_long_ones_are_known_to_be_long(size, kinds):
    rng = np.random.default_rng(size + kinds)
    data = np.repeat(rng.integers(0, kinds, size), rng.integers(1, 90, size))[:size].astype("uint8")
    same, lengths = np.empty(size, "uint8"), np.empty(size, "uint32")
    _measured(data, tuple(min(place, size) for place in PLACES), same, lengths)
    for k, place in enumerate(PLACES):
        wanted, found = lengths_of(data, place), lengths >> 8 * k & 0xFF
        short = wanted < repetitions.ENOUGH
        np.testing.assert_array_equal(found[short], wanted[short])
        assert (found[~short] >= repetitions.ENOUGH).all()
        assert found.max() < 0x80
