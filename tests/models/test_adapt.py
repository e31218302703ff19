"""Models of other packages: their predictors, their classes, what they give."""

import numpy as np
import pandas as pd
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError, LayerError

NAN = float("nan")


@pytest.fixture
def r():
    values = np.random.default_rng(8).normal(size=(3, 9, 7))
    values[0, 2, 3] = NAN
    values[2, 5, :] = NAN
    return pt.rast(values, names=["c", "a", "b"])


class _Constant:
    def predict(self, table):
        return np.full(len(table), 4.0)


def test_what_is_no_model_is_refused(r):
    with pytest.raises(ArgumentError, match="must have a method predict, got int"):
        r.predict(3)
    with pytest.raises(ArgumentError, match="type must be"):
        r.predict(_Constant(), type="probs")
    with pytest.raises(ArgumentError, match="needs a model with predict_proba"):
        r.predict(_Constant(), type="prob")


RNG = np.random.default_rng(5)
TABLE = pd.DataFrame(RNG.normal(size=(120, 3)), columns=["a", "b", "c"])
NUMBERS = TABLE["a"] * 2 - TABLE["c"] + RNG.normal(size=120) * 0.1
WORDS = np.where(NUMBERS > 1, "high", np.where(NUMBERS > -1, "mid", "low"))


@pytest.fixture
def rows(r):
    """The complete rows, in the order of the model's predictors, and where they belong."""
    table = pd.DataFrame(r.values(), columns=r.names)[["a", "b", "c"]]
    return table.dropna()


def kept(result, rows):
    values = result.values()
    assert np.isnan(np.delete(values, rows.index, axis=0)).all()
    return values[rows.index]


def complete(r):
    return pd.DataFrame(r.values(), columns=r.names).dropna()


class TestEstimators:
    @pytest.fixture(autouse=True)
    def needed(self):
        pytest.importorskip("sklearn")

    def test_predictors_are_found_by_name_and_missing_cells_stay_missing(self, r, rows):
        from sklearn.linear_model import LinearRegression

        model = LinearRegression().fit(TABLE, NUMBERS)
        assert np.allclose(kept(r.predict(model), rows)[:, 0], model.predict(rows), rtol=1e-14)
        assert r.predict(model).names == ["lyr1"]

    def test_classes_become_a_factor_whose_labels_are_known_before_anything_is_read(self, r, rows):
        from sklearn.ensemble import RandomForestClassifier

        model = RandomForestClassifier(7, random_state=2).fit(TABLE, WORDS)
        result = r.predict(model)
        assert result.names == ["class"]
        assert result.levels[0]["class"].tolist() == ["high", "low", "mid"]
        labels = result.levels[0].set_index("value")["class"]
        assert labels[kept(result, rows)[:, 0]].tolist() == model.predict(rows).tolist()

    def test_whole_classes_are_their_own_codes(self, r):
        from sklearn.tree import DecisionTreeClassifier

        model = DecisionTreeClassifier(random_state=1).fit(TABLE, np.where(NUMBERS > 0, 30, 7))
        result = r.predict(model)
        assert result.levels[0]["value"].tolist() == [7, 30]
        assert sorted(np.unique(result.values()[~np.isnan(result.values())])) == [7, 30]

    def test_probabilities_are_layers_named_by_class_and_index_picks_some(self, r, rows):
        from sklearn.ensemble import ExtraTreesClassifier

        model = ExtraTreesClassifier(6, random_state=2).fit(TABLE, WORDS)
        result = r.predict(model, type="prob")
        assert result.names == ["high", "low", "mid"]
        assert (kept(result, rows) == model.predict_proba(rows)).all()
        some = r.predict(model, type="prob", index=["mid", "high"])
        assert some.names == ["mid", "high"]
        assert (kept(some, rows) == model.predict_proba(rows)[:, [2, 0]]).all()
        assert r.predict(model, type="prob", index=1).names == ["low"]

    def test_a_model_without_names_takes_the_layers_in_their_order(self, r, rows):
        from sklearn.linear_model import LinearRegression

        model = LinearRegression().fit(TABLE[["c", "a", "b"]].to_numpy(), NUMBERS)
        expected = model.predict(rows[["c", "a", "b"]].to_numpy())
        assert np.allclose(kept(r.predict(model), rows)[:, 0], expected, rtol=1e-14)
        with pytest.raises(LayerError, match="3 predictors without names, got 2"):
            r[[0, 1]].predict(model)

    def test_a_pipeline_with_a_factor_gets_categories(self):
        from sklearn.compose import make_column_transformer
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import OneHotEncoder

        table = pd.DataFrame({"cover": ["wood", "grass", "wood", "sand"] * 5, "z": range(20)})
        steps = make_column_transformer((OneHotEncoder(), ["cover"]), remainder="passthrough")
        model = make_pipeline(steps, LogisticRegression()).fit(table, table["cover"] == "wood")
        cover = pt.rast([[1, 2], [3, 1]], names="cover")
        cover.levels = {1: "wood", 2: "grass", 3: "sand"}
        cover.names = "cover"
        z = pt.rast([[3.0, 4.0], [5.0, NAN]], names="z")
        result = pt.c(z, cover).predict(model)
        assert result.is_bool() == [True]
        assert np.array_equal(result.values(drop=True), [1, 0, 0, NAN], equal_nan=True)


def test_a_formula_of_statsmodels_takes_the_table(r):
    smf = pytest.importorskip("statsmodels.formula.api")
    model = smf.ols("y ~ a + np.exp(c)", TABLE.assign(y=NUMBERS)).fit()
    rows = complete(r["a"])
    expected = model.predict(rows.assign(c=0.5))
    result = r["a"].predict(model, const={"c": 0.5})
    assert np.allclose(kept(result, rows)[:, 0], expected, rtol=1e-13)


def test_results_of_statsmodels_without_a_formula_get_their_design_matrix(r):
    sm = pytest.importorskip("statsmodels.api")
    yes = NUMBERS + np.random.default_rng(1).normal(size=120) * 3 > 0
    rows = complete(r[["c", "a"]])
    for design, layers in (
        (sm.add_constant(TABLE[["c", "a"]]), r),
        (sm.add_constant(TABLE[["c", "a"]].to_numpy()), r[["c", "a"]]),
    ):
        model = sm.GLM(yes, design, family=sm.families.Binomial()).fit()
        expected = model.predict(sm.add_constant(rows.to_numpy()))
        assert np.allclose(kept(layers.predict(model), rows)[:, 0], expected, rtol=1e-13)


def test_any_object_with_predict_will_do(r, rows):
    assert set(kept(r.predict(_Constant()), rows)[:, 0]) == {4.0}
