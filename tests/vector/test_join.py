"""Tables and vectors joined: rbind, cbind, merge."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError, ColumnError, CRSMismatchError, PyterraWarning


@pytest.fixture
def v():
    atts = {"n": [3, 1, 2], "name": ["c", "a", None], "size": [1.5, np.nan, 3.0]}
    return pt.vect([[0, 0], [1, 1], [2, 2]], crs="EPSG:3035", atts=atts)


def test_records_below_each_other_have_all_columns(v):
    w = pt.vect([[9, 9]], crs="EPSG:3035", atts={"n": [4], "more": [2**60 + 1]})
    both = v.rbind(w)
    assert both.names == ["n", "name", "size", "more"]
    assert both["n"].tolist() == [3, 1, 2, 4]
    assert both["more"].isna().tolist() == [True, True, True, False]
    assert both["more"].iloc[3] == 2**60 + 1
    text = v.rbind(pt.vect([[9, 9]], crs="EPSG:3035", atts={"n": ["x"]}))
    assert text["n"].tolist() == ["3", "1", "2", "x"]


def test_records_of_other_kinds_or_places_do_not_go_below_each_other(v):
    with pytest.raises(ArgumentError, match="one kind of geometry, got points and polygons"):
        v.rbind(v.buffer(1))
    with pytest.raises(CRSMismatchError):
        v.rbind(pt.vect([[0, 0]], crs="EPSG:4326"))
    with pytest.warns(PyterraWarning, match="one input has no CRS"):
        assert v.rbind(pt.vect([[0, 0]])).crs == v.crs


def test_columns_are_added_beside(v):
    assert v.cbind({"k": [1, 2, 3]}).names[-1] == "k"
    with pytest.raises(ArgumentError, match="names must be new, got n"):
        v.cbind({"n": [1, 2, 3]})
    with pytest.raises(ArgumentError, match="one row per geometry"):
        v.cbind(pd.DataFrame({"k": [1, 2]}))


def test_a_table_is_joined_by_names(v):
    table = pd.DataFrame({"name": ["a", "c", "a"], "n": [10, 20, 30], "k": [1, 2, 3]})
    found = v.merge(table, by="name")
    assert found.names == ["name", "n.x", "size", "n.y", "k"]
    assert found["k"].tolist() == [2, 1, 3]
    assert found.crds()[:, 0].tolist() == [0, 1, 1]
    kept = v.merge(table.rename(columns={"name": "who"}), by_x="name", by_y="who", all_x=True)
    assert kept["k"].isna().tolist() == [False, False, False, True]
    assert str(kept["k"].dtype) == "Int64"
    with pytest.raises(ColumnError, match="y has no column 'who'"):
        v.merge(table, by_x="name", by_y="who")
    with pytest.raises(ArgumentError, match="a name that both have"):
        v.merge({"z": [1]})


def test_the_attributes_of_a_vector_are_joined():
    v, w = (pt.vect([[i, i], [9, 9]], atts={"k": ["a", "b"], f"n{i}": [i, 2 * i]}) for i in (1, 2))
    assert v.merge(w).values().to_dict("list") == {"k": ["a", "b"], "n1": [1, 2], "n2": [2, 4]}


def test_columns_of_categories_stay_so():
    a, b = (pd.Categorical(words, categories=words) for words in (["z", "y"], ["x", "z"]))
    v, w = (pt.vect([[0, 0], [1, 1]], atts={"f": column}) for column in (a, b))
    both = v.rbind(w)["f"]
    assert both.tolist() == ["z", "y", "x", "z"]
    assert both.cat.categories.tolist() == ["z", "y", "x"]
    v = v.rbind(pt.vect([[2, 2]], atts={"f": pd.Categorical([None], categories=["z"])}))
    for other in (b, ["x", "z"]):
        found = v.merge({"f": other, "n": [7, 8]}, all_x=True)
        assert found["f"].cat.categories.tolist() == ["z", "y"]
        assert found["n"].isna().tolist() == [False, True, True]
