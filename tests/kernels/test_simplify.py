"""Vertices taken out beforehand, against Douglas and Peucker's method in words, and against GEOS."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import shapely

from pyterra.kernels.simplify import kept, undisputed


def by_rule(xy, tolerance):
    """Which vertices of an open line stay."""
    keep = np.zeros(len(xy), bool)
    keep[[0, -1]] = True

    def halve(i, j):
        away = shapely.distance(shapely.points(xy[i + 1 : j]), shapely.LineString(xy[[i, j]]))
        if away.size and away.max() > tolerance:
            k = i + 1 + int(away.argmax())
            keep[k] = True
            halve(i, k)
            halve(k, j)

    halve(0, len(xy) - 1)
    return keep


def flat(shapes):
    """Coordinates, and where curves and shapes begin."""
    curves, of = shapely.get_rings(shapes, return_index=True)
    xy, curve = shapely.get_coordinates(curves, return_index=True)
    starts = np.searchsorted(curve, np.arange(len(curves) + 1))
    return xy, starts, np.searchsorted(of, np.arange(len(shapes) + 1))


def star(rng, centre=(0, 0), size=100.0, corners=120):
    """A ring with a rough border."""
    angle = np.sort(rng.uniform(0, 2 * np.pi, corners))
    far = size * (1 + 0.3 * np.cumsum(rng.standard_normal(corners)) / np.sqrt(corners))
    xy = np.column_stack([far * np.cos(angle), far * np.sin(angle)]) + centre
    return np.vstack([xy, xy[:1]])


def test_vertices_of_lines_stay_by_the_rule():
    rng = np.random.default_rng(6)
    xy = np.cumsum(rng.standard_normal((90, 2)), axis=0)
    curves = np.array([0, 2, 5, 40, 90])
    for tolerance in (0.0, 0.5, 3.0):
        expected = [by_rule(xy[i:j], tolerance) for i, j in itertools.pairwise(curves)]
        assert kept(xy, curves, tolerance).tolist() == np.concatenate(expected).tolist()


def test_a_long_line_of_ever_nearer_vertices_is_halved_to_the_end():
    xy = np.column_stack([np.arange(400.0), np.where(np.arange(400) % 2, 1, -1) * np.arange(400.0, 0, -1)])
    assert kept(xy, np.array([0, 400]), 0.1).all()


def test_a_ring_keeps_four_corners():
    ring = shapely.get_coordinates(shapely.Point(0, 0).buffer(1))
    assert kept(ring, np.array([0, len(ring)]), 100).sum() == 5
    assert kept(ring[[0, 1, 0]], np.array([0, 3]), 100).sum() == 3


@pytest.mark.parametrize("seed", range(4))
def test_geos_keeps_the_same_where_nothing_is_disputed(seed):
    """It gives the same for a shape and for its vertices that stay, holes and parts beside each other included."""
    rng = np.random.default_rng(seed)
    shapes = [shapely.Polygon(star(rng)) for _ in range(20)]
    shapes += [shapely.Polygon(star(rng), [star(rng, (5, 5), 40)]) for _ in range(20)]
    shapes += [shapely.Point(3, 4).buffer(size, quad_segs=20) for size in (0.5, 20, 90)]
    shapes = np.array(shapes, dtype=object)
    disputed = 0
    for tolerance in (0.0, 0.5, 5.0, 50.0):
        xy, curves, first = flat(shapes)
        keep = kept(xy, curves, tolerance)
        sure = undisputed(xy, curves, first, keep)
        disputed += int((~sure).sum())
        whole = shapely.simplify(shapes, tolerance)
        for k in np.flatnonzero(sure):
            rings = [xy[i:j][keep[i:j]] for i, j in itertools.pairwise(curves[first[k] : first[k + 1] + 1])]
            lighter = shapely.simplify(shapely.Polygon(rings[0], rings[1:]), tolerance)
            assert shapely.equals_exact(lighter, whole[k], 0)
    assert 0 < disputed < 4 * len(shapes)


def test_what_comes_near_a_new_segment_is_disputed():
    bay = np.array([[10, 5], [10, 10], [0, 10], [0, 0], [5, 1], [10, 0], [10, 5]], float)
    keep = kept(bay, np.array([0, 7]), 2)
    assert np.flatnonzero(~keep).tolist() == [4]
    assert undisputed(bay, np.array([0, 7]), np.array([0, 1]), keep).tolist() == [True]
    for low, good in ((0.5, False), (4, True)):  # a hole where the bay was, and one inside
        both = np.vstack([bay, [[5, low], [6, low], [5, low + 0.1], [5, low]]])
        found = undisputed(both, np.array([0, 7, 11]), np.array([0, 2]), np.r_[keep, np.ones(4, bool)])
        assert found.tolist() == [good]


def test_shapes_without_curves_are_not_disputed():
    bay = np.array([[0, 0], [10, 0], [0, 10], [0, 0]], float)
    keep = np.ones(4, bool)
    assert undisputed(bay, np.array([0, 4]), np.array([0, 0, 1, 1]), keep).tolist() == [True] * 3
