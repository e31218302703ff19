"""A layer for each class, and groups of layers. The numbers are those of terra 1.9."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError

NAN = np.nan


@pytest.fixture
def r():
    return pt.rast([[1, 5, NAN], [5, 2, 3]])


def test_every_class_gets_a_layer(r):
    found = r.segregate()
    assert found.names == ["1", "2", "3", "5"]
    np.testing.assert_array_equal(found.values()[:, 3], [0, 1, NAN, 1, 0, 0])
    np.testing.assert_array_equal(r.segregate(other=-1).values()[:, 0], [1, -1, NAN, -1, -1, -1])


def test_classes_can_be_chosen_and_kept(r):
    found = r.segregate([9, 5], keep=True, other=None)
    assert found.names == ["5", "9"]
    np.testing.assert_array_equal(found.values()[:, 0], [NAN, 5, NAN, 5, NAN, NAN])
    assert np.isnan(found.values()[:, 1]).all()


def test_values_may_be_rounded_first(r):
    assert (r / 2).segregate().names == ["0.5", "1", "1.5", "2.5"]
    found = (r / 2).segregate(round=True)
    assert found.names == ["1", "2", "3"]
    np.testing.assert_array_equal(found.values()[:, 0], [1, 0, NAN, 0, 1, 0])
    assert (r / 2).segregate(round=True, digits=1).names == ["0.5", "1", "1.5", "2.5"]


def test_classes_of_a_factor_have_labels(r):
    f = r.copy()
    f.levels = {1: "w", 2: "x", 3: "y", 5: "z"}
    assert f.segregate("z").names == ["5"]
    with pytest.raises(ArgumentError, match="classes must be values or labels"):
        f.segregate("v")


def test_one_layer_is_taken(r):
    with pytest.raises(ArgumentError, match="one layer, got 2; choose one, as with"):
        pt.c(r, r).segregate()


def test_split_makes_groups_in_the_order_in_which_they_come(r):
    s = pt.c(a=r, b=r, c=r, d=r)
    assert [part.names for part in s.split(["u", "v", "u", "u"])] == [["a", "c", "d"], ["b"]]
    assert [part.names for part in s.split([2, 1, 2, 1])] == [["a", "c"], ["b", "d"]]
    with pytest.raises(ArgumentError, match=r"f must be one per layer \(4\), got 2"):
        s.split([1, 2])
