"""Cells that are turned against those of another grid: cut to what they cover."""

import numpy as np
import pytest

import pyterra as pt

NAN = np.nan


def world(values, xmin=-180):
    return pt.rast(np.atleast_2d(values), extent=(xmin, xmin + 360, -90, 90), crs="EPSG:4326")


def test_the_total_of_turned_cells_is_conserved():
    ones = pt.rast(np.ones((10, 10)), extent=(60, 70, 50, 60), crs="EPSG:4326")
    assert np.nansum(ones.project("EPSG:3035", "sum").to_numpy()) == pytest.approx(100, rel=1e-3)


@pytest.mark.parametrize("crs", ["+proj=robin +lon_0=180", "+proj=eqc +lon_0=180", "+proj=laea +lon_0=180"])
def test_a_cell_on_the_seam_does_not_hold_the_other_side_of_the_earth(crs):
    values = np.zeros((36, 72))
    values[:, 36] = 100  # Greenwich
    half = pt.rast(nrows=9, ncols=9, xmin=-4e6, xmax=4e6, ymin=-4e6, ymax=4e6, crs=crs)
    assert world(values).project(half, "max").to_numpy().max() == 0


def test_border_cells_hold_what_they_cover():
    # Axes turned by 45 degrees: a square of two by two source cells is cut into triangles, by hand.
    turned = "+proj=omerc +lat_0=0 +lonc=0 +alpha=45 +gamma=0 +R=6371000"
    r = pt.rast(np.ones((2, 2)), extent=(-1000, 1000, -1000, 1000), crs="+proj=eqc +R=6371000")
    half = np.sqrt(2) * 1000
    target = pt.rast(nrows=2, ncols=2, xmin=-half, xmax=half, ymin=-half, ymax=half, crs=turned)
    np.testing.assert_allclose(r.project(target, "sum").to_numpy()[0], 1, rtol=1e-5)
    aside = target.shift(
        dx=half
    )  # its middle is the corner of the source to the east, so that half of it is empty
    np.testing.assert_allclose(r.project(aside, "sum").to_numpy()[0], [[1, NAN], [1, NAN]], rtol=1e-5)
