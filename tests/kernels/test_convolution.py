"""Normalised convolution against sums written from the formula, by each way of computing."""

import numpy as np
import pytest

from pyterra.kernels import convolution
from pyterra.kernels.convolution import Weights, convolve


def series(layers, cells, missing=0.4, seed=1):
    rng = np.random.default_rng(seed)
    block = rng.uniform(0, 250, (layers, cells)).round(1)
    block[rng.random(block.shape) < missing] = np.nan
    return block


def by_formula(block, weights, frames, share):
    """num_i and den_i, term by term."""
    mean, known = np.full(block.shape, np.nan), np.zeros(block.shape)
    for k in range(block.shape[1]):
        for i in range(len(block)):
            num = den = 0.0
            for j in range(len(block)):
                d = frames[j] - frames[i]
                if d == 0:
                    w = weights.present
                else:
                    side = weights.future if d > 0 else weights.past
                    w = side[abs(d) - 1] if abs(d) <= len(side) else 0.0
                w *= share[j, k]
                if not np.isnan(block[j, k]) and share[j, k] > 0:
                    num, den = num + w * block[j, k], den + w
            if den > 0:
                mean[i, k], known[i, k] = num / den, den
    return mean, known


@pytest.mark.parametrize("backend", ["matrix", "banded", "fft"])
def test_sums_are_those_of_the_formula(backend):
    block, frames = series(9, 11), np.array([0, 1, 2, 4, 5, 7, 8, 9, 12])
    line = convolution.swa(13, 4, 45, 46)
    weights = Weights(line[1:], 0.7, line[1:6] / 2)
    share = np.random.default_rng(2).random(block.shape).round(2)
    share[2] = 0
    expected, sums = by_formula(block, weights, frames, share)
    known = np.empty(block.shape, np.float32)
    found = convolve(block, weights, frames, share=share, known=known, backend=backend)
    np.testing.assert_allclose(found, expected, rtol=1e-5)
    np.testing.assert_allclose(known, sums, rtol=1e-5)


@pytest.mark.parametrize("backend", ["matrix", "banded", "fft"])
def test_the_smallest_weight_is_not_lost_at_nine_decades(backend):
    block = np.full((20, 3), np.nan)
    block[0] = 100
    weights = Weights(10.0 ** -np.linspace(0.5, 9, 19), 1.0, np.empty(0))
    found = convolve(block, weights, np.arange(20), backend=backend)
    np.testing.assert_allclose(found, 100, rtol=1e-5)
    nothing = convolve(block[::-1].copy(), weights, np.arange(20), backend=backend)
    assert np.isnan(nothing[:-1]).all()


def test_bits_do_not_depend_on_how_many_cells_there_are():
    block = series(12, convolution.TILE + 7)
    line = convolution.swa(12, 4, 60, 20)
    weights = Weights(line[1:], 1.0, line[1:])
    whole = convolve(block, weights, np.arange(12))
    parts = [
        convolve(block[:, a:b].copy(), weights, np.arange(12)) for a, b in ((0, 3), (3, 900), (900, None))
    ]
    np.testing.assert_array_equal(whole, np.concatenate(parts, axis=1))


def test_what_is_there_can_be_kept():
    block = series(6, 4)
    found = convolve(block, Weights(np.ones(5), 1.0, np.ones(5)), np.arange(6), keep=True)
    there = ~np.isnan(block)
    np.testing.assert_array_equal(found[there], block[there].astype(np.float32))


def test_weights_of_the_season_are_those_of_the_definition():
    w = convolution.swa(156, 6, 45, 46)
    np.testing.assert_allclose(w[:7], [1, 0.0296, 0.00087, 0.000026, 0.00076, 0.0225, 0.665], rtol=0.03)
    assert w[-1] == pytest.approx(8.5e-7, rel=0.05)


def test_few_weights_are_summed_and_long_series_transformed():
    line = np.ones(3)
    assert convolution.choose(Weights(line, 1.0, line), np.arange(156)) == "banded"
    assert convolution.choose(Weights(np.ones(155), 1.0, np.ones(155)), np.arange(156)) == "matrix"
    assert convolution.choose(Weights(np.ones(5000), 1.0, np.ones(5000)), np.arange(5001)) == "fft"
