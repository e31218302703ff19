"""The cells with the lowest and the highest values."""

import numpy as np

import pyterra as pt
from pyterra.plan import Blocks
from pyterra.raster.where import ExtremeCells

NAN = np.nan


def test_all_cells_that_have_the_extreme_are_told():
    """The numbers are those of terra 1.9, which counts from 1."""
    r = pt.rast(np.array([[[1, 5, NAN], [5, 2, 3]], [[7, 1, NAN], [NAN, 9, 1]]]))
    assert r.where_max().values.tolist() == [[0, 1, 5], [0, 3, 5], [1, 4, 9]]
    assert r.where_min().values.tolist() == [[0, 0, 1], [1, 1, 1], [1, 5, 1]]
    assert r.where_min(values=False).columns.tolist() == ["layer", "cell"]


def test_layers_without_values_have_no_row():
    r = pt.rast(np.array([[[NAN, NAN]], [[2, 2]]]))
    assert r.where_max().values.tolist() == [[1, 0, 2], [1, 1, 2]]
    assert len(r[0].where_max()) == 0


def test_parts_are_merged():
    rng = np.random.default_rng(1)
    array = rng.integers(0, 9, (2, 6, 7)).astype(float)
    array[0, :2] = NAN
    kernel, found = ExtremeCells("max", 7), None
    for window in Blocks(pt.rast(array)._node.grid.window, 2, 3):
        rows, cols = slice(window.row, window.row_stop), slice(window.col, window.col_stop)
        part = kernel(array[:, rows, cols], window)
        found = part if found is None else kernel.merge(found, part)
    for (value, cells), layer in zip(found, array, strict=True):
        assert value == np.nanmax(layer)
        assert sorted(cells) == np.flatnonzero(layer.ravel() == value).tolist()
