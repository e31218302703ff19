"""Missing in the place of no."""

import numpy as np

import pyterra as pt
from pyterra.raster.told import told


def test_no_becomes_missing_on_request():
    r = pt.rast([[1, 0, np.nan]]) == 1
    assert told(r, False) is r
    found = told(r, True)
    np.testing.assert_array_equal(found.values(drop=True), [1, np.nan, np.nan])
    assert found.is_bool() == [True]
