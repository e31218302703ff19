"""distance, buffer, patches, cost_dist: small cases, and what is refused."""

import numpy as np
import pytest
import shapely

import pyterra as pt
from pyterra import kernels
from pyterra.errors import ArgumentError, CRSMismatchError, LayerError

NAN = float("nan")


def row(*values, res=1.0, crs=""):
    n = len(values)
    return pt.rast(nrows=1, ncols=n, xmin=0, xmax=n * res, ymin=0, ymax=res, crs=crs, vals=values)


def listed(r):
    return [None if v != v else round(float(v), 6) for v in r.values(drop=True)]


class TestDistance:
    def test_missing_cells_get_the_distance_to_the_nearest_value(self):
        assert listed(row(1, NAN, NAN, NAN, 5, res=2.0).distance()) == [0, 2, 4, 2, 0]

    def test_cells_need_not_be_square(self):
        r = pt.rast(nrows=2, ncols=2, xmin=0, xmax=6, ymin=0, ymax=8, crs="", vals=[1, NAN, NAN, NAN])
        assert listed(r.distance()) == [0, 3, 4, 5]

    def test_a_target_is_what_gets_a_distance(self):
        assert listed(row(1, 7, 7, NAN, 2).distance(target=7)) == [0, 1, 2, None, 0]

    def test_excluded_cells_are_neither(self):
        assert listed(row(9, NAN, 1).distance(exclude=9)) == [None, 1, 0]

    def test_nothing_to_go_to_is_missing(self):
        assert listed(row(NAN, NAN).distance()) == [None, None]

    def test_kilometres_and_a_limit(self):
        assert listed(row(1, NAN, NAN, res=1000.0).distance(unit="km", maxdist=1.5)) == [0, 1, None]

    def test_feet_are_metres_in_the_end(self):
        r = row(1, NAN, crs="EPSG:2263")
        assert r.distance().values(drop=True)[1] == pytest.approx(0.3048, rel=1e-5)

    def test_around_the_earth(self):
        r = pt.rast(nrows=1, ncols=36, ymin=-5, ymax=5, vals=[1] + [NAN] * 35)
        d = r.distance().values(drop=True)
        assert d[35] == pytest.approx(d[1])
        assert d[18] == pytest.approx(np.pi * 6378137)

    def test_to_points_lines_and_polygons(self):
        r = row(1, 1, 1, 1)
        assert listed(r.distance([[0.5, 0.5]])) == [0, 1, 2, 3]
        assert listed(r.distance(pt.vect("LINESTRING (0 5, 0 -5)"))) == [0.5, 1.5, 2.5, 3.5]
        assert listed(r.distance(pt.vect(shapely.box(0, 0, 2, 1)))) == [0, 0, 0.5, 1.5]

    def test_edges_on_the_sphere_are_great_circles(self):
        r = pt.rast(nrows=2, ncols=1, xmin=0, xmax=10, ymin=0, ymax=20, crs="EPSG:4326")
        d = r.distance(pt.vect("LINESTRING (-20 0, 30 0)", crs="EPSG:4326")).values(drop=True)
        np.testing.assert_allclose(d, 6378137 * np.deg2rad([15, 5]), rtol=1e-12)

    def test_points_beyond_the_date_line_are_near(self):
        r = pt.rast(nrows=1, ncols=36, ymin=-5, ymax=5)
        d = r.distance(pt.vect([[185.0, 0.0]], crs=r.crs)).values(drop=True)
        assert d.argmin() == 0
        assert d[0] == pytest.approx(0, abs=1e-6)

    def test_what_is_refused(self):
        with pytest.raises(ArgumentError, match="unit"):
            row(1, NAN).distance(unit="miles")
        with pytest.raises(ArgumentError, match="maxdist"):
            row(1, NAN).distance(maxdist=0)
        with pytest.raises(CRSMismatchError):
            row(1, NAN, crs="EPSG:3035").distance(pt.vect([[0, 0]], crs="EPSG:4326"))


class TestBuffer:
    def test_cells_within_reach_are_true(self):
        r = row(1, NAN, NAN, NAN).buffer(2)
        assert listed(r) == [1, 1, 1, 0]
        assert r.is_bool() == [True]

    def test_another_background(self):
        r = row(1, NAN, NAN).buffer(1, background=-1)
        assert listed(r) == [1, 1, -1]
        assert r.is_bool() == [False]

    @pytest.mark.parametrize("width", [0, -1, NAN])
    def test_the_width_is_positive(self, width):
        with pytest.raises(ArgumentError, match="width"):
            row(1, NAN).buffer(width)


class TestPatches:
    def test_numbers_follow_the_first_cells(self):
        assert listed(row(5, NAN, 3, 3, NAN, 1).patches()) == [1, None, 2, 2, None, 3]

    def test_corners_connect_on_demand(self):
        r = pt.rast([[1.0, NAN], [NAN, 1.0]], crs="")
        assert listed(r.patches()) == [1, None, None, 2]
        assert listed(r.patches(8)) == [1, None, None, 1]

    def test_zero_may_count_as_missing(self):
        assert listed(row(1, 0, 1).patches()) == [1, 1, 1]
        assert listed(row(1, 0, 1).patches(zero_as_na=True)) == [1, None, 2]

    def test_only_equal_values_connect_on_demand(self):
        assert listed(row(1, 1, 2, 1).patches(values=True)) == [1, 1, 2, 3]

    def test_around_the_earth(self):
        r = pt.rast(nrows=1, ncols=4, vals=[1, NAN, NAN, 1])
        assert listed(r.patches()) == [1, None, None, 1]

    def test_directions(self):
        with pytest.raises(ArgumentError, match="4 or 8"):
            row(1).patches(6)


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
        with pytest.raises(LayerError, match="one layer"):
            pt.c(row(1, 2), row(1, 2)).cost_dist()
        with pytest.raises(ArgumentError, match="scale"):
            row(0, 1).cost_dist(scale=0)


@pytest.mark.parametrize(
    "call",
    [
        lambda r: r.distance(target=[1, 2]),
        lambda r: r.distance(maxdist="far"),
        lambda r: r.distance(exclude="x"),
        lambda r: r.buffer("wide"),
        lambda r: r.cost_dist("home"),
        lambda r: r.cost_dist(scale=None),
    ],
)
def test_numbers_must_be_numbers(call):
    with pytest.raises(ArgumentError, match="must be a number"):
        call(row(1, NAN))


def world_of(values, crs="EPSG:4326", south=-90):
    return pt.rast(np.asarray(values, float), extent=(-180, 180, south, 90), crs=crs)


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
