"""Footprints: as separable area weights where axes are the same, as shapely cuts them where cells turn."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest
import shapely

from pyterra.kernels.area import SLIVER, AreaFun, area_stat, area_weights
from pyterra.kernels.footprint import footprint_stat

NAN = np.nan


def random_block(seed, shape, dtype=np.float64):
    rng = np.random.default_rng(seed)
    block = rng.integers(0, 9, shape).astype(dtype) / 4
    block[rng.random(shape) < 0.1] = NAN
    return block


@pytest.mark.parametrize("fun", get_args(AreaFun))
def test_footprints_of_a_straight_grid_equal_area_statistics(fun):
    block = random_block(1, (2, 11, 9))
    rows, cols = -0.3 + 2.7 * np.arange(6), 0.2 + 0.7 * np.arange(13)
    expected = area_stat(
        block, area_weights(0, 1, 11, -0.3, 2.7, 5), area_weights(0, 1, 9, 0.2, 0.7, 12), fun
    )
    got = footprint_stat(block, *np.meshgrid(rows, cols, indexing="ij"), fun)
    np.testing.assert_allclose(got, expected, rtol=1e-12)


def polygons_of(rows, cols):
    """The quadrilateral of every destination cell, in source cells (shapely)."""
    corners = [
        (slice(-1), slice(-1)),
        (slice(-1), slice(1, None)),
        (slice(1, None),) * 2,
        (slice(1, None), slice(-1)),
    ]
    ring = np.stack([np.stack([cols[c], rows[c]], axis=-1) for c in corners], axis=-2)
    return shapely.polygons(ring)


def covered(rows, cols, nrow, ncol):
    """Area of every source cell under every destination cell, by shapely: shape (m, n, row, col)."""
    x, y = np.meshgrid(np.arange(ncol), np.arange(nrow))
    cells = shapely.box(x, y, x + 1, y + 1)
    return shapely.area(shapely.intersection(polygons_of(rows, cols)[:, :, None, None], cells))


def turned(seed, angle, step):
    """Corners of a grid that is turned and bent a little."""
    rng = np.random.default_rng(seed)
    y, x = np.meshgrid(np.arange(6.0) * step, np.arange(7.0) * step, indexing="ij")
    a = np.radians(angle)
    rows = 2 + y * np.cos(a) + x * np.sin(a) + rng.uniform(-0.1, 0.1, y.shape) * step
    cols = 4 + x * np.cos(a) - y * np.sin(a) + rng.uniform(-0.1, 0.1, y.shape) * step
    return rows, cols


@pytest.mark.parametrize(("angle", "step"), [(0, 1.3), (30, 1.0), (45, 2.2), (100, 0.3), (-170, 1.7)])
@pytest.mark.parametrize("fun", get_args(AreaFun))
def test_what_a_turned_cell_covers_is_exact(fun, angle, step):
    block = random_block(11, (2, 12, 14))
    rows, cols = turned(angle % 360, angle, step)
    share = covered(rows, cols, 12, 14)
    share = np.where(share > SLIVER * np.minimum(share.sum(axis=(2, 3), keepdims=True), 1), share, 0.0)
    got = footprint_stat(block, rows, cols, fun)
    for layer, y, x in np.ndindex(got.shape):
        used = (share[y, x] > 0) & ~np.isnan(block[layer])
        w, v = share[y, x][used], block[layer][used]
        if len(v) == 0:
            assert np.isnan(got[layer, y, x])
            continue
        expected = {
            "average": (w * v).sum() / w.sum(),
            "sum": (w * v).sum(),
            "rms": np.sqrt((w * v * v).sum() / w.sum()),
            "min": v.min(),
            "max": v.max(),
            "med": np.sort(v)[int(np.ceil(len(v) / 2)) - 1],
            "q1": np.sort(v)[max(0, int(np.ceil(0.25 * len(v))) - 1)],
            "q3": np.sort(v)[max(0, int(np.ceil(0.75 * len(v))) - 1)],
        }
        if fun == "mode":
            assert (v == got[layer, y, x]).sum() == max((v == u).sum() for u in v)
        else:
            assert got[layer, y, x] == pytest.approx(expected[fun], rel=1e-10)


def test_constants_stay_what_they_are():
    rows, cols = turned(5, 33, 1.1)
    got = footprint_stat(np.full((1, 12, 14), 0.1), rows, cols, "average")
    assert set(got[~np.isnan(got)].tolist()) == {0.1}


@pytest.mark.parametrize("fun", get_args(AreaFun))
def test_footprint_bits_do_not_depend_on_the_window(fun):
    block = random_block(3, (1, 60, 70), np.float32)
    y, x = np.meshgrid(np.arange(20.0), np.arange(25.0), indexing="ij")
    rows, cols = 5 + 2.3 * y + 0.11 * x, 3 + 2.1 * x - 0.07 * y
    whole = footprint_stat(block, rows, cols, fun)
    part = np.ascontiguousarray(block[:, 10:50, 9:60])
    got = footprint_stat(part, rows[5:15, 7:18], cols[5:15, 7:18], fun, origin=(10, 9))
    assert got.tobytes() == whole[:, 5:14, 7:17].tobytes()
