"""Whittaker's smoother against the equations solved as whole matrices."""

import numpy as np
import pytest

from pyterra.kernels import whittaker


def smooth(values, weights, frames, strengths, order):
    found = np.empty(values.shape)
    bands = whittaker.penalty(max(*frames, order) + 1, order)
    whittaker.smooth(values, weights, frames, np.asarray(strengths, float), order, bands, found)
    return found


@pytest.mark.parametrize("order", [1, 2, 3])
def test_the_curve_solves_the_equations_and_predicts_left_out_values_best(order):
    rng = np.random.default_rng(order)
    values = rng.normal(size=(24, 19)).cumsum(axis=0)
    values[rng.random(values.shape) < 0.4] = np.nan
    weights, strengths = rng.random(values.shape), np.array([0.1, 1, 10, 100.0])
    found = smooth(values, weights, np.arange(24), strengths, order)
    steps = np.diff(np.eye(24), order, axis=0)
    for k in range(19):
        there = ~np.isnan(values[:, k])
        w, y = np.diag(np.where(there, weights[:, k], 0)), np.nan_to_num(values[:, k])
        tried = []
        for strength in strengths:
            hat = np.linalg.inv(w + strength * steps.T @ steps) @ w
            z = hat @ y
            error = (np.diag(w) * ((y - z) / (1 - np.diag(hat))) ** 2)[there].sum()
            tried.append((error, z))
        curve = min(tried, key=lambda one: one[0])[1]
        np.testing.assert_allclose(found[:, k], curve, rtol=1e-6)


def test_too_few_values_tell_nothing():
    values = np.array([[1.0, 1.0], [np.nan, 2.0], [np.nan, np.nan], [np.nan, np.nan]])
    found = smooth(values, np.ones((4, 1)), np.arange(4), [5.0], 2)
    assert np.isnan(found[:, 0]).all()
    np.testing.assert_allclose(found[:, 1], [1, 2, 3, 4])
    found = smooth(values, np.ones((4, 1)), np.arange(4), [1.0, 5.0], 2)
    assert np.isnan(found[:, 0]).all()
    np.testing.assert_allclose(found[:, 1], [1, 2, 3, 4])


def test_frames_without_a_layer_are_missing():
    values = np.array([[1.0], [3.0], [9.0]])
    found = smooth(values, np.ones((3, 1)), np.array([0, 1, 4]), [2.0], 2)
    laid = np.array([[1.0], [3.0], [np.nan], [np.nan], [9.0]])
    whole = smooth(laid, np.ones((5, 1)), np.arange(5), [2.0], 2)
    np.testing.assert_allclose(found, whole[[0, 1, 4]])


def test_the_penalty_is_the_product_of_differences():
    steps = np.diff(np.eye(9), 2, axis=0)
    whole = steps.T @ steps
    bands = whittaker.penalty(9, 2)
    for k in range(3):
        np.testing.assert_allclose(bands[k, : 9 - k], np.diag(whole, k))
