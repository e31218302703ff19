"""Distances to the nearest source, in the plane and on the sphere: against all pairs, and strips against the whole."""

import numpy as np
import pytest

from pyterra.kernels.distance import (
    FAR,
    IGNORED,
    RADIUS,
    SOURCE,
    TARGET,
    arc_candidates,
    edge_sources,
    planar,
    point_candidates,
    roles,
    source_runs,
    spherical,
    spherical_candidates,
    to_arcs,
)
from pyterra.kernels.geodesic import unit_vectors

NAN = float("nan")


def scattered(seed, share, shape=(2, 13, 17)):
    rng = np.random.default_rng(seed)
    block = rng.integers(0, 3, shape).astype(float)
    block[rng.random(shape) > share] = NAN
    return block


def nothing(nlyr, ncol):
    """No source above, and none below."""
    return np.full((nlyr, ncol), -FAR, np.int32), np.full((nlyr, ncol), FAR, np.int32)


def test_cells_are_sources_or_targets_or_neither():
    block = np.array([[[NAN, 0.0, 1.0, 2.0]]])
    assert roles(block, NAN, 2.0).tolist() == [[[TARGET, SOURCE, SOURCE, IGNORED]]]
    assert roles(block, 1.0, NAN).tolist() == [[[IGNORED, SOURCE, TARGET, SOURCE]]]


def test_the_first_and_the_last_row_of_a_source_are_told_by_columns():
    role = np.array([[[SOURCE, TARGET], [IGNORED, TARGET], [SOURCE, TARGET]]], np.uint8)
    assert edge_sources(role, 10).tolist() == [[[10, FAR]], [[12, -FAR]]]


@pytest.mark.parametrize("share", [0.01, 0.1, 0.6])
def test_planar_distances_are_the_least_of_all_pairs(share):
    role = roles(scattered(3, share), NAN, NAN)
    found = planar(role, 0, *nothing(2, 17), 2.0, 3.0)
    y, x = np.mgrid[:13, :17] * np.array([3.0, 2.0])[:, None, None]
    for layer, told in zip(role, found, strict=True):
        sources = np.argwhere(layer == SOURCE) * [3.0, 2.0]
        if not len(sources):
            assert np.isnan(told).all()
            continue
        expected = np.sqrt((y[..., None] - sources[:, 0]) ** 2 + (x[..., None] - sources[:, 1]) ** 2).min(-1)
        np.testing.assert_allclose(told, expected, rtol=1e-14)


def test_planar_distances_of_a_strip_have_the_bits_of_the_whole():
    role = roles(scattered(4, 0.05), NAN, NAN)
    whole = planar(role, 0, *nothing(2, 17), 2.0, 3.0)
    above, below = edge_sources(role[:, :5].copy(), 0)[1], edge_sources(role[:, 9:].copy(), 9)[0]
    part = planar(np.ascontiguousarray(role[:, 5:9]), 5, above, below, 2.0, 3.0)
    assert part.tobytes() == whole[:, 5:9].tobytes()


def test_what_is_ignored_and_what_has_no_source_is_missing():
    role = np.array([[[IGNORED, SOURCE, TARGET]], [[IGNORED, TARGET, TARGET]]], np.uint8)
    found = planar(role, 0, *nothing(2, 3), 1.0, 1.0)
    np.testing.assert_array_equal(found, [[[NAN, 0, 1]], [[NAN, NAN, NAN]]])


def test_sources_are_told_as_runs_of_columns():
    counts, first, last = source_runs(np.array([[1, 1, 2, 1], [2, 2, 2, 2], [2, 1, 2, 2]], np.uint8))
    assert counts.tolist() == [2, 0, 1]
    assert list(zip(first.tolist(), last.tolist(), strict=True)) == [(0, 1), (3, 3), (1, 1)]


def on_the_sphere(role, row0=0, rows=None):
    counts, first, last = source_runs(role)
    lat = np.radians(80 - 12.0 * np.arange(len(role)))
    part = role if rows is None else np.ascontiguousarray(role[row0 : row0 + rows])
    return spherical(part, row0, np.r_[0, np.cumsum(counts)], first, last, lat, np.radians(360 / 17)), lat


def test_spherical_distances_are_the_least_of_all_pairs():
    role = roles(scattered(5, 0.05, (1, 13, 17)), NAN, NAN)[0]
    found, lat = on_the_sphere(role)
    lon = np.radians(360 / 17) * np.arange(17)
    points = unit_vectors(*(np.degrees(v).ravel() for v in np.meshgrid(lon, lat)))
    angles = np.arccos(np.clip(points @ points[role.ravel() == SOURCE].T, -1, 1)).min(axis=1)
    np.testing.assert_allclose(
        found.ravel(), angles * RADIUS, rtol=1e-9, atol=0.2
    )  # arccos loses digits near 0
    assert (found[role == SOURCE] == 0).all()


def test_spherical_distances_of_a_strip_have_the_bits_of_the_whole():
    role = roles(scattered(6, 0.03, (1, 13, 17)), NAN, NAN)[0]
    assert on_the_sphere(role, 4, 5)[0].tobytes() == on_the_sphere(role)[0][4:9].tobytes()


def test_the_nearest_point_of_an_arc_may_lie_between_its_ends():
    """A quarter of the equator, and a point: the arc is left sideways, or by its nearer end."""
    a = unit_vectors(np.array([0.0, 200.0]), np.array([0.0, 10.0]))
    b = unit_vectors(np.array([90.0, 200.0]), np.array([0.0, 10.0]))
    middle = unit_vectors(np.array([45.0, 200.0]), np.array([0.0, 10.0]))
    reach = np.radians([45.0, 0.0])
    lon, lat = np.radians([30.0, 100.0, 200.0]), np.radians([5.0, 0.0])
    found = to_arcs(lon, lat, a, b, middle, reach) / (RADIUS * np.radians(1))
    np.testing.assert_allclose(found[0, 0], 5, rtol=1e-12)
    np.testing.assert_allclose(found[1], [0, 10, 10], rtol=1e-9, atol=1e-9)


def test_without_arcs_all_is_infinitely_far():
    none = np.empty((0, 3))
    assert np.isinf(to_arcs(np.zeros(2), np.zeros(1), none, none, none, np.empty(0))).all()


def test_candidates_are_all_points_that_are_not_much_farther_than_the_nearest():
    rng = np.random.default_rng(6)
    lon, lat = np.deg2rad(rng.uniform(-180, 180, 9)), np.deg2rad(rng.uniform(-80, 80, 9))
    points = unit_vectors(rng.uniform(-180, 180, 40), rng.uniform(-80, 80, 40))
    here = unit_vectors(np.rad2deg(lon), np.rad2deg(lat))
    angle = 2 * np.arcsin(np.linalg.norm(here[:, None] - points, axis=2) / 2)
    assert point_candidates(lon[:1], lat[:1], here[:1], 1.3, True)[0].size == 0
    for slack in (1.0, 1.3, 99.0):  # the last: all, and more than there was room for
        expected = np.argwhere(angle <= angle.min(axis=1, keepdims=True) * slack + 1e-12)
        assert np.column_stack(point_candidates(lon, lat, points, slack, False)).tolist() == expected.tolist()


def test_candidates_of_cells_are_the_nearest_of_their_rows():
    role = roles(scattered(8, 0.1, (1, 9, 12)), NAN, NAN)[0]
    counts, first, last = source_runs(role)
    lat, step = np.deg2rad(np.linspace(80, -80, 9)), np.deg2rad(30)
    angles = (np.r_[0, np.cumsum(counts)], first, last, lat, step)
    cell, row, col = spherical_candidates(role, 0, *angles, 1.5)
    here, there = (
        unit_vectors(c % 12 * 30.0, np.rad2deg(lat[r])) for r, c in ((cell // 12, cell), (row, col))
    )
    far = RADIUS * 2 * np.arcsin(np.linalg.norm(here - there, axis=1) / 2)
    assert (role[row, col] == SOURCE).all()
    assert (role[cell // 12, cell % 12] == TARGET).all()
    nearest = spherical(role, 0, *angles).reshape(-1)
    assert (far <= nearest[cell] * 1.5 + 1e-3).all()
    begins = np.flatnonzero(np.r_[True, cell[1:] != cell[:-1]])
    np.testing.assert_allclose(np.minimum.reduceat(far, begins), nearest[cell[begins]], rtol=1e-6, atol=1e-3)
    assert cell[begins].tolist() == np.flatnonzero(role == TARGET).tolist()


def test_there_may_be_any_number_of_candidates():
    """A ring of places around the pole, all as far from it: more than room is made for at first."""
    lon = np.deg2rad(np.arange(0, 360, 9.0))
    around = np.column_stack([np.cos(lon), np.sin(lon), np.zeros(lon.size)])
    pole = np.array([0.3]), np.array([np.pi / 2])
    position, point = point_candidates(*pole, around, 1.01, False)
    assert (position.tolist(), point.tolist()) == ([0] * 40, list(range(40)))
    reach = np.full(40, 1e-9)
    position, arc = arc_candidates(pole[0], pole[1][0], around, around, around, reach, 1.01, 0.0)
    assert (position.tolist(), arc.tolist()) == ([0] * 40, list(range(40)))
