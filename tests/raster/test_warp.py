"""resample and project: where values come from on another grid."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError, CRSMismatchError
from pyterra.grid import Window

NAN = np.nan


def test_average_weighs_by_area_and_missing_drops_out():
    r = pt.rast([[1.0, 2.0, 3.0, NAN]], extent=(0, 4, 0, 1))
    target = pt.rast(nrows=1, ncols=2, xmin=0, xmax=3, ymin=0, ymax=1, crs="")
    np.testing.assert_allclose(
        r.resample(target, "average").values(drop=True), [(1 + 0.5 * 2) / 1.5, (0.5 * 2 + 3) / 1.5]
    )
    wide = pt.rast(nrows=1, ncols=1, xmin=0, xmax=4, ymin=0, ymax=1, crs="")
    assert r.resample(wide, "average").values(drop=True) == pytest.approx([2.0])
    assert r.resample(wide, "sum").values(drop=True) == pytest.approx([6.0])


def test_averages_onto_cells_that_do_not_divide_keep_the_total():
    rng = np.random.default_rng(3)
    fine = pt.rast(rng.random((100, 100)), extent=(0, 0.025, 0, 0.025))
    coarse = pt.rast(nrows=12, ncols=12, extent=(0, 0.025, 0, 0.025), crs="")
    assert fine.resample(coarse, "average").to_numpy().mean() == pytest.approx(
        fine.to_numpy().mean(), rel=1e-12
    )


def test_bilinear_is_missing_only_where_the_cell_below_is():
    r = pt.rast([[0.0, 10.0, NAN]], extent=(0, 3, 0, 1))
    target = pt.rast(nrows=1, ncols=6, xmin=0, xmax=3, ymin=0, ymax=1, crs="")
    np.testing.assert_allclose(r.resample(target).values(drop=True), [0, 2.5, 7.5, 10, NAN, NAN])


def test_factors_are_resampled_by_the_nearest_cell_and_stay_factors():
    s = pt.rast([[1, 2]], extent=(0, 2, 0, 1))
    s.levels = {1: "a", 2: "b"}
    target = pt.rast(nrows=1, ncols=4, xmin=0, xmax=2, ymin=0, ymax=1, crs="")
    found = s.resample(target)
    assert found.values(drop=True).tolist() == [1, 1, 2, 2]
    assert found.is_factor() == [True]


def test_outside_is_missing():
    r = pt.rast(np.ones((2, 2)), extent=(0, 2, 0, 2))
    target = pt.rast(nrows=2, ncols=4, xmin=-1, xmax=3, ymin=0, ymax=2, crs="")
    np.testing.assert_array_equal(r.resample(target, "near").to_numpy()[0, 0], [NAN, 1, 1, NAN])


def test_methods_and_crs_are_checked():
    r = pt.rast(np.ones((2, 2)), extent=(0, 2, 0, 2), crs="EPSG:3035")
    with pytest.raises(ArgumentError, match="'bilinear'"):
        r.resample(r, "bilinar")
    with pytest.raises(CRSMismatchError):
        r.resample(pt.rast(np.ones((2, 2)), extent=(0, 2, 0, 2), crs="EPSG:32631"))
    with pytest.raises(ArgumentError, match="SpatRaster"):
        r.resample("grid")
    with pytest.raises(ArgumentError, match="must have a CRS"):
        pt.rast(np.ones((2, 2))).project("EPSG:3035")


@pytest.fixture
def europe():
    y, x = np.mgrid[0:200, 0:300]
    return pt.rast((x + 1000.0 * y), extent=(5, 8, 50, 52), crs="EPSG:4326", names="v")


def test_interpolated_positions_are_good_to_a_ten_thousandth_of_a_cell(europe):
    method = europe.project("EPSG:3035")._node.method
    window = Window(0, 0, method.target.nrow, method.target.ncol)
    rows = np.arange(window.nrow)[:, None] + 0.5
    cols = np.arange(window.ncol)[None, :] + 0.5
    assert np.abs(method.positions(window) - method.exact(rows, cols)).max() < 1e-4


def test_positions_do_not_depend_on_the_window(europe):
    method = europe.project("EPSG:3035")._node.method
    whole = method.positions(Window(0, 0, 150, 150))
    part = method.positions(Window(37, 71, 50, 29))
    assert part.tobytes() == np.ascontiguousarray(whole[:, 37:87, 71:100]).tobytes()


def test_projected_there_and_back_is_close(europe):
    there = europe.project("EPSG:3035", "bilinear")
    back = there.project(europe, "bilinear")
    inner = (slice(None), slice(20, -20), slice(20, -20))
    assert np.nanmax(np.abs(back.to_numpy()[inner] - europe.to_numpy()[inner])) < 1500  # about a row
    assert there.names == ["v"]


def test_the_grid_of_a_crs_can_be_steered(europe):
    made = europe.project("EPSG:3035", res=2000)
    assert made.res == pytest.approx((2000, 2000))
    anchored = europe.project("EPSG:3035", res=2000, origin=(0, 0))
    assert anchored.origin == pytest.approx((0, 0), abs=1e-6)
    grid = pt.rast(nrows=50, ncols=50, xmin=4e6, xmax=4.1e6, ymin=3e6, ymax=3.1e6, crs="EPSG:3035")
    assert europe.project(grid).shape == (1, 50, 50)
    assert europe.project(grid, align_only=True).origin == pytest.approx(grid.origin, abs=1e-6)


def test_across_the_date_line():
    r = pt.rast(np.arange(360.0)[None, :].repeat(180, 0), extent=(-180, 180, -90, 90), crs="EPSG:4326")
    pacific = pt.rast(
        nrows=10, ncols=20, xmin=-1e6, xmax=1e6, ymin=-5e5, ymax=5e5, crs="+proj=laea +lat_0=0 +lon_0=180"
    )
    found = r.project(pacific, "near").to_numpy()[0]
    assert not np.isnan(found).any()
    assert found[0, 0] > 350
    assert found[0, -1] < 10
