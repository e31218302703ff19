"""Values of a layer as users want to see them."""

import numpy as np
import pandas as pd

from pyterra.expr import Layer
from pyterra.expr.layers import Categories
from pyterra.raster.table import labelled, layer_column, table

NAN = float("nan")


def test_each_kind_has_its_own_dtype():
    assert layer_column(Layer("a", "int"), [1.0, 2.0]).dtype == np.int64
    assert layer_column(Layer("a", "int"), [1.0, NAN]).dtype == np.float64
    assert layer_column(Layer("a", "bool"), [1.0, 0.0]).tolist() == [True, False]
    assert pd.isna(layer_column(Layer("a", "bool"), [1.0, NAN])).tolist() == [False, True]
    assert layer_column(Layer("a", "bool"), [1.0, 0.0], raw=True).tolist() == [1.0, 0.0]


def test_codes_are_shown_by_their_labels_and_unknown_ones_are_missing():
    layer = Layer("a", "factor", categories=Categories(("value", "b"), ((3, "x"), (1, "y"))))
    found = layer_column(layer, [1.0, 3.0, 2.0, NAN])
    assert found.categories.tolist() == ["x", "y"]
    assert found.codes.tolist() == [1, 0, -1, -1]


def test_codes_of_one_label_are_one_category():
    found = labelled({1: "wood", 2: "wood", 5: None}, np.array([2.0, 1.0, 5.0]))
    assert found.categories.tolist() == ["wood"]
    assert found.codes.tolist() == [0, 0, -1]


def test_columns_may_share_a_name():
    made = table([("a", [1]), ("a", [2])])
    assert (made.columns.tolist(), made.iloc[0].tolist()) == (["a", "a"], [1, 2])


def test_labels_that_are_numbers_are_numbers():
    layer = Layer("a", "factor", categories=Categories(("value", "n"), ((3, 30), (1, 10), (2, None))))
    found = layer_column(layer, [1.0, 3.0, 2.0, 4.0, NAN])
    np.testing.assert_array_equal(found, [10, 30, NAN, NAN, NAN])
    whole = Layer("a", "factor", categories=Categories(("value", "n"), ((3, 30), (1, 10))))
    assert layer_column(whole, [1.0, 3.0]).dtype == np.int64
    words = Layer("a", "factor", categories=Categories(("value", "n"), ((3, 30), (1, "x"))))
    assert layer_column(words, [1.0, 3.0]).astype(str).tolist() == ["x", "30"]


def test_numbers_that_are_too_large_for_whole_ones_stay_what_they_are():
    assert layer_column(Layer("a", "int"), [2.0**53, 1]).dtype == np.int64
    assert layer_column(Layer("a", "int"), [1e38, 1]).tolist() == [1e38, 1]
    labels = Categories(("value", "n"), ((1, 10**30), (2, 4)))
    assert layer_column(Layer("a", "factor", categories=labels), [1.0, 2.0]).tolist() == [1e30, 4]
