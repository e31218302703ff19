"""viewshed: small cases by hand, and terra 1.9 where the ground does not fall away from the observer."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError

NAN = float("nan")


def row(*heights):
    return pt.rast([heights], crs="EPSG:3035")


def listed(r):
    return r.values(drop=True).tolist()


def test_a_hill_hides_what_is_behind_it():
    # the eye at 2; the line over 5 at two steps rises 1.5 a step
    x = row(1, 1, 5, 1, 9)
    assert listed(x.viewshed(0, observer=1, curvcoef=0)) == [1, 1, 1, 0, 1]
    assert listed(x.viewshed(0, 1, curvcoef=0, output="sea")) == [1, 1, 0, 6.5, 8]
    assert listed(x.viewshed(0, 1, curvcoef=0, output="land")) == [0, 0, 0, 5.5, 0]
    assert listed(x.viewshed(0, 1, target=6, curvcoef=0)) == [1, 1, 1, 1, 1]


def test_the_place_may_be_a_point():
    x = row(1, 1, 5, 1, 9)
    assert listed(x.viewshed([0.2, 0.9], 1, curvcoef=0)) == listed(x.viewshed(0, 1, curvcoef=0))
    assert listed(x.viewshed([[4.5, 0.5]], 1, curvcoef=0)) == listed(x.viewshed(4, 1, curvcoef=0))


def test_a_slope_that_falls_away_is_seen():
    assert listed(row(9, 6, 3, 0, -3).viewshed(0, 0.1, curvcoef=0)) == [1] * 5


def test_the_earth_falls_away():
    # 10 km cells: at 20 km the earth has fallen by 6/7 * 20000^2 / (2 * 6378137) = 26.88 m, at 10 km by 6.72 m
    x = pt.rast([[0, 0, 0]], extent=(0, 30_000, 0, 10_000), crs="EPSG:3035")
    need = listed(x.viewshed(0, observer=10, output="land"))[2]
    fall = 6 / 7 / (2 * 6378137) * 1e8
    assert need == pytest.approx((-10 - fall) * 2 + 10 + 4 * fall, rel=1e-12)
    assert listed(x.viewshed(0, observer=10, curvcoef=0)) == [1, 1, 1]


LAND = (
    (6, 6, 16, 11, 13, 13),
    (15, 4, 11, 6, 10, 18),
    (12, 5, 4, 6, 16, 19),
    (19, 13, 17, 9, 6, 12),
    (11, 14, 19, 8, 17, 6),
)


def test_heights_are_those_of_terra_where_nothing_is_below_the_observer():
    # terra 1.9-45: viewshed(x, cbind(2.5, 2.5), 50, 0, 0, output = "land") of LAND times 100
    x = pt.rast(np.array(LAND) * 100.0, crs="EPSG:3035")
    assert x.viewshed([2.5, 2.5], 50, 0, 0, "land").to_numpy()[0].tolist() == [
        [0, 450, 150, 150, 0, 125],
        [0, 0, 0, 0, 0, 0],
        [0, 0, 0, 0, 0, 275],
        [0, 0, 0, 0, 450, 425],
        [1050, 1150, 1050, 1350, 0, 1075],
    ]


@pytest.mark.parametrize("rows", [1, 2, 4, 64])
@pytest.mark.parametrize("cell", [0, 95, 111, 186])
def test_strips_make_no_difference(rows, cell, monkeypatch):
    land = np.random.default_rng(cell).uniform(0, 9, (17, 11))
    land[np.random.default_rng(1).random(land.shape) < 0.05] = NAN
    land.ravel()[cell] = 5
    whole = pt.rast(land, crs="EPSG:3035").viewshed(cell, 3, output="land").to_numpy()
    monkeypatch.setattr("pyterra.run.sweep.LEAST_ROWS", rows)
    monkeypatch.setattr("pyterra.raster.viewshed.Viewshed.strip_cells", 1)
    parts = pt.rast(land, crs="EPSG:3035").viewshed(cell, 3, output="land").to_numpy()
    assert np.array_equal(parts, whole, equal_nan=True)
    assert np.array_equal(np.isnan(whole[0]), np.isnan(land))


def test_what_is_refused():
    x = row(1, NAN, 3)
    with pytest.raises(ArgumentError, match="row 0, column 1 is missing"):
        x.viewshed(1).to_numpy()
    with pytest.raises(ArgumentError, match="must lie on the raster"):
        x.viewshed([7, 0.5])
    with pytest.raises(ArgumentError, match="must lie on the raster"):
        x.viewshed(3)
    with pytest.raises(ArgumentError, match="the number of a cell, or x and y"):
        x.viewshed([1, 2, 3])
    with pytest.raises(ArgumentError, match="planar, got lon/lat"):
        pt.rast([[1]], crs="EPSG:4326").viewshed(0)
    with pytest.raises(ArgumentError, match="viewshed: output"):
        x.viewshed(0, output="air")
    with pytest.raises(ArgumentError, match="must have one layer, got 2"):
        pt.rast(np.ones((2, 2, 2))).viewshed(0)
