"""Regression of the layers of each cell, beside numpy's least squares. The numbers of `x` are those of terra 1.9."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError

NAN = np.nan


@pytest.fixture
def y():
    rng = np.random.default_rng(3)
    return pt.rast(rng.normal(size=(6, 2, 5)))


@pytest.fixture
def gaps(y):
    array = y.to_numpy()
    array[2, 0, 1] = array[4, 0, 1] = array[5, 1, 2] = NAN
    array[1:, 1, 4] = NAN
    return pt.rast(array)


def fitted(y, design):
    """Coefficients by numpy, with the layers that are there."""
    values = y.to_numpy().reshape(len(y), -1)
    out = []
    for cell in values.T:
        known = ~np.isnan(cell)
        if known.sum() < design.shape[1]:
            out.append([NAN] * design.shape[1])
        else:
            out.append(np.linalg.lstsq(design[known], cell[known])[0])
    return np.array(out).T


def coefficients(found):
    return found.to_numpy().reshape(len(found), -1)


def test_numbers_of_layers_give_a_line():
    a, b = np.array([1.0, 5, NAN, 5]), np.array([7.0, 1, NAN, NAN])
    y = pt.rast(np.stack([a, b, 2 * a, 2 * b, a + 1, b + 1])[:, None])
    found = y.regress(range(1, 7))
    assert found.names == ["(Intercept)", "x"]
    np.testing.assert_allclose(
        coefficients(found), [[2.466667, 5.133333, NAN, NAN], [0.9142857, -0.2285714, NAN, NAN]], rtol=1e-6
    )
    found = y.regress(range(1, 7), na_rm=True)
    np.testing.assert_allclose(coefficients(found)[:, 3], [6.25, 0.25])


def test_a_line_is_that_of_least_squares(y, gaps):
    x = [1, 2, 4, 5, 7, 11]
    design = np.column_stack([np.ones(6), x])
    np.testing.assert_allclose(coefficients(y.regress(x)), fitted(y, design), rtol=1e-10)
    np.testing.assert_allclose(coefficients(gaps.regress(x, na_rm=True)), fitted(gaps, design), rtol=1e-10)
    whole = ~np.isnan(gaps.to_numpy()).any(axis=0).ravel()
    np.testing.assert_array_equal(np.isnan(coefficients(gaps.regress(x))[0]), ~whole)


def test_a_predictor_may_be_a_raster(y):
    x = y * 2 + 3
    np.testing.assert_allclose(coefficients(y.regress(x)), [[-1.5] * 10, [0.5] * 10], rtol=1e-12)


def test_a_table_gives_a_plane(y, gaps):
    table = {"p": [1, 2, 3, 4, 5, 6], "q": [1, 0, 1, 0, 0, 1]}
    design = np.column_stack([np.ones(6), *table.values()])
    found = y.regress(table)
    assert found.names == ["(Intercept)", "p", "q"]
    assert y.regress(design[:, 1:]).names == ["(Intercept)", "x1", "x2"]
    np.testing.assert_allclose(coefficients(found), fitted(y, design), rtol=1e-9)
    np.testing.assert_allclose(coefficients(gaps.regress(table, na_rm=True)), fitted(gaps, design), rtol=1e-9)


def test_layers_that_are_left_may_not_tell_the_plane():
    y = pt.rast(np.array([[[1.0, 1]], [[2, 2]], [[3, 3]], [[4, NAN]]]))
    found = y.regress({"p": [1, 2, 3, 4], "q": [0, 0, 0, 1]}, na_rm=True)
    np.testing.assert_allclose(coefficients(found)[:, 0], [0, 1, 0], atol=1e-12)
    assert np.isnan(coefficients(found)[:, 1]).all()


def test_a_predictor_that_does_not_vary_has_no_slope(y):
    np.testing.assert_array_equal(coefficients(y.regress([1] * 6))[1], np.zeros(10))


@pytest.mark.parametrize(
    ("x", "message"),
    [
        ([1, 2], r"a number for each layer of y \(6\), got 2"),
        ([1, 2, NAN, 4, 5, 6], "or missing ones"),
        ({"p": range(6), "q": range(6)}, "must not depend on each other, got p, q"),
        (pt.rast([[1]]), "x must have 6 layers, as y has, got 1"),
    ],
)
def test_what_cannot_be_fitted_is_refused(y, x, message):
    with pytest.raises(ArgumentError, match=f"regress: .*{message}"):
        y.regress(x)
