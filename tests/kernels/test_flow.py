"""Flow from cell to cell, against walks in plain Python."""

from fractions import Fraction

import numpy as np
import pytest

from pyterra.kernels import flow


def test_codes_are_the_numbers_of_the_powers_of_two():
    got = flow.codes(np.array([[0, 1, 2, 64, 128], [np.nan, 3, 0.5, -1, np.inf]]))
    assert got.tolist() == [[flow.PIT, 0, 1, 6, 7], [flow.MISSING, *[flow.WRONG] * 4]]


@pytest.mark.parametrize("k", range(8))
def test_each_direction_leads_to_its_neighbour(k):
    code = np.full((3, 4), flow.PIT, np.int8)
    code[1, 1] = k
    down, right = flow.STEPS[k]
    assert flow.receivers(code)[5] == 5 + 4 * down + right
    padded = np.pad(code, 1, constant_values=flow.MISSING)
    count = flow.neighbours_into(padded)
    assert np.argwhere(count).tolist() == [[1 + down, 1 + right]]


def test_ways_over_the_border_tell_the_column_beyond():
    code = np.array([[5, 6, 7], [4, 3, 2], [1, 2, 0]], np.int8)
    # up to columns -1, 1, 3; to the left, down left, down; off the right, down, to the right
    assert flow.receivers(code).tolist() == [-1, -3, -1, -1, 6, 8, -2 - 3 - 1, -2 - 3 - 1, -1]


def test_every_cell_comes_before_the_one_it_flows_into_and_circles_are_left_out():
    rng = np.random.default_rng(5)
    receiver = rng.integers(-3, 40, 40).astype(np.int32)
    order = flow.downstream_order(receiver).tolist()

    def circling(cell):
        at = receiver[cell]
        for _ in range(40):
            if at < 0 or at == cell:
                break
            at = receiver[at]
        return at == cell

    assert sorted(order) == [cell for cell in range(40) if not circling(cell)]
    place = {cell: i for i, cell in enumerate(order)}
    assert all(place[cell] < place[receiver[cell]] for cell in order if receiver[cell] in place)


def test_sums_do_not_lose_what_is_small():
    # 1, then a thousand times 2^-60, one after the other down a chain; by hand
    receiver = np.arange(1, 1002, dtype=np.int32)
    receiver[-1] = -1
    total = np.zeros((1001, 2))
    total[:, 0] = 2.0**-60
    total[0, 0] = 1.0
    flow.add_downstream(receiver, flow.downstream_order(receiver), total)
    assert sum(map(Fraction, total[-1])) == 1 + Fraction(1000, 2**60)


def test_labels_go_upstream_and_stop_at_others():
    receiver = np.array([1, 2, 3, -1, 2, -1], np.int32)
    label = np.array([0, 2, 0, 1, 0, 0], np.int32)
    flow.take_upstream(receiver, flow.downstream_order(receiver), label)
    assert label.tolist() == [2, 2, 1, 1, 1, 0]


def test_nothing_flows_on_from_a_circle_that_is_cut():
    receiver = np.array([1, 2, 3, -1, 2, -1], np.int32)
    flow.cut_circles(receiver, np.array([1]))
    assert receiver.tolist() == [1, -1, -1, -1, 2, -1]


def test_pits_are_pits_and_pairs():
    code = np.array([[0, 4, flow.PIT, 0, 0]], np.int8)
    padded = np.pad(code, 1, constant_values=flow.MISSING)
    assert flow.pits(padded).tolist() == [[True, True, True, False, False]]


def test_labels_go_upstream_to_where_others_begin():
    """Of each cell, the label of the first labelled cell on its way down; walked cell by cell."""
    rng = np.random.default_rng(3)
    code = rng.integers(0, 10, (9, 12)).astype(np.int8)
    label = np.zeros(code.shape)
    label[2, 3], label[7, 8], label[0, 0] = 1, 2, 3
    expected = np.zeros_like(label)
    for i, j in np.ndindex(code.shape):
        at, passed = (i, j), set()
        while at not in passed and 0 <= at[0] < 9 and 0 <= at[1] < 12:
            passed.add(at)
            if label[at] or code[at] > 7:
                expected[i, j] = label[at]
                break
            at = (at[0] + flow.STEPS[code[at]][0], at[1] + flow.STEPS[code[at]][1])
    flow.spread_upstream(code, label, np.flatnonzero(label))
    np.testing.assert_array_equal(label, expected)
