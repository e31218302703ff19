"""What a model is given: layers and constants that are its predictors, by name."""

import numpy as np
import pandas as pd
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError, LayerError
from pyterra.raster._predictors import constants_of

NAN = float("nan")
RNG = np.random.default_rng(5)
TABLE = pd.DataFrame(RNG.normal(size=(120, 3)), columns=["a", "b", "c"])
NUMBERS = TABLE["a"] * 2 - TABLE["c"] + RNG.normal(size=120) * 0.1


@pytest.fixture
def r():
    values = np.random.default_rng(8).normal(size=(3, 9, 7))
    values[0, 2, 3] = NAN
    values[2, 5, :] = NAN
    return pt.rast(values, names=["c", "a", "b"])


def test_constants_replace_layers_and_several_give_several():
    r = pt.rast([[1.0, 2.0]], names="a")
    one = r.predict(None, lambda m, d: d["a"] + d["k"], const={"k": 10})
    assert one.values(drop=True).tolist() == [11, 12]
    both = pt.rast([[[1.0, 2.0]], [[3.0, 4.0]]], names=["a", "k"])
    over = both.predict(None, lambda m, d: d["a"] + d["k"], const={"k": 10})
    assert over.values(drop=True).tolist() == [11, 12]
    many = r.predict(None, lambda m, d: d["a"] + d["k"], const=pd.DataFrame({"k": [0, 5]}))
    assert many.names == ["X1.k0", "X2.k5"]
    assert many.values().tolist() == [[1, 6], [2, 7]]


def test_levels_can_be_given_for_numbers_and_taken_from_factors():
    r = pt.rast([[1, 2]], names="a")
    named = r.predict(None, lambda m, d: (d["a"] == "old") * 1.0, factors={"a": ["new", "old"]})
    assert named.values(drop=True).tolist() == [0, 1]
    r.levels = {1: "x", 2: "y"}
    plain = r.predict(None, lambda m, d: d.iloc[:, 0] * 2, factors={r.names[0]: {}})
    assert plain.values(drop=True).tolist() == [2, 4]


def test_names_are_checked(r):
    r.names = ["a", "a", "b"]
    with pytest.raises(LayerError, match="layer names must differ, got 2 named 'a'"):
        r.predict(None, lambda m, d: d["a"])


def test_a_predictor_that_no_layer_has_is_named_with_near_ones(r):
    pytest.importorskip("sklearn")
    from sklearn.linear_model import LinearRegression

    model = LinearRegression().fit(TABLE.rename(columns={"a": "nir"}), NUMBERS)
    r.names = ["c", "NIR", "b"]
    with pytest.raises(LayerError, match=r"predictor 'nir'; no layer has that name"):
        r.predict(model)


@pytest.mark.parametrize(
    ("const", "words"),
    [
        ({"k": [1, 2], "m": [1, 2, 3]}, r"the values of const must be equally many, got \[2, 3\]"),
        (3, "const must be a mapping or a DataFrame, got int"),
    ],
)
def test_constants_are_equally_many_by_name(const, words):
    with pytest.raises(ArgumentError, match=words):
        constants_of(const, "predict")


def test_one_value_serves_all_runs():
    assert constants_of({"k": [1, 2], "m": 9}, "predict") == ({"k": (1, 2), "m": (9, 9)}, 2)
    assert constants_of(pd.DataFrame({"k": [1, 2]}), "predict") == ({"k": (1, 2)}, 2)
    assert constants_of(None, "predict") == ({}, 1)
