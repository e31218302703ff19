"""Lengths on the ellipsoid and in the plane; GeographicLib is the oracle."""

import numpy as np
import pyproj
import pytest

from pyterra.vector.geodesic import beyond, lengths, points_along, turned

GEOD = pyproj.Geod(ellps="WGS84")
A, B = np.array([[0.0, 50.0], [170.0, 0.0]]), np.array([[10.0, 60.0], [190.0, 10.0]])


def test_lengths_are_metres_on_the_earth_and_units_in_the_plane():
    np.testing.assert_array_equal(lengths(A, B, True), GEOD.inv(*A.T, *B.T)[2])
    assert lengths(np.array([[0.0, 0.0]]), np.array([[3.0, 4.0]]), False).tolist() == [5]


def test_points_along_lie_on_the_way_and_on_its_turn_around_the_earth():
    share, way = np.array([0.25, 0.75, 0.5]), np.array([0, 0, 1])
    found = points_along(A, B, share, np.array([2, 1]))
    whole = lengths(A, B, True)[way]
    np.testing.assert_allclose(lengths(A[way], found, True), share * whole, rtol=1e-12)
    np.testing.assert_allclose(lengths(found, B[way], True), (1 - share) * whole, rtol=1e-12)
    assert found[2, 0] == pytest.approx(180, abs=1)


def test_what_is_turned_clockwise_keeps_its_distance():
    assert turned(np.zeros(2), np.array([[0.0, 1.0]]), 90, False) == pytest.approx(np.array([[1, 0]]))
    at, points = np.array([10.0, 50.0]), np.array([[10.0, 51.0], [12.0, 50.5]])
    found = turned(at, points, 90, True)
    around = np.broadcast_to(at, points.shape)
    np.testing.assert_allclose(lengths(around, found, True), lengths(around, points, True), rtol=1e-12)
    before, after = (GEOD.inv(*around.T, *p.T)[0] for p in (points, found))
    np.testing.assert_allclose(np.asarray(after) - before, 90, rtol=1e-9)


def test_what_lies_behind_the_end_is_on_the_same_way():
    assert beyond(np.zeros((2, 2)), np.array([[3.0, 4.0], [0, 0]]), 5, False).tolist() == [[6, 8], [0, 0]]
    found = beyond(A, B, 1000, True)
    np.testing.assert_allclose(lengths(B, found, True), 1000)
    np.testing.assert_allclose(lengths(A, found, True), lengths(A, B, True) + 1000)
    assert found[1, 0] > 190
