"""Tests of all layers of a cell, and comparisons by name. The numbers are those of terra 1.9."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError

NAN = np.nan


@pytest.fixture
def r():
    """Cells as columns, layers as rows."""
    return pt.rast(np.array([[[1, 0, NAN, NAN, 2]], [[1, NAN, NAN, 3, 0]], [[0, 1, NAN, 0, 5]]]))


@pytest.mark.parametrize(
    ("verb", "yes", "only"),
    [
        ("no_na", [1, 0, 0, 0, 1], [1, NAN, NAN, NAN, 1]),
        ("all_na", [0, 0, 1, 0, 0], [NAN, NAN, 1, NAN, NAN]),
    ],
)
def test_missing_layers_make_one_layer_of_yes_and_no(r, verb, yes, only):
    found = getattr(r, verb)()
    np.testing.assert_array_equal(found.values(drop=True), yes)
    np.testing.assert_array_equal(getattr(r, verb)(false_na=True).values(drop=True), only)
    assert (found.names, found.is_bool()) == (["lyr1"], [True])


def test_any_na_is_the_opposite_of_no_na(r):
    np.testing.assert_array_equal(r.any_na().values(drop=True), [0, 1, 1, 1, 0])
    assert r.any_na().names == ["lyr1"]


def test_count_na_tells_whether_there_are_so_many(r):
    np.testing.assert_array_equal(r.count_na().values(drop=True), [0, 1, 3, 1, 0])
    np.testing.assert_array_equal(r.count_na(2).values(drop=True), [0, 0, 1, 0, 0])
    assert r.count_na(1).is_bool() == [True]
    with pytest.raises(ArgumentError, match="n must be 0 or above, got -1"):
        r.count_na(-1)


def test_nany_is_none_of_the_layers(r):
    np.testing.assert_array_equal(r.nany().values(drop=True), [0, NAN, NAN, NAN, 0])
    np.testing.assert_array_equal((r > 2).nany(na_rm=True).values(drop=True), [1, 1, 1, 0, 0])
    assert r.nany().names == ["none"]
    np.testing.assert_array_equal(r.nany(r).values()[:, 0], [0, 1, NAN, NAN, 0])


def test_which_lyr_is_the_first_that_is_true(r):
    np.testing.assert_array_equal(r.which_lyr().values(drop=True), [0, 2, NAN, 1, 0])
    assert r.which_lyr().names == ["which"]
    np.testing.assert_array_equal(r.app("which", na_rm=True).values(), r.which_lyr().values())


@pytest.mark.parametrize(
    ("oper", "yes"), [("==", [1, 0, NAN]), ("!=", [0, 1, NAN]), ("<", [0, 1, NAN]), (">=", [1, 0, NAN])]
)
def test_compare_is_the_operator_by_name(oper, yes):
    r = pt.rast([[1, 0, NAN]])
    np.testing.assert_array_equal(r.compare(1, oper).values(drop=True), yes)
    only = np.where(np.equal(yes, 1), 1, NAN)
    np.testing.assert_array_equal(r.compare(1, oper, false_na=True).values(drop=True), only)
    assert r.compare(r, oper, false_na=True).is_bool() == [True]


@pytest.mark.parametrize(
    ("oper", "yes"),
    [
        ("!", [0, 1, 0, NAN, 0]),
        ("is_na", [0, 0, 0, 1, 0]),
        ("not_na", [1, 1, 1, 0, 1]),
        ("is_finite", [1, 1, 1, 0, 0]),
        ("is_infinite", [0, 0, 0, 0, 1]),
        ("is_true", [1, 0, 0, NAN, 0]),
        ("is_false", [0, 1, 1, NAN, 1]),
        ("any_na", [0, 0, 0, 1, 0]),
        ("all_na", [0, 0, 0, 1, 0]),
        ("none_na", [1, 1, 1, 0, 1]),
    ],
)
def test_logic_asks_by_name(oper, yes):
    r = pt.rast([[1, 0, 2, NAN, np.inf]])
    np.testing.assert_array_equal(r.logic(oper).values(drop=True), yes)
    only = np.where(np.equal(yes, 1), 1, NAN)
    np.testing.assert_array_equal(r.logic(oper, false_na=True).values(drop=True), only)


def test_one_layer_keeps_its_name():
    r = pt.rast([[1, np.nan]])
    r.names = ["a"]
    assert [f().names for f in (r.any_na, r.all_na, r.no_na)] == [["a"]] * 3
    assert pt.c(r, r).any_na().names == ["lyr1"]


def test_not_na_gives_missing_for_no_on_request(r):
    np.testing.assert_array_equal(r.not_na(false_na=True).values()[:, 0], [1, 1, NAN, NAN, 1])


def test_other_names_are_refused(r):
    with pytest.raises(ArgumentError, match="compare: oper: must be one of ==, !=, <, <=, >, >=, got '=>'"):
        r.compare(1, "=>")
    with pytest.raises(ArgumentError, match="did you mean 'is_na'"):
        r.logic("isna")


def test_count_na_of_one_layer_keeps_its_name():
    r = pt.rast(np.ones((2, 1, 1)), names=["a", "b"])
    assert (r[0].count_na().names, r.count_na().names) == (["a"], ["lyr1"])
