"""Verbs of categories, and what keeps them."""

import numpy as np
import pandas as pd
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError, GridMismatchError

NA = float("nan")


@pytest.fixture
def f():
    made = pt.rast([[1, 2, 9, 2]], names="f", crs="")
    made.levels = pd.DataFrame({"ID": [1, 2, 3], "kind": ["x", "y", "z"], "cost": [10.0, 20.0, 30.0]})
    return made


def test_levels_and_cats_are_lists(f):
    both = pt.c(f, f * 2)
    assert both.levels[0].columns.tolist() == ["ID", "kind"]
    assert both.cats()[0].columns.tolist() == ["ID", "kind", "cost"]
    assert both.levels[1] is None
    assert both.cats()[1] is None


def test_levels_that_do_not_occur_are_dropped(f):
    assert f.droplevels().cats()[0]["ID"].tolist() == [1, 2]
    assert f.droplevels().values(drop=True).tolist() == [1, 2, 9, 2]


def test_given_levels_are_dropped_with_their_cells(f):
    found = f.droplevels("x")
    assert found.cats()[0]["ID"].tolist() == [2, 3]
    np.testing.assert_array_equal(found.values(drop=True), [NA, 2, NA, 2])
    assert pt.c(f, f * 1).droplevels(["x", 2]).is_factor() == [True, False]


def test_a_layer_without_levels_left_is_no_factor(f):
    assert f.droplevels([1, 2, 3]).is_factor() == [False]


def test_catalyze_gives_a_layer_per_column(f):
    found = f.catalyze()
    assert found.names == ["kind", "cost"]
    assert found.to_numpy()[:, 0].tolist() == [[1, 2, 9, 2], [10, 20, 9, 20]]
    assert pt.c(f, f + 0).catalyze().nlyr == 3


def test_concats_pairs_categories(f):
    g = pt.rast([[1, 2, 2, 1]], crs="")
    g.levels = {1: "A", 2: "B"}
    found = f.concats(g)
    assert found.names == ["kind_category"]
    assert found.cats()[0].iloc[:, 1].tolist() == ["x_A", "x_B", "y_A", "y_B", "z_A", "z_B"]
    np.testing.assert_array_equal(found.values(drop=True), [0, 3, NA, 2])


def test_concats_needs_categories(f):
    with pytest.raises(ArgumentError, match="with categories"):
        f.concats(f * 2)


def test_is_in_takes_numbers_labels_and_missing(f):
    r = pt.rast([[1.0, 2, NA]], crs="")
    assert r.is_in([2]).values(drop=True).tolist() == [0, 1, 0]
    assert r.is_in([2, None]).values(drop=True).tolist() == [0, 1, 1]
    assert f.is_in("y").values(drop=True).tolist() == [0, 1, 0, 1]
    assert f.is_in(["no such label"]).values(drop=True).tolist() == [0, 0, 0, 0]
    assert r.is_in(1).is_bool() == [True]
    with pytest.raises(ArgumentError, match="must hold values"):
        r.is_in([])


def test_a_stored_float_is_not_the_number_it_was_meant_to_be():
    assert pt.rast(np.array([[0.1]], "float32")).is_in(0.1).values(drop=True).tolist() == [0]


def test_intersect_tells_where_both_have_values():
    a = pt.rast([[1.0, NA, NA, 4]], extent=(0, 4, 0, 1), crs="")
    b = pt.rast([[1.0, NA, NA, 4]], extent=(1, 5, 0, 1), crs="")
    found = a.intersect(b)
    assert list(found.ext) == [1, 4, 0, 1]
    np.testing.assert_array_equal(found.values(drop=True), [0, NA, 0])
    with pytest.raises(GridMismatchError):
        a.intersect(b.shift(0.5))


KEPT = {
    "crop": lambda x: x.crop(pt.ext(0, 2, 0, 1)),
    "mask": lambda x: x.mask(x),
    "c": lambda x: pt.c(x, x),
    "trim": lambda x: x.trim(),
    "flip": lambda x: x.flip(),
    "shift": lambda x: x.shift(1),
    "t": lambda x: x.t(),
    "cover": lambda x: x.cover(x),
    "clamp": lambda x: x.clamp(1, 2),
    "modal": lambda x: x.aggregate((1, 2), "modal"),
    "disagg": lambda x: x.disagg(2),
    "merge": lambda x: x.merge(x.shift(4)),
    "focal": lambda x: x.focal((1, 3), "modal"),
    "resample": lambda x: x.resample(x.disagg(2)),
    "subset": lambda x: x.subset(0),
    "extend": lambda x: x.extend(1),
}
LOST = {
    "arithmetic": lambda x: x + 1,
    "comparison": lambda x: x > 1,
    "summary": lambda x: pt.c(x, x).max(),
    "app": lambda x: x.app("max"),
    "classify": lambda x: x.classify([[1, 5]]),
    "ifel": lambda x: (x > 1).ifel(x, 0),
    "aggregate": lambda x: x.aggregate((1, 2), "max"),
    "boundaries": lambda x: x.boundaries(),
    "init": lambda x: x.init("cell"),
}


@pytest.mark.parametrize("verb", KEPT)
def test_categories_survive(f, verb):
    assert KEPT[verb](f).is_factor()[0], verb
    assert KEPT[verb](f).cats()[0]["kind"].tolist() == ["x", "y", "z"]


@pytest.mark.parametrize("verb", LOST)
def test_categories_are_lost(f, verb):
    assert LOST[verb](f).is_factor() == [False], verb


def test_catalyze_reads_numbers_that_are_written_as_text():
    r = pt.rast([[1, 2]])
    r.levels = pd.DataFrame({"ID": [1, 2], "kind": ["b", "a"], "code": ["10", "2.5"]})
    assert r.catalyze().to_numpy()[:, 0].tolist() == [[2, 1], [10, 2.5]]  # as terra 1.9


def test_labels_are_found_among_categories():
    with pytest.raises(ArgumentError, match="is_in: labels are found among categories, and no layer has any"):
        pt.rast([[1, 2]]).is_in("1")


def test_match_tells_the_first_place_in_a_table():
    """The numbers are those of terra 1.9, which counts from 1."""
    nan = float("nan")
    r = pt.rast([[1, 5, nan, 2]])
    np.testing.assert_array_equal(r.match([5, 1, 5, None]).values(drop=True), [1, 0, 3, nan])
    np.testing.assert_array_equal(r.match([5, 1], nomatch=-9.7).values(drop=True), [1, 0, -9, -9])
    np.testing.assert_array_equal(r.match([5, 1], incomparables=1).values(drop=True), [nan, 0, nan, nan])
    assert r.match([5]).names == ["lyr.1"]


def test_match_takes_labels_of_each_layer():
    r = pt.rast([[1, 5, 2]])
    r.levels = {1: "w", 2: "x", 5: "z"}
    np.testing.assert_array_equal(r.match(["z", "w"]).values(drop=True), [1, 0, np.nan])
    with pytest.raises(ArgumentError, match="match: labels are found among categories"):
        pt.rast([[1]]).match("w")


def test_numbers_take_the_place_of_categories(f):
    plain = f.as_numeric()
    assert plain.is_factor() == [False]
    np.testing.assert_array_equal(plain.values(), f.values())
    r = pt.rast([[1, 2]])
    r.levels = pd.DataFrame({"ID": [1, 2], "cost": [5.5, 6.5], "kind": ["b", "a"]})
    assert r.as_numeric().values(drop=True).tolist() == [1, 2]  # as terra: the first one is not taken unasked
    assert r.as_numeric(0).values(drop=True).tolist() == [5.5, 6.5]
    assert r.as_numeric(1).values(drop=True).tolist() == [2, 1]
    with pytest.raises(ArgumentError, match="index must be one of cost, kind, or its number, got 'price'"):
        r.as_numeric("price")
    r.levels = pd.DataFrame({"ID": [1, 2], "kind": ["b", "a"], "cost": [5.5, 6.5]})
    r.active_cat = 1
    assert r.as_numeric().values(drop=True).tolist() == [5.5, 6.5]
