"""predict and interpolate: whose model it is makes no difference."""

import numpy as np
import pandas as pd
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError, LayerError, UDFError

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


class TestFunctions:
    def test_a_function_gets_the_model_and_a_table(self, r, rows):
        result = r.predict(3, lambda m, d, plus: d["a"] * m + plus, plus=1)
        assert np.allclose(kept(result, rows)[:, 0], rows["a"] * 3 + 1)

    def test_missing_rows_arrive_on_request(self):
        r = pt.rast([[1.0, NAN]], names="a")
        assert r.predict(None, lambda m, d: d["a"].fillna(-9), na_rm=False).values(drop=True).tolist() == [
            1,
            -9,
        ]

    def test_wrong_length_later_names_block_and_shapes(self):
        r = pt.rast(np.ones((1, 4, 5)), names="a")
        result = r.predict(None, lambda m, d: d["a"] if len(d) == 3 else d["a"][1:])
        with pytest.raises(
            UDFError, match=r"(?s)20 rows of values, got shape \(19,\).*block of.*\(1, 4, 5\)"
        ):
            result.values()

    def test_constants_replace_layers_and_several_give_several(self):
        r = pt.rast([[1.0, 2.0]], names="a")
        one = r.predict(None, lambda m, d: d["a"] + d["k"], const={"k": 10})
        assert one.values(drop=True).tolist() == [11, 12]
        both = pt.rast([[[1.0, 2.0]], [[3.0, 4.0]]], names=["a", "k"])
        over = both.predict(None, lambda m, d: d["a"] + d["k"], const={"k": 10})
        assert over.values(drop=True).tolist() == [11, 12]
        many = r.predict(None, lambda m, d: d["a"] + d["k"], const=pd.DataFrame({"k": [0, 5]}))
        assert many.names == ["X1.k0", "X2.k5"]
        assert many.values().tolist() == [[1, 6], [2, 7]]

    def test_levels_can_be_given_for_numbers_and_taken_from_factors(self):
        r = pt.rast([[1, 2]], names="a")
        named = r.predict(None, lambda m, d: (d["a"] == "old") * 1.0, factors={"a": ["new", "old"]})
        assert named.values(drop=True).tolist() == [0, 1]
        r.levels = {1: "x", 2: "y"}
        plain = r.predict(None, lambda m, d: d.iloc[:, 0] * 2, factors={r.names[0]: {}})
        assert plain.values(drop=True).tolist() == [2, 4]

    def test_names_are_checked(self, r):
        r.names = ["a", "a", "b"]
        with pytest.raises(LayerError, match="layer names must differ, got 2 named 'a'"):
            r.predict(None, lambda m, d: d["a"])

    def test_a_predictor_that_no_layer_has_is_named_with_near_ones(self, r):
        pytest.importorskip("sklearn")
        from sklearn.linear_model import LinearRegression

        model = LinearRegression().fit(TABLE.rename(columns={"a": "nir"}), NUMBERS)
        r.names = ["c", "NIR", "b"]
        with pytest.raises(LayerError, match=r"predictor 'nir'; no layer has that name"):
            r.predict(model)


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
