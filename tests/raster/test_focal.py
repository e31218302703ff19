"""focal: windows, weights, NA policies, edges, functions."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError

NAN = np.nan
GRID = np.arange(1.0, 10.0).reshape(3, 3)


def centre(r):
    return r.to_numpy()[0, 1, 1]


@pytest.fixture
def r():
    return pt.rast(GRID, names="v")


def test_borders_are_missing_unless_told_otherwise(r):
    assert np.isnan(r.focal(3).to_numpy()[0, 0]).all()
    assert r.focal(3, "sum", na_rm=True).to_numpy()[0, 0, 0] == 1 + 2 + 4 + 5
    assert r.focal(3, "sum", fillvalue=0).to_numpy()[0, 0, 0] == 1 + 2 + 4 + 5
    assert r.focal(3, "sum", expand=True).to_numpy()[0, 0, 0] == 4 * 1 + 2 * 2 + 2 * 4 + 5


def test_weights_multiply_and_zero_still_counts(r):
    cross = [[0, 1, 0], [1, 1, 1], [0, 1, 0]]
    assert centre(r.focal(cross, "sum")) == 25
    assert centre(r.focal(cross, "min")) == 0
    missing = np.where(np.array(cross) == 0, NAN, 1)
    assert centre(r.focal(missing, "min")) == 2
    assert centre(r.focal([[1, 2, 1]] * 3, "mean")) == pytest.approx(
        np.average(GRID, weights=[[1, 2, 1]] * 3)
    )


def test_na_policies(r):
    holes = GRID.copy()
    holes[1, 1] = NAN
    h = pt.rast(holes)
    only = h.focal(3, "mean", na_policy="only").to_numpy()[0]
    assert only[1, 1] == np.nanmean(holes)
    np.testing.assert_array_equal(only[0], GRID[0])
    omit = h.focal(3, "mean", na_policy="omit", na_rm=True).to_numpy()[0]
    assert np.isnan(omit[1, 1])
    assert omit[0, 0] == pytest.approx((1 + 2 + 4) / 3)


def test_functions_get_the_window_in_row_major_order(r):
    assert centre(r.focal(3, lambda w: w[0] * 10 + w[8])) == 19
    assert centre(r.focal(3, lambda w: float(len(f"{w[4]:.1f}")))) == 3  # "5.0", in Python
    two = r.focal(3, lambda w: (w.min(), w.max()), names=["low", "high"])
    assert two.names == ["low", "high"]
    assert two.to_numpy()[:, 1, 1].tolist() == [1, 9]
    assert centre(r.focal([[1, NAN, 1]], lambda w: float(w.size))) == 2


def test_layers_keep_names_and_one_layer_is_called_after_the_statistic(r):
    assert r.focal(3, "mean").names == ["focal_mean"]
    assert pt.c(a=r, b=r).focal(3, "mean").names == ["a", "b"]


@pytest.mark.parametrize("w", [2, (3, 4), np.ones((2, 3)), 0, 9, "big", [1, 3, 5]])
def test_windows_that_cannot_be_are_refused(r, w):
    with pytest.raises((ArgumentError, ValueError)):
        r.focal(w)


def test_even_windows_are_told_the_odd_ones(r):
    with pytest.raises(ArgumentError, match="focal: w must be odd, got 4; use 3 or 5"):
        r.focal(4)


def test_a_raster_around_the_earth_is_joined_at_its_ends():
    values = np.zeros((3, 36))
    values[:, 0] = 9
    around = pt.rast(values, extent=(-180, 180, -15, 15), crs="EPSG:4326")
    assert around.focal(3, "sum").to_numpy()[0, 1, 35] == 27
    flat = pt.rast(values, extent=(0, 36, 0, 3))
    assert np.isnan(flat.focal(3, "sum").to_numpy()[0, 1, 35])


def test_sums_of_bytes_are_exact():
    r = pt.rast(np.full((30, 30), 255, "uint8"))
    assert r.focal(21, "sum").to_numpy()[0, 15, 15] == 441 * 255
    big = pt.rast(np.full((30, 30), 32767, "int16"))
    assert big.focal(29, "sum").to_numpy()[0, 15, 15] == 841 * 32767


def test_expand_repeats_rows_but_joins_the_sides_of_a_world():
    # As terra 1.9: beyond the poles cells are repeated, the date line is no border.
    r = pt.rast(np.array([[1.0, 2, 4], [8, 16, 32]]), extent=(-180, 180, -90, 90), crs="EPSG:4326")
    found = r.focal(3, "sum", expand=True).to_numpy()[0]
    np.testing.assert_array_equal(found, [[2 * 7 + 56] * 3, [7 + 2 * 56] * 3])
