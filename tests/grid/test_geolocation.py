"""Grids of cells that arrays place: parts of them, fewer cells, and what no longer fits."""

from dataclasses import replace

import numpy as np
import pytest

from pyterra.grid import Grid, Window
from pyterra.grid.extent import Extent
from pyterra.grid.geolocation import SENSOR, Geolocation


class Anywhere:
    names = ("x", "y")
    size = 6


class There:
    """Arrays of values that are counted each time they are read."""

    names, size = ("x", "y"), 2

    def __init__(self, *values):
        self.x, self.reads = np.array(values, float), 0

    def values(self):
        self.reads += 1
        return self.x, self.x + 1


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


EXTENT = Extent(0, 6, 0, 4)


def told(arrays, **more):
    return replace(Geolocation(arrays, "WKT", EXTENT, (4, 6)), **more)


def test_the_same_arrays_agree_without_being_read():
    arrays = There(1, 2)
    assert told(arrays).agrees(told(arrays))
    assert arrays.reads == 0


@pytest.mark.parametrize(("values", "same"), [((1, np.nan), True), ((1, 2), False), ((np.nan, 1), False)])
def test_other_arrays_agree_where_their_values_do(values, same):
    assert told(There(1, np.nan)).agrees(told(There(*values))) is same


@pytest.mark.parametrize(
    "other",
    [
        {"crs": "other"},
        {"step": (2.0, 1.0)},
        {"step": (1.0, 2.0)},
        {"first": (0.0, 0.5)},
        {"first": (0.5, 0.0)},
    ],
)
def test_cells_that_the_same_arrays_place_otherwise_do_not_agree(other):
    arrays = There(1, 2)
    assert not told(arrays).agrees(told(arrays, **other))


def test_parts_and_fewer_cells_agree_with_the_whole_where_they_lie():
    arrays = There(1, 2)
    whole = Grid(EXTENT, 4, 6, SENSOR, told(arrays))
    part = whole.subgrid(Window(1, 2, 2, 3)).geolocation
    assert part.agrees(whole.geolocation)
    assert not replace(part, extent=part.extent).agrees(replace(whole.geolocation, first=(0.5, 1.5)))


def test_cells_joined_twice_agree_with_those_joined_at_once():
    extent = Extent(0, 66, 0, 66)
    whole = Grid(extent, 66, 66, SENSOR, Geolocation(There(1, 2), "WKT", extent, (66, 66)))
    twice, once = whole.thinned(3).thinned(11).geolocation, whole.thinned(33).geolocation
    assert twice.step != once.step  # by the last digit
    assert twice.agrees(once)
