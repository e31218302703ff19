"""Cells put somewhere else without being changed."""

import numpy as np

import pyterra as pt
from pyterra.expr import Regrid
from pyterra.grid import Grid
from pyterra.grid.extent import Extent
from pyterra.raster._place import place, relocate

WIDE = Grid(Extent(0, 4, 0, 3), 3, 4, "")


def test_a_raster_is_laid_into_a_grid_at_its_first_cell():
    node = place(pt.rast([[1.0, 2.0]], crs="")._node, WIDE, 1, 2, fill=-1.0)
    found = pt.SpatRaster(node).to_numpy()
    assert found.tolist() == [[[-1, -1, -1, -1], [-1, -1, 1, 2], [-1, -1, -1, -1]]]


def test_tiles_move_with_their_cells_and_a_fill_that_float32_cannot_hold_widens(tmp_path):
    path = tmp_path / "a.tif"
    options = {"BLOCKXSIZE": "16", "BLOCKYSIZE": "16"}
    pt.rast(np.zeros((1, 40, 40), np.float32)).write_raster(path, options=options)
    grid = Grid(Extent(0, 60, 0, 60), 60, 60, "")
    node = place(pt.rast(path)._node, grid, 3, 20, fill=0.1)
    assert (node.tiling.row, node.tiling.col) == (3, 4)
    assert node.dtype == np.float64
    assert place(pt.rast(path)._node, grid, 3, 20).dtype == np.float32


def test_other_coordinates_leave_sources_as_they_are():
    node = pt.rast([[1.0, 2.0]], crs="")._node
    moved = relocate(node, Grid(Extent(5, 7, 0, 1), 1, 2, ""))
    assert moved.source is node.source
    computed = relocate((pt.rast([[1.0, 2.0]], crs="") + 1)._node, Grid(Extent(5, 7, 0, 1), 1, 2, ""))
    assert isinstance(computed, Regrid)
    assert pt.SpatRaster(computed).to_numpy().tolist() == [[[2, 3]]]


def test_a_raster_without_values_stays_one():
    assert not place(pt.rast(nrows=1, ncols=2)._node, WIDE, 0, 0).has_values
