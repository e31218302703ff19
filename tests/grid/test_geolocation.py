"""Grids of cells that arrays place: parts of them, fewer cells, and what no longer fits."""

from dataclasses import replace

from pyterra.grid import Grid, Window
from pyterra.grid.extent import Extent
from pyterra.grid.geolocation import SENSOR, Geolocation


class Anywhere:
    names = ("x", "y")
    size = 6


def grid(nrow=4, ncol=6):
    extent = Extent(0, ncol, 0, nrow)
    return Grid(extent, nrow, ncol, SENSOR, Geolocation(Anywhere(), "", extent, (nrow, ncol)))


def test_a_part_counts_from_its_own_first_cell():
    part = grid().subgrid(Window(1, 2, 2, 3))
    assert part.geolocation.first == (-0.5, -1.5)
    assert part.geolocation.step == (1, 1)
    assert part.geolocation.shape == (2, 3)


def test_fewer_cells_have_several_values_each():
    told = grid().thinned(2, 3).geolocation
    assert (told.first, told.step, told.shape) == ((0.25, 0.5 / 3), (0.5, 1 / 3), (2, 2))


def test_parts_of_fewer_cells_go_on_counting():
    told = grid(8, 8).thinned(2).subgrid(Window(1, 1, 2, 2)).geolocation
    assert (told.first, told.step) == ((-0.75, -0.75), (0.5, 0.5))


def test_it_is_left_out_where_the_grid_is_another():
    whole = grid()
    assert whole.geolocation is not None
    assert replace(whole, extent=Extent(0, 12, 0, 4)).geolocation is None
    assert replace(whole, nrow=2).geolocation is None
    assert whole.with_crs("").geolocation is None
    assert whole.with_crs(whole.crs).geolocation is not None
