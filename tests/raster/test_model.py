"""predict and interpolate: whose model it is makes no difference."""

import numpy as np
import pandas as pd
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError

NAN = float("nan")


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


class TestFunctions:
    def test_a_function_gets_the_model_and_a_table(self, r, rows):
        result = r.predict(3, lambda m, d, plus: d["a"] * m + plus, plus=1)
        assert np.allclose(kept(result, rows)[:, 0], rows["a"] * 3 + 1)


class _Constant:
    def predict(self, table):
        return np.full(len(table), 4.0)


class TestInterpolate:
    def test_coordinates_of_cells_are_predictors(self):
        grid = pt.rast(nrows=2, ncols=2, xmin=0, xmax=4, ymin=0, ymax=20)
        result = grid.interpolate(None, lambda m, d: d["lon"] * 100 + d["lat"], xy_names=("lon", "lat"))
        assert result.values(drop=True).tolist() == [115, 315, 105, 305]

    def test_layers_are_predictors_too(self):
        r = pt.rast([[1.0, NAN]], names="z")
        assert r.interpolate(None, lambda m, d: d["x"] + d["z"]).values(drop=True).tolist()[0] == 1.5

    def test_names_must_be_two(self):
        with pytest.raises(ArgumentError, match="two names"):
            pt.rast(nrows=1, ncols=1).interpolate(None, _Constant, xy_names="xy")
