"""Plans follow tiles and strips, and stay inside the budget or refuse."""

import numpy as np
import pytest
import rasterio

import pyterra as pt
from pyterra.errors import MemoryBudgetError
from pyterra.plan import memory_budget, plan


def planned(r):
    return plan(r._node, held=none_held)


def none_held(node):
    return False


@pytest.fixture
def tiled(tmp_path):
    path = tmp_path / "tiled.tif"
    profile = {"driver": "GTiff", "width": 900, "height": 700, "count": 1, "dtype": "uint8", "nodata": 255}
    with rasterio.open(path, "w", **profile, tiled=True, blockxsize=128, blockysize=64, crs="EPSG:3035",
                       transform=rasterio.transform.from_origin(0, 7000, 10, 10)) as f:  # fmt: skip
        f.write(np.zeros((1, 700, 900), "uint8"))
    return path


def test_blocks_are_multiples_of_the_tiles_of_the_source(tiled):
    found = plan((pt.rast(tiled) + 1)._node, held=none_held)
    assert found.blocks.nrow % 64 == 0
    assert found.blocks.ncol % 128 == 0 or found.blocks.ncol == 900


def test_few_cells_in_memory_are_few_blocks():
    with pt.options(workers=2):
        narrow, wide = (planned(pt.rast(np.ones(shape)) * 2).blocks for shape in ((600, 600), (640, 5000)))
        few = planned(pt.rast(np.ones((317, 317))) * 2).blocks
    assert (narrow.nrow, narrow.ncol, len(narrow)) == (150, 600, 4)
    assert (wide.nrow, wide.ncol) == (64, 5000)
    assert len(few) == 1  # not 315 rows, and 2


def test_blocks_follow_the_tiles_through_a_crop(tiled):
    r = pt.rast(tiled)
    part = r.crop(pt.ext(1000, 9000, 0, 6500))  # 100 columns and 50 rows in
    found = plan(part._node, held=none_held)
    assert (found.blocks.row + 50) % 64 == 0
    assert (found.blocks.col + 100) % 128 == 0


def test_blocks_for_a_tiled_file_are_as_wide_as_the_strips_they_come_from(tmp_path):
    path = tmp_path / "strips.tif"
    profile = {"driver": "GTiff", "width": 3000, "height": 600, "count": 1, "dtype": "uint8", "nodata": 0}
    with rasterio.open(path, "w", **profile, crs="EPSG:3035",
                       transform=rasterio.transform.from_origin(0, 6000, 10, 10)) as f:  # fmt: skip
        f.write(np.zeros((1, 600, 3000), "uint8"))
    found = plan(pt.rast(path)._node, held=none_held, sink_tile=(512, 512))
    assert found.blocks.ncol == 3000


@pytest.mark.parametrize("layers", [1, 60, 600])
def test_deep_stacks_stay_inside_the_budget(layers):
    r = pt.rast(nrows=2000, ncols=2000, nlyrs=layers, vals=None)
    from pyterra.expr import Init

    node = Init(grid=r._node.grid, layers=r._node.layers, dtype=np.dtype("float32"), kernel=lambda g, w: None)
    deep = pt.SpatRaster(node).approximate(rule=2)._node if layers > 1 else node
    with pt.options(memory="200MB", workers=2):
        found = plan(deep, held=none_held)
        assert found.total_bytes <= memory_budget()
        assert found.block_bytes * found.workers <= memory_budget()


def test_a_result_that_cannot_fit_is_refused_before_anything_is_read(tiled):
    r = pt.rast(tiled).disagg(40)
    with pt.options(memory="100MB"), pytest.raises(MemoryBudgetError, match="memory budget"):
        r.to_numpy()


@pytest.mark.parametrize("sink", [None, (512, 512)])
def test_blocks_hold_whole_strips_of_a_sweep(sink):
    from pyterra.expr import Init, Regrid, Strips, Tiling
    from pyterra.run.sweep import strips_of

    grid = pt.rast(nrows=20000, ncols=20000, xmin=0, xmax=1, ymin=0, ymax=1, crs="")._node.grid
    layers = pt.rast(nrows=1, ncols=1)._node.layers
    node = Init(grid=grid, layers=layers, dtype=np.dtype("float32"), kernel=lambda g, w: None)
    with pt.options(memory="1GB", workers=2):
        sweep = pt.SpatRaster(node).distance()._node
        strips = strips_of(sweep)
        made = Strips(sweep.method, None, tuple(strips), strips.nrow)
        root = Regrid(
            grid=grid,
            layers=layers,
            dtype=sweep.dtype,
            arguments=(node,),
            method=made,
            tile=Tiling(strips.nrow, strips.ncol),
            rows_at_once=strips.nrow,
        )
        found = plan(root, held=none_held, sink_tile=sink)
    assert found.blocks.ncol == grid.ncol
    assert found.blocks.nrow % strips.nrow == 0
