"""Windows of rows, columns and layers, against terra 1.9 and numpy."""

import numpy as np
import pytest
from raster.test_focal_layers import VALUES, three

import pyterra as pt
from pyterra.errors import ArgumentError

NAN = float("nan")


def test_means_are_those_of_terra():
    # terra 1.9-45: focal3D(x, c(3, 3, 3), mean, na.rm = TRUE)
    got = three().focal3d((3, 3, 3), "mean", na_rm=True)
    assert got.names == ["b"]
    expected = [
        [0.5566667, 0.5416667, 0.4511111, 0.5111111, 0.5108333],
        [0.4255556, 0.4807407, 0.4725926, 0.5418519, 0.5172222],
        [0.5194444, 0.5422222, 0.5625926, 0.5385185, 0.5138889],
        [0.4900000, 0.5350000, 0.5816667, 0.5322222, 0.4858333],
    ]
    np.testing.assert_allclose(got.to_numpy()[0], expected, atol=1e-7)


def test_layers_may_go_on_before_and_after_as_in_terra():
    # terra 1.9-45: focal3D(x, c(3, 3, 3), sum, na.rm = TRUE, expand = TRUE), and "mean" with pad = TRUE
    got = three().focal3d(3, "sum", na_rm=True, expand=True)
    assert got.names == ["a", "b", "c"]
    np.testing.assert_allclose(got.to_numpy()[0, 0], [5.59, 9.59, 8.59, 9.85, 5.85], atol=1e-9)
    got = three().focal3d(3, "mean", na_rm=True, pad=True).minmax()
    np.testing.assert_allclose(got, [[0.383333, 0.425556, 0.4075], [0.547778, 0.581667, 0.636667]], atol=1e-6)
    zeros = three().focal3d((1, 1, 3), "sum", pad=True, padvalue=0).to_numpy()
    np.testing.assert_allclose(zeros[0], (VALUES[0] + VALUES[1]).reshape(4, 5))


def test_weights_are_those_of_terra():
    # terra 1.9-45: focal3D(x, w, sum, na.rm = TRUE) with crosses of 1 before and after a square of 2
    cross, square = [[0, 1, 0], [1, 1, 1], [0, 1, 0]], np.full((3, 3), 2)
    got = three().focal3d(np.stack([cross, square, cross], axis=-1), "sum", na_rm=True).to_numpy()[0]
    np.testing.assert_allclose(got[0], [7.27, 9.73, 8.90, 9.45, 6.75], atol=1e-9)
    np.testing.assert_allclose(got[2], [8.76, 12.58, 15.40, 14.74, 10.52], atol=1e-9)


@pytest.mark.parametrize("fun", ["median", "sd", "which_max", "range"])
def test_statistics_are_those_of_the_cells_as_layers(fun):
    x = three(missing=0.1)
    got = x.focal3d((3, 1, 3), fun, na_rm=True)
    padded = np.pad(x.to_numpy(), ((0, 0), (1, 1), (0, 0)), constant_values=NAN)
    cells = np.stack([padded[k, i : i + 4] for k in range(3) for i in range(3)])
    expected = pt.rast(cells).app(fun, na_rm=True).to_numpy()
    np.testing.assert_array_equal(got.to_numpy(), expected)


def test_policies_keep_the_middle_layer():
    x = three(missing=0.3)
    middle = x.to_numpy()[1]
    filled = x.focal3d(3, "mean", na_policy="only").to_numpy()[0]
    assert np.array_equal(filled[~np.isnan(middle)], middle[~np.isnan(middle)])
    assert not np.isnan(filled).any()
    assert np.array_equal(
        np.isnan(x.focal3d(3, "mean", na_rm=True, na_policy="omit").to_numpy()[0]), np.isnan(middle)
    )


def test_a_function_gets_the_values_of_the_window():
    got = three().focal3d((1, 1, 3), lambda v: [v.min(), v.max()])
    assert got.names == ["b_1", "b_2"]
    np.testing.assert_array_equal(got.to_numpy()[1].ravel(), VALUES.max(axis=0))


def test_what_is_refused():
    x = three()
    with pytest.raises(ArgumentError, match="more layers than the raster"):
        x.focal3d((1, 1, 5))
    with pytest.raises(ArgumentError, match="one or three whole numbers"):
        x.focal3d((3, 3))
    with pytest.raises(ArgumentError, match="focal3d: w must be odd"):
        x.focal3d((1, 1, 2))
    with pytest.raises(ArgumentError, match="rows, columns and layers"):
        x.focal3d(np.ones((3, 3)))
    with pytest.raises(ArgumentError, match="names: must be one per layer"):
        x.focal3d(3, names=["p", "q"])
