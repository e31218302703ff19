"""Blocks cover their window, each cell once, cut at multiples of the block size."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pyterra.grid import Window
from pyterra.plan import Blocks


@settings(max_examples=300, deadline=None)
@given(
    whole=st.builds(Window, st.integers(0, 20), st.integers(0, 20), st.integers(1, 40), st.integers(1, 40)),
    nrow=st.integers(1, 50),
    ncol=st.integers(1, 50),
    row=st.integers(0, 49),
    col=st.integers(0, 49),
)
def test_blocks_cover_every_cell_once(whole, nrow, ncol, row, col):
    blocks = Blocks(whole, nrow, ncol, row % nrow, col % ncol)
    count = np.zeros((60, 60), int)
    for block in blocks:
        assert block.nrow <= nrow
        assert block.ncol <= ncol
        count[block.row : block.row_stop, block.col : block.col_stop] += 1
    expected = np.zeros_like(count)
    expected[whole.row : whole.row_stop, whole.col : whole.col_stop] = 1
    assert (count == expected).all()
    assert len(list(blocks)) == len(blocks)


def test_blocks_begin_where_tiles_begin():
    blocks = Blocks(Window(0, 0, 100, 10), 32, 10, row=20)
    assert [b.row for b in blocks] == [0, 20, 52, 84]
