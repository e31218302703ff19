"""What lines and polygons cover: against GDAL, and against areas of intersections."""

import numpy as np
import pytest
import shapely
from affine import Affine
from rasterio.features import rasterize

from pyterra.between.shapes import shapes_of
from pyterra.grid import Grid, Window
from pyterra.handles.spatextent import SpatExtent


def grid_of(nrow, ncol):
    return Grid(SpatExtent(0, ncol, 0, nrow), nrow, ncol, "")


def painted(geoms, rule, nrow, ncol, *, polygon):
    """The number of the last geometry in each cell, from the list of cells."""
    shapes = shapes_of(geoms, grid_of(nrow, ncol), polygon=polygon)
    geometry, cell, weight = shapes.cells(
        grid_of(nrow, ncol), Window(0, 0, nrow, ncol), shapes.rules(grid_of(nrow, ncol), rule)
    )
    out = np.zeros(nrow * ncol)
    out[cell] = weight if rule == "cover" else geometry + 1
    return out.reshape(nrow, ncol)


def by_gdal(geoms, nrow, ncol, *, touched):
    transform = Affine(1, 0, 0, 0, -1, nrow)
    pairs = [(geom, i + 1) for i, geom in enumerate(geoms)]
    return rasterize(pairs, (nrow, ncol), transform=transform, all_touched=touched, dtype="float64")


def random_polygons(rng, count=4):
    shapes = [
        shapely.buffer(shapely.linestrings(rng.uniform(-4, 30, (int(rng.integers(3, 8)), 2))), 1.3)
        for _ in range(count)
    ]
    return np.array(shapes, dtype=object)


def random_lines(rng, count=4):
    return np.array([shapely.linestrings(rng.uniform(-4, 30, (5, 2))) for _ in range(count)], dtype=object)


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize(("rule", "touched"), [("centre", False), ("touch", True)])
def test_polygons_cover_the_cells_that_gdal_burns(seed, rule, touched):
    rng = np.random.default_rng(seed)
    geoms = random_polygons(rng)
    np.testing.assert_array_equal(
        painted(geoms, rule, 22, 25, polygon=True), by_gdal(geoms, 22, 25, touched=touched)
    )


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize(("rule", "touched"), [("path", False), ("touch", True)])
def test_lines_cover_the_cells_that_gdal_burns(seed, rule, touched):
    rng = np.random.default_rng(seed)
    geoms = random_lines(rng)
    np.testing.assert_array_equal(
        painted(geoms, rule, 22, 25, polygon=False), by_gdal(geoms, 22, 25, touched=touched)
    )


@pytest.mark.parametrize("seed", range(10))
def test_covered_fractions_are_areas_of_intersections(seed):
    rng = np.random.default_rng(seed)
    geom = random_polygons(rng, 1)
    col, row = np.meshgrid(np.arange(25), np.arange(22))
    cells = shapely.box(col, 22 - row - 1, col + 1, 22 - row)
    np.testing.assert_allclose(
        painted(geom, "cover", 22, 25, polygon=True),
        shapely.area(shapely.intersection(cells, geom[0])),
        atol=2e-9,
    )


def test_cells_are_shared_out_between_adjoining_polygons():
    left, right = shapely.box(0, 0, 2.5, 4), shapely.box(2.5, 0, 5, 4)
    listed = [painted(np.array([g], dtype=object), "centre", 4, 5, polygon=True) for g in (left, right)]
    np.testing.assert_array_equal(listed[0] + listed[1], np.ones((4, 5)))


def test_a_polygon_on_the_edges_of_cells_touches_those_inside_only():
    out = painted(np.array([shapely.box(1, 1, 3, 2)], dtype=object), "touch", 4, 5, polygon=True)
    assert np.argwhere(out).tolist() == [[2, 1], [2, 2]]


def test_a_hole_is_left_out_whichever_way_rings_run():
    ring, hole = [(0, 0), (4, 0), (4, 4), (0, 4)], [(1, 1), (3, 1), (3, 3), (1, 3)]
    for a in (ring, ring[::-1]):
        for b in (hole, hole[::-1]):
            geom = np.array([shapely.Polygon(a, [b])], dtype=object)
            for rule in ("centre", "cover"):
                out = painted(geom, rule, 4, 4, polygon=True)
                assert out.sum() == 12
                assert (out[1:3, 1:3] == 0).all()


def test_a_geometry_without_coordinates_covers_nothing():
    geoms = np.array([shapely.from_wkt("POLYGON EMPTY"), shapely.box(0, 0, 1, 1)], dtype=object)
    assert painted(geoms, "centre", 2, 2, polygon=True).tolist() == [[0, 0], [2, 0]]


@pytest.mark.parametrize("seed", range(10))
def test_edges_through_centres_go_where_gdal_puts_them(seed):
    rng = np.random.default_rng(seed)
    corners = np.sort(rng.integers(0, 40, (4, 2, 2)) / 2, axis=1)
    geoms = np.array(
        [shapely.box(*c[0], *c[1], ccw=bool(i % 2)) for i, c in enumerate(corners)], dtype=object
    )
    geoms = geoms[shapely.area(geoms) > 0]
    np.testing.assert_array_equal(
        painted(geoms, "centre", 22, 25, polygon=True), by_gdal(geoms, 22, 25, touched=False)
    )
