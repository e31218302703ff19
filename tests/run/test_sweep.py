"""Verbs that need the whole raster: strips of any height give the same bits, and what is exact is exact."""

import numpy as np
import pytest

import pyterra as pt
import pyterra.run.sweep
from pyterra.errors import MemoryBudgetError
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


def test_places_of_all_sources_must_fit_the_memory(monkeypatch):
    monkeypatch.setattr(pyterra.raster.distance, "memory_budget", lambda: 100)
    with pytest.raises(MemoryBudgetError, match="aggregate"):
        raster(scattered(1, 0.5), PART).distance().to_numpy()


class TestExact:
    @pytest.mark.parametrize("share", [0.002, 0.05, 0.5])
    def test_planar_distances_against_all_pairs(self, share):
        r = raster(scattered(7, share), PLANE)
        known = ~np.isnan(r.to_numpy().ravel())
        xy = r.xy_from_cell(np.arange(r.ncell))
        gaps = np.linalg.norm(xy[:, None] - xy[None, known], axis=2).min(axis=1)
        np.testing.assert_allclose(r.distance().values(drop=True), gaps, rtol=1e-12, atol=1e-12)

    @pytest.mark.parametrize("place", [EARTH, PART], ids=["earth", "part"])
    def test_spherical_distances_against_all_pairs(self, place):
        r = raster(scattered(8, 0.03), place)
        known = ~np.isnan(r.to_numpy().ravel())
        lon, lat = np.deg2rad(r.xy_from_cell(np.arange(r.ncell))).T
        a = (
            np.sin((lat[:, None] - lat[None, known]) / 2) ** 2
            + np.cos(lat[:, None])
            * np.cos(lat[None, known])
            * np.sin((lon[:, None] - lon[None, known]) / 2) ** 2
        )
        gaps = 2 * 6378137 * np.arcsin(np.sqrt(a.min(axis=1)))
        np.testing.assert_allclose(r.distance().values(drop=True), gaps, rtol=1e-10, atol=1e-6)

    @pytest.mark.parametrize("eight", [False, True])
    def test_patches_against_scipy(self, eight):
        ndimage = pytest.importorskip("scipy.ndimage")
        r = raster(scattered(9, 0.5), PLANE)
        known = ~np.isnan(r.to_numpy()[0])
        labels, _ = ndimage.label(known, structure=np.ones((3, 3)) if eight else None)
        expected = np.where(known, labels, np.nan)
        np.testing.assert_array_equal(r.patches(8 if eight else 4).to_numpy()[0], expected)

    def test_costs_against_repeated_relaxation(self):
        friction = scattered(10, 0.9)[0] + 0.5
        friction[5, 5] = 0
        r = raster(friction[None], PLANE)
        cost = np.where(friction == 0, 0.0, np.inf)
        for _ in range(200):
            before = cost.copy()
            for i, j, length in ((0, 1, 2.0), (1, 0, 1.0), (1, 1, 5**0.5), (1, -1, 5**0.5)):
                for sign in (1, -1):
                    moved, rough = _moved(cost, i * sign, j * sign), _moved(friction, i * sign, j * sign)
                    with np.errstate(invalid="ignore"):
                        new = moved + (friction + rough) / 2 * length
                    cost = np.fmin(cost, np.where(np.isnan(new), np.inf, new))
            if np.array_equal(before, cost):
                break
        cost[np.isinf(cost) | np.isnan(friction)] = np.nan
        np.testing.assert_allclose(r.cost_dist().to_numpy()[0], cost, rtol=1e-12)


def _moved(array, down, right):
    out = np.full(array.shape, np.nan)
    rows, cols = array.shape
    out[max(down, 0) : rows + min(down, 0), max(right, 0) : cols + min(right, 0)] = array[
        max(-down, 0) : rows + min(-down, 0), max(-right, 0) : cols + min(-right, 0)
    ]
    return out


def test_blocks_are_whole_strips():
    """Narrow blocks would compute their strips again and again."""
    r = pt.rast(np.where(np.arange(900 * 700).reshape(1, 900, 700) % 5000, np.nan, 1), crs="")
    chosen = plan(settled((r.distance() + 1)._node, lambda _: False), held=lambda _: False)
    strip = pyterra.run.sweep.strips_of(r.distance()._node)
    assert all(block.ncol == 700 and block.nrow % strip.nrow == 0 for block in chosen.blocks[:-1])
