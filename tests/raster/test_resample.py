"""How cells of one grid become cells of another of the same reference system, also around the earth."""

import numpy as np
import pytest

import pyterra as pt

NAN = np.nan


def world(values, xmin=-180):
    return pt.rast(np.atleast_2d(values), extent=(xmin, xmin + 360, -90, 90), crs="EPSG:4326")


def row(n, xmin, xmax, crs="EPSG:4326"):
    return pt.rast(nrows=1, ncols=n, xmin=xmin, xmax=xmax, ymin=-90, ymax=90, crs=crs)


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


def test_outside_is_missing():
    r = pt.rast(np.ones((2, 2)), extent=(0, 2, 0, 2))
    target = pt.rast(nrows=2, ncols=4, xmin=-1, xmax=3, ymin=0, ymax=2, crs="")
    np.testing.assert_array_equal(r.resample(target, "near").to_numpy()[0, 0], [NAN, 1, 1, NAN])


@pytest.mark.parametrize(
    "method", ["near", "bilinear", "cubic", "average", "sum", "max", "mode", "q3", "rms"]
)
def test_0_to_360_becomes_180_west_to_180_east_and_back(method):
    r = pt.rast(nrows=1, ncols=4, xmin=0, xmax=360, ymin=-90, ymax=90, vals=[0, 1, 2, 3])
    turned = r.resample(row(4, -180, 180), method)
    assert turned.values(drop=True).tolist() == [2, 3, 0, 1]
    assert turned.resample(r, method).values(drop=True).tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("bilinear", [1.5, 0.5, 1.5, 2.5]),
        ("average", [1.5, 0.5, 1.5, 2.5]),
        ("sum", [1.5, 0.5, 1.5, 2.5]),
        ("max", [3, 1, 2, 3]),
        ("min", [0, 0, 1, 2]),
    ],
)
def test_cells_across_the_seam_hold_both_sides(method, expected):
    # By hand: the first target cell is the half of the last source cell and the half of the first.
    assert world([0, 1, 2, 3]).resample(row(4, -225, 135), method).values(drop=True).tolist() == expected


def test_a_region_is_found_on_either_convention():
    west = pt.rast(np.arange(20.0)[None], extent=(350, 370, -90, 90), crs="EPSG:4326")
    for method in ("near", "bilinear", "average", "max"):
        found = west.resample(row(20, -10, 10), method).values(drop=True)
        np.testing.assert_array_equal(found, np.arange(20.0))
        found = west.resample(row(360, 0, 360), method).values(drop=True)
        np.testing.assert_array_equal(np.r_[found[-10:], found[:10]], np.arange(20.0))
        assert np.isnan(found[10:-10]).all()


def test_a_region_that_leaves_a_gap_is_met_from_both_sides():
    # 358 of 360 columns: the target cell from 177.5 to 182.5 holds 1.5 columns on each side of the gap.
    r = pt.rast(np.ones((1, 358)), extent=(-179, 179, -90, 90), crs="EPSG:4326")
    assert r.resample(row(72, -182.5, 177.5), "sum").values(drop=True)[0] == pytest.approx(3.0)
    there = pt.rast(nrows=36, ncols=72, xmin=-182.5, xmax=177.5, ymin=-90, ymax=90, crs="EPSG:4269")
    assert r.project(there, "sum").to_numpy()[0, 3, 0] == pytest.approx(3.0 * 5 / 180)


def test_a_repeated_column_counts_once():
    # Centres from -180 to 180: the first and the last column are halves of the same places.
    r = pt.rast(np.ones((1, 361)), extent=(-180.5, 180.5, -90, 90), crs="EPSG:4326")
    for target in (row(72, -180, 180), row(72, 0, 360), row(72, -177, 183)):
        assert r.resample(target, "sum").values(drop=True).tolist() == pytest.approx([5.0] * 72)
    assert r.resample(r, "near").values(drop=True).tolist() == [1.0] * 361


def test_the_kernel_is_as_wide_as_the_cells_also_where_the_last_hangs_over():
    squares = pt.rast([np.arange(1.0, 9.0) ** 2] * 4, extent=(0, 8, 0, 4), crs="EPSG:3035")
    wide = pt.rast(nrows=4, ncols=3, xmin=0, xmax=9, ymin=0, ymax=4, crs="EPSG:3035")
    middle = (9 / 3 + 16 * 2 / 3 + 25 + 36 * 2 / 3 + 49 / 3) / 3
    np.testing.assert_allclose(
        squares.resample(wide, "bilinear").values(drop=True).reshape(4, 3)[:, 1], middle
    )
