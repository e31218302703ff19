"""How a raster is cut on disk."""

import pytest

from pyterra.expr import Tiling
from pyterra.io.raster.layout import DEEP_BYTES, LEAST_ROWS, WIDE_BYTES, file_tile


@pytest.mark.parametrize(
    ("cell_bytes", "shape", "tile"),
    [
        (1, (9000, 9000), (512, 512)),
        (4, (20, 100), (32, 112)),  # whole multiples of 16
        (4, (1, 1), (16, 16)),
        (1000, (9000, 9000), (128, 256)),  # 512 x 512 cells of 1000 bytes are 262 MB
    ],
)
def test_tiles_are_no_larger_than_the_raster_and_smaller_where_it_is_deep(cell_bytes, shape, tile):
    assert file_tile(cell_bytes, shape, None) == tile


def test_a_tile_of_all_layers_fits_in_memory_as_far_as_tiles_may_shrink():
    rows, cols = file_tile(6000, (9000, 9000), None)
    assert rows * cols * 6000 <= DEEP_BYTES
    assert file_tile(10**6, (9000, 9000), None) == (64, 64)


def test_a_row_of_tiles_over_strips_of_a_wide_source_fits_too():
    wide = (20_000, 100_000)
    rows, cols = file_tile(4, wide, Tiling(1, wide[1]))
    assert cols == 512
    assert rows * wide[1] * 4 <= WIDE_BYTES
    assert rows % LEAST_ROWS == 0
    assert file_tile(4, wide, Tiling(256, 256)) == (512, 512)
