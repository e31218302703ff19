"""What an engine may ask of a node."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.expr import Cells, Constant, Node, Tiling
from pyterra.expr.layers import named
from pyterra.grid import Grid, Window
from pyterra.grid.extent import Extent

GRID = Grid(Extent(0, 4, 0, 3), 3, 4, "")
F4 = np.dtype("float32")


def constant(*numbers):
    return Constant(grid=GRID, layers=named("abc"[: len(numbers)]), dtype=F4, numbers=numbers)


def over(*nodes):
    return Cells(grid=GRID, layers=nodes[0].layers, dtype=F4, arguments=nodes, kernel=lambda *a: sum(a))


def test_nodes_are_equal_only_to_themselves():
    a, b = constant(1.0), constant(1.0)
    assert a != b
    assert len({a, b, a}) == 2


def test_a_node_over_the_same_inputs_is_the_same_node():
    a, b = constant(1.0), constant(2.0)
    node = over(a, b)
    assert node.with_inputs((a, b)) is node
    other = node.with_inputs((b, b))
    assert other.inputs == (b, b)
    assert other.kernel is node.kernel
    with pytest.raises(ValueError, match="argument"):
        node.with_inputs((a,))


def test_a_block_has_the_bytes_of_its_layers():
    assert constant(1.0, 2.0).nbytes(Window(0, 0, 3, 2)) == 2 * 6 * 4


def test_a_plain_node_does_not_compute_and_its_layers_are_its_parts():
    node = Node(grid=GRID, layers=named("ab"), dtype=F4)
    assert node.parts == [(node, 0), (node, 1)]
    assert (node.inputs, node.footprint(GRID.window), node.scratch(GRID.window)) == ((), (), 0)
    with pytest.raises(TypeError, match="does not compute"):
        node.block((), GRID.window)


def test_the_tiling_is_that_of_the_first_source_with_the_same_cells(tmp_path):
    path = tmp_path / "a.tif"
    pt.rast(np.zeros((1, 40, 40), np.float32)).write_raster(
        path, options={"BLOCKXSIZE": "16", "BLOCKYSIZE": "32"}
    )
    r = pt.rast(path)
    tiling = r._node.tiling
    assert isinstance(tiling, Tiling)
    assert (tiling.nrow, tiling.ncol) == (32, 16)
    assert (r * 2 + r.focal(3))._node.tiling == tiling
    assert r.aggregate(2)._node.tiling is None
