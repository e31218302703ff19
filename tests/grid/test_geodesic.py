"""Distances and areas on the ellipsoid; GeographicLib, and the area of the earth, are the oracles."""

import numpy as np
import pyproj
import pytest

from pyterra.grid import Grid
from pyterra.grid.crs import parse_crs
from pyterra.grid.extent import Extent
from pyterra.grid.geodesic import (
    areas_of_cells,
    areas_of_rows,
    distance,
    ellipsoid,
    rows_by_area,
    widths_of_cells,
)

WGS84, LAEA = parse_crs("EPSG:4326"), parse_crs("EPSG:3035")
GEOD = pyproj.Geod(ellps="WGS84")


def test_the_ellipsoid_is_that_of_the_crs():
    assert ellipsoid("").a == 6378137
    assert ellipsoid(parse_crs("EPSG:4267")).a == 6378206.4  # NAD27: Clarke 1866


def test_distances_are_those_of_geographiclib_for_one_and_for_many():
    one = distance(WGS84, 0, 50, 10, 51)
    assert one == pytest.approx(GEOD.inv(0, 50, 10, 51)[2], rel=1e-15)
    many = distance(WGS84, 0, [[50], [60]], [10, 20], 51)
    assert many.shape == (2, 2)
    assert many[0, 0] == one


def test_all_cells_together_are_the_earth():
    grid = Grid(Extent(-180, 180, -90, 90), 12, 8, WGS84)
    total = areas_of_rows(grid, 0, 12).sum() * 8
    assert total == pytest.approx(510065621724088, rel=1e-9)  # WGS 84


def test_rows_of_cells_are_those_of_geographiclib_and_wide_ones_are_added_up():
    grid = Grid(Extent(0, 30, 10, 40), 3, 3, WGS84)
    expected = abs(GEOD.polygon_area_perimeter([0, 10, 10, 0], [10, 10, 20, 20])[0])
    assert areas_of_rows(grid, 2, 1)[0] == pytest.approx(expected, rel=1e-12)
    whole = Grid(Extent(-180, 180, 0, 90), 1, 1, WGS84)
    assert areas_of_rows(whole, 0, 1)[0] == pytest.approx(510065621724088 / 2, rel=1e-9)


def test_cells_are_as_wide_as_half_the_way_between_their_neighbours():
    grid = Grid(Extent(0, 4, 58, 62), 2, 4, WGS84)
    assert widths_of_cells(grid).tolist() == [GEOD.inv(-1, y, 1, y)[2] / 2 for y in (61, 59)]


def test_cells_of_a_plane_that_keeps_areas_have_the_area_of_the_plane():
    grid = Grid(Extent(4_000_000, 4_100_000, 3_000_000, 3_100_000), 10, 10, LAEA)
    found = areas_of_cells(grid, np.array([0, 9, 12]), np.array([0, 5]))
    assert found.shape == (3, 2)
    np.testing.assert_allclose(found, 1e8, rtol=1e-5)


def test_a_cell_without_a_place_on_earth_has_no_area():
    far = Grid(Extent(1e8, 2e8, 1e8, 2e8), 1, 1, LAEA)
    assert np.isnan(areas_of_cells(far, np.array([0]), np.array([0]))).all()


def test_parts_of_rows_stand_for_parts_of_their_area():
    """The upper half of a row from 60 to 90 degrees, by the areas of rows of 15 degrees; edges of rows stay."""
    crs = parse_crs("EPSG:4326")
    whole, halves = Grid(Extent(0, 1, 30, 90), 2, 1, crs), Grid(Extent(0, 1, 30, 90), 4, 1, crs)
    areas = areas_of_rows(halves, 0, 4)
    got = rows_by_area(whole, np.array([0.0, 0.5, 1.0, 1.5, 2.0]))
    np.testing.assert_allclose(
        got, [0, areas[0] / areas[:2].sum(), 1, 1 + areas[2] / areas[2:].sum(), 2], rtol=1e-4
    )
