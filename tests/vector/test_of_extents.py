"""Verbs of extents that give vectors, or points."""

from __future__ import annotations

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError


def test_extents_become_vectors_and_move_to_another_crs():
    e = pt.ext(0, 10, 40, 50)
    assert pt.as_polygons(e, "EPSG:4326").ext == pt.as_lines(e).ext == pt.as_points(e).ext == e
    assert len(pt.as_points(e)) == 4
    there = pt.project(e, "EPSG:4326", "EPSG:3035")
    corners = pt.as_polygons(e, "EPSG:4326").densify(1000, flat=True).project("EPSG:3035").ext
    assert np.allclose(list(there), list(corners), atol=2000)
    with pytest.raises(ArgumentError, match="needs the CRS it is in"):
        pt.project(e, "", "EPSG:3035")
    assert len(pt.spat_sample(e, 6, seed=1)) == 6


def test_points_in_an_extent():
    e = pt.ext(0, 10, 5, 20)
    found = e.spat_sample(50, seed=1)
    assert found.shape == (50, 2)
    assert (found >= [0, 5]).all()
    assert (found <= [10, 20]).all()
    assert np.array_equal(found, e.spat_sample(50, seed=1))
    assert e.spat_sample(6, "regular").tolist() == [
        [2.5, 17.5], [7.5, 17.5], [2.5, 12.5], [7.5, 12.5], [2.5, 7.5], [7.5, 7.5],
    ]  # fmt: skip
    assert e.spat_sample(4, as_points=True).geomtype() == "points"
    with pytest.raises(ArgumentError, match="size must be above 0"):
        e.spat_sample(0)


def test_points_on_the_earth_are_drawn_by_area():
    y = pt.ext(-180, 180, -90, 90).spat_sample(4000, lonlat=True, seed=1)[:, 1]
    assert (np.abs(y) < 30).mean() == pytest.approx(0.5, abs=0.04)
    rows = pt.ext(-180, 180, -90, 90).spat_sample(500, "regular", lonlat=True)
    counts = np.unique(rows[:, 1], return_counts=True)[1]
    assert counts[0] < counts[len(counts) // 2] / 2


def test_parts_of_an_extent():
    e = pt.ext(0, 10, 5, 20)
    assert (e.mean(), e.min(), e.max(), e.range()) == ((5, 12.5), (0, 5), (10, 20), (10, 15))
    assert e.as_matrix().tolist() == [[0, 10], [5, 20]]
    assert e.as_polygons(crs="EPSG:3035").geomtype() == "polygons"
    assert len(e.as_points()) == 4
    assert e.as_points().ext == e.as_lines().ext == e
