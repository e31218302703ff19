"""Lines and polygons as arrays, in the cells of a grid."""

import numpy as np
import pytest
import shapely

import pyterra as pt
from pyterra.between.shapes import shapes_of
from pyterra.grid import Grid, Window
from pyterra.grid.crs import parse_crs
from pyterra.handles.spatextent import SpatExtent


def box(*bounds, **more):
    return pt.vect(shapely.box(*bounds), **more)


def test_a_polygon_wider_than_the_earth_has_no_holes():
    g = pt.rast(np.ones((1, 4, 36)), extent=[-180, 180, -90, 90], crs="EPSG:4326", names="g")
    v = box(-195, -90, 195, 90, crs="EPSG:4326")
    assert g.extract(v, "sum")["g"].tolist() == [144]
    assert g.mask(v).global_("notNA").iloc[0, 0] == 144


def grid_of(nrow, ncol):
    return Grid(SpatExtent(0, ncol, 0, nrow), nrow, ncol, "")


def random_polygons(rng, count=4):
    shapes = [
        shapely.buffer(shapely.linestrings(rng.uniform(-4, 30, (int(rng.integers(3, 8)), 2))), 1.3)
        for _ in range(count)
    ]
    return np.array(shapes, dtype=object)


@pytest.mark.parametrize("rule", ["centre", "touch", "cover"])
def test_a_window_lists_the_same_cells_as_the_whole(rule):
    geoms, grid = random_polygons(np.random.default_rng(5)), grid_of(22, 25)
    shapes = shapes_of(geoms, grid, polygon=True)
    rules = shapes.rules(grid, rule)
    whole = {}
    for g, cell, weight in zip(*shapes.cells(grid, grid.window, rules), strict=True):
        whole[int(g), int(cell)] = weight
    parts = {}
    for row in range(0, 22, 6):
        for col in range(0, 25, 7):
            window = Window(row, col, 6, 7).intersection(grid.window)
            for g, cell, weight in zip(*shapes.cells(grid, window, rules), strict=True):
                r, c = divmod(int(cell), window.ncol)
                parts[int(g), (r + row) * 25 + c + col] = weight
    assert parts == whole


def test_a_polygon_beyond_the_date_line_continues_on_the_other_side():
    grid = Grid(SpatExtent(-180, 180, -90, 90), 18, 36, parse_crs("OGC:CRS84"))
    shapes = shapes_of(np.array([shapely.box(165, -10, 195, 10)], dtype=object), grid, polygon=True)
    cells = shapes.cells(grid, grid.window, shapes.rules(grid, "cover"))
    assert sorted({int(c) % 36 for c in cells[1]}) == [0, 1, 34, 35]
    assert cells[2].sum() == pytest.approx(30 * 20 / 100)
