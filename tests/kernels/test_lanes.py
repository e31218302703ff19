"""Series of a block, tile by tile."""

import numpy as np

from pyterra.kernels import lanes


def test_tiles_give_what_the_whole_gives(monkeypatch):
    monkeypatch.setattr(lanes, "BYTES", 8 * 3 * 16)
    block = np.arange(3 * 5 * 11, dtype=np.float32).reshape(3, 5, 11)
    seen = []

    def kernel(values, weights, out):
        seen.append(values.shape)
        out[:] = values[::-1][:2] * weights[:2]

    found = lanes.by_tiles(block, kernel, 2, np.array([[2.0], [3.0], [4.0]]), order=np.array([2, 1, 0]))
    np.testing.assert_array_equal(found, [4 * block[0], 3 * block[1]])
    assert seen == [(3, 16)] * 3 + [(3, 7)]
    assert found.dtype == np.float64


def test_frames_without_a_layer_are_missing():
    block = np.array([[[1.0, 2]], [[3, 4]]], np.float32)
    np.testing.assert_array_equal(lanes.laid_out(block, np.array([2, 0])), [[3, 4], [np.nan, np.nan], [1, 2]])
    np.testing.assert_array_equal(lanes.shares(2, None), [[1], [1]])
    np.testing.assert_array_equal(lanes.shares(2, (0.5, 0.0)), [[0.5], [0]])
