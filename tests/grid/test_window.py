"""A rectangle of cells of a grid."""

import pytest

from pyterra.grid import Window


def test_halves_cut_across_the_longer_side():
    top, bottom = Window(0, 0, 5, 2).halves()
    assert (top, bottom) == (Window(0, 0, 2, 2), Window(2, 0, 3, 2))
    assert Window(0, 0, 1, 1).halves() is None


def test_windows_move_grow_and_meet():
    w = Window(2, 3, 4, 5)
    assert (w.row_stop, w.col_stop, w.cells) == (6, 8, 20)
    assert w.shifted(-1, 2) == Window(1, 5, 4, 5)
    assert w.widened(1, 2) == Window(1, 1, 6, 9)
    assert w.intersection(Window(5, 0, 9, 4)) == Window(5, 3, 1, 1)
    assert w.union(Window(0, 7, 1, 3)) == Window(0, 3, 6, 7)
    assert w.contains(Window(2, 3, 4, 5))
    assert not w.contains(Window(2, 3, 5, 5))


def test_windows_that_only_touch_have_no_common_cell():
    w = Window(0, 0, 2, 2)
    assert w.intersection(Window(0, 2, 2, 2)) is None
    with pytest.raises(ValueError, match="no common cell: rows 0:2, columns 0:2; rows 2:3, columns 0:1"):
        w.common(Window(2, 0, 1, 1))


def test_a_window_tells_its_slices_in_another_and_its_strips():
    assert Window(2, 3, 4, 5).slices_in(Window(1, 1, 9, 9)) == (slice(1, 5), slice(2, 7))
    assert Window(2, 3, 5, 1).strips(2) == [Window(2, 3, 2, 1), Window(4, 3, 2, 1), Window(6, 3, 1, 1)]
