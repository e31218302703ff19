"""The planner is never too hopeful: a block needs no more memory than was predicted."""

import math
import tracemalloc

import pytest
from cases import RASTERS
from cases.kinds import one_of_each
from inputs import Place, make_at

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
