"""Values held between limits."""

import numpy as np
import pytest

from pyterra.kernels.limits import hold

SPECIAL = [0.0, -0.0, np.inf, -np.inf, np.nan, 0.1, 1.0]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(
    ("lower", "upper"), [((0.1,), (0.9,)), ((0.0, -np.inf, 0.5), (0.5, 0.0, np.inf)), ((0.0,), (1, 2, 3))]
)
def test_what_lies_beyond_a_limit_is_the_limit(dtype, lower, upper):
    block = np.random.default_rng(5).normal(0.5, 0.5, (3, 7, 9)).astype(dtype)
    block[:, 0, : len(SPECIAL)] = SPECIAL
    low, high = (np.asarray(side, float)[:, None, None] for side in (lower, upper))
    expected = np.where(block < low, low, np.where(block > high, high, block))
    found = hold(block, lower, upper, "float64")
    np.testing.assert_array_equal(found, expected)
    np.testing.assert_array_equal(np.signbit(found), np.signbit(expected))


def test_a_part_of_a_larger_block_and_another_type_will_do():
    block = np.arange(24, dtype=np.float32).reshape(2, 3, 4)[:, :, 1:3]
    found = hold(block, [3], [15], "float32")
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, np.clip(block, 3, 15))
