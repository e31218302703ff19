"""predict and interpolate: whose model it is makes no difference."""

import pickle
import threading

import numpy as np
import pandas as pd
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError, LayerError, SourceError, UDFError
from pyterra.models.threads import single_job

NAN = float("nan")
RNG = np.random.default_rng(5)
TABLE = pd.DataFrame(RNG.normal(size=(120, 3)), columns=["a", "b", "c"])
NUMBERS = TABLE["a"] * 2 - TABLE["c"] + RNG.normal(size=120) * 0.1
WORDS = np.where(NUMBERS > 1, "high", np.where(NUMBERS > -1, "mid", "low"))


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

    @pytest.mark.parametrize("dtype", ["float32", "float64"])
    @pytest.mark.parametrize("kind", ["RandomForestRegressor", "ExtraTreesRegressor"])
    def test_a_forest_gives_the_bits_that_scikit_learn_gives_on_one_core(self, r, kind, dtype):
        from sklearn import ensemble

        model = getattr(ensemble, kind)(9, random_state=2).fit(TABLE, NUMBERS)
        r = pt.rast(r.to_numpy().astype(dtype), names=r.names)
        table = pd.DataFrame(r.values(), columns=r.names)[["a", "b", "c"]].dropna()
        assert (kept(r.predict(model), table)[:, 0] == model.predict(table)).all()

    def test_a_forest_that_knows_missing_values_gets_them_on_request(self, r):
        from sklearn.ensemble import RandomForestRegressor

        table = TABLE.mask(RNG.random(TABLE.shape) < 0.2)
        model = RandomForestRegressor(5, random_state=1).fit(table, NUMBERS)
        expected = model.predict(pd.DataFrame(r.values(), columns=r.names)[["a", "b", "c"]])
        assert (r.predict(model, na_rm=False).values()[:, 0] == expected).all()

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

    def test_all_jobs_are_one_and_the_users_model_stays_as_it_is(self):
        from sklearn.ensemble import RandomForestClassifier, VotingClassifier
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler

        forest = RandomForestClassifier(3, n_jobs=-1)
        model = make_pipeline(StandardScaler(), VotingClassifier([("f", forest)])).fit(TABLE, WORDS)
        model[-1].n_jobs = 4
        copy = single_job(model)
        assert copy[-1].n_jobs == 1
        assert copy[-1].estimators_[0].n_jobs == 1
        assert model[-1].n_jobs == 4
        assert model[-1].estimators_[0].n_jobs == -1
        assert copy[-1].estimators_[0].estimators_[0] is model[-1].estimators_[0].estimators_[0]


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


def complete(r):
    return pd.DataFrame(r.values(), columns=r.names).dropna()


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

    def test_a_table_gives_a_layer_per_column(self, r):
        result = r.predict(None, lambda m, d: pd.DataFrame({"up": d["a"], "down": -d["a"]}))
        assert result.names == ["up", "down"]
        assert r.predict(None, lambda m, d: {"fit": d["a"], "df": 7}).names == ["fit", "df"]
        assert r.predict(None, lambda m, d: np.c_[d["a"], d["b"]]).names == ["lyr1", "lyr2"]

    def test_a_categorical_answer_is_a_factor_with_all_its_categories(self):
        r = pt.rast([[1.0, 5.0]], names="a")
        result = r.predict(None, lambda m, d: pd.cut(d["a"], [0, 2, 4, 6], labels=["s", "m", "l"]))
        assert result.levels[0]["class"].tolist() == ["s", "m", "l"]
        assert result.values(drop=True).tolist() == [1, 3]

    def test_text_without_known_labels_is_refused(self, r):
        with pytest.raises(UDFError, match="pandas Categorical"):
            r.predict(None, lambda m, d: np.where(d["a"] > 0, "x", "y"))

    def test_wrong_length_is_told_at_once(self, r):
        with pytest.raises(UDFError, match=r"for 3 rows it must give 3 rows of values, got shape \(2,\)"):
            r.predict(None, lambda m, d: d["a"][:2])

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

    def test_what_is_no_model_is_refused(self, r):
        with pytest.raises(ArgumentError, match="must have a method predict, got int"):
            r.predict(3)
        with pytest.raises(ArgumentError, match="type must be"):
            r.predict(_Constant(), type="probs")
        with pytest.raises(ArgumentError, match="needs a model with predict_proba"):
            r.predict(_Constant(), type="prob")


class _Constant:
    def predict(self, table):
        return np.full(len(table), 4.0)


def test_any_object_with_predict_will_do(r, rows):
    assert set(kept(r.predict(_Constant()), rows)[:, 0]) == {4.0}


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


class TestFiles:
    def test_lightgbm_and_xgboost_load_from_their_own_formats(self, r, rows, tmp_path):
        lightgbm = pytest.importorskip("lightgbm")
        model = lightgbm.LGBMRegressor(n_estimators=4, verbose=-1, min_child_samples=5).fit(TABLE, NUMBERS)
        model.booster_.save_model(tmp_path / "model.txt")
        expected = model.predict(rows)
        assert (kept(r.predict(model), rows)[:, 0] == expected).all()
        assert (kept(r.predict(tmp_path / "model.txt"), rows)[:, 0] == expected).all()

    def test_xgboost_loads_from_its_own_format(self, r, rows, tmp_path):
        xgboost = pytest.importorskip("xgboost")
        model = xgboost.XGBClassifier(n_estimators=3, n_jobs=2).fit(
            TABLE, np.unique(WORDS, return_inverse=True)[1]
        )
        model.save_model(tmp_path / "model.json")
        result = r.predict(tmp_path / "model.json")
        assert np.array_equal(kept(result, rows), model.predict_proba(rows))
        assert r.predict(model).names == ["class"]
        assert model.get_params()["n_jobs"] == 2

    def test_onnx_gives_labels_and_probabilities(self, r, rows, tmp_path):
        pytest.importorskip("onnxruntime")
        skl2onnx = pytest.importorskip("skl2onnx")
        from sklearn.ensemble import RandomForestClassifier

        model = RandomForestClassifier(5, random_state=1).fit(TABLE.to_numpy(np.float32), WORDS)
        onnx = skl2onnx.to_onnx(model, TABLE.to_numpy(np.float32)[:1])
        (tmp_path / "model.onnx").write_bytes(onnx.SerializeToString())
        result = r[["a", "b", "c"]].predict(tmp_path / "model.onnx")
        assert result.levels[0]["class"].tolist() == ["high", "low", "mid"]
        labels = result.levels[0].set_index("value")["class"]
        assert labels[kept(result, rows)[:, 0]].tolist() == model.predict(rows.to_numpy(np.float32)).tolist()
        shares = r[["a", "b", "c"]].predict(
            pickle.loads(pickle.dumps(pt.load_model(tmp_path / "model.onnx"))), type="prob"
        )
        assert np.allclose(kept(shares, rows), model.predict_proba(rows.to_numpy(np.float32)), atol=1e-6)

    def test_a_pickle_runs_nothing_unless_it_is_trusted(self, r, tmp_path):
        marker = tmp_path / "ran"
        for name in ("model.pkl", "model.joblib", "model.onnx", "model"):
            (tmp_path / name).write_bytes(pickle.dumps(_Bomb(marker)))
            with pytest.raises((ArgumentError, SourceError)):
                r.predict(tmp_path / name)
        assert not marker.exists()
        (tmp_path / "model.pkl").write_bytes(pickle.dumps(_Constant()))
        assert pt.load_model(tmp_path / "model.pkl", trust=True).predict([1, 2]).tolist() == [4, 4]

    def test_what_cannot_be_loaded_is_told(self, tmp_path):
        with pytest.raises(SourceError, match="cannot be read"):
            pt.load_model(tmp_path / "none.onnx")
        (tmp_path / "a.csv").write_text("1,2")
        with pytest.raises(ArgumentError, match="no known format"):
            pt.load_model(tmp_path / "a.csv")


class _Bomb:
    def __init__(self, marker):
        self.marker = marker

    def __reduce__(self):
        return (type(self.marker).touch, (self.marker,))


def test_models_run_on_one_core_per_worker(r):
    threadpoolctl = pytest.importorskip("threadpoolctl")
    seen = []

    def fun(model, table):
        seen.append(max((pool["num_threads"] for pool in threadpoolctl.threadpool_info()), default=1))
        return table["a"]

    with pt.options(executor="threads", workers=2):
        r.predict(None, fun).values()
    assert set(seen) == {1}
    assert threading.active_count() < 50
