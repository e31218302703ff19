"""cost_dist: the least cost of travel, small cases, over a pole, and what is refused."""

import numpy as np
import pytest

import pyterra as pt
import pyterra.run.sweep
from pyterra import kernels
from pyterra.errors import ArgumentError

NAN = float("nan")


def row(*values, res=1.0, crs=""):
    n = len(values)
    return pt.rast(nrows=1, ncols=n, xmin=0, xmax=n * res, ymin=0, ymax=res, crs=crs, vals=values)


def listed(r):
    return [None if v != v else round(float(v), 6) for v in r.values(drop=True)]


def world_of(values, crs="EPSG:4326", south=-90):
    return pt.rast(np.asarray(values, float), extent=(-180, 180, south, 90), crs=crs)


class TestCost:
    def test_a_step_costs_the_mean_friction(self):
        assert listed(row(0, 2, 4, NAN, 1).cost_dist()) == [0, 1, 4, None, None]

    def test_targets_of_another_value_have_no_friction(self):
        assert listed(row(5, 2, 4).cost_dist(5)) == [0, 1, 4]

    def test_a_free_cell_is_no_target(self):
        assert listed(row(5, 2, 0, 2).cost_dist(5)) == [0, 1, 2, 3]

    def test_a_raster_that_fits_is_solved_once(self, monkeypatch):
        solved = []
        solve = kernels.cost.accumulate
        monkeypatch.setattr(kernels.cost, "accumulate", lambda *a: solved.append(a[0].shape) or solve(*a))
        friction = np.ones((2100, 2100), np.float32)
        friction[0, 0] = 0
        pt.rast(friction, crs="").cost_dist().to_numpy()
        assert solved == [(2100, 2100)]

    def test_costs_are_scaled(self):
        assert listed(row(0, 2, 4).cost_dist(scale=2)) == [0, 0.5, 2]

    def test_what_is_refused(self):
        with pytest.raises(ArgumentError, match="column 1"):
            row(0, -2).cost_dist().to_numpy()
        with pytest.raises(ArgumentError, match="one layer"):
            pt.c(row(1, 2), row(1, 2)).cost_dist()
        with pytest.raises(ArgumentError, match="scale"):
            row(0, 1).cost_dist(scale=0)


class TestNearest:
    # terra 1.9-45: costDist(x, nearest = TRUE), gridDist(x, nearest = TRUE); it counts cells from 1
    FRICTION = ((0, 1, 1, 1, 0), (1, 1, NAN, 2, 1), (1, 1, NAN, 3, 0))
    NEAREST = ((0, 0, 0, 4, 4), (0, 0, NAN, 4, 4), (0, 0, NAN, 14, 14))

    @pytest.mark.parametrize("verb", ["cost_dist", "grid_dist"])
    def test_a_second_layer_tells_the_target(self, verb):
        x = pt.rast(self.FRICTION)
        found = getattr(x, verb)(nearest=True)
        assert found.names == ["distance", "nearest"]
        assert np.array_equal(found.to_numpy()[0], getattr(x, verb)().to_numpy()[0], equal_nan=True)
        assert np.array_equal(found.to_numpy()[1], self.NEAREST, equal_nan=True)

    @pytest.mark.parametrize("rows", [1, 2, 8])
    def test_strips_make_no_difference(self, rows, monkeypatch):
        rng = np.random.default_rng(rows)
        friction = rng.integers(0, 4, (17, 13)).astype(float)
        friction[rng.random(friction.shape) < 0.2] = NAN
        x = pt.rast(friction)
        whole = x.cost_dist(3, nearest=True).to_numpy()
        monkeypatch.setattr(pyterra.run.sweep, "LEAST_ROWS", rows)
        monkeypatch.setattr("pyterra.raster.cost.CostDistance.strip_cells", 1)
        parts = pt.rast(friction).cost_dist(3, nearest=True).to_numpy()
        assert np.array_equal(parts, whole, equal_nan=True)


class TestGridDistance:
    # terra 1.9-45: gridDist(x)
    GROUND = ((0, 1, 1, 1, 0), (1, 1, NAN, 2, 1), (1, 1, NAN, 3, 0))

    def test_the_way_leads_around_missing_cells(self):
        expected = [[0, 1, 2, 1, 0], [1, 2**0.5, NAN, 2**0.5, 1], [2, 1 + 2**0.5, NAN, 1, 0]]
        np.testing.assert_allclose(pt.rast(self.GROUND).grid_dist().to_numpy()[0], expected, rtol=1e-15)

    def test_missing_cells_may_be_where_the_way_begins(self):
        assert listed(row(NAN, NAN, 3, 0, NAN, res=2).grid_dist(None)) == [4, 2, 0, 0, 2]

    def test_without_a_target_there_is_no_way(self):
        assert listed(row(1, 2, 3).grid_dist(7)) == [None] * 3

    def test_distances_are_scaled_and_geodesic_on_lonlat(self):
        x = pt.rast([[0, 1]], extent=(0, 2, -0.5, 0.5), crs="EPSG:4326")
        assert x.grid_dist(scale=1000).values(drop=True)[1] == pytest.approx(111.319491, rel=1e-8)  # pyproj

    def test_what_is_refused(self):
        with pytest.raises(ArgumentError, match="grid_dist: the raster must have one layer"):
            pt.c(row(1, 2), row(1, 2)).grid_dist()
        with pytest.raises(ArgumentError, match="grid_dist: scale must be above 0"):
            row(1, 2).grid_dist(scale=-1)


@pytest.mark.parametrize("call", [lambda r: r.cost_dist("home"), lambda r: r.cost_dist(scale=None)])
def test_numbers_must_be_numbers(call):
    with pytest.raises(ArgumentError, match="must be a number"):
        call(row(1, NAN))


class TestCostOverAPole:
    """As terra 1.9, which takes the length of steps between rows from the equator: 0.9 % less here."""

    def test_cells_at_a_pole_are_next_to_each_other(self):
        friction = np.ones((2, 8))
        friction[0, 0] = 0
        found = world_of(friction, south=60).cost_dist().to_numpy()[0]
        over = 837657.0  # half of twice 7.5 degrees of a meridian at the pole (pyproj)
        np.testing.assert_allclose(found[0, 2:7], over, rtol=1e-5)
        np.testing.assert_allclose(found[0, [1, 7]], 319776, rtol=1e-5)  # sideways is shorter
        np.testing.assert_allclose(found[0, 2:7], 829495, rtol=0.011)  # terra 1.9
        np.testing.assert_allclose(found[1, 3:6], 2488484, rtol=0.011)

    def test_friction_of_both_cells_counts(self):
        friction = np.full((2, 8), np.nan)
        friction[0, 0], friction[0, 4] = 0, 3
        assert world_of(friction, south=60).cost_dist().to_numpy()[0, 0, 4] == pytest.approx(
            3 * 837657, rel=1e-5
        )

    def test_there_is_no_way_over_where_the_grid_ends_before(self):
        friction = np.full((2, 8), np.nan)
        friction[0, 0], friction[0, 4] = 0, 3
        short = pt.rast(friction, extent=(-180, 180, 50, 80), crs="EPSG:4326")
        assert np.isnan(short.cost_dist().to_numpy()[0, 0, 4])
        plane = pt.rast(friction, extent=(-180, 180, 60, 90), crs="EPSG:3035")
        assert np.isnan(plane.cost_dist().to_numpy()[0, 0, 4])

    def test_the_south_pole_joins_the_last_row(self):
        friction = np.full((4, 8), np.nan)
        friction[3, 1], friction[3, 5] = 0, 1
        found = world_of(friction).cost_dist().to_numpy()[0]
        assert found[3, 5] == pytest.approx(2511849, rel=1e-5)
        assert np.isnan(found[0]).all()


PLANE = ("", (0, 58, 0, 37))


def scattered(seed, share, count=1):
    rng = np.random.default_rng(seed)
    array = rng.integers(0, 4, (count, 37, 29)).astype(float)
    array[rng.random(array.shape) > share] = NAN
    return array


def raster(array, place):
    return pt.rast(array, crs=place[0], extent=place[1])


def _moved(array, down, right):
    out = np.full(array.shape, np.nan)
    rows, cols = array.shape
    out[max(down, 0) : rows + min(down, 0), max(right, 0) : cols + min(right, 0)] = array[
        max(-down, 0) : rows + min(-down, 0), max(-right, 0) : cols + min(-right, 0)
    ]
    return out


def test_costs_against_repeated_relaxation():
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
