"""The planner is never too hopeful: a block needs no more memory than was predicted, nor a file more than the budget."""

import math
import tracemalloc

import numpy as np
import pytest
import rasterio
from cases import RASTERS
from cases.kinds import one_of_each
from inputs import Place, make_at

import pyterra as pt
from pyterra.grid import Window
from pyterra.plan import peak_bytes, schedule
from pyterra.run import evaluate
from pyterra.run.sweep import settled

SIDE = 320
LEAST = 100 * 100
VALUES = 500_000
"""Of a block; one of many layers is smaller, down to LEAST cells."""
ALLOWED = 256 * 1024
"""Bytes beyond the prediction: Python objects, tables of weights, GDAL's handles."""


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    folder = tmp_path_factory.mktemp("large")
    return {
        kind: make_at(kind, Place(SIDE, SIDE, files=kind == "files"), folder) for kind in ("memory", "files")
    }


def check(node):
    node = settled(node, lambda _: False)
    layers = max(len(at.layers) for at in [node, *node.inputs])
    side = min(272, max(104, math.isqrt(VALUES // layers)))
    window = Window(8, 8, side, side).intersection(node.grid.window)
    if window is None or window.cells < LEAST:
        return  # its size is its own, whatever the inputs
    steps = schedule(node, window, lambda _: False)
    evaluate(node, Window(8, 8, 9, 9))  # compile, open files
    tracemalloc.start()
    try:
        values = evaluate(node, window)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert values.shape[1:] == (window.nrow, window.ncol)
    assert peak <= peak_bytes(steps) + ALLOWED


class TestFiles:
    cases = [case for case in RASTERS if not case.slow]

    def test_a_block_needs_no_more_than_predicted(self, case, large):
        check(case.build(large["files"])._node)


class TestMemory:
    cases = one_of_each([case for case in RASTERS if not case.slow])

    def test_a_block_of_values_in_memory_needs_no_more_than_predicted(self, case, large):
        check(case.build(large["memory"])._node)


@pytest.mark.parametrize("executor", ["serial", "threads", "processes"])
def test_a_deep_stack_becomes_a_cog_within_the_budget(executor, tmp_path):
    """A tile of all layers takes 6.5 MB, and a tile of an overview is made of four."""
    path, budget = tmp_path / "in.tif", 6 * 2**20
    values = np.random.default_rng(1).integers(0, 200, (100, 1, 160), dtype="uint8")
    with rasterio.open(
        path, "w", driver="GTiff", width=160, height=140, count=100, dtype="uint8", nodata=0, crs="EPSG:3035",
        transform=rasterio.transform.from_origin(0, 140, 1, 1), tiled=True, blockxsize=64, blockysize=64, compress="zstd",
    ) as file:  # fmt: skip
        file.write(np.broadcast_to(values, (100, 140, 160)))
    how = {
        "format": "COG",
        "options": {"COMPRESS": "ZSTD", "LEVEL": 1, "BLOCKSIZE": 128, "OVERVIEW_COUNT": 1},
    }
    r = pt.rast(path)
    with pt.options(memory=budget, workers=2, executor=executor, tempdir=tmp_path, progress=False):
        (r.crop(pt.ext(0, 8, 0, 8)) / 3).write_raster(tmp_path / "small.tif", **how)  # compile, start workers
        tracemalloc.start()
        try:
            (r / 3).write_raster(tmp_path / "out.tif", **how)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert peak <= budget
    expected = (values / 3).astype("float32")
    expected[values == 0] = np.nan
    for level, rows in ({}, 140), ({"overview_level": 0}, 70):
        with rasterio.open(tmp_path / "out.tif", **level) as file:
            found = file.read()
        if not level:
            np.testing.assert_array_equal(found, np.broadcast_to(expected, found.shape))
        assert found.shape == (100, rows, 160 if not level else 80)
