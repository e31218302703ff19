"""Memory of large results that are gone, for the next ones."""

import gc
import mmap

import numpy as np
import pytest

import pyterra as pt
from pyterra.io import spare

pytestmark = pytest.mark.skipif(not hasattr(mmap, "MADV_FREE"), reason="the system keeps no memory on offer")
LARGE = (1, 1024, 1024 + 7)


@pytest.fixture(autouse=True)
def nothing_spare():
    spare.drop()
    yield
    spare.drop()


def address(array):
    return array.__array_interface__["data"][0]


def test_memory_of_an_array_that_is_gone_is_that_of_the_next():
    first = spare.empty(LARGE, "float64")
    assert first.shape == LARGE
    assert first.dtype == np.float64
    assert first.flags.writeable
    assert first.flags.c_contiguous
    where = address(first)
    del first
    assert address(spare.empty((4, 512, 514), "float64")) == where


def test_memory_is_not_spare_while_a_view_of_it_is_there():
    first = spare.empty(LARGE, "float64")
    first[:] = 7
    view = first[0, 2:4, ::2]
    where = address(first)
    del first
    other = spare.empty(LARGE, "float64")
    other[:] = 8
    assert address(other) != where
    assert (view == 7).all()
    del view
    assert address(spare.empty(LARGE, "float64")) == where


def test_much_larger_memory_is_left_for_what_needs_it():
    first = spare.empty((1, 2048, 1031), "float64")
    where = address(first)
    del first
    assert address(spare.empty(LARGE, "float64")) != where


def test_little_is_made_as_ever_and_more_than_the_most_is_given_back(monkeypatch):
    small = spare.empty((3, 4), "float32")
    assert small.flags.owndata
    monkeypatch.setattr(spare, "MOST", 2 * 8 * LARGE[1] * LARGE[2])
    arrays = [spare.empty(LARGE, "float64") for _ in range(3)]
    arrays.clear()
    assert len(spare._spare) == 2
    assert spare.empty((5, 2048, 2048), "float64").flags.owndata


def test_nothing_is_kept_beside_a_budget_or_where_the_system_cannot_have_it(monkeypatch):
    with pt.options(memory="1GB"):
        assert spare.empty(LARGE, "float64").flags.owndata
    before = spare.empty(LARGE, "float64")
    with pt.options(memory="1GB"):
        del before
    assert not spare._spare
    monkeypatch.setattr(spare, "_offered", lambda memory: False)
    spare.empty(LARGE, "float64")
    assert not spare._spare


def test_a_system_that_knows_nothing_of_the_kind_is_not_asked(monkeypatch):
    monkeypatch.delattr(spare.mmap, "MADV_FREE", raising=False)
    assert not spare._offered(np.empty(spare.LEAST, np.uint8))


def test_results_in_memory_that_others_left_are_what_they_are():
    numbers = np.arange(1400.0 * 1000).reshape(1400, 1000)
    x = pt.rast(numbers)
    for k in range(3):
        found = (x + k).to_numpy()[0]
        assert (found == numbers + k).all()
        del found
        gc.collect()
