"""Footprints as polygons: across the seam of the earth, at poles, beyond a gap. A sum over ones is what is covered."""

from __future__ import annotations

import numpy as np
import pytest

from pyterra.kernels.footprint import footprint_stat
from pyterra.kernels.outlines import Sphere

NAN = np.nan


@pytest.mark.parametrize("origin", [(0, 0), (0, -3)])
def test_a_footprint_across_the_seam_is_small(origin):
    block = np.arange(12.0).reshape(1, 1, 12)
    whole = Sphere(12, 12.0, closed=True)
    rows, cols = np.array([[0.0, 0.0], [1.0, 1.0]]), np.array([[11.5, 0.5]] * 2)
    start = origin[1] % 12
    seen = np.roll(block, -start, axis=2)[:, :, : 12 if start == 0 else 6]
    assert footprint_stat(seen, rows, cols, "sum", origin=origin, sphere=whole)[0, 0, 0] == (11 + 0) / 2


def test_a_source_with_a_gap_is_met_from_both_sides():
    block = np.array([[[1.0, 2.0, 0.0, 0.0, 0.0, 0.0, 4.0, 8.0]]])  # 8 of 10 columns
    rows, cols = np.array([[0.0, 0.0], [1.0, 1.0]]), np.array([[7.0, 1.5]] * 2)
    assert footprint_stat(block, rows, cols, "sum", sphere=Sphere(8, 10.0))[0, 0, 0] == 8 + 1 + 2 / 2


def test_a_footprint_around_a_pole_reaches_to_it():
    block = np.ones((1, 3, 8))
    world = Sphere(8, 8.0, closed=True, north=0.0, south=6.0)
    rows, cols = np.array([[2.0, 2.0], [2.0, 2.0]]), np.array([[7.0, 1.0], [5.0, 3.0]])
    assert footprint_stat(block, rows, cols, "sum", sphere=world)[0, 0, 0] == pytest.approx(2 * 8)


@pytest.mark.parametrize("longitude", [0.0, 3.3, 7.9])
def test_a_corner_at_a_pole_has_no_longitude(longitude):
    block = np.ones((1, 3, 8))
    world = Sphere(8, 8.0, closed=True, north=0.0, south=6.0)
    rows, cols = np.array([[0.0, 2.0], [2.0, 2.0]]), np.array([[longitude, 1.0], [7.0, 0.0]])
    assert footprint_stat(block, rows, cols, "sum", sphere=world)[0, 0, 0] == pytest.approx(2 * 2)


def test_footprint_with_a_corner_that_cannot_be_projected_is_missing():
    block = np.ones((1, 3, 3))
    for bad in (NAN, np.inf):
        rows = np.array([[0.0, 0.0], [1.0, bad]])
        got = footprint_stat(block, rows, np.array([[0, 1.0], [0, NAN]]), "average")
        assert np.isnan(got).all()
