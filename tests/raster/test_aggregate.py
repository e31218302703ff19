"""aggregate: statistics of pooled cells and layers, incomplete groups."""

import numpy as np
import pytest

import pyterra as pt

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
