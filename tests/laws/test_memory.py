"""The planner is never too hopeful: a block needs no more memory than was predicted."""

import tracemalloc

import pytest
from cases import RASTERS
from inputs import Place, make_at

from pyterra.grid import Window
from pyterra.plan import peak_bytes, schedule
from pyterra.run import evaluate
from pyterra.run.sweep import settled

SIDE = 320
LEAST = 100 * 100
ALLOWED = 256 * 1024
"""Bytes beyond the prediction: Python objects, tables of weights, GDAL's handles."""


@pytest.fixture(scope="module", params=["memory", "files"])
def large(request, tmp_path_factory):
    place = Place(SIDE, SIDE, files=request.param == "files")
    return make_at(request.param, place, tmp_path_factory.mktemp("large"))


class TestBlocks:
    cases = [case for case in RASTERS if not case.slow]

    def test_a_block_needs_no_more_than_predicted(self, case, large):
        node = settled(case.build(large)._node, lambda _: False)
        window = Window(8, 8, 272, 272).intersection(node.grid.window)
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
