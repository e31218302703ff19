"""The cells with the highest values. The cells are those of terra 1.9, but for missing ones."""

import numpy as np
import pytest

import pyterra as pt
import pyterra.run.sweep
from pyterra.errors import ArgumentError
from pyterra.plan import Blocks

NAN = np.nan


@pytest.fixture
def r():
    return pt.rast([[1, 5, NAN], [5, 2, 3]])


@pytest.mark.parametrize(
    ("n", "low", "values"),
    [
        (1, False, [NAN, 1, NAN, NAN, NAN, NAN]),
        (2, False, [NAN, 1, NAN, 1, NAN, NAN]),
        (3, False, [NAN, 1, NAN, 1, NAN, 1]),
        (2, True, [1, NAN, NAN, NAN, 1, NAN]),
        (99, False, [1, 1, NAN, 1, 1, 1]),
    ],
)
def test_so_many_cells_are_chosen(r, n, low, values):
    np.testing.assert_array_equal(r.select_highest(n, low=low).values(drop=True), values)


@pytest.mark.parametrize("rows", [1, 2, 5])
def test_the_first_of_equal_cells_are_chosen_whatever_the_strips(rows, monkeypatch):
    array = np.random.default_rng(1).integers(0, 5, (9, 4)).astype(float)
    monkeypatch.setattr(pyterra.run.sweep, "strips_of", lambda node: Blocks(node.grid.window, rows, 4))
    for n in (1, 7, 20):
        chosen = np.argsort(-array.ravel(), kind="stable")[:n]
        found = pt.rast(array).select_highest(n).values(drop=True)
        assert np.flatnonzero(found == 1).tolist() == sorted(chosen.tolist())


def test_nothing_is_chosen_of_nothing():
    assert np.isnan(pt.rast([[NAN, NAN]]).select_highest(1).values()).all()
    with pytest.raises(ArgumentError, match="n must be 1 or more, got 0"):
        pt.rast([[1]]).select_highest(0)
