"""Correlations and regressions within windows, against terra 1.9 and numpy."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError, UDFError

NAN = float("nan")
VALUES = np.array([
    [0.18, 0.7, 0.57, 0.17, 0.94, 0.94, 0.13, 0.83, 0.47, 0.55,
     0.55, 0.24, 0.76, 0.18, 0.41, 0.85, 0.98, 0.23, 0.44, 0.07],
    [0.66, 0.39, 0.84, 0.15, 0.35, 0.49, 0.15, 0.36, 0.96, 0.13,
     0.01, 0.16, 0.81, 0.87, 0.51, 0.63, 0.84, 0.28, 0.67, 0.15],
    [0.98, 0.3, 0.12, 0.16, 0.94, 0.79, 0.97, 0.35, 0.5, 0.81,
     0.01, 0.01, 0.68, 0.93, 0.28, 0.81, 0.79, 0.99, 0.61, 0.71],
])  # fmt: skip
"""Three layers of 4 rows and 5 columns by chance."""
WEIGHTS = ((1, 2, 1), (2, 4, 2), (1, 2, 1))


def three(missing=0.0):
    values = VALUES.reshape(3, 4, 5).copy()
    values[np.random.default_rng(1).random(values.shape) < missing] = NAN
    return pt.rast(values, names=["a", "b", "c"])


def windows(x, size=3):
    """The windows of a raster with missing cells around it: layer, row, col, cell."""
    half = size // 2
    padded = np.pad(x.to_numpy(), ((0, 0), (half, half), (half, half)), constant_values=NAN)
    found = np.lib.stride_tricks.sliding_window_view(padded, (size, size), axis=(1, 2))
    return found.reshape(*found.shape[:3], -1)


def test_correlations_are_those_of_terra():
    # terra 1.9-45: focalPairs(x, 3, "pearson"), and with na.rm = TRUE
    got = three().focal_pairs()
    assert got.names == ["lyr1", "lyr2"]
    expected = [[0.2865618, 0.3231139, -0.09199922], [0.7276869, 0.4253921, 0.15202208]]
    np.testing.assert_allclose(got.to_numpy()[0, 1:3, 1:4], expected, atol=1e-7)
    assert np.isnan(got.to_numpy()[:, 0]).all()
    got = three().focal_pairs(na_rm=True).to_numpy()[0]
    np.testing.assert_allclose(got[0], [0.1893049, 0.08810233, 0.3757126, 0.02773490, 0.08271212], atol=1e-7)
    np.testing.assert_allclose(got[3], [0.8507629, 0.78883357, 0.5544957, 0.57682006, 0.40266665], atol=1e-7)


def test_weighted_correlations_are_those_of_terra():
    # terra 1.9-45: focalPairs(x, w, "pearson", na.rm = TRUE)
    got = three().focal_pairs(WEIGHTS, na_rm=True).to_numpy()[0]
    np.testing.assert_allclose(got[1, 1:4], [0.48053114, 0.2268559, -0.1201011], atol=1e-7)
    np.testing.assert_allclose(got[0], [-0.2527744, 0.09882686, 0.3496295, 0.2567495, 0.179407086], atol=1e-7)


def test_correlations_beside_missing_cells_are_those_of_numpy():
    x = three(missing=0.25)
    got, layers = x.focal_pairs(na_rm=True).to_numpy(), windows(x)
    for k, row, col in np.ndindex(got.shape):
        a, b = layers[k : k + 2, row, col]
        both = ~np.isnan(a + b)
        if both.sum() > 2:
            assert got[k, row, col] == pytest.approx(np.corrcoef(a[both], b[both])[0, 1], abs=1e-12)


def test_a_layer_that_does_not_vary_goes_with_nothing():
    x = pt.rast([[[1, 1, 1]], [[1, 2, 3]]])
    assert np.isnan(x.focal_pairs((1, 3)).to_numpy()).all()


def test_a_function_of_two_windows():
    # terra 1.9-45: focalPairs(x, 3, function(x, y) mean(x) + mean(y))
    got = three().focal_pairs(3, lambda x, y: x.mean() + y.mean())
    expected = [[0.9744444, 0.9711111, 1.0955556], [1.0266667, 1.0400000, 0.9644444]]
    np.testing.assert_allclose(got.to_numpy()[0, 1:3, 1:4], expected, atol=1e-7)


def test_regressions_are_those_of_terra():
    # terra 1.9-45: focalReg(x, 3)
    got = three().focal_reg()
    assert got.names == ["intercept", "b", "c"]
    expected = [
        [[0.4821735, 0.3926240, 0.4829273], [0.3809798, 0.3867385, 0.7346490]],
        [[0.3629301, 0.3309045, -0.08349638], [0.9961845, 0.4569144, 0.07101761]],
        [[-0.2004991, -0.2576016, 0.1990495], [-0.3027012, -0.2660224, -0.5133899]],
    ]
    np.testing.assert_allclose(got.to_numpy()[:, 1:3, 1:4], expected, atol=1e-7)


def test_regressions_without_an_intercept_and_with_weights_are_those_of_terra():
    # terra 1.9-45: focalReg(x[[1:2]], 3, "ols", na.rm = TRUE, intercept = FALSE), and focalReg(x[[1:2]], w, na.rm = TRUE)
    got = three()[["a", "b"]].focal_reg(na_rm=True, intercept=False)
    assert got.names == ["b"]
    np.testing.assert_allclose(
        got.to_numpy()[0, 0], [1.025403, 0.9786414, 0.7916475, 0.8624590, 0.8095985], atol=1e-6
    )
    got = three()[["a", "b"]].focal_reg(WEIGHTS, na_rm=True).to_numpy()[0]
    np.testing.assert_allclose(got[1], [0.4115024, 0.2794279, 0.42433513, 0.55168742, 0.59559744], atol=1e-6)


def test_regressions_beside_missing_cells_are_those_of_numpy():
    x = three(missing=0.15)
    got, layers = x.focal_reg(na_rm=True).to_numpy(), windows(x)
    for row, col in np.ndindex(got.shape[1:]):
        y, *others = layers[:, row, col]
        full = ~np.isnan(layers[:, row, col]).any(axis=0)
        if full.sum() < 3:
            assert np.isnan(got[:, row, col]).all()
            continue
        design = np.column_stack([np.ones(full.sum()), *(other[full] for other in others)])
        expected = np.linalg.lstsq(design, y[full], rcond=None)[0]
        np.testing.assert_allclose(got[:, row, col], expected, rtol=1e-7, atol=1e-9)


def test_a_layer_that_follows_from_another_has_no_coefficient():
    x = three()
    doubled = pt.c(x["a"], x["b"], x["b"] * 2 + 1)
    assert np.isnan(doubled.focal_reg(na_rm=True).to_numpy()).all()


def test_a_function_of_all_windows_may_give_several_numbers():
    got = three().focal_reg(3, lambda y, x1, x2: [y[4], x1[4] - x2[4]])
    a, b, c = VALUES.reshape(3, 4, 5)
    np.testing.assert_allclose(got.to_numpy(), [a, b - c])


def test_what_is_refused():
    x = three()
    with pytest.raises(ArgumentError, match="two layers or more, got 1"):
        x["a"].focal_pairs()
    with pytest.raises(ArgumentError, match="fun must be 'pearson' or a function, got 'spearman'"):
        x.focal_pairs(3, "spearman")
    with pytest.raises(ArgumentError, match="fun must be 'ols'"):
        x.focal_reg(3, "pearson")
    with pytest.raises(ArgumentError, match="focal_reg: w must be odd"):
        x.focal_reg(2)
    with pytest.raises(UDFError, match="raised ZeroDivisionError"):
        x.focal_pairs(3, lambda a, b: 1 // 0)


@pytest.mark.parametrize("verb", ["focal_pairs", "focal_reg"])
def test_an_error_of_a_function_names_the_verb(verb):
    def moody(*windows):
        return [1.0] if np.isnan(windows[0]).any() else [1.0, 2.0]

    with pytest.raises(UDFError, match=rf"^{verb}: "):
        getattr(three(), verb)(3, moody).to_numpy()
