"""Arithmetic, comparison, logic: terra's rules on missing values, types and recycling."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.raster.arith import floor_divide

NAN = np.nan


def row(*values):
    return pt.rast(np.array([values], dtype=float))


def values(r):
    return r.values(drop=True)


def test_missing_in_missing_out_even_for_powers_that_ieee_defines():
    r = row(NAN, 2)
    assert np.isnan(values(r**0)[0])
    assert np.isnan(values(1**r)[0])


def test_division_by_zero_is_infinite_or_missing():
    np.testing.assert_array_equal(values(row(1, -1, 0) / 0), [np.inf, -np.inf, NAN])


def test_modulo_and_whole_division_take_the_sign_of_the_divisor():
    r = row(5, -5)
    np.testing.assert_array_equal(values(r % 3), [2, 1])
    np.testing.assert_array_equal(values(r // 3), [1, -2])
    np.testing.assert_array_equal(values(r % -3), [-1, -2])


def test_only_one_is_true_in_logic():
    r = row(NAN, 0, 1, 2)
    np.testing.assert_array_equal(values(r & 1), [NAN, 0, 1, 0])
    np.testing.assert_array_equal(values(r | 0), [NAN, 0, 1, 0])
    np.testing.assert_array_equal(values(r & 0), [0, 0, 0, 0])
    np.testing.assert_array_equal(values(r | 1), [1, 1, 1, 1])
    np.testing.assert_array_equal(values(~r), [NAN, 1, 0, 0])


def test_comparison_with_a_number_is_made_in_float64():
    stored = pt.rast(np.array([[0.1, 0.5]], dtype="float32"))
    np.testing.assert_array_equal(values(stored == 0.1), [0, 0])
    np.testing.assert_array_equal(values(stored == 0.5), [0, 1])
    np.testing.assert_array_equal(values(stored > 0.1), [1, 1])


def test_layers_recycle_to_the_longer_operand_and_names_follow_it():
    two = pt.rast(np.ones((2, 1, 2)), names=["a", "b"])
    three = pt.rast(np.full((3, 1, 2), 5.0), names=["x", "y", "z"])
    assert (two + three).names == ["lyr1", "lyr2", "lyr3"]
    assert (three + two).names == ["x", "y", "z"]
    assert (two + [1, 2, 3]).to_numpy()[:, 0, 0].tolist() == [2, 3, 4]


def test_type_flags_follow_terra():
    whole = pt.rast(np.array([[1, 2]], dtype="int16"))
    yes = whole > 1
    assert (whole * 2).is_int() == [True]
    assert (whole * 2.5).is_int() == [False]
    assert (whole / 2).is_int() == [False]
    assert yes.is_bool() == [True]
    assert (yes + yes).is_int() == [True]
    assert (~yes).is_bool() == [True]


def test_whole_numbers_stay_exact_beyond_float32():
    r = pt.rast(np.array([[32_767, -32_768]], dtype="int16"))
    assert values(r * 1001 + 1).tolist() == [32_767 * 1001 + 1, -32_768 * 1001 + 1]
    assert values(r + 16_777_217).tolist() == [32_767 + 16_777_217, -32_768 + 16_777_217]


def test_arrays_and_numbers_stand_on_either_side():
    r = pt.rast(np.arange(4.0).reshape(2, 1, 2))
    assert (np.array([10, 20]) - r).to_numpy()[:, 0, 1].tolist() == [9, 17]
    assert (2**r).to_numpy()[1, 0, 1] == 8
    assert (np.float64(1) + r).nlyr == 2


def test_labels_compare_with_factors_only():
    s = pt.rast([[1, 2]])
    s.levels = {1: "forest", 2: "grass"}
    np.testing.assert_array_equal(values(s == "grass"), [0, 1])
    with pytest.raises(pt.errors.ArgumentError, match="no category"):
        s == "sea"  # noqa: B015
    with pytest.raises(pt.errors.ArgumentError, match="factor"):
        row(1, 2) == "grass"  # noqa: B015


def test_grids_that_differ_are_refused_with_both_named():
    with pytest.raises(pt.errors.GridMismatchError, match="1 x 2 and 1 x 3"):
        row(1, 2) + row(1, 2, 3)


def test_a_raster_without_values_cannot_be_computed_with():
    with pytest.raises(pt.errors.NoValuesError):
        pt.rast() + 1


@pytest.fixture(params=["int16", "uint8", "float32"])
def bands(request, tmp_path):
    """q = 65 and p = 35 in files of narrow types."""
    paths = []
    for value in (65, 35):
        r = pt.rast(np.full((2, 3), value, request.param), extent=(0, 3, 0, 2), crs="EPSG:3035")
        paths.append(r.write_raster(tmp_path / f"{value}.tif", datatype=request.param))
    return paths


def test_a_threshold_on_a_quotient_does_not_depend_on_the_type_of_the_file(bands):
    q, p = bands
    assert (65 - 35) / (65 + 35) <= 0.3  # as in R and Python
    assert ((q - p) / (q + p) <= 0.3).values(drop=True).tolist() == [1.0] * 6
    assert (q / 100 >= 0.65).values(drop=True).tolist() == [1.0] * 6
    assert (q * 0.01 >= 65 * 0.01).values(drop=True).tolist() == [1.0] * 6


def test_classes_of_computed_values_do_not_depend_on_the_type_of_the_file(bands):
    q, p = bands
    ndvi = (q - p) / (q + p)
    assert ndvi.classify([[0, 0.3, 1], [0.3, 1, 2]]).values(drop=True).tolist() == [1.0] * 6
    assert pt.c(q, p).lapp(lambda a, b: (a - b) / (a + b) <= 0.3).values(drop=True).tolist() == [1.0] * 6
    assert (
        pt.c(q, p).app(lambda v: (v[0] - v[1]) / (v[0] + v[1]) <= 0.3).values(drop=True).tolist() == [1.0] * 6
    )
    means = pt.c(q, q, p, p, p, p, p, p, p, p).app("mean")
    assert (means == 41).values(drop=True).tolist() == [1.0] * 6


def test_a_file_of_computed_reals_is_float32_unless_asked_otherwise(bands, tmp_path):
    q, p = bands
    narrow, wide = tmp_path / "narrow.tif", tmp_path / "wide.tif"
    (p / q).write_raster(narrow)
    (p / q).write_raster(wide, datatype="float64")
    assert pt.rast(narrow).values(drop=True).tolist() == [float(np.float32(35 / 65))] * 6
    assert pt.rast(wide).values(drop=True).tolist() == [35 / 65] * 6


@pytest.mark.parametrize("dtype", ["f4", "f8"])
@pytest.mark.parametrize("by", [20.0, 3.0, -7.0, 1.0, 0.1, 2.0**40])
def test_whole_quotients_are_those_of_numpy_to_the_bit(dtype, by):
    rng = np.random.default_rng(1)
    steps = rng.integers(-50, 50, 99) * by
    for extra in ([], [np.inf], [1e300], [NAN]):
        a = np.r_[
            rng.normal(0, 200, 99),
            steps,
            np.nextafter(steps, 1e9),
            np.nextafter(steps, -1e9),
            0.0,
            -0.0,
            extra,
        ]
        with np.errstate(all="ignore"):
            a = a.astype(dtype)
            expected = np.floor_divide(a, by, dtype=dtype)
            found = floor_divide(a, by, np.dtype(dtype))
        np.testing.assert_array_equal(found, expected)
        assert found.dtype == expected.dtype
        there = ~np.isnan(found)
        assert (np.signbit(found) == np.signbit(expected))[there].all()
    assert np.isnan(floor_divide(np.full(2, NAN, dtype), by, np.dtype(dtype))).all()
