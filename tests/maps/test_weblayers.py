"""Layers of a page."""

import numpy as np

import pyterra as pt
from pyterra.maps.weblayers import compact, placed, wkt_of


def test_values_are_short_where_nothing_is_lost():
    assert compact(np.array([[1.5, np.nan]])).dtype == np.float32
    assert compact(np.array([[1 / 3, 2.0**24]])).dtype == np.float32
    assert compact(np.array([[1.0, 2.0**24 + 1]])).dtype == np.float64
    assert compact(np.array([[1e300, 1.0]])).dtype == np.float64


def test_what_has_no_crs_stays_where_it_is():
    v = pt.vect([[6, 50]])
    assert placed(v, pt.vect([[1, 1]], crs="EPSG:3035").wkt) is v
    known = pt.vect([[6, 50]], crs="EPSG:4326")
    assert placed(known, "") is known
    assert placed(known, known.wkt) is known
    e = pt.ext(0, 1, 0, 1)
    assert placed(e, known.wkt) is e
    assert wkt_of(e) == ""


def test_rasters_move_by_the_nearest_cell():
    r = pt.rast(np.arange(12.0).reshape(3, 4), extent=(5, 9, 47, 50), crs="EPSG:4326")
    there = placed(r, pt.vect([[1, 1]], crs="EPSG:3035").wkt)
    assert set(np.unique(there.to_numpy()[np.isfinite(there.to_numpy())])) <= set(range(12))
