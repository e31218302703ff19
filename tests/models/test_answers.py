"""What models answer, as layers."""

import numpy as np
import pandas as pd
import pytest

import pyterra as pt
from pyterra.errors import UDFError

NAN = float("nan")


@pytest.fixture
def r():
    values = np.random.default_rng(8).normal(size=(3, 9, 7))
    values[0, 2, 3] = NAN
    values[2, 5, :] = NAN
    return pt.rast(values, names=["c", "a", "b"])


def test_a_table_gives_a_layer_per_column(r):
    result = r.predict(None, lambda m, d: pd.DataFrame({"up": d["a"], "down": -d["a"]}))
    assert result.names == ["up", "down"]
    assert r.predict(None, lambda m, d: {"fit": d["a"], "df": 7}).names == ["fit", "df"]
    assert r.predict(None, lambda m, d: np.c_[d["a"], d["b"]]).names == ["lyr1", "lyr2"]


def test_a_categorical_answer_is_a_factor_with_all_its_categories():
    r = pt.rast([[1.0, 5.0]], names="a")
    result = r.predict(None, lambda m, d: pd.cut(d["a"], [0, 2, 4, 6], labels=["s", "m", "l"]))
    assert result.levels[0]["class"].tolist() == ["s", "m", "l"]
    assert result.values(drop=True).tolist() == [1, 3]


def test_text_without_known_labels_is_refused(r):
    with pytest.raises(UDFError, match="pandas Categorical"):
        r.predict(None, lambda m, d: np.where(d["a"] > 0, "x", "y"))


def test_wrong_length_is_told_at_once(r):
    with pytest.raises(UDFError, match=r"for 3 rows it must give 3 rows of values, got shape \(2,\)"):
        r.predict(None, lambda m, d: d["a"][:2])
