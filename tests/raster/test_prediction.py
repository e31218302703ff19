"""A model over the cells of a block."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import UDFError
from pyterra.raster._prediction import Predictor

NAN = float("nan")


@pytest.fixture
def r():
    values = np.random.default_rng(8).normal(size=(3, 9, 7))
    values[0, 2, 3] = NAN
    values[2, 5, :] = NAN
    return pt.rast(values, names=["c", "a", "b"])


def test_missing_rows_arrive_on_request():
    r = pt.rast([[1.0, NAN]], names="a")
    assert r.predict(None, lambda m, d: d["a"].fillna(-9), na_rm=False).values(drop=True).tolist() == [
        1,
        -9,
    ]


def test_wrong_length_later_names_block_and_shapes():
    r = pt.rast(np.ones((1, 4, 5)), names="a")
    result = r.predict(None, lambda m, d: d["a"] if len(d) == 3 else d["a"][1:])
    with pytest.raises(UDFError, match=r"(?s)20 rows of values, got shape \(19,\).*block of.*\(1, 4, 5\)"):
        result.values()


def test_a_layer_becomes_a_column_of_labels_or_flags():
    factor = Predictor("a", levels=((1.0, "x"), (2.0, "y")))
    assert factor.column(np.array([2.0, 1.0])).tolist() == ["y", "x"]
    flag = Predictor("a", flag=True)
    assert flag.column(np.array([1.0, 0.0])).tolist() == [True, False]
    assert flag.column(np.array([1.0, np.nan])).dtype == np.float64
    assert Predictor("a").column(np.array([1.5])).tolist() == [1.5]
