"""Blocks of whole rows, by themselves."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError
from pyterra.raster import blockwise
from pyterra.raster.blockwise import BlockReader, RowBlock, doubles, row_blocks, window_of


@pytest.fixture
def r():
    return pt.rast(np.arange(6, dtype="uint8").reshape(3, 2))


def test_more_copies_make_smaller_blocks(r, monkeypatch):
    monkeypatch.setattr(blockwise, "memory_budget", lambda: 2 * 3 * 2 * 8)
    assert [len(row_blocks(r._node, n)) for n in (1, 2, 3, 100)] == [1, 3, 3, 3]
    assert row_blocks(r._node, 1) == [RowBlock(0, 3)]


def test_tiles_of_the_file_to_be_written_count(r, monkeypatch):
    monkeypatch.setattr(blockwise, "memory_budget", lambda: 2 * 3 * 2 * 8)
    assert row_blocks(r._node, 1, (2, 2)) == [(0, 2), (2, 1)]
    assert row_blocks(r._node, 3, (2, 2)) == [(0, 1), (1, 1), (2, 1)]


def test_a_block_has_a_window_and_doubles(r):
    window = window_of(r._node, RowBlock(1, 2))
    assert (window.row, window.col, window.nrow, window.ncol) == (1, 0, 2, 2)
    assert doubles(np.ones((1, 2, 2), "float32"), window).dtype == np.float64


def test_a_reader_can_be_read_again(r):
    reader = BlockReader(r._node, 4)
    assert len(reader) == 1
    first, second = ([values.sum() for _, values in reader] for _ in range(2))
    assert first == second == [15]
    with pytest.raises(ArgumentError, match="blocks: n must be"):
        BlockReader(r._node, "4")
