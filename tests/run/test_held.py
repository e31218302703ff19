"""Values that were computed once are kept while they fit."""

import gc

import numpy as np
import pytest

import pyterra as pt
from pyterra.expr import Cells
from pyterra.run.held import HeldValues, held


class Counting:
    """A kernel that counts its calls."""

    calls = 0

    def __call__(self, block):
        type(self).calls += 1
        return block + 1


@pytest.fixture
def counted():
    r = pt.rast(np.arange(12.0).reshape(3, 4))
    Counting.calls = 0
    node = Cells(
        grid=r._node.grid, layers=r._node.layers, dtype=r._node.dtype, arguments=(r._node,), kernel=Counting()
    )
    held.clear()
    return pt.SpatRaster(node)


def test_values_are_computed_once_and_kept(counted):
    first = counted.to_numpy()
    assert counted.global_("sum").iloc[0, 0] == first.sum()
    assert (counted * 2).to_numpy().sum() == 2 * first.sum()
    assert Counting.calls == 1


def test_kept_values_cannot_be_changed_through_what_was_handed_out(counted):
    counted.to_numpy()[:] = -1
    counted.to_numpy()[:] = -1
    assert counted.to_numpy()[0, 0, 0] == 1


def test_kept_values_go_with_the_raster():
    held.clear()
    r = pt.rast(np.arange(12.0).reshape(3, 4)).sqrt()
    r.to_numpy()
    assert r._node in held
    del r
    gc.collect()
    assert held.nbytes == 0


def test_values_that_do_not_fit_are_not_kept(monkeypatch, counted):
    monkeypatch.setattr("pyterra.run.held.memory_budget", lambda: 100)
    counted.to_numpy()
    assert counted._node not in held


def test_the_oldest_values_make_room(monkeypatch):
    monkeypatch.setattr("pyterra.run.held.memory_budget", lambda: 1000)
    keeper = HeldValues()
    rasters = [pt.rast(np.zeros((1, 10))) for _ in range(4)]
    for r in rasters:
        keeper.keep(r._node, np.zeros((1, 1, 10)))
    assert [r._node in keeper for r in rasters] == [False, True, True, True]
