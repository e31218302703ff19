"""Connected cells: labels of a strip against scipy, and strips that are joined to what the whole gives."""

import numpy as np
import pytest

from pyterra.kernels.patches import (
    final_numbers,
    followed,
    join_rows,
    keep_largest,
    label,
    largest_beside,
    root_of,
)

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


@pytest.mark.parametrize("eight", [False, True])
@pytest.mark.parametrize("wrap", [False, True])
def test_the_largest_patch_beside_each_small_one_by_all_pairs_of_neighbours(eight, wrap):
    block = scattered(7, 0.9)
    labels, count = label(block, eight, True, False, wrap)
    sizes = np.bincount(labels[labels >= 0], minlength=count)
    best, first = np.full(count, -1, np.int64), np.zeros(count, np.int64)
    largest_beside(labels, 5, 0, sizes, 4, eight, wrap, best, first)
    met = {}
    nrow, ncol = labels.shape
    for i in range(nrow):
        for j in range(ncol):
            around = [(i - 1, j), (i - 1, j - 1), (i - 1, j + 1), (i, j - 1)]
            for step, (r, c) in enumerate(around):
                c = c % ncol if wrap else c
                if r < 0 or not 0 <= c < ncol or (step in (1, 2) and not eight):
                    continue
                a, b = labels[i, j], labels[r, c]
                if a >= 0 and b >= 0 and a != b:
                    when = ((i + 5) * ncol + j) * 4 + step
                    met.setdefault(a, []).append((-sizes[b], when, b))
                    met.setdefault(b, []).append((-sizes[a], when, a))
    for patch in range(count):
        if sizes[patch] < 4 and patch in met:
            _, when, beside = min(met[patch])
            assert (best[patch], first[patch]) == (beside, when)
        else:
            assert best[patch] == -1


def test_ways_from_patch_to_patch():
    """0 to 1 to 2, which is large; 3 and 4 lead to each other, and 5 to them; 6 leads nowhere."""
    ends, sizes = np.array([1, 2, 2, 4, 3, 3, 6]), np.array([1, 1, 9, 1, 1, 1, 1])
    assert followed(ends, sizes, 5).tolist() == [2, 2, 2, -1, -1, -1, -1]


def test_keep_largest_is_that_of_the_greatest_size_and_of_equals_the_first():
    rng = np.random.default_rng(3)
    sizes = rng.integers(1, 5, 9)
    rows = np.column_stack([rng.integers(0, 9, 60), rng.integers(0, 9, 60), rng.permutation(60)])
    best, most, first = np.arange(9), np.zeros(9, np.int64), np.empty(9, np.int64)
    for part in np.split(rows, [10, 35]):
        keep_largest(*(column.copy() for column in part.T), sizes, best, most, first)
    for patch in range(9):
        own = [(-sizes[beside], when, beside) for at, beside, when in rows.tolist() if at == patch]
        assert best[patch] == (min(own)[2] if own else patch)
