"""Between cells, rows, columns and coordinates, also where numbers are large."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import (
    ArgumentError,
)


@pytest.fixture
def r():
    return pt.rast(nrows=3, ncols=4, xmin=0, xmax=4, ymin=0, ymax=3, crs="")


def test_an_edge_belongs_to_the_right_hand_and_lower_cell_and_the_border_to_the_last(r):
    points = [(0, 3), (1, 2), (4, 0), (4, 3), (0, 0)]
    assert r.cell_from_xy(points).tolist() == [0, 5, 11, 3, 8]


def test_outside_is_minus_one_or_missing(r):
    assert r.cell_from_xy([(-0.1, 1), (2, 3.1), (np.nan, 1)]).tolist() == [-1, -1, -1]
    assert r.row_col_from_cell([12, -1]).tolist() == [[-1, -1], [-1, -1]]
    assert np.isnan(r.xy_from_cell([12])).all()
    assert r.cell_from_row_col([0, 3], [-1, 0]).tolist() == [-1, -1]
    assert np.isnan(r.x_from_col([4])).all()


def test_rows_and_columns_are_combined_row_by_row(r):
    assert r.cell_from_row_col_combine([0, 2], [1, 3]).tolist() == [1, 3, 9, 11]


def test_cells_and_coordinates_are_inverse(r):
    cells = np.arange(12)
    assert r.cell_from_xy(r.xy_from_cell(cells)).tolist() == cells.tolist()
    assert r.cell_from_row_col(*r.row_col_from_cell(cells).T).tolist() == cells.tolist()
    assert r.row_from_cell([5]).tolist() == [1]
    assert r.col_from_cell([5]).tolist() == [1]
    assert r.x_from_cell([5]).tolist() == [1.5]
    assert r.y_from_cell([5]).tolist() == [1.5]


def test_cell_numbers_beyond_32_bits_are_exact():
    globe = pt.rast(nrows=560_004, ncols=1_440_004, xmin=-180, xmax=180, ymin=-90, ymax=90)
    last = globe.ncell - 1
    assert last > 2**39
    assert globe.row_col_from_cell([last]).tolist() == [[560_003, 1_440_003]]
    assert globe.cell_from_xy(globe.xy_from_cell([last])).tolist() == [last]


def test_neighbours_come_from_the_upper_left_row_by_row():
    r = pt.rast(nrows=3, ncols=3, crs="")
    assert r.adjacent([4], "queen").tolist() == [[0, 1, 2, 3, 5, 6, 7, 8]]
    assert r.adjacent([4], "bishop").tolist() == [[0, 2, 6, 8]]
    assert r.adjacent([0], 8, include=True).tolist() == [[0, -1, -1, -1, -1, 1, -1, 3, 4]]
    assert pt.rast(nrows=5, ncols=5, crs="").adjacent(12, 16).size == 16


def test_pairs_leave_out_what_lies_outside():
    r = pt.rast(nrows=2, ncols=2, crs="")
    assert r.adjacent([0, 3], pairs=True).tolist() == [[0, 1], [0, 2], [3, 1], [3, 2]]


def test_columns_join_around_the_earth():
    assert pt.rast(nrows=1, ncols=4).adjacent([0, 3]).tolist() == [[-1, 3, 1, -1], [-1, 2, 0, -1]]
    assert pt.rast(nrows=1, ncols=1).adjacent([0]).tolist() == [[-1, -1, -1, -1]]


def test_a_matrix_tells_the_neighbours():
    r = pt.rast(nrows=3, ncols=5, crs="")
    matrix = [[1, 0, 0, 0, 0], [0, 0, 1, 1, 0], [0, 1, 0, 0, 0]]
    assert r.adjacent([7], matrix).tolist() == [[0, 8, 11]]


def test_cells_outside_have_no_neighbours():
    r = pt.rast(nrows=2, ncols=2, crs="")
    assert r.adjacent([-1, 4]).tolist() == [[-1] * 4] * 2


@pytest.mark.parametrize(("directions", "text"), [("king", "must be one of"), ([[1, 1]], "odd sides")])
def test_directions_must_be_known(directions, text):
    with pytest.raises(ArgumentError, match=text):
        pt.rast(nrows=2, ncols=2).adjacent([0], directions)


def test_cells_and_coordinates_count_from_zero(r):
    assert r.cell_from_xy([[0.5, 2.5], [9, 9]]).tolist() == [0, -1]
    assert r.xy_from_cell([0, 11]).tolist() == [[0.5, 2.5], [3.5, 0.5]]
    assert r.row_col_from_cell([5]).tolist() == [[1, 1]]
    assert r.cell_from_row_col_combine([0, 1], [0, 1]).tolist() == [0, 1, 4, 5]
    assert r.row_from_y(0.5).tolist() == 2
    assert r.col_from_x(3.99).tolist() == 3


def test_rows_columns_and_layers_are_combined():
    """The numbers are those of terra 1.9, which counts from 1."""
    r = pt.rast(nrows=2, ncols=3, nlyrs=2)
    assert r.row_col_combine([0, 1], [0, 2]).tolist() == [[0, 0], [0, 2], [1, 0], [1, 2]]
    assert r.rcl(0, [1, 2], [0, 1]).tolist() == [[0, 1, 0], [0, 2, 0], [0, 1, 1], [0, 2, 1]]
    assert r.rcl(0, [[0, 1], [2]], [0, 1]).tolist() == [[0, 0, 0], [0, 1, 0], [0, 2, 1]]
    assert r.rcl([0, 1], [[0], [2, 1]], [[0], [1]]).tolist() == [[0, 0, 0], [1, 2, 1], [1, 1, 1]]
    assert r.rcl(9, 0, 0).tolist() == [[-1, 0, 0]]
    assert len(r.rcl()) == r.size == 12
    with pytest.raises(ArgumentError, match=r"rcl: row must be one or as many as the longest \(2\), got 3"):
        r.rcl([0, 1, 2], [[0], [1]])


def test_symmetrical_pairs_are_given_once_in_ascending_order():
    """terra 1.9: the same pairs, from 1."""
    r = pt.rast(nrows=3, ncols=3, crs="")
    found = r.adjacent([4, 1], pairs=True, symmetrical=True)
    assert found.tolist() == [[0, 1], [1, 2], [1, 4], [3, 4], [4, 5], [4, 7]]
    assert r.adjacent([1, 1], "rook", pairs=True, include=True, symmetrical=True).tolist() == [
        [0, 1],
        [1, 1],
        [1, 2],
        [1, 4],
    ]
