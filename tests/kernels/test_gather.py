"""What is kept of the cells that shapes cover, and how parts are merged; the list of cells and numpy are the oracle."""

import numpy as np
import pytest
import shapely

from pyterra.between.shapes import shapes_of
from pyterra.grid import Grid, Window
from pyterra.handles.spatextent import SpatExtent
from pyterra.kernels.gather import add_covered, empty_groups, merge_groups

GRID = Grid(SpatExtent(0, 25, 0, 22), 22, 25, "")
VALUES = np.random.default_rng(2).integers(-40, 40, (2, 22, 25)).astype(float)
VALUES[np.random.default_rng(3).random(VALUES.shape) < 0.2] = np.nan


def shapes_like(polygon):
    rng = np.random.default_rng(7)
    lines = [shapely.linestrings(rng.uniform(-4, 30, (5, 2))) for _ in range(6)]
    return shapes_of(np.array(shapely.buffer(lines, 1.4) if polygon else lines), GRID, polygon=polygon)


def kept(shapes, rules, window, groups):
    part = empty_groups(len(groups), 2)
    rows, cols = window.slices_in(GRID.window)
    arguments = shapes.arguments(GRID, groups, rules)
    add_covered(*arguments, window.row, window.col, GRID.ncol, VALUES[:, rows, cols].copy(), part.kept)
    return part


@pytest.mark.parametrize("window", [GRID.window, Window(3, 4, 9, 11)])
@pytest.mark.parametrize(("polygon", "rule"), [(True, "centre"), (True, "cover"), (False, "path")])
def test_values_are_counted_weighed_and_bounded_by_shape_and_layer(polygon, rule, window):
    shapes = shapes_like(polygon)
    rules, groups = shapes.rules(GRID, rule), np.array([0, 2, 3, 5])
    found = kept(shapes, rules, window, groups)
    geometry, cell, weight = shapes.cells(GRID, window, rules)
    assert found.count.all(axis=1).sum() > 1
    assert found.missing.any(axis=0).all()
    rows, cols = window.slices_in(GRID.window)
    for layer, values in enumerate(VALUES[:, rows, cols].reshape(2, -1)):
        for i, g in enumerate(groups):
            own = np.equal(geometry, g)
            there, weights = values[cell[own]], weight[own]
            known = ~np.isnan(there)
            assert found.count[i, layer] == known.sum()
            assert found.missing[i, layer] == (~known).sum()
            assert found.mass[i, layer] == pytest.approx(weights[known].sum(), rel=1e-12)
            assert found.sum[i, layer] == pytest.approx((weights * there)[known].sum(), rel=1e-12)
            assert found.low[i, layer] == there[known].min(initial=np.inf)
            assert found.high[i, layer] == there[known].max(initial=-np.inf)


def test_parts_merge_into_the_whole():
    shapes = shapes_like(True)
    rules, total = shapes.rules(GRID, "centre"), empty_groups(len(shapes), 2)
    for row in range(0, 22, 6):
        for col in range(0, 25, 7):
            window = Window(row, col, 6, 7).intersection(GRID.window)
            there = shapes.on(GRID).meeting(window)
            merge_groups(total, there, kept(shapes, rules, window, there))
    whole = kept(shapes, rules, GRID.window, np.arange(len(shapes)))
    np.testing.assert_array_equal(total.kept, whole.kept)
