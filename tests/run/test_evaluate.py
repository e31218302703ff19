"""One block through the whole expression: each node once, what is read once, and in halves where it grows too large."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.expr import Cells, Read
from pyterra.grid import Window
from pyterra.run.driver import Cancelled
from pyterra.run.evaluate import Fetchings, Task, evaluate, fetch

ARRAY = np.arange(48.0).reshape(1, 6, 8)


def counted(r, seen):
    """The same raster, noting the shape of every block that is computed."""

    def kernel(block):
        seen.append(block.shape[1:])
        return block + 1

    node = r._node
    return pt.SpatRaster(
        Cells(grid=node.grid, layers=node.layers, dtype=node.dtype, arguments=(node,), kernel=kernel)
    )


def test_a_node_that_is_used_twice_is_computed_once():
    seen = []
    one = counted(pt.rast(ARRAY), seen)
    found = evaluate((one + one * 2)._node, Window(1, 2, 3, 4))
    np.testing.assert_array_equal(found, (ARRAY[:, 1:4, 2:6] + 1) * 3)
    assert seen == [(3, 4)]


def test_a_block_that_needs_far_more_than_planned_is_computed_in_halves():
    seen = []
    node = counted(pt.rast(ARRAY), seen)._node
    found = evaluate(node, node.grid.window, limit=1)
    np.testing.assert_array_equal(found, ARRAY + 1)
    assert set(seen) == {(1, 1)}
    assert len(seen) == 48


def test_a_run_that_is_given_up_ends_before_the_next_node():
    with pytest.raises(Cancelled):
        evaluate(pt.rast(ARRAY)._node, Window(0, 0, 1, 1), stopped=lambda: True)


def test_what_was_fetched_serves_every_window_inside(tmp_path):
    path = tmp_path / "a.tif"
    pt.rast(ARRAY).write_raster(path)
    node = (pt.rast(path) + 1)._node
    found = fetch(node, Window(0, 0, 4, 8), None)
    (source,) = node.inputs
    assert isinstance(source, Read)
    np.testing.assert_array_equal(found.values(source, Window(1, 1, 2, 2)), ARRAY[:, 1:3, 1:3])
    assert found.values(source, Window(3, 0, 2, 2)) is None
    assert Fetchings().values(source, Window(0, 0, 1, 1)) is None


def test_a_task_finishes_strips_and_joins_them_where_the_sink_wants_one():
    def finish(block, window):
        return float(block.sum())

    node, window = pt.rast(ARRAY)._node, Window(0, 0, 5, 8)
    strips = Task(node, finish, strip=2)(window)
    assert [(w.row, w.nrow) for w, _ in strips] == [(0, 2), (2, 2), (4, 1)]
    assert sum(part for _, part in strips) == ARRAY[:, :5].sum()
    joined = Task(node, finish, strip=2, join=lambda parts, whole: (len(parts), whole))(window)
    assert joined == [(window, (3, window))]
    assert Task(node, finish)(window) == [(window, ARRAY[:, :5].sum())]


def test_kernels_get_arrays_that_lie_together_unless_they_take_others():
    values = np.arange(2 * 6 * 5.0).reshape(2, 6, 5)
    read, window = pt.rast(values)._node, Window(1, 0, 3, 5)
    seen = []

    def kernel(block):
        seen.append(block.flags.c_contiguous)
        return block + 0

    for apart in (False, True):
        node = Cells(
            grid=read.grid,
            layers=read.layers,
            dtype=read.dtype,
            arguments=(read,),
            kernel=kernel,
            takes_layers_apart=apart,
        )
        np.testing.assert_array_equal(evaluate(node, window), values[:, 1:4])
    assert seen == [True, False]
    assert evaluate(read, window).flags.c_contiguous


def test_a_kernel_writes_into_the_array_that_is_wanted():
    raster = pt.rast(np.arange(48.0).reshape(1, 6, 8))
    wanted = raster.focal(3, "sum", na_rm=True)
    expected = wanted.to_numpy()
    whole = np.zeros((1, 6, 8))
    found = evaluate(wanted._node, Window(2, 0, 3, 8), target=whole[:, 2:5])
    assert np.shares_memory(found, whole)
    np.testing.assert_array_equal(whole[:, 2:5], expected[:, 2:5])
    assert not whole[:, :2].any()
    apart = evaluate(wanted._node, Window(2, 1, 3, 4), target=whole[:, 2:5, 1:5])
    assert not np.shares_memory(apart, whole)
    np.testing.assert_array_equal(apart, expected[:, 2:5, 1:5])


@pytest.mark.parametrize("verb", [
    lambda r: r.crop(pt.ext(1, 6, 1, 5)), lambda r: r.flip(), lambda r: r.disagg(2), lambda r: r.extend(2),
    lambda r: r.resample(pt.rast(nrows=4, ncols=3, xmin=1, xmax=7, ymin=1, ymax=5, crs=""), "near"),
    lambda r: r.resample(pt.rast(nrows=9, ncols=20, xmin=1, xmax=7, ymin=1, ymax=5, crs=""), "near"),
])  # fmt: skip
def test_cells_are_moved_from_parts_of_larger_arrays(verb):
    values = np.arange(2 * 6 * 8.0).reshape(2, 6, 8)
    larger = np.zeros((2, 9, 11))
    larger[:, 2:8, 1:9] = values
    part, alone = pt.rast(larger).crop(pt.ext(1, 9, 1, 7)), pt.rast(values)
    alone.ext = part.ext
    node = verb(part)._node
    assert node.takes_parts
    np.testing.assert_array_equal(evaluate(node, node.grid.window), verb(alone).to_numpy())
