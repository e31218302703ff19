"""Tables of categories with more columns, of several layers, without doubles. The tables are those of terra 1.9."""

import numpy as np
import pandas as pd
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError

NAN = np.nan


@pytest.fixture
def f():
    r = pt.rast([[1, 5, NAN, 5, 2, 3]])
    r.levels = pd.DataFrame({"id": [1, 2, 3, 5], "l": ["w", "x", "y", "z"]})
    return r


def test_categories_are_given_to_a_layer(f):
    r = pt.c(f, pt.rast([[1, 1, 5, 5, 5, NAN]], names="b"))
    found = r.categories("b", pd.DataFrame({"id": [1, 5], "k": ["a", "b"], "m": ["p", "q"]}), active="m")
    assert (found.names, found.is_factor()) == (["l", "m"], [True, True])
    assert found.cats()[1].values.tolist() == [[1, "a", "p"], [5, "b", "q"]]
    assert f.categories(0, None).is_factor() == [False]
    assert f.is_factor() == [True]
    with pytest.raises(ArgumentError, match="active must be one of category, or its number, got 'k'"):
        f.categories(0, {1: "a"}, active="k")


def test_columns_are_added_by_order_or_by_value(f):
    found = f.add_cats(pd.DataFrame({"k": list("abab")}))
    assert found.names == ["k"]
    assert found.cats()[0].values.tolist() == [[1, "w", "a"], [2, "x", "b"], [3, "y", "a"], [5, "z", "b"]]
    found = f.add_cats(pd.DataFrame({"id": [1, 5], "k": ["a", "b"]}), merge=True)
    assert found.cats()[0]["k"].fillna("none").tolist() == ["a", "none", "none", "b"]
    with pytest.raises(ArgumentError, match=r"a row per category \(4\), got \(2, 2\)"):
        f.add_cats(pd.DataFrame({"id": [1, 5], "k": ["a", "b"]}))
    with pytest.raises(ArgumentError, match="the layer must have categories"):
        pt.rast([[1]]).add_cats(pd.DataFrame({"k": ["a"]}))


def test_levels_of_all_layers_become_one_table(f):
    g = f.copy()
    g.levels = pd.DataFrame({"id": [1, 7], "l": ["w", "q"]})
    wanted = [[1, "w"], [2, "x"], [3, "y"], [5, "z"], [7, "q"]]
    assert pt.c(f, g).combine_levels(assign=False).values.tolist() == wanted
    found = pt.c(f, g, pt.rast([[1] * 6])).combine_levels()
    assert [table.values.tolist() for table in found.levels] == [wanted] * 3
    later = pt.rast([[3, 1]])
    later.levels = {3: "c", 1: "a"}
    assert later.combine_levels(assign=False).values.tolist() == [[1, "a"], [3, "c"]]
    g.levels = {1: "other"}
    with pytest.raises(ArgumentError, match="labels must not differ, got 'w' and 'other' for 1"):
        pt.c(f, g).combine_levels()
    with pytest.raises(ArgumentError, match="a layer must have categories"):
        pt.rast([[1]]).combine_levels()


def test_categories_of_one_label_become_one(f):
    f.levels = pd.DataFrame({"id": [1, 2, 3, 5], "l": ["w", "x", "w", "z"]})
    found = f.simplify_levels()
    assert found.cats()[0].values.tolist() == [[1, "w"], [2, "x"], [5, "z"]]
    np.testing.assert_array_equal(found.values(drop=True), [1, 5, NAN, 5, 2, 1])
    plain = pt.rast([[1, 2]])
    np.testing.assert_array_equal(plain.simplify_levels().values(), plain.values())
