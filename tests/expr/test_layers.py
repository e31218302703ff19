"""What is known of a layer, and what of it is gone once its values are others."""

import numpy as np
import pytest

from pyterra.expr.layers import Categories, Layer, block_dtype, named, numbered, recycle

TABLE = Categories(("value", "cover", "code"), ((1, "wood", "w"), (2, "sand", "s")))


def test_the_active_column_tells_the_labels():
    assert (TABLE.label_name, TABLE.labels()) == ("cover", {1: "wood", 2: "sand"})
    other = Categories(TABLE.columns, TABLE.rows, active=1)
    assert (other.label_name, other.labels()) == ("code", {1: "w", 2: "s"})


FULL = Layer(
    "a",
    "factor",
    storage="uint8",
    nodata=255,
    categories=TABLE,
    colors=((1, (0, 0, 0, 255)),),
    time=np.datetime64("2020-01-01"),
    step="days",
    unit="m",
    depth=2.0,
    channel="red",
    range=(1.0, 2.0),
)


def test_new_numbers_keep_name_time_and_depth_alone():
    kept = Layer("a", time=FULL.time, step="days", depth=2.0)
    assert FULL.number() == kept
    assert FULL.as_kind("bool") == Layer("a", "bool", time=FULL.time, step="days", depth=2.0)


def test_the_same_values_lose_only_what_may_not_hold():
    assert FULL.unflagged() is FULL  # factors stay factors
    assert Layer("a", "int", unit="m").unflagged() == Layer("a", "num", unit="m")
    assert FULL.without_range().range is None
    assert FULL.without_range().categories is TABLE


def test_a_code_of_nan_is_none_so_that_equal_layers_are_equal():
    assert Layer("a", nodata=float("nan")) == Layer("a")


def test_layers_are_made_by_number_and_by_name():
    assert [layer.name for layer in numbered(2)] == ["lyr.1", "lyr.2"]
    assert named(["x", "y"], "int") == (Layer("x", "int"), Layer("y", "int"))


def test_recycled_layers_have_new_names_where_there_are_more():
    pair = (Layer("x", unit="m"), Layer("y"))
    assert recycle(pair, 2) is pair
    assert recycle(pair, 3) == (Layer("lyr1", unit="m"), Layer("lyr2"), Layer("lyr3", unit="m"))


@pytest.mark.parametrize(
    ("storages", "dtype"),
    [
        (["uint8", "int16", "float32", "bool"], "float32"),
        (["uint8", "int32"], "float64"),
        (["float64"], "float64"),
    ],
)
def test_blocks_are_float32_where_that_is_exact(storages, dtype):
    assert block_dtype(storages) == dtype
