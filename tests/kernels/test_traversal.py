"""Cells along segments: steps of a thousandth are the oracle."""

import numpy as np

from pyterra.kernels.traversal import traversed


def slowly(start, end, nrow, ncol):
    """Cells of places along a segment."""
    found = []
    for share in (np.arange(20000) + 0.5) / 20000:
        x, y = start + (end - start) * share
        if 0 <= x < ncol and 0 <= y < nrow:
            cell = (int(y), int(x))
            if not found or found[-1] != cell:
                found.append(cell)
    return found


def test_cells_are_those_of_small_steps():
    rng = np.random.default_rng(1)
    start, end = rng.uniform(-4, 12, (60, 2)), rng.uniform(-4, 12, (60, 2))
    segment, row, col = traversed(start, end, 7, 8)
    assert (np.diff(segment) >= 0).all()
    for k in range(60):
        got = list(zip(row[segment == k].tolist(), col[segment == k].tolist(), strict=True))
        wanted = slowly(start[k], end[k], 7, 8)
        assert set(wanted) <= set(got)  # corners may be cut by less than a step
        assert len(got) - len(wanted) <= 1
        assert [cell for cell in got if cell in set(wanted)] == wanted


def cells(points, nrow=4, ncol=4):
    at = np.array(points, float)
    segment, row, col = traversed(at[:-1], at[1:], nrow, ncol)
    return [(int(s), int(r), int(c)) for s, r, c in zip(segment, row, col, strict=True)]


def test_edges_belong_to_the_right_and_the_lower_cell():
    assert cells([(1, 0.5), (1, 2.5)]) == [(0, 0, 1), (0, 1, 1), (0, 2, 1)]
    assert cells([(0.5, 2), (2.5, 2)]) == [(0, 2, 0), (0, 2, 1), (0, 2, 2)]
    assert cells([(4, 1.5), (4, 0.5)]) == [(0, 1, 3), (0, 0, 3)]
    assert cells([(1, 1), (3, 3)]) == [(0, 1, 1), (0, 2, 2)]


def test_points_turns_and_what_lies_beyond():
    assert cells([(1.5, 1.5), (1.5, 1.5)]) == [(0, 1, 1)]
    assert cells([(0.5, 0.5), (1.5, 0.5), (0.5, 0.5)]) == [(0, 0, 0), (0, 0, 1), (1, 0, 1), (1, 0, 0)]
    assert cells([(9, 9), (12, 9)]) == []
    assert cells([(-1e9, 0.5), (1e9, 0.5)]) == [(0, 0, c) for c in range(4)]
    assert cells([(np.nan, 0.5), (1, 0.5)]) == []
    assert [len(part) for part in traversed(np.empty((0, 2)), np.empty((0, 2)), 3, 3)] == [0, 0, 0]
