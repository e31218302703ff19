"""Catchments against a walk from every cell, and against terra 1.9."""

import numpy as np
import pytest
from raster.test_flow import WALL, after, random_directions

import pyterra as pt
from pyterra.errors import ArgumentError, CRSMismatchError

NAN = float("nan")


def reached(directions, points):
    """The number of the first point on the way down from each cell."""
    found = np.where(np.isnan(directions), NAN, 0.0)
    for cell in np.ndindex(directions.shape):
        at, seen = cell if not np.isnan(directions[cell]) else None, set()
        while at is not None and at not in seen:
            if at in points:
                found[cell] = points.index(at) + 1
                break
            seen.add(at)
            at = after(directions, at)
    return found


def centres(x, cells):
    return x.xy_from_cell([row * x.ncol + col for row, col in cells])


def test_a_catchment_is_that_of_terra():
    # terra 1.9-45: watershed(rast(WALL), xyFromCell(x, cell)) for cells 9 and 6; 0 where the direction is missing
    x = pt.rast(WALL)
    got = x.watershed(centres(x, [(2, 2)])).to_numpy()[0]
    assert np.array_equal(got, [[0, 0, 0], [0, NAN, 0], [1, 1, 1], [1, 1, 1]], equal_nan=True)
    got = x.watershed(centres(x, [(1, 2)])).to_numpy()[0]
    assert np.array_equal(got, [[1, 1, 1], [0, NAN, 1], [0, 0, 0], [0, 0, 0]], equal_nan=True)


@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (9, 1), (2, 2), (13, 11)])
@pytest.mark.parametrize("rows", [1, 2, 4, 64])
def test_catchments_are_those_of_a_walk_from_every_cell_however_strips_lie(shape, rows, monkeypatch):
    monkeypatch.setattr("pyterra.run.sweep.LEAST_ROWS", rows)
    monkeypatch.setattr("pyterra.raster.flow.Catchments.strip_cells", 1)
    rng = np.random.default_rng([rows, *shape])
    directions = random_directions(rng, shape)
    x = pt.rast(directions)
    cells = [tuple(int(rng.integers(n)) for n in shape) for _ in range(3)]
    got = x.watershed(centres(x, cells)).to_numpy()[0]
    assert np.array_equal(got, reached(directions, cells), equal_nan=True)


def test_points_come_as_vectors_too():
    x = pt.rast([[1, 1, 0]], crs="EPSG:3035")
    assert x.watershed(pt.vect("POINT (1.5 0.5)", crs="EPSG:3035")).to_numpy()[0].tolist() == [[1, 1, 0]]
    with pytest.raises(CRSMismatchError):
        x.watershed(pt.vect("POINT (1.5 0.5)", crs="EPSG:4326"))


def test_what_is_no_point_on_the_raster_is_refused():
    x = pt.rast([[1, 1, 0]])
    with pytest.raises(ArgumentError, match="point 1 at"):
        x.watershed([[0.5, 0.5], [7, 0.5]])
    with pytest.raises(ArgumentError, match="at least one point, got 1 lines"):
        x.watershed(pt.vect("LINESTRING (0 0, 1 1)"))
    with pytest.raises(ArgumentError, match="at least one point, got 0"):
        x.watershed(np.empty((0, 2)))
