"""Cells that are kept until the end: in their order, counted on the way."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import MemoryBudgetError
from pyterra.plan import Gathering
from pyterra.run.gather import gathered

WHAT = Gathering("as_points", "cells", 10.0, "choose fewer")


def odd_cells(block, window):
    """Numbers and values of the cells whose value is odd, in a raster of 7 columns."""
    values = block.reshape(len(block), -1)
    rows, cols = np.indices((window.nrow, window.ncol)).reshape(2, -1)
    kept = values[0] % 2 == 1
    return ((rows + window.row) * 7 + cols + window.col)[kept], values.T[kept]


def test_cells_of_all_blocks_come_in_their_order(forced_blocks):
    forced_blocks(2, 3)
    r = pt.rast(np.arange(70.0).reshape(2, 5, 7))
    cells, values = gathered(r._node, odd_cells, WHAT)
    assert cells.tolist() == list(range(1, 35, 2))
    np.testing.assert_array_equal(values, np.stack([cells, cells + 35], axis=1))


def test_too_many_are_told_before_all_blocks_are_read(forced_blocks, monkeypatch):
    forced_blocks(1, 7)
    seen = []

    def kept(block, window):
        seen.append(window)
        return odd_cells(block, window)

    monkeypatch.setattr(Gathering, "room", property(lambda self: 50))
    with pt.options(executor="serial"), pytest.raises(MemoryBudgetError, match=r"as_points: .* choose fewer"):
        gathered(pt.rast(np.arange(35.0).reshape(1, 5, 7))._node, kept, WHAT)
    assert len(seen) < 5
