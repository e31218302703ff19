"""Verbs that need the whole raster: strips of any height give the same bits, and are surveyed once."""

import numpy as np
import pytest

import pyterra as pt
import pyterra.run.sweep
from pyterra.plan import Blocks, plan
from pyterra.run.sweep import settled

NAN = np.nan
EARTH = ("EPSG:4326", (-180, 180, -90, 90))
PLANE = ("", (0, 58, 0, 37))
PART = ("EPSG:4326", (10, 40, 40, 60))


def scattered(seed, share, count=1):
    rng = np.random.default_rng(seed)
    array = rng.integers(0, 4, (count, 37, 29)).astype(float)
    array[rng.random(array.shape) > share] = NAN
    return array


CALLS = {
    "distance": lambda place: raster(scattered(1, 0.05, 2), place).distance(),
    "target": lambda place: raster(scattered(2, 0.4), place).distance(target=2, exclude=1),
    "patches 4": lambda place: raster(scattered(3, 0.55), place).patches(4),
    "patches 8": lambda place: raster(scattered(4, 0.4, 2), place).patches(8),
    "patches of values": lambda place: raster(scattered(5, 0.9), place).patches(8, values=True),
    "cost": lambda place: raster(scattered(6, 0.8), place).cost_dist(),
}


def raster(array, place):
    return pt.rast(array, crs=place[0], extent=place[1])


@pytest.mark.parametrize("place", [PLANE, EARTH, PART], ids=["plane", "earth", "part"])
@pytest.mark.parametrize("call", CALLS)
def test_strips_of_any_height_give_the_same_bits(call, place, monkeypatch):
    expected = CALLS[call](place).to_numpy()
    for rows in (1, 5, 9):
        monkeypatch.setattr(
            pyterra.run.sweep,
            "strips_of",
            lambda node, rows=rows: Blocks(node.grid.window, rows, node.grid.ncol),
        )
        np.testing.assert_array_equal(CALLS[call](place).to_numpy(), expected)


def test_the_survey_is_made_once(monkeypatch):
    made = []
    original = pyterra.run.sweep._surveyed
    monkeypatch.setattr(pyterra.run.sweep, "_surveyed", lambda *args: made.append(1) or original(*args))
    r = raster(scattered(1, 0.05), PLANE).distance()
    total = (r + r.focal(3, "mean", na_rm=True)).to_numpy()
    assert np.isfinite(total).all()
    assert r.global_("max").iloc[0, 0] > 0
    assert len(made) == 1


def test_an_expensive_input_is_computed_once():
    calls = []

    def noted(block):
        calls.append(block.shape)
        return block[0]

    with pt.options(executor="serial"):
        raster(scattered(1, 0.05), PLANE).app(noted, per="block").distance().to_numpy()
    assert sum(shape[1] * shape[2] for shape in calls if shape[1] * shape[2] > 100) == 37 * 29


def test_blocks_are_whole_strips():
    """Narrow blocks would compute their strips again and again."""
    r = pt.rast(np.where(np.arange(900 * 700).reshape(1, 900, 700) % 5000, np.nan, 1), crs="")
    chosen = plan(settled((r.distance() + 1)._node, lambda _: False), held=lambda _: False)
    strip = pyterra.run.sweep.strips_of(r.distance()._node)
    assert all(block.ncol == 700 and block.nrow % strip.nrow == 0 for block in chosen.blocks[:-1])
