"""The search for cycles is put off while geometries are made, and only then."""

import gc

import numpy as np
import pytest
import shapely

import pyterra as pt
from pyterra.cycles import unsearched


@pytest.fixture
def counted():
    """How often the search begins."""
    begun = []

    def count(phase, _):
        if phase == "start":
            begun.append(phase)

    gc.callbacks.append(count)
    yield begun
    gc.callbacks.remove(count)


def test_the_search_is_as_it_was_afterwards():
    assert gc.isenabled()
    with unsearched():
        assert not gc.isenabled()
        with unsearched():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()
    with pytest.raises(KeyError), unsearched():
        raise KeyError
    assert gc.isenabled()
    gc.disable()
    try:
        with unsearched():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_points_of_a_raster_are_made_without_it(counted):
    r = pt.rast(np.arange(90_000.0).reshape(300, 300))
    r.as_points()
    counted.clear()
    v = r.as_points()
    mine = len(counted)
    counted.clear()
    shapely.points(v.crds())
    assert mine < 30 < len(counted)
