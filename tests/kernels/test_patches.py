"""Connected cells: labels of a strip against scipy, and strips that are joined to what the whole gives."""

import numpy as np
import pytest

from pyterra.kernels.patches import final_numbers, join_rows, label, root_of

NAN = float("nan")


def scattered(seed, share=0.5):
    rng = np.random.default_rng(seed)
    block = rng.integers(0, 3, (12, 15)).astype(float)
    block[rng.random(block.shape) > share] = NAN
    return block


@pytest.mark.parametrize("eight", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_labels_are_those_of_scipy(eight, seed):
    ndimage = pytest.importorskip("scipy.ndimage")
    block = scattered(seed)
    expected, count = ndimage.label(~np.isnan(block), structure=np.ones((3, 3)) if eight else None)
    labels, found = label(block, eight, False, False, False)
    assert found == count
    np.testing.assert_array_equal(labels, expected - 1)


def test_values_zeros_and_the_seam_count_when_told():
    block = np.array([[1.0, 1.0, 0.0, NAN, 1.0]])
    assert label(block, False, False, False, False)[0].tolist() == [[0, 0, 0, -1, 1]]
    assert label(block, False, True, False, False)[0].tolist() == [[0, 0, 1, -1, 2]]
    assert label(block, False, False, True, False)[0].tolist() == [[0, 0, -1, -1, 1]]
    assert label(block, False, True, False, True)[0].tolist() == [[0, 0, 1, -1, 0]]


def test_corners_meet_across_the_seam():
    block = np.array([[1.0, NAN, NAN], [NAN, NAN, 1.0]])
    assert label(block, True, False, False, True)[1] == 1
    assert label(block, True, False, False, False)[1] == 2
    assert label(block, False, False, False, True)[1] == 2


@pytest.mark.parametrize(
    ("eight", "by_value", "wrap"), [(False, False, False), (True, False, True), (True, True, False)]
)
def test_strips_are_joined_to_what_the_whole_gives(eight, by_value, wrap):
    block = scattered(7, 0.6)
    whole, _ = label(block, eight, by_value, False, wrap)
    (upper, m), (lower, n) = (
        label(part, eight, by_value, False, wrap) for part in (block[:5].copy(), block[5:].copy())
    )
    parent = np.arange(m + n)
    lower = np.where(lower < 0, -1, lower.astype(np.int64) + m)
    join_rows(parent, upper[-1].astype(np.int64), lower[0], block[4], block[5], eight, by_value, wrap)
    numbers = np.append(final_numbers(parent), 0)
    np.testing.assert_array_equal(numbers[np.concatenate([upper, lower])], whole + 1)


def test_sets_are_numbered_by_their_first_members():
    parent = np.array([0, 1, 0, 1, 4])
    assert final_numbers(parent).tolist() == [1, 2, 1, 2, 3]
    chain = np.array([0, 0, 1, 2, 3])
    assert root_of(chain, 4) == 0
