"""Attributes and records: read, set, chosen, ordered, joined."""

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


def test_names_are_set_and_unique(v):
    v.names = ["a", "b", "c"]
    assert v["a"].tolist() == [3, 1, 2]
    with pytest.raises(ArgumentError, match="one per attribute"):
        v.names = ["a"]
    with pytest.raises(ArgumentError, match="unique"):
        v.names = ["a", "a", "b"]
    with pytest.raises(ArgumentError, match="geometry"):
        v.names = ["a", "geometry", "b"]


def test_a_crs_is_named_and_taken_away(v):
    v.crs = "EPSG:4326"
    assert v.is_lonlat()
    v.crs = None
    assert v.crs is None
    assert v.wkt == ""
    assert v.is_lonlat(perhaps=True)
    assert not v.is_lonlat()
    with pytest.raises(ArgumentError, match="not known"):
        v.crs = "EPSG:0"


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


def test_numbers_of_columns(v):
    numbers = v[["n", "size"]]
    assert numbers.mean().isna().tolist() == [False, True]
    assert numbers.mean(na_rm=True).tolist() == [2, 2.25]
    assert numbers.range(na_rm=True).to_numpy().tolist() == [[1, 1.5], [3, 3]]
    assert v[["n"]].quantile([0.5])["n"].tolist() == [2]
    with pytest.raises(ArgumentError, match="must be numbers, got text in name"):
        v.sum()
    with pytest.raises(ArgumentError, match="must not be missing, got some in size"):
        numbers.quantile()


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
