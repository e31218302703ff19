"""Tiles are what they would be without a word to memory, up to the last byte of it."""

import mmap
import platform

import numpy as np
import pytest
from numba.core.caching import NullCache

from pyterra.kernels._ahead import tile_of
from pyterra.kernels._jit import exact_jit


@exact_jit
def totals(block, width):
    out = np.zeros(block.shape[1])
    for start in range(0, block.shape[1], width):
        size = min(width, block.shape[1] - start)
        for layer in range(block.shape[0]):
            tile = tile_of(block[layer], start, size)
            for k in range(size):
                out[start + k] += tile[k]
    return out


@pytest.mark.parametrize("dtype", ["uint8", "int16", "float32", "float64"])
@pytest.mark.parametrize("width", [1, 7, 128, 1000])
def test_tiles_have_each_element_once(dtype, width):
    block = np.random.default_rng(1).integers(0, 100, (5, 300)).astype(dtype)
    np.testing.assert_array_equal(totals(block, width), block.sum(axis=0))


def test_rows_of_a_part_of_a_block():
    block = np.arange(4.0 * 90).reshape(4, 90)[:, 20:63]
    np.testing.assert_array_equal(totals(block, 10), block.sum(axis=0))


def test_nothing_is_read_behind_the_end_of_memory():
    with mmap.mmap(-1, mmap.PAGESIZE) as page:
        block = np.frombuffer(page, np.float32).reshape(2, -1)
        assert totals(block, 16).sum() == 0
        del block


@pytest.mark.skipif(
    platform.machine() not in ("x86_64", "AMD64", "aarch64", "arm64"),
    reason="no name of the instruction is known",
)
def test_memory_is_told():
    fresh = exact_jit(totals.py_func)
    fresh._cache = NullCache()
    fresh(np.zeros((2, 64), np.float32), 32)
    (code,) = fresh.inspect_asm().values()
    assert "prefetch" in code or "prfm" in code
