"""The layers of a cell as a row of values. The numbers are those of terra 1.9, whose layers count from 1."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError

NAN = np.nan
A = [1, 5, NAN, 5, 2, 3]
B = [7, 1, NAN, NAN, 9, 1]


@pytest.fixture
def x():
    a, b = (np.array(v, float).reshape(2, 3) for v in (A, B))
    return pt.rast(np.stack([a, b, 2 * a, 2 * b, a + 1, b + 1]), names=list("abcdef"))


@pytest.fixture
def start():
    return pt.rast([[0, 1, NAN], [3, -1, 6]])


@pytest.fixture
def stop():
    return pt.rast([[2, 1, 3], [1, 2, 7]])


def rows(found):
    return found.to_numpy().reshape(len(found), -1).T


def test_diff_takes_names_of_later_layers(x):
    found = x[[0, 1]].diff()
    assert found.names == ["b"]
    np.testing.assert_array_equal(found.values(drop=True), [6, -4, NAN, NAN, 7, -2])
    assert x.diff(2).names == list("cdef")
    with pytest.raises(
        ArgumentError, match=r"lag must be above 0 and below the number of layers \(6\), got 6"
    ):
        x.diff(6)


def test_rev_turns_all_values_round(x):
    found = x[[0, 1]].rev()
    assert found.names == ["a", "b"]
    np.testing.assert_array_equal(found.to_numpy().ravel(), [*B[::-1], *A[::-1]])


@pytest.mark.parametrize(
    ("arguments", "options", "first", "last"),
    [
        ((3, "mean"), {}, [NAN, 10 / 3, 23 / 3, 6, 8, NAN], [NAN, 10 / 3, 3, 4, 8 / 3, NAN]),
        ((3, "sum"), {"na_rm": True}, [8, 10, 23, 18, 24, 10], [4, 10, 9, 12, 8, 6]),
        ((3, "max"), {"circular": True}, [8, 7, 14, 14, 14, 8], [3, 6, 6, 6, 4, 4]),
        ((2, "sum"), {}, [NAN, 8, 9, 16, 16, 10], [NAN, 4, 7, 8, 6, 6]),
        ((4, "sum"), {"na_rm": True}, [8, 10, 24, 25, 26, 24], [4, 10, 12, 13, 14, 8]),
        ((3, "max"), {"type": "to", "circular": True}, [8, 8, 7, 14, 14, 14], [4, 3, 6, 6, 6, 4]),
        ((3, "sum"), {"type": "from", "na_rm": True}, [10, 23, 18, 24, 10, 8], [10, 9, 12, 8, 6, 2]),
        ((2, "sum"), {"type": "from"}, [8, 9, 16, 16, 10, NAN], [4, 7, 8, 6, 6, NAN]),
    ],
)
def test_roll_takes_layers_that_follow_each_other(x, arguments, options, first, last):
    found = x.roll(*arguments, **options)
    np.testing.assert_allclose(rows(found)[[0, 5]], [first, last])
    assert found.names == x.names


def test_roll_takes_functions(x):
    wanted = np.nan_to_num(x.roll(3, "sum", circular=True, na_rm=True).to_numpy())
    np.testing.assert_allclose(x.roll(3, np.nansum, circular=True).to_numpy(), wanted)
    with pytest.raises(
        ArgumentError, match=r"n must be 2 or more, and at most the number of layers \(6\), got 7"
    ):
        x.roll(7, "sum")
    with pytest.raises(ArgumentError, match="roll: fun must give one number, got 2"):
        x.roll(3, "range")


def test_sort_puts_missing_last(x):
    """Cells with missing layers are by hand: terra 1.9 leaves them as they are."""
    up, down = rows(x.sort()), rows(x.sort(decreasing=True))
    np.testing.assert_array_equal(up[[0, 3]], [[1, 2, 2, 7, 8, 14], [5, 6, 10, NAN, NAN, NAN]])
    np.testing.assert_array_equal(down[[0, 3]], [[14, 8, 7, 2, 2, 1], [10, 6, 5, NAN, NAN, NAN]])
    order = rows(x.sort(order=True))
    np.testing.assert_array_equal(order[[0, 3]], [[0, 2, 4, 1, 5, 3], [0, 4, 2, NAN, NAN, NAN]])
    np.testing.assert_array_equal(rows(x.sort(decreasing=True, order=True))[0], [3, 5, 1, 2, 4, 0])


def test_select_range_takes_the_layers_that_another_raster_names(x, start):
    np.testing.assert_array_equal(rows(x.select_range(start))[:, 0], [1, 1, NAN, NAN, NAN, NAN])
    found = x.select_range(start, 2)
    assert found.names == ["lyr1", "lyr2"]
    np.testing.assert_array_equal(rows(found)[[0, 1, 3]], [[1, 7], [1, 10], [NAN, 6]])
    again = x.select_range(start, 2, repint=3)
    np.testing.assert_array_equal(rows(again)[[0, 1]], [[1, 7, 14, 2], [1, 10, 6, 2]])
    with pytest.raises(ArgumentError, match="y must have one layer, got 2"):
        x.select_range(pt.c(start, start))


def test_range_fill_marks_the_layers_of_a_range(start, stop):
    both = pt.c(start, stop)
    found = rows(both.range_fill(5))
    np.testing.assert_array_equal(found[[0, 1]], [[1, 1, 1, 0, 0], [0, 1, 0, 0, 0]])
    assert np.isnan(found[2:]).all()
    np.testing.assert_array_equal(rows(both.range_fill(5, circular=True))[3], [1, 1, 0, 1, 1])
    with pytest.raises(ArgumentError, match="range_fill: x must have two layers, got 1"):
        start.range_fill(5)


@pytest.mark.parametrize(
    ("options", "values"),
    [
        ({}, [10, 1, NAN, NAN, NAN, NAN]),
        ({"clamp": True}, [10, 1, NAN, NAN, 15, NAN]),
        ({"circular": True, "na_rm": True}, [10, 1, NAN, 11, NAN, NAN]),
    ],
)
def test_rapp_takes_a_range_of_each_cell(x, start, stop, options, values):
    """Missing layers in a range that goes round are left out by hand: 6 + 5 of layers 3, 4, 5, 0 and 1."""
    found = x.rapp(start, stop, "sum", **options)
    np.testing.assert_array_equal(found.values(drop=True), values)
    assert found.names == ["lyr1"]


def test_rapp_takes_numbers_and_functions(x, start, stop):
    np.testing.assert_array_equal(x.rapp(start, 2, "sum").values(drop=True), [10, 11, NAN, NAN, NAN, NAN])
    np.testing.assert_array_equal(x.rapp(1, stop, "sum").values(drop=True), [9, 1, NAN, NAN, 13, NAN])
    found = x.rapp(start, stop, np.max)
    np.testing.assert_array_equal(found.values(drop=True), [7, 1, NAN, NAN, NAN, NAN])
    with pytest.raises(ArgumentError, match="first or last must be a SpatRaster"):
        x.rapp(0, 1, "sum")


def test_rapp_hands_all_layers_over(x, start):
    found = x.rapp(start, 5, "sum", allyrs=True, fill=0)
    np.testing.assert_array_equal(found.values(drop=True), [34, 21, NAN, NAN, NAN, NAN])


def test_positions_are_counted_from_the_first_of_the_range(x, start, stop):
    np.testing.assert_array_equal(x.rapp(start, stop, "which_max").values(drop=True)[:2], [1, 0])


@pytest.mark.parametrize("value", [None, float("nan"), 1.5, float("inf"), "a", [1, 2]])
def test_a_range_begins_and_ends_at_layers(value):
    r = pt.rast(np.ones((3, 2, 2)))
    with pytest.raises(ArgumentError, match=r"^rapp: last must be a"):
        r.rapp(r["lyr.1"] * 0, value, "sum")
