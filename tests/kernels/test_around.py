"""Points in windows around cells, told cell by cell in plain numpy."""

import numpy as np
import pytest

from pyterra.between.around import Around, PointsAround
from pyterra.grid import Grid, Window
from pyterra.grid.extent import Extent

GRID = Grid(Extent(0, 11, 0, 8), 8, 11)
XY = np.random.default_rng(1).uniform(-2, 12, (60, 2))
XY[10:13] = [[2.5, 3.5], [2.5, 3.5], [4.5, 3.5]]


def seen(around, x, y):
    """Points in the window around a place, and the squares of their distances."""
    dx, dy = XY[:, 0] - x, XY[:, 1] - y
    turn = np.radians(around.angle)
    u, v = dx * np.cos(turn) + dy * np.sin(turn), dy * np.cos(turn) - dx * np.sin(turn)
    if around.kind == "buffer":
        inside = np.hypot(np.maximum(abs(dx) - 0.5, 0), np.maximum(abs(dy) - 0.5, 0)) <= around.a
    elif around.kind == "rectangle":
        inside = (abs(u) <= around.a) & (abs(v) <= around.b)
    else:
        inside = (u / around.a) ** 2 + (v / around.b) ** 2 <= 1 + 1e-12
    found = np.flatnonzero(inside)
    return found, (dx**2 + dy**2)[found]


def centres():
    return [(col + 0.5, 7.5 - row) for row in range(8) for col in range(11)]


def cells_of(lists, count):
    """Points and squares of each cell, from runs of cells."""
    out = [None] * count
    for cells, starts, point, square in lists:
        stops = np.append(starts, point.size)[1:]
        for k, (start, stop) in enumerate(zip(starts, stops, strict=True)):
            out[cells.start + k] = (point[start:stop], square[start:stop])
    return out


WINDOWS = [
    Around("circle", 2.0, 2.0, 0.0),
    Around("ellipse", 3.0, 1.0, 30.0),
    Around("rectangle", 2.0, 1.0, -20.0),
    Around("buffer", 1.0, 1.0, 0.0),
]


@pytest.mark.parametrize("around", WINDOWS, ids=lambda a: a.kind)
def test_all_points_of_a_window_are_listed_in_their_order(around):
    found = cells_of(PointsAround(XY, around).all(GRID, GRID.window), GRID.cells)
    for (x, y), (point, square) in zip(centres(), found, strict=True):
        expected, squares = seen(around, x, y)
        np.testing.assert_array_equal(point, expected)
        np.testing.assert_allclose(square, squares, rtol=1e-12)


@pytest.mark.parametrize("around", WINDOWS, ids=lambda a: a.kind)
@pytest.mark.parametrize("most", [1, 3, 100])
def test_the_nearest_come_first_and_of_equals_the_last(around, most):
    found = cells_of(PointsAround(XY, around).nearest(GRID, GRID.window, most), GRID.cells)
    for (x, y), (point, _) in zip(centres(), found, strict=True):
        expected, squares = seen(around, x, y)
        order = np.lexsort((-expected, squares))[:most]
        np.testing.assert_array_equal(point, expected[order])


def test_few_pairs_at_a_time_give_the_same(monkeypatch):
    points, window = PointsAround(XY, WINDOWS[0]), Window(2, 3, 4, 5)
    whole = cells_of(points.all(GRID, window), window.cells)
    nearest = cells_of(points.nearest(GRID, window, 4), window.cells)
    monkeypatch.setattr("pyterra.between.around.PAIRS", 1)
    parts = list(points.all(GRID, window))
    assert len(parts) > 1
    for (a, _), (b, _) in zip(whole, cells_of(parts, window.cells), strict=True):
        np.testing.assert_array_equal(a, b)
    for (a, _), (b, _) in zip(nearest, cells_of(points.nearest(GRID, window, 4), window.cells), strict=True):
        np.testing.assert_array_equal(a, b)


def test_cells_far_from_all_points_see_none():
    far = PointsAround(XY + 1000, WINDOWS[0])
    assert all(point.size == 0 for point, _ in cells_of(far.nearest(GRID, GRID.window, 2), GRID.cells))
    assert all(point.size == 0 for point, _ in cells_of(far.all(GRID, GRID.window), GRID.cells))


def test_points_far_off_are_found_where_the_window_is_wide():
    far = PointsAround(XY + 1000, Around("circle", 5000.0, 5000.0, 0.0))
    found = cells_of(far.nearest(GRID, GRID.window, 1), GRID.cells)
    for (x, y), (point, _) in zip(centres(), found, strict=True):
        assert point[0] == np.argmin(np.hypot(*(XY + 1000 - [x, y]).T))
