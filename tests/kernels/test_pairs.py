"""Covariances and correlations of pairs of layers, beside numpy's."""

import numpy as np
import pytest

from pyterra.kernels.pairs import correlation, covariance, merge_pairs, pairs


@pytest.fixture
def block():
    rng = np.random.default_rng(3)
    values = rng.normal(1000.0, 2.0, (3, 400))
    values[1] += values[0]
    values[rng.random(values.shape) < 0.2] = np.nan
    return values


def pairwise(block, function):
    """A function of the cells that both layers of a pair have."""
    out = np.empty((3, 3))
    for i in range(3):
        for j in range(3):
            both = ~np.isnan(block[i]) & ~np.isnan(block[j])
            out[i, j] = function(block[i, both], block[j, both])
    return out


def test_pairs_leave_out_cells_that_one_of_them_has_not(block):
    found = pairs(block)
    cov = pairwise(block, lambda a, b: np.cov(a, b)[0, 1])
    np.testing.assert_allclose(covariance(found, sample=True), cov, rtol=1e-12)
    population = pairwise(block, lambda a, b: np.cov(a, b, ddof=0)[0, 1])
    np.testing.assert_allclose(covariance(found, sample=False), population, rtol=1e-12)
    cor = pairwise(block, lambda a, b: np.corrcoef(a, b)[0, 1])
    np.testing.assert_allclose(correlation(found), cor, rtol=1e-12)
    np.testing.assert_allclose(found.mean, pairwise(block, lambda a, b: a.mean()), rtol=1e-15)
    np.testing.assert_array_equal(found.count, pairwise(block, lambda a, b: a.size))


def test_parts_are_merged_about_their_means(block):
    whole, parts = pairs(block), [pairs(block[:, i : i + 37]) for i in range(0, 400, 37)]
    nothing = pairs(np.full((3, 5), np.nan))
    merged = merge_pairs(nothing, parts[0])
    for part in [*parts[1:], nothing]:
        merged = merge_pairs(merged, part)
    np.testing.assert_allclose(merged.product, whole.product, rtol=1e-10)
    np.testing.assert_allclose(correlation(merged), correlation(whole), rtol=1e-10)
    np.testing.assert_array_equal(merged.count, whole.count)
    assert merged.seen == 410


def test_complete_cells_are_those_that_all_layers_have(block):
    full = block[:, ~np.isnan(block).any(axis=0)]
    np.testing.assert_allclose(covariance(pairs(block, complete=True), sample=True), np.cov(full), rtol=1e-11)


def test_weights_are_frequencies(block):
    weights = np.arange(400) % 4.0
    weights[7] = np.nan
    known = np.nan_to_num(weights).astype(int)
    repeated = np.repeat(block, known, axis=1)
    found = covariance(pairs(block, weights), sample=True)
    np.testing.assert_allclose(found, pairwise(repeated, lambda a, b: np.cov(a, b)[0, 1]), rtol=1e-10)


def test_a_layer_of_equal_values_has_no_correlation():
    found = correlation(pairs(np.array([[2.0, 2, 2], [1, 2, 3]])))
    assert np.isnan(found[0]).all()
    assert found[1, 1] == 1
