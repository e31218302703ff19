"""Statistics of values that lie group after group; numpy and pandas are the oracles."""

from collections import namedtuple

import numpy as np
import pandas as pd
import pytest

from pyterra.errors import UDFError
from pyterra.statistics.groups import LONG, by_function, of_groups, of_one_width
from pyterra.statistics.table import TABLE

NAN = float("nan")
STARTS = np.array([0, 3, 3, 5])
VALUES = np.array([[1.0, 5], [2, NAN], [2, 7], [NAN, 1], [4, 1], [9, 9], [8, 8]])


def of(name, na_rm=True, values=VALUES, starts=STARTS):
    return of_groups(values, starts, TABLE[name], na_rm)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("sum", [[5, 12], [NAN, NAN], [4, 2], [17, 17]]),
        ("modal", [[2, 5], [NAN, NAN], [4, 1], [8, 8]]),
        ("first", [[1, 5], [NAN, NAN], [4, 1], [9, 9]]),
        ("count", [[3, 2], [0, 0], [1, 2], [2, 2]]),
        ("which_max", [[1, 2], [NAN, NAN], [1, 0], [0, 0]]),
    ],
)
def test_each_group_and_column_has_its_own_and_an_empty_one_what_there_is_of_nothing(name, expected):
    np.testing.assert_array_equal(of(name)[..., 0], expected)


def test_a_missing_value_makes_it_missing_unless_told():
    np.testing.assert_array_equal(of("sum", False)[..., 0], [[5, NAN], [NAN, NAN], [NAN, 2], [17, 17]])


def test_several_numbers_lie_side_by_side():
    assert of("range")[0].tolist() == [[1, 2], [5, 7]]


@pytest.mark.parametrize("name", ["median", "modal", "nunique"])
def test_long_groups_are_counted_to_what_sorting_gives(name):
    rng = np.random.default_rng(1)
    values = rng.integers(0, 5, (3 * LONG, 2)).astype(float)
    values[rng.random(values.shape) < 0.1] = NAN
    starts = np.array([0, LONG + 1, 2 * LONG + 2])
    frame = pd.DataFrame(values).groupby(np.searchsorted(starts, np.arange(len(values)), side="right"))
    kin = {
        "median": frame.median,
        "nunique": frame.nunique,
        "modal": lambda: frame.agg(lambda v: v.mode()[0]),
    }
    np.testing.assert_array_equal(of(name, values=values, starts=starts)[..., 0], kin[name]())


def test_a_function_gets_the_values_of_each_group_and_is_not_asked_about_nothing():
    seen = []

    def fun(values, plus):
        seen.append(values.tolist())
        return [values.min(), values.size + plus]

    found = by_function(VALUES, STARTS, fun, True, "zonal", arguments={"plus": 10}).numbers
    assert seen == [[1, 2, 2], [5, 7], [4], [1, 1], [9, 8], [9, 8]]
    assert found.shape == (4, 2, 2)
    assert found[0].tolist() == [[1, 13], [5, 12]]
    assert np.isnan(found[1]).all()


def test_an_error_of_a_function_says_where():
    def fails(values):
        raise KeyError("x")

    with pytest.raises(
        UDFError, match=r"zonal: the function raised KeyError: 'x' for b \[group 0, 2 values\]"
    ):
        by_function(VALUES, STARTS, lambda v: fails(v) if v[0] == 5 else 1, True, "zonal", columns=["a", "b"])


def test_a_function_gives_numbers():
    with pytest.raises(UDFError, match=r"the function must give numbers, got 'text' \[group 0, 2 values\]"):
        by_function(np.ones((2, 1)), np.array([0]), lambda v: "text", False, "zonal")


def test_a_function_gives_as_many_numbers_for_every_group():
    with pytest.raises(UDFError, match=r"as many numbers for every group, got \[1, 2, 3\]"):
        by_function(VALUES, STARTS, lambda v: v, True, "zonal")


def test_layers_without_values_become_as_wide_as_the_others():
    nothing, two = np.full((2, 1), NAN), np.array([[1.0, 2], [3, 4]])
    assert of_one_width([nothing, two], "zonal").shape == (2, 2, 2)
    with pytest.raises(UDFError, match="as many values for every layer"):
        of_one_width([np.ones((2, 1)), two], "zonal")


def test_a_function_may_name_its_numbers():
    """Those of a mapping, or of a named tuple; a list of numbers has none."""
    ends = namedtuple("ends", ["low", "high"])
    for fun, names in (
        (lambda v: {"low": v.min(), "high": v.max()}, ("low", "high")),
        (lambda v: ends(v.min(), v.max()), ("low", "high")),
        (lambda v: [v.min(), v.max()], ()),
    ):
        found = by_function(np.array([[4.0], [2.0], [7.0]]), np.array([0, 2]), fun, True, "zonal")
        assert found.names == names
        assert found.numbers[:, 0].tolist() == [[2, 4], [7, 7]]


def test_whole_numbers_are_values_like_others():
    values = np.array([[0], [1], [0], [2]])
    assert of_groups(values, np.array([0, 3]), TABLE["max"], False)[:, 0, 0].tolist() == [1, 2]
