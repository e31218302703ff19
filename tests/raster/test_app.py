"""Functions of a user in app, lapp and sapp, and what goes wrong in them."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError, UDFError

STACK = np.arange(24, dtype=float).reshape(3, 2, 4)


@pytest.fixture
def r():
    return pt.rast(STACK, names=["a", "b", "c"])


def test_several_values_are_several_layers(r):
    assert r.app(lambda v: (v[0], v[1] * 2)).nlyr == 2
    assert r.app(lambda v: v * 2).names == ["a", "b", "c"]
    np.testing.assert_array_equal(r.app(lambda v: v[::-1]).to_numpy(), STACK[::-1])


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


def test_sapp_joins_what_a_function_makes_of_each_layer(r):
    assert r.sapp(lambda layer: layer.focal(3, "max", na_rm=True)).nlyr == 3
    with pytest.raises(UDFError, match="SpatRaster"):
        r.sapp(lambda layer: 1)


def test_xapp_hands_the_layers_of_two_rasters_over():
    """The numbers are those of terra 1.9."""
    r = pt.rast(np.array([[[1, 5, 2]], [[7, 1, 9]]]), names=["a", "b"])
    np.testing.assert_array_equal(r.xapp(r + 1, lambda a, b: (a * b).sum()).values(drop=True), [58, 32, 96])
    assert r.xapp(pt.c(r, r), lambda a, b: b.size).values(drop=True).tolist() == [4, 4, 4]
    both = r.xapp(r, lambda a, b, k: a + k * b, k=2)
    assert both.names == ["a", "b"]
    np.testing.assert_array_equal(both.to_numpy(), r.to_numpy() * 3)


def test_lapp_that_gives_as_many_layers_keeps_names_and_times():
    """terra 1.9 as well."""
    r = pt.rast(np.ones((2, 1, 1)), names=["a", "b"]).set_time([2001, 2002], "years")
    for found in (r.lapp(lambda a, b: (a + b, a - b)), r.lapp(lambda a, b: (b, a), names=["a", "b"])):
        assert found.names == ["a", "b"]
        assert list(found.time) == [2001, 2002]
    assert r[0].lapp(lambda a: a + 1).names == ["a"]
    assert not r.lapp(lambda a, b: a + b).has_time()
