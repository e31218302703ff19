"""Quantiles and modes over the layers of each cell; numpy is the oracle, for tiles of any width."""

import numpy as np
import pytest

from pyterra.kernels.order import TILE, median, modal, quantiles, sorted_layers

NAN = float("nan")


def block_of(layers, cells, missing, dtype=np.float64):
    rng = np.random.default_rng(layers)
    block = rng.integers(-4, 5, (layers, cells)).astype(dtype)
    block[rng.random(block.shape) < missing] = NAN
    return block


@pytest.mark.parametrize("layers", [1, 2, 3, 7, 8, 33])
@pytest.mark.parametrize("missing", [0.0, 0.4])
def test_quantiles_are_those_of_numpy(layers, missing):
    block, probs = block_of(layers, TILE + 9, missing), np.array([0.0, 0.1, 0.5, 0.77, 1.0])
    out = np.empty((5, TILE + 9))
    quantiles(block, probs, True, out)
    known = ~np.isnan(block).all(axis=0)
    np.testing.assert_allclose(
        out[:, known], np.nanquantile(block[:, known], probs, axis=0), rtol=1e-14, atol=1e-15
    )
    assert np.isnan(out[:, ~known]).all()


def test_a_missing_layer_makes_the_quantile_missing_unless_told():
    out = np.empty((1, 3))
    block = np.array([[1.0, NAN, 5.0], [4.0, 2.0, 5.0], [2.0, 9.0, 8.0]])
    quantiles(block, np.array([0.5]), False, out)
    np.testing.assert_array_equal(out, [[2, NAN, 5]])
    median(block, True, out)
    np.testing.assert_array_equal(out, [[2, 5.5, 5]])


def test_between_infinite_values_lies_the_infinite_value():
    block, out = np.full((4, 1), np.inf), np.empty((1, 1))
    quantiles(block, np.array([0.3]), True, out)
    assert out[0, 0] == np.inf


@pytest.mark.parametrize("layers", [1, 4, 9])
def test_the_mode_is_the_lowest_of_the_commonest_values(layers):
    block, out = block_of(layers, TILE + 5, 0.3), np.empty((1, TILE + 5))
    modal(block, True, out)
    for cell in range(block.shape[1]):
        values, counts = np.unique(block[:, cell][~np.isnan(block[:, cell])], return_counts=True)
        expected = values[counts.argmax()] if values.size else NAN
        np.testing.assert_equal(out[0, cell], expected)


def test_a_missing_layer_makes_the_mode_missing_unless_told():
    out = np.empty((1, 2))
    modal(np.array([[1.0, 3.0], [1.0, 3.0], [NAN, 7.0]]), False, out)
    np.testing.assert_array_equal(out, [[NAN, 3]])


@pytest.mark.parametrize("layers", [1, 2, 3, 6, 16, 17])
def test_layers_are_sorted_with_missing_ones_last(layers):
    """numpy's sort puts NaN last, and infinity before it."""
    rng = np.random.default_rng(layers)
    block = rng.integers(-9, 9, (layers, 9001)).astype(float)
    block[rng.random(block.shape) < 0.2] = np.nan
    block[rng.random(block.shape) < 0.1] = np.inf
    np.testing.assert_array_equal(sorted_layers(block), np.sort(block, axis=0))
