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
