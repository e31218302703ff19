"""Forests: the leaves that rows fall into, against scikit-learn's trees."""

import numpy as np
import pytest

from pyterra.kernels.forest import add_leaves, pack


def packed(trees):
    roots = np.cumsum([0, *(tree.node_count for tree in trees[:-1])])
    nodes = [
        pack(t.children_left, t.children_right, t.feature, t.threshold, int(root))
        for t, root in zip(trees, roots, strict=True)
    ]
    values = np.concatenate([tree.value[:, 0, :] for tree in trees])
    depths = np.array([tree.max_depth for tree in trees])
    return np.concatenate(nodes), values, roots.astype(np.uint32), depths


@pytest.mark.parametrize("count", [1, 5, 8, 8205])
def test_rows_fall_into_the_leaves_that_scikit_learn_says(count):
    tree = pytest.importorskip("sklearn.tree")
    rng = np.random.default_rng(count)
    x, y = rng.normal(size=(80, 3)).round(1), rng.normal(size=80)
    trees = [tree.DecisionTreeRegressor(max_depth=d, random_state=d).fit(x, y).tree_ for d in (1, 3, None)]
    rows = rng.normal(size=(count, 3)).round(1).astype(np.float32)
    out = np.zeros((count, 1))
    add_leaves(rows, *packed(trees), out)
    expected = np.zeros((count, 1))
    for one in trees:
        expected += one.predict(rows)
    assert (out == expected).all()


def test_a_value_on_the_threshold_goes_left_also_where_float32_has_no_such_number():
    left, right = np.array([1, -1, -1]), np.array([2, -1, -1])
    nodes = pack(left, right, np.array([0, -2, -2]), np.array([0.1, 0.0, 0.0]), 0)
    rows = np.array([[0.1], [np.nextafter(np.float32(0.1), np.float32(0))]], np.float32)  # 0.1 is above 0.1
    out = np.zeros((2, 1))
    add_leaves(
        rows, nodes, np.array([[0.0], [1.0], [2.0]]), np.zeros(1, np.uint32), np.ones(1, np.int64), out
    )
    assert out[:, 0].tolist() == [2.0, 1.0]


def test_a_tree_of_one_leaf_gives_its_value():
    nodes = pack(np.array([-1]), np.array([-1]), np.array([-2]), np.array([-2.0]), 0)
    out = np.zeros((3, 2))
    add_leaves(
        np.zeros((3, 1), np.float32),
        nodes,
        np.array([[4.0, 5.0]]),
        np.zeros(1, np.uint32),
        np.zeros(1, np.int64),
        out,
    )
    assert out.tolist() == [[4.0, 5.0]] * 3
