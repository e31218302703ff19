"""Functions of a user: compiled, numpy, or Python."""

import collections

import numba
import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError, UDFError
from pyterra.expr import Cells
from pyterra.functions.udf import CompiledCells, Function, PythonCells, dispatcher

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


SIGNATURE = "(float64[::1],)"


def test_functions_of_the_same_code_and_values_are_compiled_once():
    def scaled(by):
        return lambda v: v.sum() * by

    first = dispatcher(Function(scaled(2.0)), SIGNATURE)
    assert dispatcher(Function(scaled(2.0)), SIGNATURE) is first
    for by in (3.0, 2):  # another value; a whole number
        other = dispatcher(Function(scaled(by)), SIGNATURE)
        assert other is not first
        assert other(np.ones(4)) == 4 * by


def test_what_a_function_looks_up_in_its_module_counts():
    places = {"factor": 2.0}
    first, second, third = (eval("lambda v: v.sum() * factor", places) for _ in range(3))
    assert dispatcher(Function(first), SIGNATURE) is dispatcher(Function(second), SIGNATURE)
    places["factor"] = 5.0
    assert dispatcher(Function(third), SIGNATURE)(np.ones(3)) == 15


def test_a_function_that_the_user_compiled_stays_as_it_is():
    def total(v):
        return v.sum()

    fast, exact = numba.njit(fastmath=True)(total), numba.njit(total)
    assert dispatcher(Function(fast), SIGNATURE) is fast
    assert dispatcher(Function(exact), SIGNATURE) is exact


def test_a_function_that_numba_cannot_type_runs_in_python(r):
    found = r.app(lambda v: float(str(int(v[0]))[-1]))
    assert isinstance(kernel(found), PythonCells)
    assert found._node.runs == "processes"
    assert found.to_numpy()[0].tolist() == (STACK[0] % 10).tolist()


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


def test_lambdas_pickle(r):
    import pickle

    again = pickle.loads(pickle.dumps(r.app(lambda v: v[0] + 0.5)))
    np.testing.assert_array_equal(again.to_numpy()[0], STACK[0] + 0.5)
