"""What is known of all values before any of them is computed."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.frozen import dataclass
from pyterra.grid import Window
from pyterra.raster.surveys import OfMoments, OfSample, sample_of, sweep


@dataclass(frozen=True)
class Mean(OfMoments):
    """Differences from the mean."""

    def told(self, known):
        return known.sum / known.count

    def values(self, block, window, state):
        return block - state[:, None, None]


@dataclass(frozen=True)
class Places(OfSample):
    """How many values of the sample are below."""

    def told(self, values):
        return values

    def values(self, block, window, state):
        return np.searchsorted(np.sort(state[0]), block).astype(float)


def strips(array, rows):
    nrow, ncol = array.shape[1:]
    return [Window(i, 0, min(rows, nrow - i), ncol) for i in range(0, nrow, rows)]


@pytest.mark.parametrize("rows", [1, 2, 3, 5, 11])
def test_moments_have_the_same_bits_whatever_the_strips(rows):
    array = np.random.default_rng(1).normal(size=(2, 11, 7)) / 3
    array[0, 4] = np.nan
    method = Mean()
    found = [(w, method.survey(array[:, w.row : w.row_stop], w, None)) for w in strips(array, rows)]
    state, again = method.update(None, found)
    whole, _ = method.update(None, [(Window(0, 0, 11, 7), method.survey(array, Window(0, 0, 11, 7), None))])
    assert state.tobytes() == whole.tobytes()
    assert list(again) == []
    np.testing.assert_allclose(state, np.nanmean(array, axis=(1, 2)), rtol=1e-14)


def test_nothing_is_read_before_values_are_wanted(monkeypatch):
    asked = []
    monkeypatch.setattr(Mean, "told", lambda self, known: asked.append(1) or known.sum / known.count)
    node = pt.rast([[1, 2, 6]])._node
    made = sweep(node, node.layers, Mean())
    assert asked == []
    assert pt.SpatRaster(made).values(drop=True).tolist() == [-2, -1, 3]
    assert asked == [1]


def test_a_part_needs_no_whole_strips():
    node = pt.rast(np.arange(12.0).reshape(3, 4))._node
    made = pt.SpatRaster(sweep(node, node.layers, Mean()))
    assert made.crop(pt.ext(1, 2, 1, 2)).values(drop=True).tolist() == [5 - 5.5]


def test_a_sample_is_surveyed_in_place_of_the_raster():
    node = pt.rast(np.arange(100.0).reshape(10, 10))._node
    sample = sample_of(node, 25)
    assert sample.grid.cells == 25
    assert sample_of(node, 100) is None
    made = pt.SpatRaster(sweep(node, node.layers, Places(), sample=sample))
    assert made.values().max() == 24
