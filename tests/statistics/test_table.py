"""The table of statistics: names, what they give, and what stays of a layer."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError
from pyterra.expr import Layer
from pyterra.expr.layers import Categories
from pyterra.statistics.table import KNOWN, TABLE, means, named, weighable

FACTOR = Layer("a", "factor", categories=Categories(("value", "b"), ((1, "x"),)), unit="m", storage="uint8")


def test_every_name_and_alias_leads_to_one_statistic_whose_numbers_are_statistics():
    aliases = [alias for row in TABLE.values() for alias in row.aliases]
    assert len({*TABLE, *aliases}) == len(TABLE) + len(aliases) == len(KNOWN)
    assert all(number in TABLE for row in TABLE.values() for number in row.numbers)


def test_names_and_verbs_mean_statistics_and_a_users_function_its_own():
    def mean(values):
        return 0

    assert named("modal", "app") is TABLE["modal"]
    assert named("which.max", "app").name == "which_max"
    assert named("which.max", "app").labels == ("which.max",)
    assert named(pt.mean, "app") is TABLE["mean"]
    assert named(mean, "app") is None
    assert named("table", "zonal", also=["table"]) is None


@pytest.mark.parametrize(
    ("fun", "arguments", "words"),
    [
        ("maen", (), "app: fun must be a function or the name of a statistic, got 'maen'.*mean"),
        (3, (), "app: fun must be .*, got int"),
        ("mean", ("trim",), "app: 'mean' takes no further arguments, got trim"),
    ],
)
def test_what_is_no_statistic_is_refused(fun, arguments, words):
    with pytest.raises(ArgumentError, match=words):
        named(fun, "app", arguments=arguments)


def test_a_statistic_of_several_numbers_gives_several_layers():
    row = TABLE["range"]
    assert (row.width, row.numbers, row.labels) == (2, ("min", "max"), ("range_min", "range_max"))
    assert [layer.name for layer in row.layers([Layer("a"), Layer("b")])] == [
        "a_min",
        "a_max",
        "b_min",
        "b_max",
    ]


def test_classes_stay_where_one_of_them_is_chosen_and_units_where_numbers_keep_them():
    (mode,) = TABLE["modal"].layers([FACTOR])
    assert (mode.kind, mode.categories, mode.unit, mode.storage) == ("factor", FACTOR.categories, "m", None)
    (mean,) = TABLE["mean"].layers([FACTOR])
    assert (mean.kind, mean.categories, mean.unit) == ("num", None, "m")
    (var,) = TABLE["var"].layers([FACTOR])
    assert (var.kind, var.unit) == ("num", "")


def test_numbers_that_none_of_the_values_is_are_float64():
    single = np.dtype("float32")
    assert [TABLE[name].dtype(single) for name in ("mean", "max", "count")] == [
        "float64",
        "float32",
        "float32",
    ]


def test_what_can_be_had_of_sums_says_of_which():
    assert TABLE["sd"].from_sums(["total", "deviation", "low"])
    assert not TABLE["sd"].from_sums(["total"])
    assert TABLE["count"].from_sums([])
    assert not TABLE["median"].from_sums(["total", "low", "high", "product", "deviation"])


def test_a_verb_may_be_marked_as_a_statistic():
    @means("max")
    def highest(x):
        return x

    assert named(highest, "app") is TABLE["max"]


def test_only_some_statistics_have_weights():
    assert weighable(TABLE["sum"], "global_: with weights, fun") == "sum"
    with pytest.raises(ArgumentError, match="with weights, fun must be one of mean, sum, got 'max'"):
        weighable(TABLE["max"], "global_: with weights, fun")
    with pytest.raises(ArgumentError, match="got a function"):
        weighable(None, "extract: fun")
