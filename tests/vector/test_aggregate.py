"""Records joined by the values of attributes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely

import pyterra as pt
from pyterra.errors import ArgumentError, UDFError


def squares(*corners, side=2.0, crs="EPSG:3035", **atts):
    texts = [shapely.box(x, y, x + side, y + side).wkt for x, y in corners]
    return pt.vect(texts, crs=crs, atts=atts or None)


@pytest.fixture
def a():
    return squares((0, 0), (2, 0), (10, 10), a=[1, 2, 3], g=["x", "x", "y"])


@pytest.fixture
def b():
    return squares((1, 1), (3, 1), b=[7, 8])


def areas(v):
    return shapely.area(v.geoms).tolist()


def test_records_are_joined_by_the_values_of_an_attribute(a):
    found = a.aggregate("g")
    assert found.values().to_numpy().tolist() == [["x", 1.5, 2], ["y", 3, 1]]
    assert shapely.get_num_geometries(found.geoms).tolist() == [1, 1]
    assert shapely.get_num_geometries(a.aggregate("g", dissolve=False).geoms).tolist() == [2, 1]
    whole = a.aggregate()
    assert (len(whole), whole.names, areas(whole)) == (1, [], [12])
    assert a.aggregate(["g", "a"], count=False).names == ["g", "a"]


def test_whole_numbers_that_are_chosen_stay_whole_beside_missing_ones():
    # terra 1.9-45: aggregate(ln, "k", fun = "max") gives integers with NA
    numbers = pd.array([1, None, 3], dtype="Int64")
    v = pt.vect([[0, 0], [1, 1], [2, 2]], atts={"k": ["x", "y", "z"], "n": numbers})
    for fun in ("max", "min", "first"):
        found = v.aggregate("k", fun=fun)[f"{fun}_n"]
        assert found.dtype == "Int64"
        assert found.isna().tolist() == [False, True, False]
        assert found[2] == 3


def test_columns_called_as_the_number_of_records_are_told_apart():
    # terra 1.9-45: aggregate(v, "g", fun = function(x) sum(x)) with a column n
    v = squares((0, 0), (2, 0), (4, 0), g=["b", "a", "b"], n=[1, 2, 4])
    found = v.aggregate("g", fun=lambda s: s.sum())
    assert found.values().to_dict("list") == {"g": ["a", "b"], "agg_n.x": [2, 5], "agg_n.y": [1, 2]}
    with pytest.raises(ArgumentError, match="names must stay unique, got agg_n twice"):
        squares((0, 0), agg_n=["a"]).aggregate("agg_n")
    with pytest.raises(ArgumentError, match="names must stay unique, got agg_n twice"):
        squares((0, 0), g=["a"], n=[1], agg_n=["b"]).aggregate("g", fun=len, count=False)


@pytest.mark.parametrize("taken", ["agg_n.x", "agg_n.y"])
def test_no_column_is_lost_to_the_number_of_records(taken):
    v = squares((0, 0), (2, 0), g=["a", "a"], n=[1, 2], **{taken: ["b", "b"]})
    with pytest.raises(ArgumentError, match=f"names must stay unique, got {taken} twice"):
        v.aggregate("g", fun=lambda s: s.sum())
    assert v.aggregate("g").values()[taken].tolist() == ["b"]


def test_a_function_may_give_texts_and_truths():
    v = squares((0, 0), (2, 0), (4, 0), g=["b", "a", "b"], m=[1, 2, 4])
    assert v.aggregate("g", fun=lambda s: "-".join(map(str, s)))["agg_m"].tolist() == ["2", "1-4"]
    truths = v.aggregate("g", fun=lambda s: bool(s.max() > 2) if len(s) > 1 else None)["agg_m"]
    assert truths.dtype == "boolean"
    assert truths.isna().tolist() == [True, False]


def test_groups_are_summarised_as_told():
    v = squares(
        (0, 0), (2, 0), (4, 0), g=["b", None, "b"], n=[1, 2, 4], size=[1.0, 2.0, np.nan], t=["p", "q", "r"]
    )
    found = v.aggregate("g", fun="sum")
    assert found["g"].isna().tolist() == [False, True]
    assert found["sum_n"].tolist() == [5, 2]
    assert found["sum_size"].isna().tolist() == [True, False]
    assert found["t"].isna().tolist() == [True, False]
    assert v.aggregate("g", fun="sum", na_rm=True)["sum_size"].tolist() == [1, 2]
    assert v.aggregate("g", fun=lambda s: s.max() - s.min(), count=False)["agg_n"].tolist() == [3, 0]
    with pytest.raises(ArgumentError, match="did you mean 'mean'"):
        v.aggregate("g", fun="meen")
    with pytest.raises(UDFError, match="must give one value per group, got 2 for column 'n'"):
        v.aggregate("g", fun=lambda s: [s.min(), s.max()])
    with pytest.raises(UDFError, match=r"the function raised ZeroDivisionError.*for column 'n'"):
        v.aggregate("g", fun=lambda s: 1 // 0)
    with pytest.raises(KeyError, match="no attribute 'gg'"):
        v.aggregate("gg")
