"""Attributes and records: read, set, chosen, ordered."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError, ColumnError


@pytest.fixture
def v():
    atts = {"n": [3, 1, 2], "name": ["c", "a", None], "size": [1.5, np.nan, 3.0]}
    return pt.vect([[0, 0], [1, 1], [2, 2]], crs="EPSG:3035", atts=atts)


def test_brackets_give_columns_and_records(v):
    assert v["n"].tolist() == [3, 1, 2]
    assert v[["size", "n"]].names == ["size", "n"]
    assert v[1].crds().tolist() == [[1, 1]]
    assert v[[2, 0, 0]]["n"].tolist() == [2, 3, 3]
    assert v[1:]["n"].tolist() == [1, 2]
    assert v[v["n"] > 1]["n"].tolist() == [3, 2]
    assert v[0, "n"].values().to_numpy().tolist() == [[3]]
    assert v[:, [0, 2]].names == ["n", "size"]
    assert v[np.array([], dtype=int)].shape == (0, 3)
    assert [record["n"].iloc[0] for record in v] == [3, 1, 2]


def test_brackets_give_what_lies_in_another(v):
    assert v[pt.ext(0.5, 9, 0.5, 9)]["n"].tolist() == [1, 2]
    assert v[pt.vect("LINESTRING (0 0, 0 9)", crs="EPSG:3035")]["n"].tolist() == [3]


@pytest.mark.parametrize("key", [3, -4, [0, 5], [True], 1.5, [[0, 1]]])
def test_records_that_are_not_there_are_refused(v, key):
    with pytest.raises(ArgumentError, match="vector: "):
        v[key]


def test_unknown_columns_come_with_near_ones(v):
    for call in (
        lambda: v["nmae"],
        lambda: v[["n", "nmae"]],
        lambda: v.sort("nmae"),
        lambda: v.subset("nmae == 1"),
    ):
        with pytest.raises(ColumnError, match=r"'nmae'; did you mean .*'name'"):
            call()
    with pytest.raises(KeyError):
        v[["n", "nmae"]]


def test_setting_a_column_changes_this_handle_alone(v):
    w = v[:]
    other = w
    w["n"] = [7, 8, 9]
    w["new"] = "x"
    w["name"] = None
    w[1, "n"] = 0
    assert other is w
    assert w.names == ["n", "size", "new"]
    assert w["n"].tolist() == [7, 0, 9]
    assert v.names == ["n", "name", "size"]
    assert v["n"].tolist() == [3, 1, 2]
    with pytest.raises(ArgumentError, match="one value per geometry"):
        w["n"] = [1, 2]
    with pytest.raises(ArgumentError, match="only attributes can be set"):
        w[0] = 5


def test_values_by_index_of_a_series_do_not_count(v):
    v["k"] = pd.Series([1, 2, 3], index=[9, 8, 7])
    assert v["k"].tolist() == [1, 2, 3]


def test_tables_have_geometries_if_wanted(v):
    assert v.as_data_frame(geom="xy")["x"].tolist() == [0, 1, 2]
    assert v.as_data_frame(geom="wkt")["geometry"].iloc[1] == "POINT (1 1)"
    assert len(v.as_data_frame(geom="hex")["geometry"].iloc[1]) == 42
    with pytest.raises(ArgumentError, match="for points of one part"):
        v.buffer(1).as_data_frame(geom="xy")


def test_records_are_ordered_and_picked(v):
    assert v.sort("n")["n"].tolist() == [1, 2, 3]
    assert v.sort("size", decreasing=True)["n"].tolist() == [2, 3, 1]
    assert v.subset("n > 1 and size > 2")["n"].tolist() == [2]
    assert v.subset(lambda t: t["n"] > 1, "name", negate=True)["name"].tolist() == ["a"]
    assert v.na_omit()["n"].tolist() == [3]
    assert v.na_omit("size")["n"].tolist() == [3, 2]
    assert len(v.rbind(v).unique()) == 3
    assert v.head(1)["n"].tolist() == [3]
    assert v.tail(1)["n"].tolist() == [2]


def test_in_brackets_numbers_below_0_count_from_the_end():
    table = pd.DataFrame({"x": [0, 1, 2], "y": [0, 0, 0], "a": [1, 2, 3], "b": [4, 5, 6]})
    v = pt.vect(table, geom=("x", "y"))
    assert v[-1].values()["a"].tolist() == [3]
    assert v[:-1].values()["a"].tolist() == [1, 2]
    assert v[[0, -1]].values()["a"].tolist() == [1, 3]
    assert v[-2, -1].values().to_dict("list") == {"b": [5]}
    v[-1, "a"] = 9
    assert v.values()["a"].tolist() == [1, 2, 9]
    with pytest.raises(ArgumentError, match="numbered 0 to 2, got -4"):
        v[-4]
