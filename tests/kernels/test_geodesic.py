"""Areas on the ellipsoid against GeographicLib, distances on the sphere against all pairs."""

import numpy as np
import pyproj
import pytest

from pyterra.kernels.geodesic import RADIUS, chords_of_pairs, metres, nearest_points, ring_areas, unit_vectors

GEOD = pyproj.Geod(ellps="WGS84")


def areas(*rings):
    """Areas of rings of (lon, lat), closed here."""
    closed = [np.array([*ring, ring[0]], float) for ring in rings]
    xy = np.concatenate(closed)
    number = np.repeat(np.arange(len(closed)), [len(ring) for ring in closed])
    azimuth, back, length = GEOD.inv(xy[:-1, 0], xy[:-1, 1], xy[1:, 0], xy[1:, 1])
    out = np.empty(len(closed))
    ring_areas(xy[:, 0].copy(), xy[:, 1].copy(), azimuth, np.asarray(back) + 180, length, number, out)
    return out


def by_geographiclib(ring):
    return abs(GEOD.polygon_area_perimeter(*np.transpose(ring))[0])


@pytest.mark.parametrize(
    "ring",
    [
        [(0, 0), (1, 0), (1, 1), (0, 1)],
        [(0, 0), (0, 1), (1, 1), (1, 0)],
        [(10, -80), (100, -75), (60, 40)],
        [(179, 10), (-179, 10), (-179, 12), (179, 12)],
        [(5, 50), (5.01, 50), (5.01, 50.01)],
        [(0, 70), (90, 75), (180, 72), (-90, 60)],
    ],
    ids=["degree", "other way", "large", "seam", "tiny", "pole"],
)
def test_areas_are_those_of_geographiclib(ring):
    assert areas(ring)[0] == pytest.approx(by_geographiclib(ring), rel=1e-9)


def test_each_ring_has_its_own_area():
    a, b = [(0, 0), (1, 0), (1, 1)], [(20, 30), (25, 30), (25, 33), (20, 33)]
    np.testing.assert_allclose(areas(a, b), [by_geographiclib(a), by_geographiclib(b)], rtol=1e-9)


def test_the_area_of_a_ring_does_not_depend_on_the_vertex_at_which_it_begins():
    rng = np.random.default_rng(5)
    angle = np.linspace(0, 2 * np.pi, 400, endpoint=False)
    ring = np.column_stack((6 + np.cos(angle), 50 + np.sin(angle))) + rng.normal(0, 1e-3, (400, 2))
    assert np.unique(areas(*(np.roll(ring, k, axis=0) for k in rng.integers(0, 400, 20)))).size == 1


def test_chords_are_told_in_metres_along_the_sphere():
    quarter = unit_vectors(np.array([0.0, 90.0, 180.0]), np.zeros(3))
    chord2 = ((quarter[1:] - quarter[0]) ** 2).sum(axis=1)
    np.testing.assert_allclose(metres(chord2), RADIUS * np.pi * np.array([0.5, 1.0]), rtol=1e-15)


def test_pairs_are_as_far_apart_as_their_nearest_parts():
    """A point, two points, a quarter of the equator, and nothing."""
    lon, lat = np.array([45.0, 0.0, 80.0, 0.0, 90.0]), np.array([10.0, 90.0, 0.0, 0.0, 0.0])
    xyz, start = unit_vectors(lon, lat), np.array([0, 1, 3, 5, 5])
    link = np.array([False, False, False, True, False])
    i, j = np.array([0, 0, 1, 0, 3]), np.array([1, 2, 2, 0, 0])
    out = np.empty(5)
    chords_of_pairs(xyz, link, start, xyz, link, start, i, j, out)
    between = np.degrees(np.arccos(np.cos(np.radians(35)) * np.cos(np.radians(10))))
    degrees = np.degrees(metres(out) / RADIUS)
    np.testing.assert_allclose(degrees, [between, 10, 0, 0, np.nan], atol=1e-6)


@pytest.mark.parametrize("exclusive", [False, True])
def test_the_nearest_points_are_those_of_all_pairs(exclusive):
    rng = np.random.default_rng(2)
    a = unit_vectors(rng.uniform(-180, 180, 30), rng.uniform(-90, 90, 30))
    b = a[::-1].copy() if exclusive else unit_vectors(rng.uniform(-180, 180, 20), rng.uniform(-90, 90, 20))
    number = np.arange(29, -1, -1) if exclusive else np.arange(20)
    order = np.argsort(b[:, 2], kind="stable")
    index, out = np.empty(30, np.int64), np.empty(30)
    nearest_points(a, b[order], number[order], exclusive, index, out)
    chords = ((a[:, None] - b[None]) ** 2).sum(axis=2)
    if exclusive:
        chords[np.arange(30), 29 - np.arange(30)] = np.inf
    assert index.tolist() == number[chords.argmin(axis=1)].tolist()
    np.testing.assert_allclose(out, chords.min(axis=1), rtol=1e-12)


def test_of_equally_near_points_the_first_counts_and_none_is_minus_one():
    north = unit_vectors(np.zeros(1), np.array([0.0]))
    twice = unit_vectors(np.array([10.0, -10.0]), np.zeros(2))
    index, out = np.empty(1, np.int64), np.empty(1)
    nearest_points(north, twice, np.array([1, 0]), False, index, out)
    assert index[0] == 0
    nearest_points(north, north, np.array([0]), True, index, out)
    assert (index[0], out[0]) == (-1, np.inf)
