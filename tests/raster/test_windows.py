"""Weights of windows and the values within, against terra 1.9 and by hand."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError, MemoryBudgetError

NAN = float("nan")


def plain():
    return pt.rast(nrows=18, ncols=18, extent=(0, 36, 0, 54))  # cells of 2 x 3


def test_weights_of_a_circle_are_those_of_terra():
    # terra 1.9-45: focalMat(r, 4, "circle"), and with fillNA = TRUE
    part = 1 / 11
    expected = np.array([[0, part, part, part, 0], [part] * 5, [0, part, part, part, 0]])
    np.testing.assert_allclose(plain().focal_mat(4), expected, rtol=1e-15)
    filled = plain().focal_mat(4, fill_na=True)
    assert np.array_equal(np.isnan(filled), expected == 0)
    assert plain().focal_mat(0.5).tolist() == [[1.0]]


def test_weights_of_a_rectangle_are_those_of_terra():
    # terra 1.9-45: focalMat(r, 8, "rect") is 5 x 9, focalMat(r, c(5, 9), "rect") 7 x 5
    got = plain().focal_mat(8, "rectangle")
    assert got.shape == (5, 9)
    np.testing.assert_allclose(got, 1 / 45)
    assert plain().focal_mat((5, 9), "rectangle").shape == (7, 5)


def test_weights_of_a_bell_are_those_of_terra():
    # terra 1.9-45: focalMat(r, 2, "Gauss") and focalMat(r, c(2, 3), "Gauss")
    got = plain().focal_mat(2, "Gauss")
    assert got.shape == (5, 7)
    np.testing.assert_allclose(got[2], [2.652101e-03, 0.0323092084, 0.144799826, 0.238734553, 0.144799826, 0.0323092084,
                                        2.652101e-03], rtol=1e-6)  # fmt: skip
    np.testing.assert_allclose(
        plain().focal_mat((2, 3), "Gauss")[0], [0.05394821, 0.08894557, 0.05394821], rtol=1e-6
    )


def test_weights_do_in_focal_what_they_say():
    x = pt.rast(np.arange(25.0).reshape(5, 5))
    got = x.focal(x.focal_mat(1)).to_numpy()[0, 2, 2]
    assert got == pytest.approx((12 + 11 + 13 + 7 + 17) / 5)


def test_values_of_windows_are_those_of_terra():
    # terra 1.9-45: focalValues(x, row = 2, nrows = 1), focalValues(x, c(1, 3), row = 2, nrows = 1, fill = 0)
    x = pt.rast([[1, 2, 3], [4, NAN, 6], [7, 8, 9]])
    expected = [
        [NAN, 1, 2, NAN, 4, NAN, NAN, 7, 8],
        [1, 2, 3, 4, NAN, 6, 7, 8, 9],
        [2, 3, NAN, NAN, 6, NAN, 8, 9, NAN],
    ]
    assert np.array_equal(x.focal_values(row=1, nrows=1), expected, equal_nan=True)
    expected = [[0, 4, NAN], [4, NAN, 6], [NAN, 6, 0]]
    assert np.array_equal(x.focal_values((1, 3), row=1, nrows=1, fill=0), expected, equal_nan=True)
    assert x.focal_values(np.ones((3, 1))).shape == (9, 3)


def test_windows_go_around_the_earth():
    """As those of `focal`, and of terra 1.9: `focalValues(rast(nrows = 3, ncols = 3, vals = 1:9))[1, ]`."""
    x = pt.rast(nrows=3, ncols=3, vals=range(1, 10))
    nan = np.nan
    expected = [[nan, nan, nan, 3, 1, 2, 6, 4, 5]]
    assert np.array_equal(x.focal_values(nrows=1)[:1], expected, equal_nan=True)
    sums = x.focal_values((3, 5), fill=0).sum(axis=1)
    assert np.array_equal(sums, x.focal((3, 5), "sum", fill=0).values().ravel())


def test_what_is_refused():
    x = pt.rast(np.zeros((4, 5)))
    with pytest.raises(ArgumentError, match="d must be one number above 0"):
        x.focal_mat((1, 2))
    with pytest.raises(ArgumentError, match="one or two numbers above 0"):
        x.focal_mat(-1, "rectangle")
    with pytest.raises(ArgumentError, match="focal_mat: type"):
        x.focal_mat(1, "square")
    with pytest.raises(ArgumentError, match="focal_values: w must be odd"):
        x.focal_values(2)
    with pytest.raises(ArgumentError, match="nrows must be 1 to 1 and"):
        x.focal_values(row=3, nrows=2)
    with pytest.raises(ArgumentError, match="must have one layer, got 2"):
        pt.rast(np.zeros((2, 4, 5))).focal_values()
    with (
        pt.options(memory="1MB"),
        pytest.raises(MemoryBudgetError, match=r"focal_values: .* ask for fewer rows"),
    ):
        pt.rast(np.zeros((200, 200))).focal_values()
