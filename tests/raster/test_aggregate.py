"""aggregate: statistics of pooled cells and layers, incomplete groups."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import (
    ArgumentError,
)

NAN = np.nan


@pytest.fixture
def cube():
    """Two rows, two columns, two layers: 1 to 7, and 40."""
    return pt.rast(np.array([1, 2, 3, 4, 5, 6, 7, 40.0]).reshape(2, 2, 2))


@pytest.mark.parametrize(
    ("fun", "expected"),
    [
        ("sd", np.std([1, 2, 3, 4, 5, 6, 7, 40], ddof=1)),  # 12.884, not the sd of two sds
        ("std", np.std([1, 2, 3, 4, 5, 6, 7, 40])),
        ("var", np.var([1, 2, 3, 4, 5, 6, 7, 40], ddof=1)),
        ("median", 4.5),
        ("mean", 8.5),
        ("sum", 68),
        ("max", 40),
        ("which_max", 7),
        ("count", 8),
    ],
)
def test_cells_of_all_layers_of_a_group_are_pooled(cube, fun, expected):
    assert cube.aggregate((2, 2, 2), fun).values(drop=True) == pytest.approx([expected], rel=1e-15)


def test_layers_of_a_group_that_are_not_there_count_as_missing():
    x = pt.rast(np.array([[[1.0, 3.0]], [[5.0, 7.0]], [[9.0, 11.0]]]))
    assert x.aggregate((1, 2, 2), "mean").values().tolist()[0][0] == 4.0
    assert np.isnan(x.aggregate((1, 2, 2), "mean").values()[0, 1])  # as terra
    assert x.aggregate((1, 2, 2), "mean", na_rm=True).values().tolist() == [[4.0, 10.0]]
    assert x.aggregate((1, 2, 2), "count").values().tolist() == [[4.0, 2.0]]


def test_the_mean_of_a_pooled_group_weighs_cells_not_layers():
    x = pt.rast(np.array([[[1.0, NAN]], [[2.0, 6.0]]]))
    assert x.aggregate((1, 2, 2), "mean", na_rm=True).values().tolist() == [[3.0]]
    assert x.aggregate((1, 2, 2), "modal", na_rm=True).values().tolist() == [[1.0]]


def test_a_function_of_the_user_sees_all_cells_of_the_layers_of_a_group(cube):
    assert cube.aggregate((2, 2, 2), lambda v: v.size).values().tolist() == [[8.0]]
    assert cube.aggregate((2, 2, 2), lambda v: v[4] - v[0]).values().tolist() == [[4.0]]
    assert cube.aggregate((2, 2, 2), lambda v: float(str(v.sum()))).values().tolist() == [[68.0]]


def test_positions_in_an_incomplete_group_are_among_the_cells_that_exist():
    x = pt.rast(np.array([[1, 2, 3], [4, 5, 6], [7, 8, 9.0]]))
    found = x.aggregate(2, "which_max", na_rm=True).values(drop=True).tolist()
    assert found == [3.0, 1.0, 1.0, 0.0]  # the last column has groups of 2 x 1, the last row of 1 x 2


def test_without_values_the_layers_are_joined_all_the_same():
    x = pt.rast(nrows=4, ncols=4, nlyrs=5)
    assert x.aggregate((2, 2, 2)).shape == (3, 2, 2)


@pytest.fixture
def r():
    return pt.rast(np.arange(12.0).reshape(1, 3, 4), extent=(0, 4, 0, 3), names="v")


def test_aggregate_counts_cells_beyond_the_edge_as_missing(r):
    coarse = r.aggregate(2, "mean")
    assert list(coarse.ext) == [0, 4, -1, 3]
    np.testing.assert_array_equal(coarse.to_numpy()[0], [[2.5, 4.5], [NAN, NAN]])
    np.testing.assert_array_equal(r.aggregate(2, "mean", na_rm=True).to_numpy()[0], [[2.5, 4.5], [8.5, 10.5]])


def test_aggregate_by_rows_columns_layers_and_functions(r):
    two = pt.c(r, r + 100)
    assert r.aggregate([3, 2], "max").to_numpy()[0].tolist() == [[9, 11]]
    assert two.aggregate([1, 1, 2], "sum").to_numpy()[0, 0, 0] == 100
    np.testing.assert_array_equal(r.aggregate([3, 4], lambda v: v[0] + v[-1]).to_numpy(), [[[11]]])
    np.testing.assert_array_equal(
        r.aggregate([3, 4], lambda v: float(len(f"{v[-1]:.1f}"))).to_numpy(), [[[4]]]
    )  # "11.0"
    with pytest.raises(ArgumentError, match="whole numbers"):
        r.aggregate(0)


def test_modal_ties_go_to_the_lowest_value():
    r = pt.rast([[3, 1], [3, 1]])
    assert r.aggregate(2, "modal").to_numpy().item() == 1
    s = pt.rast([[2, 1], [2, 2]])
    s.levels = {1: "a", 2: "b"}
    assert s.aggregate(2, "modal").is_factor() == [True]


def test_disagg_repeats_or_interpolates(r):
    fine = r.disagg([2, 3])
    assert fine.shape == (1, 6, 12)
    np.testing.assert_array_equal(fine.to_numpy()[0, :2, :3], np.zeros((2, 3)))
    assert list(fine.ext) == list(r.ext)
    smooth = r.disagg(2, "bilinear").to_numpy()[0]
    assert smooth[2, 3] == pytest.approx(r.to_numpy()[0, 1, 1] + 0.25 - 1.0)
