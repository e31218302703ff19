"""Parts of tiles that become tiles."""

import numpy as np
import pytest

from pyterra.grid import Window
from pyterra.io import gathered
from pyterra.io.gathered import Gathered

SHAPE, TILE, LAYERS = (50, 90), (16, 32), 6


class File:
    def __init__(self):
        self.numbers = np.full((LAYERS, *SHAPE), -1, "int16")
        self.puts = []

    def put(self, window, numbers, layers):
        rows, cols = window.slices_in(Window(0, 0, *SHAPE))
        assert (self.numbers[list(layers), rows, cols] == -1).all()
        self.numbers[list(layers), rows, cols] = numbers
        self.puts.append((window, layers))


VALUES = np.random.default_rng(1).integers(0, 9999, (LAYERS, *SHAPE)).astype("int16")


def put_all(sink, nrow, ncol):
    blocks = [
        Window(row, col, nrow, ncol).common(Window(0, 0, *SHAPE))
        for row in range(0, SHAPE[0], nrow)
        for col in range(0, SHAPE[1], ncol)
    ]
    for window in np.random.default_rng(nrow).permutation(np.array(blocks, object), axis=0):
        rows, cols = window.slices_in(Window(0, 0, *SHAPE))
        sink.put(window, VALUES[:, rows, cols])


@pytest.mark.parametrize("block", [(1, 90), (3, 5), (16, 32), (32, 64), (10, 40), (50, 90)])
@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize("memory", [0, 10**6])
def test_every_tile_is_written_whole_and_once(block, together, memory, monkeypatch):
    monkeypatch.setattr(gathered, "fill_bytes", lambda: 16 * 32 * 2 * 4)
    file = File()
    put_all(
        Gathered(file.put, LAYERS, np.dtype("int16"), SHAPE, TILE, together=together, memory=memory), *block
    )
    np.testing.assert_array_equal(file.numbers, VALUES)
    for window, layers in file.puts:
        assert window.row % TILE[0] == window.col % TILE[1] == 0
        assert window.row_stop % TILE[0] == 0 or window.row_stop == SHAPE[0]
        assert window.col_stop % TILE[1] == 0 or window.col_stop == SHAPE[1]
        if together:
            assert len(layers) == LAYERS


@pytest.mark.parametrize("rows_of_tiles", [0, 2])
def test_what_never_came_is_filled_and_tiles_of_which_nothing_came_are_not_written(rows_of_tiles):
    file = File()
    sink = Gathered(
        file.put, LAYERS, np.dtype("int16"), SHAPE, TILE, memory=rows_of_tiles * 16 * 90 * LAYERS * 2
    )
    expected = file.numbers.copy()
    expected[:, :32, :64] = 77
    for window in (Window(3, 5, 20, 30), Window(30, 60, 1, 4)):
        rows, cols = window.slices_in(Window(0, 0, *SHAPE))
        expected[:, rows, cols] = VALUES[:, rows, cols]
        sink.put(window, VALUES[:, rows, cols])
    assert not file.puts
    sink.finish(77)
    np.testing.assert_array_equal(file.numbers, expected)
    assert len(file.puts) == 4
