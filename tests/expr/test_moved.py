"""Cells put elsewhere: which lie where, and what shows where several do; numpy's own indexing is the oracle."""

import numpy as np
import pytest

from pyterra.expr.method import Thinned
from pyterra.expr.moved import Axis, Moved, Place, picked
from pyterra.grid import Grid, Window
from pyterra.grid.extent import Extent

NAN = float("nan")
F8 = np.dtype("float64")


def laid(moved, arrays, window):
    """Values of a window, from whole inputs."""
    windows = moved.windows(window)
    parts = tuple(
        None if w is None else a[:, w.row : w.row_stop, w.col : w.col_stop]
        for a, w in zip(arrays, windows, strict=True)
    )
    return moved.apply(parts, windows, window, len(arrays[0]), F8)


SOURCE = np.arange(12.0).reshape(1, 3, 4)
AXES = {
    "as it is": (Axis(3), Axis(4), SOURCE),
    "upside down": (Axis(3, start=2, sign=-1), Axis(4), SOURCE[:, ::-1]),
    "mirrored": (Axis(3), Axis(4, start=3, sign=-1), SOURCE[:, :, ::-1]),
    "repeated": (Axis(3, repeat=2), Axis(4, repeat=3), SOURCE.repeat(2, 1).repeat(3, 2)),
    "a part": (Axis(3, start=1), Axis(3, start=1, first=1), SOURCE[:, 1:, 1:3]),
}


@pytest.mark.parametrize("name", AXES)
def test_any_window_shows_what_numpy_shows(name):
    rows, cols, expected = AXES[name]
    moved = Moved((Place(rows, cols),))
    nrow, ncol = expected.shape[1:]
    for window in (Window(0, 0, nrow, ncol), Window(1, 1, nrow - 1, 1), Window(0, ncol - 1, 1, 1)):
        inside = expected[:, window.row : window.row_stop, window.col : window.col_stop]
        np.testing.assert_array_equal(laid(moved, [SOURCE], window), inside)


def test_outside_lies_the_fill():
    moved = Moved((Place.at(1, -1, (3, 4)),), fill=-9.0)
    assert laid(moved, [SOURCE], Window(0, 0, 3, 4)).tolist() == [[[-9] * 4, [1, 2, 3, -9], [5, 6, 7, -9]]]
    assert moved.windows(Window(0, 0, 1, 4)) == (None,)


def test_the_first_value_shows_and_gaps_let_the_next_through():
    first, second = np.array([[[1.0, NAN, 3.0]]]), np.array([[[7.0, 8.0]]])
    moved = Moved((Place.at(0, 0, (1, 3)), Place.at(0, 1, (1, 2))))
    assert laid(moved, [first, second], Window(0, 0, 1, 3)).tolist() == [[[1, 7, 3]]]


def test_only_missing_fill_keeps_the_values_as_they_are():
    places = (Place.at(0, 0, (1, 1)),)
    assert Moved(places).moves
    assert not Moved(places, 0.0).moves


def test_repeated_cells_are_read_coarser_no_more_than_they_show():
    twice = Axis(3, repeat=2)
    assert Moved((Place(twice, twice),)).input_factor(4) == 2
    assert Moved((Place(twice, twice),)).input_factor(1) == 1


def test_a_preview_shows_the_cells_in_the_middle():
    grid = Grid(Extent(0, 9, 0, 9), 9, 9, "")
    array = np.arange(81.0).reshape(1, 9, 9)
    middle = array[:, 1::3, 1::3]
    np.testing.assert_array_equal(laid(picked(grid, 3), [array], Window(0, 0, 3, 3)), middle)
    same = Moved((Place.at(0, 0, (9, 9)),)).coarser([Thinned(grid, 3)], Thinned(grid, 3))
    np.testing.assert_array_equal(laid(same, [middle], Window(0, 0, 3, 3)), middle)
