"""Streams that zlib reads back, and that are as small as its own."""

import zlib

import numpy as np
import pytest

from pyterra.kernels import deflate, landscape


def back(tile):
    return np.frombuffer(zlib.decompress(deflate.compress(tile)), np.uint8).reshape(tile.shape)


def classes(rng, shape):
    """Patches of some classes, with single cells that differ."""
    coarse = rng.integers(0, rng.integers(1, 9) + 1, (shape[0] // 6 + 1, shape[1] // 9 + 1))
    out = np.kron(coarse, np.ones((6, 9)))[: shape[0], : shape[1]].astype(np.uint8) * 20
    out[rng.random(shape) < rng.random() * 0.1] = rng.integers(0, 256)
    return out


@pytest.mark.parametrize("seed", range(40))
def test_what_is_read_back_is_what_was_written(seed):
    rng = np.random.default_rng(seed)
    shape = tuple(rng.integers(1, 130, 2))
    for tile in (
        classes(rng, shape),
        rng.integers(0, 256, shape, dtype=np.uint8),
        (rng.random(shape) < 0.1).astype(np.uint8),
        np.cumsum(rng.integers(0, 2, shape), axis=1).astype(np.uint8),
        np.full(shape, rng.integers(0, 256), np.uint8),
        classes(rng, shape)[:, ::-1].T,
    ):
        np.testing.assert_array_equal(back(tile), tile)
        np.testing.assert_array_equal(deflate.decompress(deflate.compress(tile), tile.shape), tile)
        np.testing.assert_array_equal(deflate.decompress(zlib.compress(tile.tobytes()), tile.shape), tile)


@pytest.mark.parametrize("size", [1, 2, 3, 4, 7, 8, 9, 257, 258, 259, 260, 261, 515, 516, 517, 518, 66000])
def test_runs_of_all_lengths(size):
    for tile in (np.full((1, size), 7, np.uint8), np.r_[3, np.full(size, 7), 5].astype(np.uint8)[None]):
        np.testing.assert_array_equal(back(tile), tile)


@pytest.mark.parametrize("width", [16383, 16384, 16385, 32767, 32768, 32769])
def test_rows_are_repeated_as_far_back_as_a_stream_can_say(width):
    tile = np.repeat(np.random.default_rng(1).integers(0, 256, (1, width), dtype=np.uint8), 3, axis=0)
    found = deflate.compress(tile)
    np.testing.assert_array_equal(back(tile), tile)
    assert (len(found) < 1.5 * width) == (width <= 32768)


def test_codes_do_not_get_too_long():
    """Symbols as frequent as Fibonacci's numbers would have codes of 24 bits."""
    often = [1, 1]
    while len(often) < 25:
        often.append(often[-1] + often[-2])
    tile = np.repeat(np.arange(25, dtype=np.uint8), often)
    tile = np.random.default_rng(1).permutation(tile)[None]
    np.testing.assert_array_equal(back(tile), tile)


@pytest.mark.parametrize("seed", range(3))
def test_maps_are_as_small_as_those_of_zlib(seed):
    years = landscape.cropland(0, 0, 400, 400, coast=-400, seed=seed)[:2] * np.uint8(100)
    share = ((3 * years[0].astype(int) + years[1]) // 4).astype(np.uint8)
    for tile in (years[0], share):
        assert tile.any()
        assert len(deflate.compress(tile)) < 1.02 * len(zlib.compress(tile.tobytes(), 6))


def test_a_part_of_an_array_is_compressed_as_a_copy_of_it():
    tile = np.arange(60, dtype=np.uint8).reshape(6, 10)
    assert deflate.compress(tile[1:4, ::2]) == deflate.compress(tile[1:4, ::2].copy())


def test_what_is_no_tile_is_an_error():
    for data in (b"", b"no", deflate.compress(np.ones((4, 4), np.uint8))):
        with pytest.raises((zlib.error, ValueError)):
            deflate.decompress(data, (4, 5))
