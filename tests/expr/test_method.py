"""What verbs bring to nodes: what is optional has its default."""

import numpy as np
import pytest

from pyterra.expr.method import AtCells, Neighbourhood, OneInput, Thinned, middles
from pyterra.grid import Grid, Window
from pyterra.grid.extent import Extent

GRID = Grid(Extent(0, 7, 0, 5), 5, 7, "")


class Numbers(AtCells):
    """Numbers of cells."""

    def at(self, grid, rows, cols):
        return (rows[:, None] * grid.ncol + cols)[None]


class Shift(OneInput):
    """Values of the column to the left; nothing left of the first."""

    def behind(self, window):
        return window.shifted(0, -1) if window.col else None

    def values(self, array, covered, window, nlyr, dtype):
        return array.astype(dtype)

    def input_factor(self, factor):
        return factor

    def coarser(self, inputs, result):
        return self


class Mean(Neighbourhood):
    def __call__(self, padded):
        return padded


def test_middles_are_inside_where_the_last_group_is_short():
    assert middles(0, 3, 3, 7).tolist() == [1, 4, 6]
    assert middles(1, 2, 3, 7).tolist() == [4]


def test_cells_are_told_by_window():
    assert Numbers()(GRID, Window(1, 2, 2, 2)).tolist() == [[[9, 10], [16, 17]]]


def test_a_preview_tells_the_cells_in_the_middle_of_its_groups():
    kernel = Numbers().coarser(GRID, 3)
    assert kernel(GRID.thinned(3), Window(0, 0, 2, 3)).tolist() == [[[8, 11, 13], [29, 32, 34]]]
    twice = Numbers().coarser(GRID, 2).coarser(GRID.thinned(2), 2)
    assert (twice.full, twice.factor) == (GRID, 4)


def test_one_input_that_lies_elsewhere_is_missing():
    shift, window = Shift(), Window(0, 0, 1, 2)
    assert shift.windows(window) == (None,)
    assert np.isnan(shift.apply((None,), (None,), window, 1, np.dtype("float32"))).all()
    right = Window(0, 3, 1, 2)
    assert shift.windows(right) == (Window(0, 2, 1, 2),)
    found = shift.apply((np.ones((1, 1, 2)),), shift.windows(right), right, 1, np.dtype("float32"))
    assert found.dtype == np.float32


def test_defaults_are_those_of_methods_that_compute_with_nothing_beside():
    assert not Shift().moves
    assert Shift().scratch(Window(0, 0, 9, 9), 3) == 0
    kernel = Mean()
    assert kernel.on(GRID) is kernel


def test_what_must_be_told_must_be_told():
    with pytest.raises(TypeError, match="abstract"):
        OneInput()


def test_a_grid_is_thinned_by_its_factor():
    assert Thinned(GRID, 3).grid == GRID.thinned(3)
    assert (Thinned(GRID, 3).grid.nrow, Thinned(GRID, 3).grid.ncol) == (2, 3)
