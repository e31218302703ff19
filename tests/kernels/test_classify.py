"""Classes by intervals and by exact matches: terra's cases, a plain loop as oracle, every way to look up."""

from __future__ import annotations

import numpy as np
import pytest

from pyterra.kernels import classify

NAN, INF = np.nan, np.inf
X = np.array([NAN, 0, 1, 2, 3, 4, 5, 6])


def by_hand(values, low, high, becomes, *, right=True, include_lowest=False, others=None):
    """Row by row, value by value."""
    out = []
    for v in values.astype("float64"):
        result = v if others is None or np.isnan(v) else others
        for a, b, new in zip(low, high, becomes, strict=True):
            if np.isnan(a):
                found = np.isnan(v)
            else:
                left = v >= a if right is not True or (include_lowest and a == np.nanmin(low)) else v > a
                top = v <= b if right is not False or (include_lowest and b == np.nanmax(high)) else v < b
                found = left and top
            if found:
                result = new
                break
        out.append(result)
    return np.array(out)


@pytest.mark.parametrize(
    ("rows", "options", "expected"),
    [
        ([(1, 3, 10), (3, 5, 20)], {}, [NAN, 0, 1, 10, 10, 20, 20, 6]),
        ([(1, 3, 10), (3, 5, 20)], {"right": False}, [NAN, 0, 10, 10, 20, 20, 5, 6]),
        ([(1, 3, 10), (3, 5, 20)], {"right": None}, [NAN, 0, 10, 10, 10, 20, 20, 6]),
        ([(1, 3, 10), (3, 5, 20)], {"include_lowest": True}, [NAN, 0, 10, 10, 10, 20, 20, 6]),
        ([(3, 5, 20), (1, 3, 10)], {"include_lowest": True}, [NAN, 0, 10, 10, 10, 20, 20, 6]),
        (
            [(1, 3, 10), (3, 5, 20)],
            {"include_lowest": True, "right": False},
            [NAN, 0, 10, 10, 20, 20, 20, 6],
        ),
        ([(1, 3, 10), (4, 5, 20)], {"include_lowest": True}, [NAN, 0, 10, 10, 10, 4, 20, 6]),
        ([(1, 3, 10), (2, 5, 20)], {}, [NAN, 0, 1, 10, 10, 20, 20, 6]),
        ([(2, 5, 20), (1, 3, 10)], {}, [NAN, 0, 1, 10, 20, 20, 20, 6]),
        ([(2, 2, 10)], {}, X),
        ([(2, 2, 10)], {"right": None}, [NAN, 0, 1, 10, 3, 4, 5, 6]),
        ([(2, 2, 10)], {"include_lowest": True}, [NAN, 0, 1, 10, 3, 4, 5, 6]),
        ([(-INF, 1, 10), (4, INF, 30)], {}, [NAN, 10, 10, 2, 3, 4, 30, 30]),
        ([(1, 3, 10)], {"others": -1}, [NAN, -1, -1, 10, 10, -1, -1, -1]),
        ([(1, 3, NAN)], {"others": 7}, [NAN, 7, 7, NAN, NAN, 7, 7, 7]),
        ([(NAN, NAN, 9), (1, 3, 10)], {"others": -1}, [9, -1, -1, 10, 10, -1, -1, -1]),
    ],
)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_intervals_as_terra_has_them(rows, options, expected, dtype):
    got = classify.intervals(X.astype(dtype), *np.array(rows, "float64").T, **options)
    np.testing.assert_array_equal(got, expected)
    assert got.dtype == dtype


def test_infinite_values_fall_into_closed_infinite_bounds_only():
    x = np.array([-INF, INF])
    np.testing.assert_array_equal(classify.intervals(x, [-INF], [INF], [1], right=True), [-INF, 1])
    np.testing.assert_array_equal(classify.intervals(x, [-INF], [INF], [1], right=False), [1, INF])
    np.testing.assert_array_equal(classify.intervals(x, [-INF], [INF], [1], right=None), [1, 1])


@pytest.mark.parametrize("rows", [1, 3, 400])
@pytest.mark.parametrize("right", [True, False, None])
@pytest.mark.parametrize("include_lowest", [False, True])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_random_overlapping_intervals_equal_a_plain_loop(rows, right, include_lowest, dtype):
    rng = np.random.default_rng(rows)
    low = rng.integers(-300, 300, rows) / 100
    high = low + rng.integers(0, 200, rows) / 100
    values = np.concatenate([rng.normal(0, 3, 150), low[:50], high[:50], [NAN, INF, -INF]]).astype(dtype)
    for others in (None, -9.0):
        options = {"right": right, "include_lowest": include_lowest, "others": others}
        expected = by_hand(values, low, high, np.arange(rows), **options)
        np.testing.assert_array_equal(
            classify.intervals(values, low, high, np.arange(rows), **options), expected
        )


def test_float32_values_are_compared_with_float64_bounds():
    stored = np.array([0.1, 0.7], "float32")  # a little above 0.1, a little below 0.7
    np.testing.assert_array_equal(classify.intervals(stored, [0, 0.7], [0.1, 1], [1, 2]), stored)
    np.testing.assert_array_equal(classify.is_becomes(stored, [0.1, 0.5], [1, 2]), stored)
    np.testing.assert_array_equal(classify.is_becomes(stored, [float(stored[0])], [1])[0], 1)


def test_the_shape_is_kept_and_the_dtype_can_be_chosen():
    x = np.arange(24, dtype="float32").reshape(2, 3, 4)[:, ::2]  # rows 0 and 2
    got = classify.intervals(x, [3], [9], [16_777_217], out_dtype="float64")
    assert got.shape == x.shape
    assert got[0, 0, 3] == 3
    assert got[0, 1, 0] == 16_777_217


@pytest.mark.parametrize(
    ("is_", "becomes", "options", "expected"),
    [
        ([1, 1, NAN], [5, 6, 7], {}, [7, 0, 6, 2, 3, 4, 5, 6]),
        ([1, 2, NAN], [2, 1, 99], {}, [99, 0, 2, 1, 3, 4, 5, 6]),
        ([1, 2], [5, 6], {"others": -1}, [-1, -1, 5, 6, -1, -1, -1, -1]),
        ([1, 2], [5, 6], {"others": -1, "others_na": False}, [NAN, -1, 5, 6, -1, -1, -1, -1]),
        ([1, NAN], [5, 5], {"others": 0}, [5, 0, 5, 0, 0, 0, 0, 0]),
        ([1], [NAN], {}, [NAN, 0, NAN, 2, 3, 4, 5, 6]),
        ([NAN], [0], {}, [0, 0, 1, 2, 3, 4, 5, 6]),
        ([INF], [0], {}, X),
    ],
)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_exact_matches(is_, becomes, options, expected, dtype):
    np.testing.assert_array_equal(classify.is_becomes(X.astype(dtype), is_, becomes, **options), expected)


@pytest.mark.parametrize("others", [None, -5.0])
@pytest.mark.parametrize("keys", ["few", "whole", "far", "fractions"])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_every_way_to_look_up_gives_what_a_dictionary_gives(keys, others, dtype):
    rng = np.random.default_rng(2)
    is_ = {
        "few": np.arange(5.0),
        "whole": rng.permutation(np.arange(-100.0, 100)),
        "far": rng.integers(-(10**6), 10**6, 700).astype("float64"),
        "fractions": rng.integers(-200, 200, 300) / 8,
    }[keys]
    becomes = rng.integers(0, 1000, is_.size).astype("float64")
    values = np.concatenate([rng.choice(is_, 500), is_ + 0.5, [1e30, -1e30, NAN, INF, -INF]]).astype(dtype)
    rows = dict(zip(is_, becomes, strict=True))
    expected = [rows.get(v, v if others is None else others) for v in values.astype("float64")]
    np.testing.assert_array_equal(classify.is_becomes(values, is_, becomes, others=others), expected)


@pytest.mark.parametrize("window", [(0, 1), (3, 10), (1, 1026), (1023, 2100)])
def test_a_cells_result_does_not_depend_on_where_its_block_begins(window):
    rng = np.random.default_rng(1)
    values = rng.normal(0, 3, 2200).astype("float32")
    values[rng.random(2200) < 0.1] = NAN
    for count in (11, 700):
        low = np.linspace(-4, 3, count)
        whole = classify.intervals(values, low, low + 0.01, low)[slice(*window)]
        assert classify.intervals(values[slice(*window)], low, low + 0.01, low).tobytes() == whole.tobytes()
