"""What is computed for a block, in which order and over which windows."""

import numpy as np

import pyterra as pt
from pyterra.expr import Read
from pyterra.grid import Window
from pyterra.plan import peak_bytes, schedule


def nothing_held(node):
    return False


def raster(rows=40, cols=50, layers=1):
    return pt.rast(np.arange(layers * rows * cols, dtype="float32").reshape(layers, rows, cols))


def test_a_node_used_twice_is_one_step():
    r = raster()
    twice = r.sqrt()
    steps = schedule((twice + twice)._node, Window(0, 0, 10, 10), nothing_held)
    assert sum(step.node is twice._node for step in steps) == 1
    assert len(steps) == 3


def test_a_node_wanted_with_and_without_halo_is_computed_once_over_the_hull():
    r = raster().sqrt()
    steps = schedule((r - r.focal(5, "mean"))._node, Window(10, 10, 20, 20), nothing_held)
    own = [step for step in steps if step.node is r._node]
    assert [step.window for step in own] == [Window(8, 8, 24, 24)]


def test_distant_windows_of_one_node_stay_apart():
    r = raster().sqrt()
    steps = schedule((r + r.flip())._node, Window(0, 0, 4, 50), nothing_held)
    windows = sorted(step.window for step in steps if step.node is r._node)
    assert windows == [Window(0, 0, 4, 50), Window(36, 0, 4, 50)]


def test_every_step_comes_after_its_inputs_and_is_freed_once():
    r = raster(layers=3)
    node = (r.focal(3) * 2 + r.sum()).app("max")._node
    steps = schedule(node, Window(0, 0, 16, 16), nothing_held)
    freed = [i for step in steps for i in step.frees]
    assert len(freed) == len(set(freed)) == len(steps) - 1
    for position, step in enumerate(steps):
        assert all(item is None or item[0] < position for item in step.inputs)
        for item in step.inputs:
            assert item is None or steps[item[0]].window.contains(item[1])


def test_what_lies_below_held_values_is_not_computed():
    r = raster()
    middle = r.sqrt()
    steps = schedule((middle + 1)._node, Window(0, 0, 10, 10), lambda node: node is middle._node)
    assert [step.held for step in steps] == [True, False]
    assert not any(isinstance(step.node, Read) for step in steps)


def test_a_thousand_verbs_in_a_row_are_scheduled_and_computed():
    r = raster(4, 4)
    for _ in range(1000):
        r = r + 1
    assert r.to_numpy()[0, 0, 0] == 1000


def test_parts_of_an_array_in_memory_count_only_for_whoever_copies_them():
    r, part = raster(), Window(0, 5, 20, 30)
    doubled = (r * 2)._node
    shown = r.flip()._node
    copied = peak_bytes(schedule(doubled, part, nothing_held))
    assert copied == doubled.scratch(part) + (4 + 8) * part.cells
    assert peak_bytes(schedule(shown, part, nothing_held)) == shown.scratch(part) + 4 * part.cells
