"""The reference that each cell is most like. The numbers are those of terra 1.9, which counts from 1."""

import numpy as np
import pandas as pd
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError

NAN = np.nan


@pytest.fixture
def r():
    values = np.array([[[1, 5, NAN], [5, 2, 3]], [[7, 1, NAN], [NAN, 9, 1]]])
    return pt.rast(values, names=["a", "b"], crs="")


def test_references_are_rows_of_a_table(r):
    found = r.best_match(pd.DataFrame({"a": [1, 5], "b": [7, 1]}), labels=["u", "v"])
    np.testing.assert_array_equal(found.values(drop=True), [0, 1, NAN, NAN, 0, 1])
    assert (found.names, found.is_factor()) == (["label"], [True])
    assert found.levels[0].iloc[:, 1].tolist() == ["u", "v"]


def test_columns_are_found_by_name(r):
    """terra 1.9 takes them in their order."""
    found = r.best_match({"b": [7, 1], "a": [1, 5]})
    np.testing.assert_array_equal(found.values(drop=True), [0, 1, NAN, NAN, 0, 1])


def test_references_are_points(r):
    found = r.best_match(pt.vect([[0.5, 1.5], [1.5, 1.5]]))
    np.testing.assert_array_equal(found.values(drop=True), [0, 1, NAN, NAN, 0, 1])


def test_layers_that_are_missing_may_be_left_out(r):
    """By hand: of cell 3 only a is there, 5, which is that of the second."""
    found = r.best_match({"a": [1, 5], "b": [7, 1]}, na_rm=True)
    np.testing.assert_array_equal(found.values(drop=True), [0, 1, NAN, 1, 0, 1])


def test_squares_and_absolute_differences_may_choose_differently():
    """By hand: the first is off by 0 and 5 (25, 5), the second by 3 and 3 (18, 6)."""
    r = pt.rast(np.zeros((2, 1, 1)), names=["a", "b"])
    table = {"a": [0, 3], "b": [5, 3]}
    assert r.best_match(table).values().tolist() == [[1]]
    assert r.best_match(table, fun="abs").values().tolist() == [[0]]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (({"a": [1]},), "columns of y must be the layers a, b, got a"),
        (([[1, 2]],), "y must be a SpatVector, or a table with a column per layer, got list"),
    ],
)
def test_what_does_not_fit_is_refused(r, arguments, message):
    with pytest.raises(ArgumentError, match=message):
        r.best_match(*arguments)
    with pytest.raises(ArgumentError, match=r"labels must be one per reference \(1\), got 2"):
        r.best_match({"a": [1], "b": [2]}, labels=["u", "v"])
