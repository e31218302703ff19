"""Parts of a raster, and more than all of it."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import (
    CRSMismatchError,
    ExtentError,
)

NAN = np.nan


@pytest.fixture
def r():
    return pt.rast(np.arange(12.0).reshape(1, 3, 4), extent=(0, 4, 0, 3), names="v")


def test_crop_keeps_half_covered_cells_with_near(r):
    assert r.crop(pt.ext(0.5, 2.4, 0.4, 3)).shape == (1, 3, 1)
    assert r.crop(pt.ext(0.5, 2.4, 0.4, 3), snap="out").shape == (1, 3, 3)
    assert r.crop(pt.ext(0.5, 2.4, 0.4, 3), snap="in").shape == (1, 2, 1)


def test_crop_without_overlap_is_an_error_and_extend_fills(r):
    with pytest.raises(ExtentError, match="overlap"):
        r.crop(pt.ext(10, 12, 0, 1))
    wide = r.crop(pt.ext(-1, 1, 2, 4), extend=True)
    np.testing.assert_array_equal(wide.to_numpy()[0], [[NAN, NAN], [NAN, 0]])


def test_crop_by_a_raster_of_another_crs_is_refused(r):
    r.crs = "EPSG:3035"
    with pytest.raises(CRSMismatchError):
        r.crop(pt.rast(np.ones((1, 1)), extent=(0, 1, 0, 1), crs="EPSG:32631"))


def test_crop_of_a_crop_reads_one_window(r):
    again = r.crop(pt.ext(1, 4, 0, 3)).crop(pt.ext(2, 4, 0, 2))
    np.testing.assert_array_equal(again.to_numpy()[0], [[6, 7], [10, 11]])


def test_extend_takes_counts_or_an_extent(r):
    assert r.extend(1).shape == (1, 5, 6)
    assert r.extend([1, 2]).shape == (1, 5, 8)
    assert list(r.extend([1, 0, 2, 0]).ext) == [-1, 4, -2, 3]
    filled = r.extend(pt.ext(0, 4, -1, 3), fill=9)
    np.testing.assert_array_equal(filled.to_numpy()[0, 3], [9, 9, 9, 9])
    assert r.extend(pt.ext(1, 2, 1, 2)).shape == r.shape


@pytest.mark.parametrize(
    ("wanted", "near", "inside", "outside", "cells"),
    [
        ((-1.5, 0.5, -0.5, 1.5), (-2, 1, -1, 2), (-1, 0, 0, 1), (-2, 1, -1, 2), [0, 1, 2, 4, 5, 6, 8, 9, 10]),
        (
            (-0.5, 1.5, -1.5, 0.5),
            (-1, 2, -2, 1),
            (0, 1, -1, 0),
            (-1, 2, -2, 1),
            [5, 6, 7, 9, 10, 11, 13, 14, 15],
        ),
        ((-1.5, -0.5, 0.5, 1.5), (-2, -1, 1, 2), (-2, -1, 0, 1), (-2, 0, 0, 2), [0]),
    ],
)
def test_edges_in_the_middle_of_cells_move_as_in_terra(wanted, near, inside, outside, cells):
    # terra 1.9-45, whose cells count from 1
    x, e = pt.rast(np.arange(16.0).reshape(4, 4), extent=(-2, 2, -2, 2)), pt.ext(*wanted)
    one = x.crop(pt.ext(-1, 0, 0, 1))
    for snap, found in (("near", near), ("in", inside), ("out", outside)):
        assert list(x.crop(e, snap=snap).ext) == list(e.align(x, snap)) == list(found)
        assert one.extend(e, snap=snap).ext == one.ext.union(pt.ext(*found))
    assert x.cells(e).tolist() == cells
    assert x.extract(e).iloc[:, 0].tolist() == cells
    x.window = e
    assert list(x.ext) == list(near)


def test_edges_in_the_middle_of_cells_move_from_the_origin_not_from_zero():
    y, e = pt.rast(np.zeros((4, 4)), extent=(1, 9, -9, -1)), pt.ext(2, 6, -8, -4)
    found = [list(y.crop(e, snap=snap).ext) for snap in ("near", "in", "out")]
    assert found == [[3, 7, -9, -5], [3, 5, -7, -5], [1, 7, -9, -3]]  # terra 1.9-45


def test_extend_to_less_than_a_cell_adds_the_cell_that_it_lies_in(r):
    assert list(r.extend(pt.ext(-1.8, -1.2, 0, 3), snap="in").ext) == [-2, 4, 0, 3]
    assert list(r.extend(pt.ext(4.5, 4.6, 1, 2)).ext) == [0, 5, 0, 3]
