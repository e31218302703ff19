"""Rasters side by side: merge, mosaic and vrt."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import (
    ArgumentError,
    LayerError,
    PyterraWarning,
)

NAN = np.nan


def test_merge_shows_the_first_and_mosaic_a_statistic():
    a = pt.rast([[1.0, 1.0]], extent=(0, 2, 0, 1))
    b = pt.rast([[5.0, NAN]], extent=(1, 3, 0, 1))
    np.testing.assert_array_equal(a.merge(b).values(drop=True), [1, 1, NAN])
    np.testing.assert_array_equal(b.merge(a).values(drop=True), [1, 5, NAN])
    np.testing.assert_array_equal(a.merge(b, first=False).values(drop=True), [1, 5, NAN])
    np.testing.assert_array_equal(a.mosaic(b).values(drop=True), [1, 3, NAN])
    for fun, middle in (
        ("sum", 6),
        ("min", 1),
        ("max", 5),
        ("median", 3),
        ("first", 1),
        ("last", 5),
        ("modal", 1),
    ):
        assert a.mosaic(b, fun=fun).values(drop=True)[1] == middle
    assert pt.merge([a, b]).shape == (1, 1, 3)


def test_merge_resamples_what_does_not_fit_and_says_so():
    a = pt.rast(np.ones((2, 2)), extent=(0, 2, 0, 2))
    b = pt.rast(np.ones((2, 2)), extent=(2.5, 4.5, 0, 2))
    with pytest.warns(PyterraWarning, match="coincide"):
        joined = a.merge(b)
    assert joined.res == (1, 1)
    with pytest.raises(LayerError, match="as many layers"):
        a.merge(pt.c(a, a))


def test_blended_rasters_pass_into_each_other():
    """`mosaic(x, y, z, fun = "blend")` of terra 1.9-45; missing cells do not count, alone a value stays what it is."""
    x = pt.rast(np.ones((4, 5)), crs="")
    y = pt.rast(np.full((4, 5), 2.0), crs="", extent=(2, 7, 1, 5))
    z = pt.rast(np.full((3, 3), 5.0), crs="", extent=(1, 4, 2, 5))
    expected = [
        [NAN, 5, 3.5, 3.5, 2, 2, 2],
        [1, 3, 3.6, 2.4, 1.75, 2, 2],
        [1, 2, 2, 2, 1.75, 2, 2],
        [1, 1, 1.25, 1.25, 1.5, 2, 2],
        [1, 1, 1, 1, 1, NAN, NAN],
    ]
    np.testing.assert_allclose(pt.mosaic([x, y, z], fun="blend").to_numpy()[0], expected)
    wide = pt.rast(np.ones((4, 5)), crs="", extent=(0, 10, 0, 4))
    wider = pt.rast(np.full((4, 5), 2.0), crs="", extent=(4, 14, 1, 5))
    np.testing.assert_allclose(wide.mosaic(wider, fun="blend").to_numpy()[0, 1, 2:5], [5 / 3, 1.75, 1.75])
    third = pt.rast(np.full((2, 2), 1 / 3), crs="")
    third[0, 0] = NAN
    found = third.mosaic(third * NAN, fun="blend").to_numpy()[0]
    np.testing.assert_array_equal(found, [[NAN, 1 / 3], [1 / 3, 1 / 3]])
    with pytest.raises(ArgumentError):
        x.mosaic(y, fun="blended")
