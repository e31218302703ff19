"""Cells and coordinates of a grid."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pyterra.errors import ArgumentError, ExtentError, GridMismatchError
from pyterra.grid import Grid, Window
from pyterra.grid.grid import origin_of
from pyterra.handles.spatextent import SpatExtent

GRID = Grid(SpatExtent(0, 30, 100, 120), 4, 3)


def test_coordinate_on_an_edge_belongs_to_the_right_or_lower_cell():
    assert GRID.cell_from_xy([[10, 119]]).tolist() == [1]
    assert GRID.cell_from_xy([[5, 115]]).tolist() == [3]


def test_coordinate_on_the_outer_border_belongs_to_the_last_cell():
    assert GRID.cell_from_xy([[30, 100]]).tolist() == [11]


def test_outside_is_minus_one_and_nan():
    assert GRID.cell_from_xy([[-1, 110], [5, 121], [np.nan, 110]]).tolist() == [-1, -1, -1]
    assert GRID.cell_from_row_col([0, 4, -1], [3, 0, 0]).tolist() == [-1, -1, -1]
    assert np.isnan(GRID.xy_from_cell([12, -1])).all()


def test_cells_and_centres_are_inverse():
    cells = np.arange(GRID.cells)
    assert GRID.cell_from_xy(GRID.xy_from_cell(cells)).tolist() == cells.tolist()


def test_cell_numbers_beyond_two_billion_are_exact():
    big = Grid(SpatExtent(0, 60_000, 0, 60_000), 60_000, 60_000)
    assert big.cell_from_xy([[59_999.5, 0.5]]).tolist() == [3_599_999_999]
    assert [int(v[0]) for v in big.row_col_from_cell([3_599_999_999])] == [59_999, 59_999]


@settings(max_examples=200, deadline=None)
@given(
    row=st.integers(-5, 60),
    col=st.integers(-5, 60),
    nrow=st.integers(1, 40),
    ncol=st.integers(1, 40),
    start=st.floats(-1e6, 1e6),
    size=st.floats(1e-4, 1e4),
)
def test_window_and_extent_are_inverse(row, col, nrow, ncol, start, size):
    grid = Grid(SpatExtent(start, start + 50 * size, start, start + 50 * size), 50, 50)
    window = Window(row, col, nrow, ncol)
    assert grid.window_of(grid.extent_of(window)) == window
    assert grid.subgrid(window).offset_in(grid) == (row, col)


def test_snap_moves_edges_near_in_or_out():
    extent = SpatExtent(4, 26, 103, 118)
    assert GRID.window_of(extent, "near") == Window(0, 0, 3, 3)
    assert GRID.window_of(extent, "out") == Window(0, 0, 4, 3)
    assert GRID.window_of(extent, "in") == Window(1, 1, 2, 1)


def test_resolution_gives_way_to_the_extent():
    assert (Grid.from_resolution(SpatExtent(0, 10, 0, 10), 3, 3).nrow) == 3


def test_grids_that_differ_by_less_than_a_tenth_of_a_cell_are_the_same():
    moved = Grid(SpatExtent(0.5, 30.5, 100, 120), 4, 3)
    assert GRID.same_cells(moved)
    with pytest.raises(GridMismatchError, match="extents must match"):
        GRID.check_same(Grid(SpatExtent(2, 32, 100, 120), 4, 3), "+")
    with pytest.raises(GridMismatchError, match="rows and columns"):
        GRID.check_same(Grid(GRID.extent, 4, 4), "+")


def test_offset_needs_coinciding_cells():
    with pytest.raises(GridMismatchError, match="coincide"):
        Grid(SpatExtent(5, 15, 100, 105), 1, 1).offset_in(GRID)


def test_an_empty_grid_is_refused():
    with pytest.raises(ArgumentError):
        Grid(SpatExtent(0, 1, 0, 1), 0, 1)
    with pytest.raises(ExtentError):
        Grid(SpatExtent(0, 0, 0, 1), 1, 1)


def test_an_edge_in_the_middle_of_a_cell_moves_away_from_the_edge_nearest_to_zero():
    # terra 1.9-45: ext(crop(x, e)) of rasters of the same extents
    thirds = Grid(SpatExtent(-180, 180, -90, 90), 3, 3)
    assert thirds.window_of(SpatExtent(-180, 0, -90, 90)) == Window(0, 0, 3, 1)
    assert thirds.window_of(SpatExtent(0, 180, -90, 90)) == Window(0, 1, 3, 2)
    assert thirds.window_of(SpatExtent(-180, 180, 0, 90)) == Window(0, 0, 2, 3)
    degrees = Grid(SpatExtent(-180, 180, -90, 90), 180, 360)
    near = {
        (-0.5, 0.5, -0.5, 0.5): (-1, 1, -1, 1),
        (10.5, 11.5, 10.5, 12.5): (11, 12, 11, 13),
        (-11.5, -10.5, -12.5, -10.5): (-12, -11, -13, -11),
    }
    for wanted, found in near.items():
        assert tuple(degrees.extent_of(degrees.window_of(SpatExtent(*wanted)))) == found


@pytest.mark.parametrize(
    ("edge", "size", "origin"), [(-0.5, 1, 0.5), (-178.5, 1, 0.5), (0.7, 1, -0.3), (-180, 120, 60), (7, 5, 2)]
)
def test_the_origin_is_the_corner_nearest_to_zero(edge, size, origin):
    # terra 1.9-45: origin(rast(xmin=edge, ...))
    assert origin_of(edge, size) == pytest.approx(origin)


def test_rows_and_columns_lie_on_the_grid():
    assert GRID.rows_and_columns(1, None, 0, 2, "values") == Window(1, 0, 3, 2)
    with pytest.raises(ArgumentError, match="values: rows are numbered 0 to 3, got 4"):
        GRID.rows_and_columns(4, 1, 0, None, "values")
    with pytest.raises(ArgumentError, match="values: columns are numbered 0 to 2, got -1"):
        GRID.rows_and_columns(0, 1, -1, None, "values")
    with pytest.raises(ArgumentError, match="nrows must be 1 to 2 and ncols 1 to 3 from there, got 3 and 3"):
        GRID.rows_and_columns(2, 3, 0, None, "values")
