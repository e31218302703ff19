"""Functions of another language, here a stand-in for R's: how verbs call them, and on which thread."""

import threading

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError, UDFError
from pyterra.run import Forbidden, Threads, blocks_of, use_executor


class Stand:
    """A foreign function that sums the values of a cell, and notes how it was called."""

    foreign = "stand-in"

    def __init__(self, ways=("each", "rows", "columns"), count=1, labels=(), **more):
        self.ways, self.count, self.labels, self.more, self.calls = ways, count, labels, more, []

    def on_raster(self, x, arguments):
        return x * 2

    def bound(self, arguments):
        made = Stand(self.ways, self.count, self.labels, **arguments)
        made.calls = self.calls
        return made

    def __call__(self, way, values, names):
        self.calls.append((way, values.shape, tuple(names), threading.get_ident()))
        if way not in self.ways:
            raise ValueError(f"not {way}")
        total = values.sum(axis=0) * self.more.get("by", 1)
        return np.stack([total + i for i in range(self.count)]), self.labels


@pytest.fixture
def r():
    return pt.rast(np.arange(24.0).reshape(3, 2, 4), names=["a", "b", "c"])


def test_app_tries_each_cell_first_and_all_rows_next(r):
    for ways, way in ((("each", "rows"), "each"), (("rows",), "rows")):
        fun = Stand(ways)
        found = r.app(fun)
        np.testing.assert_array_equal(found.to_numpy()[0], r.to_numpy().sum(axis=0))
        assert [(c[0], c[1], c[2]) for c in fun.calls][-1] == (way, (3, 8), ("a", "b", "c"))


def test_app_per_block_hands_over_all_rows(r):
    fun = Stand()
    r.app(fun, per="block").to_numpy()
    assert {call[0] for call in fun.calls} == {"rows"}


def test_labels_and_names_of_layers(r):
    assert r.app(Stand()).names == ["lyr.1"]
    assert r.app(Stand(count=2, labels=("lo", "hi"))).names == ["lo", "hi"]
    assert r.app(Stand(count=3)).names == ["lyr.1", "lyr.2", "lyr.3"]
    assert r.app(Stand(count=2, labels=("lo", "hi")), names=["x", "y"]).names == ["x", "y"]
    assert r.lapp(Stand()).names == ["lyr1"]
    assert r.lapp(Stand(count=2, labels=("p", "q"))).names == ["p", "q"]
    assert r.tapp([1, 2, 1], Stand(count=2, labels=("p", "q"))).names == ["X1_p", "X1_q", "X2_p", "X2_q"]
    assert r[0].focal(3, Stand()).names == ["focal_fun"]
    assert r[0].focal(3, Stand(count=2, labels=("p", "q"))).names == ["p", "q"]
    assert r[:2].focal(3, Stand(count=2, labels=("p", "q"))).names == ["a_p", "a_q", "b_p", "b_q"]


def test_further_arguments_reach_the_function(r):
    np.testing.assert_array_equal(r.app(Stand(), by=10).to_numpy(), r.app(Stand()).to_numpy() * 10)
    bound = r.app(Stand(), na_rm=True)._node.kernel.function
    assert bound.more == {"na.rm": True}


def test_lapp_passes_names_when_asked(r):
    fun = Stand()
    r.lapp(fun, usenames=True)
    r.lapp(fun)
    assert [call[0] for call in fun.calls] == ["columns", "columns"]
    assert [call[2] for call in fun.calls] == [("a", "b", "c"), ()]


def test_tapp_hands_over_the_layers_of_each_group(r):
    found = r.tapp([1, 2, 1], Stand())
    values = r.to_numpy()
    np.testing.assert_array_equal(found.to_numpy(), np.stack([values[0] + values[2], values[1]]))


@pytest.mark.parametrize("policy", ["all", "only", "omit"])
def test_focal_hands_over_used_values_of_windows(policy):
    values = np.arange(30.0).reshape(1, 5, 6)
    values[0, 2, 2] = np.nan
    x = pt.rast(values)
    weights = np.array([[0, 2, 0], [1, np.nan, 1], [0, 1, 0]])
    found = x.focal(weights, Stand(), na_policy=policy).to_numpy()
    # as the same sum in Python
    expected = x.focal(weights, lambda v: v.sum(), na_policy=policy).to_numpy()
    np.testing.assert_allclose(found, expected)


def test_focal_hands_over_parts_of_a_large_block(monkeypatch):
    monkeypatch.setattr("pyterra.functions.foreign.CHUNK", 100)
    x = pt.rast(np.random.default_rng(0).random((2, 20, 5)))
    fun = Stand()
    found = x.focal(3, fun).to_numpy()
    assert len({call[1] for call in fun.calls}) >= 2
    np.testing.assert_allclose(found, x.focal(3, "sum").to_numpy(), rtol=1e-14)


def test_it_runs_on_the_calling_thread_once_per_block(r):
    fun = Stand()
    found = r.app(fun)
    fun.calls.clear()
    with use_executor(Threads(2)):
        list(blocks_of(found._node, lambda b, w: b.sum(), block=(1, 4)))
    assert [call[1] for call in fun.calls] == [(3, 4), (3, 4)]
    assert {call[3] for call in fun.calls} == {threading.get_ident()}


def test_building_computes_nothing(r):
    with use_executor(Forbidden()):
        r.app(Stand())
        r.lapp(Stand())
        r.tapp([1, 1, 2], Stand())
        r.focal(3, Stand())


def test_a_function_that_works_in_no_way_is_an_error_when_built(r):
    with pytest.raises(UDFError, match=r"app: the stand-in failed .*: not each"):
        r.app(Stand(ways=()))
    assert r.app(Stand(ways=()), nlyr=2).nlyr == 2


def test_another_number_of_values_is_an_error_that_says_where(r):
    fun = Stand()
    found = r.app(fun, nlyr=1)
    found._node.kernel.function.count = 2
    with pytest.raises(UDFError, match=r"app: .*must give 1 values.*got 2 \[block of"):
        found.to_numpy()
    with pytest.raises(ArgumentError, match="nlyr must be what the function gives"):
        r.app(Stand(), nlyr=4)


def test_sapp_hands_over_one_layer_after_the_other(r):
    np.testing.assert_array_equal(r.sapp(Stand()).to_numpy(), r.to_numpy() * 2)


def test_windows_of_layers_come_as_parts():
    r = pt.rast(np.arange(60.0).reshape(3, 4, 5))
    fun = Stand(("parts",), count=2, labels=("p", "q"))
    found = r.focal_pairs(3, fun, fillvalue=0.0)
    assert found.names == ["lyr1_p", "lyr1_q", "lyr2_p", "lyr2_q"]
    sums = r.focal(3, "sum", fillvalue=0.0).to_numpy()
    np.testing.assert_allclose(found.to_numpy()[[0, 2]], sums[:2] + sums[1:])
    assert {call[0::2][:2] for call in fun.calls} == {("parts", ("", ""))}
    np.testing.assert_allclose(
        r.focal_reg(3, Stand(("parts",)), fillvalue=0.0).to_numpy()[0], sums.sum(axis=0)
    )
