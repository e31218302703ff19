"""Forests of scikit-learn, computed by pyterra's own kernel: the bits of scikit-learn."""

import numpy as np
import pandas as pd
import pytest

import pyterra as pt

pytest.importorskip("sklearn")

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


@pytest.fixture
def rows(r):
    """The complete rows, in the order of the model's predictors, and where they belong."""
    table = pd.DataFrame(r.values(), columns=r.names)[["a", "b", "c"]]
    return table.dropna()


def kept(result, rows):
    values = result.values()
    assert np.isnan(np.delete(values, rows.index, axis=0)).all()
    return values[rows.index]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("kind", ["RandomForestRegressor", "ExtraTreesRegressor"])
def test_a_forest_gives_the_bits_that_scikit_learn_gives_on_one_core(r, kind, dtype):
    from sklearn import ensemble

    model = getattr(ensemble, kind)(9, random_state=2).fit(TABLE, NUMBERS)
    r = pt.rast(r.to_numpy().astype(dtype), names=r.names)
    table = pd.DataFrame(r.values(), columns=r.names)[["a", "b", "c"]].dropna()
    assert (kept(r.predict(model), table)[:, 0] == model.predict(table)).all()


def test_a_forest_that_knows_missing_values_gets_them_on_request(r):
    from sklearn.ensemble import RandomForestRegressor

    table = TABLE.mask(RNG.random(TABLE.shape) < 0.2)
    model = RandomForestRegressor(5, random_state=1).fit(table, NUMBERS)
    expected = model.predict(pd.DataFrame(r.values(), columns=r.names)[["a", "b", "c"]])
    assert (r.predict(model, na_rm=False).values()[:, 0] == expected).all()
