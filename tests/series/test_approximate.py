"""approximate: the checks of R's approx and terra's approximate, by hand; random comparison with R is in tests/live."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError, PyterraWarning

NAN = np.nan


def series(*values, **options):
    return pt.rast(np.array(values, dtype=float).reshape(-1, 1, 1), **options)


def filled(r, *args, **options):
    return r.approximate(*args, **options).values()[0]


GAPS = (NAN, 1, NAN, 3, NAN)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, [NAN, 1, 2, 3, NAN]),
        ({"rule": 2}, [1, 1, 2, 3, 3]),
        ({"rule": (2, 1)}, [1, 1, 2, 3, NAN]),
        ({"rule": (1, 2)}, [NAN, 1, 2, 3, 3]),
        ({"yleft": -9, "yright": -8}, [-9, 1, 2, 3, -8]),
        ({"method": "constant", "rule": 2}, [1, 1, 1, 3, 3]),
        ({"method": "constant", "rule": 2, "f": 1}, [1, 1, 3, 3, 3]),
        ({"method": "constant", "rule": 2, "f": 0.25}, [1, 1, 1.5, 3, 3]),
        ({"z": [1, 2, 10, 11, 12], "rule": (2, 1)}, [1, 1, 1 + 2 * 8 / 9, 3, NAN]),
    ],
)
def test_gaps_are_filled_as_terra_does(options, expected):
    np.testing.assert_allclose(filled(series(*GAPS), **options), expected)


def test_a_single_valid_layer_fills_all_whatever_the_rule():
    np.testing.assert_array_equal(filled(series(NAN, 5, NAN)), [5, 5, 5])
    np.testing.assert_array_equal(filled(series(NAN, 5, NAN), na_rule=0), [NAN, 5, NAN])
    np.testing.assert_array_equal(filled(series(NAN, NAN, NAN), rule=2), [NAN, NAN, NAN])


def test_layers_at_one_position_are_averaged():
    np.testing.assert_allclose(filled(series(1, 3, NAN, 8), z=[1, 1, 2, 3], rule=2), [2, 2, 5, 8])
    np.testing.assert_allclose(
        filled(series(1, 3, NAN, 8), z=[1, 1, 2, 3], rule=2, ties="max"), [3, 3, 5.5, 8]
    )


def test_time_gives_the_positions_and_names_and_time_stay():
    r = series(0, NAN, 30, names=["a", "b", "c"], time=["2020-01-01", "2020-01-11", "2020-01-31"])
    out = r.approximate()
    np.testing.assert_allclose(out.values()[0], [0, 10, 30])
    assert out.names == ["a", "b", "c"]
    assert (out.time == r.time).all()


def test_new_positions_make_new_layers_with_their_time():
    r = series(0, 100, time=[2003, 2007])
    out = r.approximate(xout=range(2002, 2009), rule=2)
    np.testing.assert_allclose(out.values()[0], [0, 0, 25, 50, 75, 100, 100])
    assert out.names == [str(y) for y in range(2002, 2009)]
    assert out.time.tolist() == list(range(2002, 2009))
    named = r.approximate(xout=[2005], names=lambda y: f"y{y}")
    assert named.names == ["y2005"]


def test_dates_interpolate_by_days():
    r = series(0, 31, time=["2020-01-01", "2020-02-01"])
    out = r.approximate(xout=["2020-01-11"])
    np.testing.assert_allclose(out.values()[0], [10])
    assert str(out.time[0]) == "2020-01-11"
    assert out.names == ["2020-01-11"]


def test_bytes_with_gaps_give_what_floats_give():
    rng = np.random.default_rng(8)
    array = rng.integers(0, 2, (5, 200, 200)).astype("float32") * 100
    array[rng.random(array.shape) < 0.2] = NAN
    years = [2003, 2007, 2011, 2015, 2019]
    r = pt.rast(array, time=years)
    at = np.arange(2000, 2023)
    found = r.approximate(xout=at, rule=2).to_numpy()
    for row, col in rng.integers(0, 200, (60, 2)):
        cell = array[:, row, col]
        valid = ~np.isnan(cell)
        expected = np.interp(at, np.array(years)[valid], cell[valid]) if valid.any() else np.full(23, NAN)
        np.testing.assert_allclose(found[:, row, col], expected, rtol=1e-6)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"method": "cubic"}, "method"),
        ({"rule": 3}, "rule"),
        ({"f": 2}, "f must"),
        ({"z": [1, 2]}, "one position per layer"),
        ({"z": [1, NAN, 3, 4, 5]}, "finite"),
        ({"xout": []}, "at least one"),
        ({"xout": ["2020-01-01"]}, "numbers"),
        ({"xout": [1, 2], "names": ["one"]}, "one per xout"),
        ({"ties": "first"}, "ties"),
    ],
)
def test_arguments_are_checked_when_the_expression_is_built(options, words):
    with pytest.raises(ArgumentError, match=words):
        series(*GAPS).approximate(**options)


def test_one_layer_stays_as_it_is_with_a_warning():
    """As in terra; new dates cannot be made of one."""
    r = pt.rast(np.array([[[1, np.nan]]]), names=["a"])
    with pytest.warns(PyterraWarning, match="approximate: there is nothing between"):
        found = r.approximate(rule=2)
    np.testing.assert_array_equal(found.to_numpy(), r.to_numpy())
    with pytest.raises(ArgumentError, match="at least two layers, got 1"):
        r.approximate(xout=[2001])
