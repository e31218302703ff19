"""Walks over expressions: each node once, without recursion."""

import numpy as np

from pyterra.expr import Cells, Constant
from pyterra.expr.layers import named
from pyterra.expr.walk import fold, rewritten, topological
from pyterra.grid import Grid
from pyterra.grid.extent import Extent

GRID = Grid(Extent(0, 1, 0, 1), 1, 1, "")


def leaf(number=1.0):
    return Constant(grid=GRID, layers=named("a"), dtype=np.dtype("float32"), numbers=(number,))


def over(*nodes):
    return Cells(grid=GRID, layers=named("a"), dtype=np.dtype("float32"), arguments=nodes, kernel=np.add)


def no(node):
    return False


def test_every_key_is_asked_for_once():
    below = {"a": ["b", "c"], "b": ["d"], "c": ["d"], "d": []}
    made = []

    def make(key, parts):
        made.append(key)
        return key + "".join(parts)

    assert fold("a", below.__getitem__, make) == "abdcd"
    assert sorted(made) == ["a", "b", "c", "d"]


def test_inputs_come_after_what_needs_them_wherever_else_they_are_used():
    a = leaf()
    b = over(a)
    c = over(a, b)
    assert topological(c, no) == [c, b, a]
    assert topological(c, lambda node: node is b)[0] is c
    assert set(topological(c, lambda node: node is b)) == {a, b, c}
    assert topological(over(b), lambda node: node is b)[1:] == [b]


def test_a_rule_rewrites_what_is_not_held_and_keeps_what_did_not_change():
    a, other = leaf(1.0), leaf(2.0)
    b = over(a)
    root = over(b, b)

    def rule(old, new):
        return other if old is a else new

    found = rewritten(root, no, rule)
    assert found.inputs[0] is found.inputs[1]
    assert found.inputs[0].inputs == (other,)
    assert rewritten(root, no, lambda old, new: new) is root
    assert rewritten(root, lambda node: node is b, rule) is root


def test_expressions_may_be_deeper_than_pythons_stack():
    node = leaf()
    for _ in range(5000):
        node = over(node)
    assert len(topological(node, no)) == 5001
    assert rewritten(node, no, lambda old, new: new) is node
