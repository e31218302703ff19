"""Values as tables and arrays, with labels, times and positions."""

import numpy as np
import pandas as pd
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError

NA = float("nan")


@pytest.fixture
def ab():
    return pt.rast([[[1.0, NA, 3, NA]], [[NA, NA, 1, 2]]], names=["a", "b"], extent=(0, 4, 0, 1), crs="")


def test_cells_missing_in_all_layers_are_left_out(ab):
    assert ab.as_data_frame(cells=True)["cell"].tolist() == [0, 2, 3]
    assert ab.as_data_frame(cells=True, na_rm=True)["cell"].tolist() == [2]
    assert ab.as_data_frame(cells=True, na_rm=False)["cell"].tolist() == [0, 1, 2, 3]


def test_columns_stand_in_terras_order(ab):
    table = ab.as_data_frame(xy=True, cells=True)
    assert list(table.columns) == ["cell", "x", "y", "a", "b"]
    assert table.iloc[1].tolist() == [2, 2.5, 0.5, 3, 1]


def test_equal_names_may_repeat(ab):
    ab.names = ["a", "a"]
    assert list(ab.as_data_frame().columns) == ["a", "a"]


def test_each_kind_of_layer_has_its_dtype():
    classes = pt.rast([[1, 2, 9]], crs="")
    classes.levels = pd.DataFrame({"ID": [1, 2], "kind": ["wood", "lake"]})
    flags = pt.rast([[1.0, 0.0, NA]], crs="") == 1
    whole, real = pt.rast([[7, 8, 9]], crs=""), pt.rast([[0.5, 1, 2]], crs="")
    table = pt.c(classes, flags, whole, real).as_data_frame()
    assert table.iloc[:, 0].tolist()[:2] == ["wood", "lake"]
    assert list(table.iloc[:, 0].cat.categories) == ["wood", "lake"]
    assert pd.isna(table.iloc[2, 0])
    assert table.iloc[:2, 1].tolist() == [True, False]
    assert pd.isna(table.iloc[2, 1])
    assert table.dtypes.iloc[2] == np.int64
    assert table.dtypes.iloc[3] == np.float64


def test_long_tables_have_a_row_per_cell_and_layer(ab):
    ab.time = ["2020-01-01", "2021-01-01"]
    table = ab.as_data_frame(wide=False, time=True, na_rm=True)
    assert list(table.columns) == ["layer", "time", "values"]
    assert table["values"].tolist() == [3, 1]
    assert ab.as_data_frame(time=True).columns.tolist() == [
        np.datetime64("2020-01-01"),
        np.datetime64("2021-01-01"),
    ]


def test_times_must_be_there(ab):
    with pytest.raises(ArgumentError, match="needs layers with times"):
        ab.as_data_frame(time=True)


def test_matrices_and_arrays(ab):
    assert ab.as_matrix().shape == (4, 2)
    assert ab.as_matrix(wide=True).shape == (1, 8)
    assert ab.as_array().shape == (1, 4, 2)
    assert ab.as_array()[0, 2].tolist() == [3, 1]


def test_coordinates_of_cells_that_are_not_missing(ab):
    """Counted by hand; terra 1.9 gives the same."""
    assert ab.crds().tolist() == [[2.5, 0.5]]
    assert ab.crds(na_all=True)[:, 0].tolist() == [0.5, 2.5, 3.5]
    assert ab.crds(na_rm=False)[:, 0].tolist() == [0.5, 1.5, 2.5, 3.5]
    assert pt.rast(ab).crds().shape == (4, 2)
    assert ab.crds(df=True).columns.tolist() == ["x", "y"]
    assert (ab * NA).crds().shape == (0, 2)


def test_head_and_tail_are_the_first_and_the_last_cells(ab):
    first = ab.head(2)
    assert first.columns.tolist() == ["a", "b"]
    np.testing.assert_array_equal(first, [[1, NA], [NA, NA]])
    np.testing.assert_array_equal(ab.tail(1), [[NA, 2]])
    assert len(ab.head(99)) == len(ab.tail(99)) == 4
    assert len(ab.head(0)) == len(ab.tail(0)) == 0
    f = pt.rast([[1, 2]])
    f.levels = {1: "wet", 2: "dry"}
    assert f.tail(1).iloc[0, 0] == "dry"
    with pytest.raises(ArgumentError, match="head: n must be 0 or above, got -1"):
        ab.head(-1)
