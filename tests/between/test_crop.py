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
