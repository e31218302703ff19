"""Columns that go on around the earth."""

import numpy as np
import pytest

from pyterra.grid import Grid, Window
from pyterra.grid.crs import parse_crs
from pyterra.grid.turn import Turn
from pyterra.handles.spatextent import SpatExtent

LONLAT = parse_crs("EPSG:4326")


def turn(xmin, xmax, ncol, crs=LONLAT):
    return Grid(SpatExtent(xmin, xmax, 0, 1), 1, ncol, crs).turn


@pytest.mark.parametrize(
    ("grid", "period", "closed"),
    [
        ((-180, 180, 36), 36, True),
        ((0, 359.999, 36), 36, True),
        ((-180.5, 180.5, 361), 360, True),
        ((350, 370, 20), 360, False),
        ((-10, 11, 3), 360 / 7, False),
        ((0, 36, 36, ""), np.inf, False),
        ((0, 36, 36, "EPSG:32631"), np.inf, False),
        ((-20037508.342789244, 20037508.342789244, 64, "EPSG:3857"), 64, True),
        ((0, 400, 40, "EPSG:4807"), 40, True),
    ],
)
def test_a_turn_is_known_from_the_grid(grid, period, closed):
    known = turn(*grid[:3], parse_crs(grid[3]) if len(grid) > 3 else LONLAT)
    assert known.period == pytest.approx(period, rel=1e-9)
    assert known.closed == closed


def test_positions_come_home():
    np.testing.assert_allclose(
        turn(-180, 180, 36).home(np.array([-0.5, 0.0, 35.9, 36.0, 71.5])), [35.5, 0, 35.9, 0, 35.5]
    )
    # A region keeps what lies in it, and takes the nearest of what does not.
    np.testing.assert_allclose(
        turn(350, 370, 20).home(np.array([-350.0, 19.0, -100.0, 200.0])), [10, 19, -100, -160]
    )
    # The 361st column is the first one again, and may be meant.
    np.testing.assert_allclose(turn(-180.5, 180.5, 361).home(np.array([360.5, 361.5])), [360.5, 1.5])


@pytest.mark.parametrize(
    ("positions", "windows"),
    [
        ([3.2, 5.0], [(2, 5)]),
        ([0.2, 1.0], [(35, 1), (0, 3)]),
        ([35.5, 0.5], [(34, 2), (0, 3)]),
        ([0.1, 35.9], [(34, 2), (0, 3)]),
        ([0.5, 12.0, 24.0, 35.5], [(0, 36)]),
    ],
)
def test_windows_on_both_sides_of_the_seam_hold_all_that_is_near(positions, windows):
    around = turn(-180, 180, 36)
    cols = around.span(np.array(positions), 1.0)
    found = [w for w in around.windows((0, 1), cols) if w is not None]
    assert [(w.col, w.ncol) for w in found] == windows
    values = np.arange(36.0)[None, None]
    parts = tuple(values[:, :, w.col : w.col_stop] for w in found)
    joined = around.joined(parts + (None,) * (2 - len(parts)), cols)
    np.testing.assert_array_equal(joined[0, 0], np.arange(*cols) % 36)


def test_without_a_turn_windows_end_at_the_edges():
    flat = Turn.none(10)
    assert flat.windows((2, 4), flat.span(np.array([0.0, 3.0]), 2.0))[0] == Window(2, 0, 2, 6)
    assert flat.windows((2, 4), flat.span(np.array([20.0]), 2.0)) == (None, None)
