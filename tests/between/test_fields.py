"""What geometries are worth, and to which layer they go."""

import numpy as np
import pandas as pd
import pytest

from pyterra.between.fields import column_of, fields_of, groups_of, one_group
from pyterra.errors import ArgumentError, LayerError, PyterraWarning

NAN = float("nan")
TABLE = pd.DataFrame(
    {
        "n": pd.array([3, None, 5], "Int64"),
        "b": [True, False, True],
        "r": [1.5, None, 0],
        "s": ["z", None, "x"],
        "c": pd.Categorical(["z", "x", "x"]),
        "t": pd.to_datetime(["2020-01-01", "2020-01-02", "2020-01-03"]),
    }
)


@pytest.mark.parametrize("field", ["", None])
def test_nothing_said_is_1_without_a_name(field):
    (one,) = fields_of(field, None, 3, "v")
    assert (one.name, one.values.tolist(), one.listed, one.layer.name) == ("", [1, 1, 1], False, "layer")


@pytest.mark.parametrize(
    ("name", "values", "kind", "labels"),
    [
        ("n", [3, NAN, 5], "int", None),
        ("b", [1, 0, 1], "bool", None),
        ("r", [1.5, NAN, 0], "num", None),
        ("s", [1, NAN, 0], "factor", ["x", "z"]),
        ("c", [1, 0, 0], "factor", ["x", "z"]),
    ],
)
def test_text_is_its_place_in_the_alphabet(name, values, kind, labels):
    (one,) = fields_of(name, TABLE, 3, "v")
    np.testing.assert_array_equal(one.values, values)
    assert one.layer.name == name
    assert one.layer.kind == kind
    assert (labels or one.categories) is None or list(one.categories.labels().values()) == labels


@pytest.mark.parametrize(
    ("field", "names", "listed"),
    [
        (["n"], ["n"], True),
        (("n", "b"), ["n", "b"], True),
        (7, [""], False),
        ([7, 8, 9], [""], False),
        (np.ones((3, 2)), ["lyr1", "lyr2"], True),
        (pd.DataFrame({"u": [1, 2, 3]}), ["u"], True),
    ],
)
def test_a_list_of_columns_is_told_from_a_single_one(field, names, listed):
    found = fields_of(field, TABLE, 3, "v")
    assert [one.name for one in found] == names
    assert {one.listed for one in found} == {listed}


def test_numbers_are_recycled_with_a_warning_where_they_do_not_go_around():
    assert fields_of([1, 2], None, 4, "v")[0].values.tolist() == [1, 2, 1, 2]
    with pytest.warns(PyterraWarning, match="v: 2 values are recycled for 3 geometries"):
        assert fields_of([1, 2], None, 3, "v")[0].values.tolist() == [1, 2, 1]


@pytest.mark.parametrize(
    ("field", "message"),
    [
        (["n", 3], "several columns, or numbers, got"),
        ({"a": 1}, "several columns, or numbers, got"),
        ([], r"got \(0,\) numbers"),
        (np.empty((3, 0)), r"got \(3, 0\) numbers"),
        (np.empty((3, 1, 1)), r"got \(3, 1, 1\) numbers"),
        ("t", "v: field must be a column of numbers or text, got 't' of datetime64"),
    ],
)
def test_anything_else_is_an_error(field, message):
    with pytest.raises(ArgumentError, match=message):
        fields_of(field, TABLE, 3, "v")


def test_groups_follow_the_order_of_their_labels():
    groups = groups_of("c", TABLE, "v")
    assert (groups.number.tolist(), groups.labels) == ([1, 0, 0], ("x", "z"))
    some = groups.of(np.array([False, True, True]))
    assert (some.number.tolist(), some.labels) == ([0, 0], ("x", "z"))
    assert one_group(2).number.tolist() == [0, 0]


def test_a_geometry_without_a_group_is_an_error():
    with pytest.raises(ArgumentError, match="v: by must be a column without missing values, got 's' with 1"):
        groups_of("s", TABLE, "v")


def test_a_column_that_is_not_there_is_an_error():
    with pytest.raises(
        LayerError, match="w: field must be a column of the vector, got 'nn'; did you mean 'n'"
    ):
        column_of(TABLE, "nn", "w: field")
    with pytest.raises(LayerError, match="got 'n'; there are none"):
        column_of(None, "n", "w: field")
