"""A statistic of all cells is data: any executor computes it in the order of the blocks."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.expr.reduce import Reduce
from pyterra.run import Serial, Threads, reduce, use_executor


@pytest.mark.parametrize("executor", [Serial(), Threads(3)])
def test_parts_are_combined_in_the_order_of_the_blocks(executor, forced_blocks):
    forced_blocks(2, 3)
    r = pt.rast(np.zeros((1, 3, 5)))
    told = Reduce(
        node=r._node,
        chunk=lambda block, window: [(window.row, window.col)],
        combine=lambda a, b: a + b,
        finalise=tuple,
    )
    with use_executor(executor):
        assert reduce(told) == ((0, 0), (0, 3), (2, 0), (2, 3))
