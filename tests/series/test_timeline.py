"""clamp_ts and fill_time. What clamp_ts gives was given by terra 1.9-45; fill_time is by hand."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError

NAN = float("nan")


def one_cell(values, **more):
    return pt.rast(np.array(values, float)[:, None, None], crs="", **more)


def line(r):
    return r.to_numpy()[:, 0, 0].tolist()


@pytest.mark.parametrize(
    ("values", "low", "high", "expected"),
    [
        ([3, 1, 2, 5, 4], False, True, [3, 1, 2, 5, 5]),
        ([3, 1, 2, 5, 4], True, False, [1, 1, 2, 5, 4]),
        ([3, 1, 5, 1, 4, 2], True, False, [1, 1, 5, 1, 4, 2]),
        ([4, 9, 1, 5, 2, 3], True, True, [1, 1, 1, 5, 5, 5]),
        ([4, 9, 1, 5, 9, 3], True, True, [1, 1, 1, 5, 9, 9]),
        ([5, 4, 3, 2, 1], True, True, [1, 1, 1, 1, 1]),
        ([3, 1, 5, NAN, 4, 2], False, True, [3, 1, 5, 5, 5, 5]),
        ([3, NAN, 1, NAN, 4, 2], True, True, [1, 1, 1, NAN, 4, 4]),
        ([NAN, NAN], True, True, [NAN, NAN]),
        ([7], True, True, [7]),
    ],
)
def test_values_beyond_the_lowest_and_the_highest(values, low, high, expected):
    np.testing.assert_array_equal(line(one_cell(values).clamp_ts(low, high)), expected)


def test_infinite_values_are_the_lowest_and_the_highest():
    np.testing.assert_array_equal(line(one_cell([1, np.inf, 2]).clamp_ts()), [1, np.inf, np.inf])
    np.testing.assert_array_equal(
        line(one_cell([NAN, -np.inf, 2]).clamp_ts(True, False)), [-np.inf, -np.inf, 2]
    )
    np.testing.assert_array_equal(line(one_cell([NAN, -np.inf, NAN]).clamp_ts()), [NAN, -np.inf, -np.inf])


def test_clamp_ts_must_be_asked_for_something():
    with pytest.raises(ArgumentError, match=r"^clamp_ts: min or max must be True"):
        one_cell([1, 2]).clamp_ts(max=False)


def dated(days):
    r = one_cell(range(len(days)), names=[f"d{day}" for day in days])
    r.time = np.datetime64("2001-01-01") + np.array(days)
    return r


def test_gaps_between_days_become_empty_layers():
    got = dated([0, 1, 4]).fill_time()
    assert got.names == ["d0", "d1", "lyr1", "lyr1", "d4"]
    np.testing.assert_array_equal(line(got), [0, 1, NAN, NAN, 2])
    assert got.time.astype(str).tolist() == [f"2001-01-0{day}" for day in (1, 2, 3, 4, 5)]


def test_the_step_meets_all_times():
    assert len(dated([0, 4, 10]).fill_time()) == 6
    assert len(dated([0, 2, 4]).fill_time()) == 3
    assert len(dated([5]).fill_time()) == 1


def test_layers_are_put_in_order():
    got = dated([4, 0, 1]).fill_time()
    assert got.names == ["d0", "d1", "lyr1", "lyr1", "d4"]
    np.testing.assert_array_equal(line(got), [1, 2, NAN, NAN, 0])


def test_hours_years_and_months_of_years():
    r = one_cell([1, 2, 3])
    r.time = np.array(["2001-01-01T00", "2001-01-01T01", "2001-01-01T04"], "datetime64[s]")
    assert r.fill_time().time[2] == np.datetime64("2001-01-01T02:00:00")
    r = r.set_time([2000, 2001, 2004], "years")
    assert r.fill_time().time.tolist() == [2000, 2001, 2002, 2003, 2004]
    r = r.set_time([2000, 2000 + 1 / 12, 2000 + 4 / 12], "yearmonths")
    np.testing.assert_allclose(r.fill_time().time, 2000 + np.arange(5) / 12, rtol=1e-12)


def test_numbers_have_the_shortest_step_where_it_meets_all():
    r = one_cell([1, 2, 3])
    r = r.set_time([0.5, 1.0, 2.0], "raw")
    assert r.fill_time().time.tolist() == [0.5, 1.0, 1.5, 2.0]
    r = r.set_time([0.5, 1.0, 2.2], "raw")
    with pytest.raises(ArgumentError, match="must have a step in common"):
        r.fill_time()


def test_times_that_are_missing_or_twice_are_refused():
    with pytest.raises(ArgumentError, match=r"^fill_time: all layers must have a time"):
        one_cell([1, 2]).fill_time()
    with pytest.raises(ArgumentError, match=r"no two layers must have the same time, got 2001-01-02 twice"):
        dated([0, 1, 1]).fill_time()
    far = one_cell([1, 2, 3])
    far.time = np.array(["1900-01-01", "1900-01-01T00:00:01", "2001-01-01"], "datetime64[s]")
    with pytest.raises(ArgumentError, match="at most 100000"):
        far.fill_time()
