"""What a node describes."""

import numpy as np

from pyterra.expr import Constant
from pyterra.expr.described import Described
from pyterra.expr.layers import named
from pyterra.grid import Grid
from pyterra.grid.extent import Extent


def test_setting_the_node_describes_the_same_object_anew():
    one, two = (
        Constant(
            grid=Grid(Extent(0, 1, 0, 1), 1, 1, ""),
            layers=named([name]),
            dtype=np.dtype("float32"),
            numbers=(1.0,),
        )
        for name in "ab"
    )
    thing = Described(one)
    same = thing
    thing._node = two
    assert same._node is two
