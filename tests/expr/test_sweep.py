"""A sweep reads whole strips once everything is known."""

import numpy as np
import pytest

from pyterra.expr import Regrid
from pyterra.expr.layers import named
from pyterra.expr.sweep import Strips
from pyterra.grid import Grid, Window
from pyterra.grid.extent import Extent


class RowOfStrip:
    """Each cell becomes the first row of its strip, plus its value."""

    temporaries = 5.0

    def values(self, block, window, state):
        return block + window.row * state


STRIPS = tuple(Window(row, 0, min(4, 10 - row), 3) for row in (0, 4, 8))
METHOD = Strips(RowOfStrip(), 100, STRIPS, 4)
ARRAY = np.arange(30.0).reshape(1, 10, 3)


@pytest.mark.parametrize(
    ("window", "behind"),
    [
        (Window(1, 1, 2, 1), Window(0, 0, 4, 3)),
        (Window(3, 0, 2, 3), Window(0, 0, 8, 3)),
        (Window(9, 2, 1, 1), Window(8, 0, 2, 3)),
    ],
)
def test_whole_strips_lie_behind_any_window(window, behind):
    assert METHOD.behind(window) == behind
    array = ARRAY[:, behind.row : behind.row_stop]
    found = METHOD.values(array, behind, window, 1, np.dtype("float64"))
    expected = ARRAY + (np.arange(10) // 4 * 400.0)[None, :, None]
    np.testing.assert_array_equal(
        found, expected[:, window.row : window.row_stop, window.col : window.col_stop]
    )


def test_the_room_for_a_strip_is_counted():
    assert METHOD.scratch(Window(0, 0, 1, 1), 2) == 12 * (5 + 2 * 16)


def test_a_preview_picks_cells_of_the_whole():
    grid = Grid(Extent(0, 3, 0, 10), 10, 3, "")
    node = Regrid(grid=grid, layers=named("a"), dtype=np.dtype("float64"), arguments=(), method=METHOD)
    assert node.input_factors(4) is None
    with pytest.raises(TypeError, match="no preview"):
        METHOD.coarser([], None)
