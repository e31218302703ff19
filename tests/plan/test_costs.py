"""What a block costs in memory."""

import numpy as np

import pyterra as pt
from pyterra.expr import Cells
from pyterra.grid import Window
from pyterra.plan import peak_bytes, schedule


def nothing_held(node):
    return False


def raster(rows=40, cols=50, layers=1):
    return pt.rast(np.arange(layers * rows * cols, dtype="float32").reshape(layers, rows, cols))


def test_peak_counts_what_is_alive_at_once():
    r = raster(100, 100)
    chain = ((r + 1) * 2).sqrt()._node
    window = Window(0, 0, 100, 100)
    block = 100 * 100 * 8  # computed, so float64
    peak = peak_bytes(schedule(chain, window, nothing_held))
    assert peak >= 2 * block  # a step holds its input and its result
    assert peak <= 8 * block  # but not the whole chain, however long
    longer = chain
    for _ in range(20):
        longer = Cells(
            grid=longer.grid, layers=longer.layers, dtype=longer.dtype, arguments=(longer,), kernel=np.sqrt
        )
    assert peak_bytes(schedule(longer, window, nothing_held)) <= peak
