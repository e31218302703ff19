"""A preview shows what the whole result shows: checked where the values follow from the place by a formula."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.expr import coarsen
from pyterra.raster.build import raster
from pyterra.raster.indexing import assign_scattered

F = 5


def preview(r, factor=F):
    return raster(coarsen(r._node, factor))


def at_middles(r, factor=F):
    """Values of the cells in the middle of every group, read off the whole result."""
    rows = np.minimum(np.arange(-(-r.nrow // factor)) * factor + factor // 2, r.nrow - 1)
    cols = np.minimum(np.arange(-(-r.ncol // factor)) * factor + factor // 2, r.ncol - 1)
    return r.to_numpy()[:, rows[:, None], cols[None, :]]


@pytest.fixture(params=[(60, 80), (63, 82)], ids=["divides", "ragged"])
def slope(request):
    """row + 2 col, in memory."""
    nrow, ncol = request.param
    rows, cols = np.mgrid[:nrow, :ncol]
    return pt.rast((rows + 2.0 * cols).astype("float32"), extent=(0, ncol, 0, nrow), crs="EPSG:3035")


STEP = 3 * F
"""What the slope changes over a cell of the preview."""

MOVING = {
    "crop": lambda r: r.crop((7, 51, 3, 49)),
    "extend": lambda r: r.extend(pt.ext(-9, 100, -12, 75)),
    "shift": lambda r: r.shift(3, 4),
    "flip": lambda r: r.flip(),
    "flip horizontal": lambda r: r.flip("horizontal"),
    "t": lambda r: r.t(),
    "flip of t": lambda r: r.t().flip(),
    "disagg": lambda r: r.disagg((2, 3)),
    "merge": lambda r: pt.merge(r.crop((0, 31, 0, r.nrow)), r.crop((31, r.ncol, 0, r.nrow))),
    "mosaic": lambda r: pt.mosaic(r.crop((0, 41, 0, r.nrow)), r.crop((31, r.ncol, 0, r.nrow)), fun="mean"),
}


@pytest.mark.parametrize("how", MOVING)
def test_cells_that_move_are_seen_where_they_lie(how, slope):
    r = MOVING[how](slope)
    seen, expected = preview(r).to_numpy(), at_middles(r)
    assert seen.shape == expected.shape
    # Within a cell of the edge of the values the preview may be missing where the middle cell is not, and vice versa.
    both = np.isfinite(seen) & np.isfinite(expected)
    assert both.sum() >= 0.8 * np.isfinite(expected).sum()
    assert np.abs(seen - expected)[both].max() <= 2 * STEP


def test_rotated_columns_are_seen_in_their_new_order():
    r = pt.rast(nrows=36, ncols=72, xmin=0, xmax=360, ymin=-90, ymax=90)
    turned = r.init("col").rotate()
    seen, expected = preview(turned, 4).to_numpy(), at_middles(turned, 4)
    np.testing.assert_array_equal(seen, expected)


def test_what_lies_outside_keeps_its_value(slope):
    seen = preview(slope.extend(pt.ext(-30, slope.ncol, 0, slope.nrow), fill=-7)).to_numpy()[0]
    assert (seen[:, :6] == -7).all()
    assert (seen[:, 7:] >= 0).all()


def test_assigned_cells_are_seen(slope):
    r = slope.copy()
    r[10:40, 20:60] = -100.0
    seen = preview(r).to_numpy()[0]
    assert (seen[2:8, 4:12] == -100).all()
    assert (seen[:2] >= 0).all()
    cells = np.arange(slope.ncol * 10)  # the first ten rows
    seen = preview(raster(assign_scattered(slope._node, cells, np.full((1, cells.size), -5.0)))).to_numpy()[0]
    assert (seen[:2] == -5).all()
    assert (seen[2:] >= 0).all()


@pytest.mark.parametrize("what", ["x", "y", "row", "col", "cell", "chess"])
def test_numbers_of_cells_are_those_of_the_cells_in_the_middle(what, slope):
    r = slope.init(what)
    np.testing.assert_array_equal(preview(r).to_numpy(), at_middles(r))


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:3035"])
def test_areas_are_those_of_the_cells(crs):
    e = (0, 40, 20, 60) if crs == "EPSG:4326" else (4e6, 4.4e6, 3e6, 3.4e6)
    r = pt.rast(nrows=80, ncols=80, xmin=e[0], xmax=e[1], ymin=e[2], ymax=e[3], crs=crs).cell_size()
    np.testing.assert_allclose(preview(r, 5).to_numpy(), at_middles(r, 5), rtol=1e-3)


@pytest.mark.parametrize("fact", [2, 3, (1, 7), (4, 2)])
@pytest.mark.parametrize("fun", ["mean", "sum", "min", "max", "median", "count"])
def test_aggregated_groups_are_of_the_right_size(fun, fact, slope):
    r = slope.aggregate(fact, fun)
    seen, expected = preview(r, 3).to_numpy()[0, :-1, :-1], at_middles(r, 3)[0, :-1, :-1]
    rows, cols = np.broadcast_to(fact, 2)
    cells = rows * cols if fun in ("sum", "count") else 1
    tolerance = 0 if fun == "count" else cells * 3 * 3 * max(rows, cols)
    assert np.abs(seen - expected).max() <= tolerance


@pytest.mark.parametrize("size", [0.4, 1, 3.5], ids=["finer", "same", "coarser"])
def test_resampled_sums_are_those_of_the_cells(size, slope):
    ones = slope * 0 + 4
    target = pt.rast(extent=ones.ext, resolution=size, crs="EPSG:3035")
    r = ones.resample(target, "sum")
    seen, expected = preview(r, 4).to_numpy()[0], at_middles(r, 4)[0]
    np.testing.assert_allclose(seen[1:-1, 1:-1], expected[1:-1, 1:-1], rtol=1e-4)


def test_projected_sums_are_those_of_the_cells():
    r = pt.rast(nrows=200, ncols=200, xmin=10, xmax=12, ymin=50, ymax=52, crs="EPSG:4326")
    r = r.init(4.0)
    there = r.project("EPSG:3035", "sum", res=3000)
    seen, expected = preview(there, 4).to_numpy()[0], at_middles(there, 4)[0]
    inside = slice(4, -4)
    np.testing.assert_allclose(seen[inside, inside], expected[inside, inside], rtol=0.05)


def test_one_node_is_seen_at_two_resolutions(slope):
    both = slope + slope.aggregate(2).disagg(2).crop(slope)
    seen, expected = preview(both).to_numpy(), at_middles(both)
    assert np.nanmax(np.abs(seen - expected)) <= 4 * STEP


def test_expressions_may_be_deep(slope):
    r = slope
    for _ in range(3000):
        r = r + 1
    assert preview(r).to_numpy()[0, 0, 0] == at_middles(r)[0, 0, 0]
    assert r[0].to_numpy()[0, 0, 0] == slope.to_numpy()[0, 0, 0] + 3000
