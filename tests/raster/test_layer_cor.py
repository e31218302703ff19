"""Correlation and covariance of layers."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError

NAN = np.nan


@pytest.fixture
def r():
    """What terra 1.9 was asked about."""
    values = np.array([[[1, 5, NAN], [5, 2, 3]], [[7, 1, NAN], [NAN, 9, 1]]])
    return pt.rast(values, names=["a", "b"])


def test_covariance_is_that_of_terra(r):
    """The numbers are those of terra 1.9."""
    found = r.layer_cor("cov", use="pairwise.complete.obs")
    np.testing.assert_allclose(found["covariance"], [[3.2, -5.5], [-5.5, 17]])
    np.testing.assert_allclose(found["mean"], [[3.2, 2.75], [4.5, 4.5]])
    np.testing.assert_array_equal(found["n"], [[5, 4], [4, 4]])
    assert found["covariance"].index.tolist() == found["covariance"].columns.tolist() == ["a", "b"]
    assert np.isnan(r.layer_cor("cov")["covariance"]).all(axis=None)


def test_correlation_is_that_of_the_cells_that_both_have(r):
    """R's cor(use = "pairwise.complete.obs"); terra 1.9 gives -0.559."""
    found = r.layer_cor(use="pairwise")["correlation"]
    np.testing.assert_allclose(found, [[1, -0.7810788], [-0.7810788, 1]], atol=1e-7)


def test_weighted_covariance_is_that_of_terra(r):
    """The numbers are those of terra 1.9, with the numbers of columns from 1 as weights."""
    w = r[0].init("col") + 1
    found = r.layer_cor("weighted.cov", w, use="pairwise.complete.obs")
    np.testing.assert_allclose(found["weighted_covariance"], [[2.194444, -4], [-4, 14.78571]], rtol=1e-6)
    np.testing.assert_allclose(found["weighted_mean"], [[3.222222, 3], [3.75, 3.75]], rtol=1e-6)
    found = r.layer_cor("weighted.cov", w, use="pairwise", as_sample=False)["weighted_covariance"]
    np.testing.assert_allclose(found, [[1.950617, -3.5], [-3.5, 12.9375]], rtol=1e-6)


def test_a_function_gets_the_values_of_two_layers(r):
    found = r.layer_cor(lambda a, b, k: k * np.nansum(a * b), k=2)
    assert found.values.tolist() == [[128, 66], [66, 264]]
    sizes = r.layer_cor(lambda a, b: a.size, use="pairwise")
    assert sizes.values.tolist() == [[5, 4], [4, 4]]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda r: r[0].layer_cor(), "two layers or more, got 1"),
        (lambda r: r.layer_cor("spearman"), "fun: must be one of cor, pearson, cov, weighted.cov"),
        (lambda r: r.layer_cor("cov", r[0]), "w must be given for fun='weighted.cov'"),
        (lambda r: r.layer_cor("weighted.cov"), "w must be given"),
        (lambda r: r.layer_cor("cov", use="some"), "use: must be one of everything"),
        (lambda r: r.layer_cor(lambda a, b: a), "one number for two layers, got 6"),
    ],
)
def test_what_cannot_be_is_refused(r, call, message):
    with pytest.raises(ArgumentError, match=message):
        call(r)


def test_a_layer_goes_with_itself_whatever_is_missing(r):
    """R's cor() and terra 1.9: 1 along the diagonal, also of a layer that never changes or has no value."""
    np.testing.assert_array_equal(r.layer_cor()["correlation"], [[1, NAN], [NAN, 1]])
    np.testing.assert_array_equal((r * NAN).layer_cor()["correlation"], [[1, NAN], [NAN, 1]])
