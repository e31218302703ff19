"""Cells made missing by the cells of another raster."""

import numpy as np

import pyterra as pt

NAN = np.nan


def row(*values, **options):
    return pt.rast(np.array([values], dtype=float), **options)


def values(r):
    return r.values(drop=True)


def test_mask_sets_missing_by_value_and_inverse():
    r, m = row(1, NAN, 3, 4), row(1, 1, NAN, 0)
    np.testing.assert_array_equal(values(r.mask(m)), [1, NAN, NAN, 4])
    np.testing.assert_array_equal(values(r.mask(m, inverse=True)), [NAN, NAN, 3, NAN])
    np.testing.assert_array_equal(values(r.mask(m, maskvalues=0, updatevalue=-9)), [1, NAN, 3, -9])
    np.testing.assert_array_equal(values(r.mask(m, maskvalues=[0, NAN])), [1, NAN, NAN, NAN])


def test_mask_keeps_type_and_categories_and_repeats_layers():
    s = row(1, 2)
    s.levels = {1: "forest", 2: "grass"}
    assert s.mask(row(1, NAN)).is_factor() == [True]
    assert s.mask(pt.c(row(1, NAN), row(NAN, 1))).nlyr == 2
