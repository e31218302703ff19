"""Functions of a user: compiled, numpy, or Python; and what goes wrong in them."""

import collections

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError, UDFError
from pyterra.expr import Cells
from pyterra.functions.udf import CompiledCells, PythonCells

STACK = np.arange(24, dtype=float).reshape(3, 2, 4)


@pytest.fixture
def r():
    return pt.rast(STACK, names=["a", "b", "c"])


def kernel(x):
    assert isinstance(x._node, Cells)
    return x._node.kernel


def test_a_typable_function_is_compiled(r):
    spread = r.app(lambda v: v.max() - v.min())
    assert isinstance(kernel(spread), CompiledCells)
    assert (spread.to_numpy() == 16).all()


def test_a_function_that_numba_cannot_type_runs_in_python(r):
    found = r.app(lambda v: float(str(int(v[0]))[-1]))
    assert isinstance(kernel(found), PythonCells)
    assert found._node.runs == "processes"
    assert found.to_numpy()[0].tolist() == (STACK[0] % 10).tolist()


def test_several_values_are_several_layers(r):
    assert r.app(lambda v: (v[0], v[1] * 2)).nlyr == 2
    assert r.app(lambda v: v * 2).names == ["a", "b", "c"]
    np.testing.assert_array_equal(r.app(lambda v: v[::-1]).to_numpy(), STACK[::-1])


def test_names_come_from_a_named_tuple_or_the_caller(r):
    Pair = collections.namedtuple("Pair", "low high")
    assert r.app(lambda v: Pair(float(min(v)), float(max(v)))).names == ["low", "high"]
    assert r.app(lambda v: (v[0], v[1]), names=["x", "y"]).names == ["x", "y"]
    with pytest.raises(ArgumentError, match="one per layer"):
        r.app(lambda v: v[0], names=["x", "y"])


def test_further_arguments_reach_the_function(r):
    def scaled(v, factor, offset=1.0):
        return v[0] * factor + offset

    found = r.app(scaled, factor=10.0)
    assert isinstance(kernel(found), CompiledCells)
    assert found.values(drop=True)[1] == 11


def test_a_function_of_mine_named_mean_is_mine(r):
    def mean(v):
        return -1.0

    assert (r.app(mean).to_numpy() == -1).all()
    assert r.app(pt.mean).names == ["mean"]


def test_numpy_reductions_are_called_for_the_block(r):
    r[r == 0] = None
    np.testing.assert_array_equal(r.app(np.nanmax).to_numpy()[0], STACK[2])
    assert np.isnan(r.app(np.mean).to_numpy()[0, 0, 0])


def test_a_block_function_gets_layer_row_col(r):
    found = r.app(lambda block: np.stack([block[0], block[1] - block[0]]), per="block")
    assert found.nlyr == 2
    assert (found.to_numpy()[1] == 8).all()


def test_a_block_function_cannot_change_its_input(r):
    def spoil(block):
        block[:] = -1
        return block[0]

    both = pt.c(r.app(spoil, per="block"), r)
    np.testing.assert_array_equal(both.to_numpy()[1:], STACK)


@pytest.mark.parametrize("executor", ["serial", "threads", "processes"])
def test_an_error_in_a_function_says_where(r, executor):
    def picky(v):
        if v[0] == 5:
            raise ValueError("five is not allowed")
        return float(len(str(v[0])))

    with pt.options(executor=executor, workers=2), pytest.raises(UDFError) as caught:
        r.app(picky).to_numpy()
    text = str(caught.value)
    for part in (
        "app",
        "ValueError",
        "five is not allowed",
        "cells 0 to 7",
        "(3, 2, 4)",
        "a, b, c",
        "rows 0:2",
    ):
        assert part in text
    assert caught.value.__cause__ is not None


def test_a_function_that_fails_at_once_is_refused_when_the_expression_is_built(r):
    with pytest.raises(UDFError, match="tried on the values"):
        r.app(lambda v: v[7])
    with pytest.raises(UDFError, match="number"):
        r.app(lambda v: "text")
    with pytest.raises(UDFError, match="number"):
        r.app(lambda v: None)


def test_another_number_of_values_than_when_tried_is_an_error(r):
    with pytest.raises(UDFError, match="values"), pt.options(executor="serial"):
        r.app(lambda v: v[v > 2]).to_numpy()


def test_unknown_built_ins_are_refused_with_a_hint(r):
    with pytest.raises(ArgumentError, match="'mean'"):
        r.app("maen")
    with pytest.raises(ArgumentError, match="na_rm"):
        r.app("mean", trim=0.1)


def test_lapp_passes_one_array_per_layer(r):
    found = r.lapp(lambda a, b, c: (a + c) / 2)
    np.testing.assert_array_equal(found.to_numpy()[0], STACK[1])
    assert found.names == ["lyr1"]
    assert r.lapp(lambda c, a, b: c - a, usenames=True).to_numpy()[0, 0, 0] == 16
    assert r.lapp(lambda a, b, c: (a, b)).nlyr == 2
    with pytest.raises(UDFError, match="one parameter per layer"):
        r.lapp(lambda a, b: a)


def test_tapp_groups_in_order_of_first_appearance(r):
    found = r.tapp([2, 1, 2], "sum")
    assert found.names == ["X2", "X1"]
    np.testing.assert_array_equal(found.to_numpy()[0], STACK[0] + STACK[2])
    assert r.tapp(["dry", "wet", "1st"], "sum").names == ["dry", "wet", "X1st"]
    assert r.tapp([1, 1, 2], lambda v: (v[0], v[-1])).names == ["X1_1", "X1_2", "X2_1", "X2_2"]


def test_tapp_by_period_uses_the_time_of_the_layers(r):
    r.time = ["2020-01-15", "2020-02-20", "2021-01-15"]
    years = r.tapp("years", "mean")
    assert years.names == ["y_2020", "y_2021"]
    assert years.time.tolist() == [2020, 2021]
    assert r.tapp("yearmonths", "sum").names == ["ym_202001", "ym_202002", "ym_202101"]
    assert r.tapp("months", "sum").names == ["m_1", "m_2"]
    assert r.tapp("doy", "sum").names == ["doy_015", "doy_051"]
    assert r.tapp(lambda t: t.astype("datetime64[Y]").astype(int) + 1970, "sum").names == ["X2020", "X2021"]


def test_tapp_by_period_needs_time(r):
    with pytest.raises(ArgumentError, match="time"):
        r.tapp("years", "mean")


def test_sapp_joins_what_a_function_makes_of_each_layer(r):
    assert r.sapp(lambda layer: layer.focal(3, "max", na_rm=True)).nlyr == 3
    with pytest.raises(UDFError, match="SpatRaster"):
        r.sapp(lambda layer: 1)


def test_lambdas_pickle(r):
    import pickle

    again = pickle.loads(pickle.dumps(r.app(lambda v: v[0] + 0.5)))
    np.testing.assert_array_equal(again.to_numpy()[0], STACK[0] + 0.5)
