"""The same cells in other places: t, rotate, setters of sizes."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError


def test_t_changes_rows_for_columns_and_x_for_y():
    r = pt.rast([[1, 2, 3], [4, 5, 6]], extent=(0, 3, 10, 12), crs="", names="n")
    r.levels = {i: str(i) for i in range(7)}
    turned = r.t()
    assert turned.to_numpy()[0].tolist() == [[1, 4], [2, 5], [3, 6]]
    assert list(turned.ext) == [10, 12, 0, 3]
    assert turned.is_factor() == [True]
    assert pt.rast(nrows=2, ncols=3).t().dim == (3, 2, 1)


def test_rotate_swaps_the_halves_of_the_earth():
    r = pt.rast(nrows=1, ncols=4, xmin=0, xmax=360, vals=[1, 2, 3, 4])
    there = r.rotate()
    assert list(there.ext)[:2] == [-180, 180]
    assert there.values(drop=True).tolist() == [3, 4, 1, 2]
    back = there.rotate(left=False)
    assert list(back.ext)[:2] == [0, 360]
    assert back.values(drop=True).tolist() == [1, 2, 3, 4]


def test_what_lies_right_already_stays():
    r = pt.rast(nrows=1, ncols=2, vals=[1, 2])
    assert r.rotate() is r
    assert pt.rast(nrows=1, ncols=2, xmin=0, xmax=360).rotate(left=False).ext == pt.ext(0, 360, -90, 90)


def test_a_region_beyond_180_moves_as_a_whole():
    r = pt.rast(nrows=1, ncols=2, xmin=200, xmax=220, ymin=0, ymax=10, vals=[1, 2])
    assert list(r.rotate().ext) == [-160, -140, 0, 10]
    assert r.rotate().values(drop=True).tolist() == [1, 2]


def test_the_gap_between_two_parts_is_missing():
    r = pt.rast(nrows=1, ncols=2, xmin=90, xmax=270, ymin=0, ymax=10, vals=[1, 2])
    np.testing.assert_array_equal(r.rotate().values(drop=True), [2, np.nan, np.nan, 1])
    assert list(r.rotate().ext) == [-180, 180, 0, 10]


def test_rotate_is_of_longitudes():
    with pytest.raises(ArgumentError, match="must have longitudes"):
        pt.rast(nrows=1, ncols=2, extent=(0, 360, 0, 1), crs="EPSG:3035").rotate()
    with pytest.raises(ArgumentError, match="columns must go into 360"):
        pt.rast(nrows=1, ncols=3, extent=(100, 270, 0, 1), crs="EPSG:4326").rotate()


@pytest.mark.parametrize(
    ("name", "value", "dim"),
    [("nrow", 5, (5, 3, 1)), ("ncol", 7, (2, 7, 1)), ("nlyr", 4, (2, 3, 4)), ("dim", (1, 2), (1, 2, 1))],
)
def test_setting_sizes_drops_the_values(name, value, dim):
    r = pt.rast([[1, 2, 3], [4, 5, 6]])
    before = r.ext
    setattr(r, name, value)
    assert r.dim == dim
    assert r.ext == before
    assert not r.has_values()


@pytest.mark.parametrize(("name", "value"), [("nrow", 0), ("ncol", 1.5), ("nlyr", -1), ("dim", (1,))])
def test_sizes_must_be_whole_and_above_0(name, value):
    with pytest.raises(ArgumentError, match="whole numbers above 0"):
        setattr(pt.rast([[1]]), name, value)
