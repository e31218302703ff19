"""Windows cell by cell: weighted sums and means, and compiled functions of the user."""

from __future__ import annotations

import numba
import numpy as np

from pyterra.kernels.focal import focal, focal_user

NAN = np.nan


def pad(block, h, w, fill=NAN):
    return np.pad(block, ((0, 0), (h // 2, h // 2), (w // 2, w // 2)), constant_values=fill)


TERRA_INPUT = np.array([[[3, 1, NAN, 2, 5], [2, 2, 8, 0, 1], [7, 4, 6, -1, NAN], [9, 9, 3, 2, 2.0]]])
TERRA_WEIGHTS = np.array([[1, 0, NAN], [2, 0.5, 1], [0, 1, 3]])


@numba.njit
def span(values):
    return np.nanmax(values) - np.nanmin(values)


@numba.njit
def ends(values):
    return values[0], values[-1]


def test_focal_weighted_mean_equals_terra():
    got = focal(pad(TERRA_INPUT, 3, 3, 0.0), TERRA_WEIGHTS, "mean")[0]
    np.testing.assert_allclose(got[0], [1.235294, NAN, NAN, NAN, 0.8823529], rtol=1e-6)
    np.testing.assert_allclose(got[2], [5.117647, 4.941176, 2.470588, NAN, NAN], rtol=1e-6)


def test_focal_user_function_sees_the_used_values_times_their_weights():
    block = np.arange(9.0).reshape(1, 3, 3)
    weights = np.array([[NAN, 2.0, 1.0]])
    got = focal_user(pad(block, 1, 3), weights, span)
    np.testing.assert_array_equal(got[0], [[1, 0, 0], [2, 3, 0], [5, 6, 0]])


def test_focal_user_function_of_two_results_gives_two_layers_per_layer():
    padded = pad(np.arange(18.0).reshape(2, 3, 3), 1, 3, fill=-1.0)
    got = focal_user(padded, np.ones((1, 3)), ends, k=2)
    assert got.shape == (4, 3, 3)
    np.testing.assert_array_equal(got[:, 0], [[-1, 0, 1], [1, 2, -1], [-1, 9, 10], [10, 11, -1]])
