"""Models from files: what is read, and what is not run."""

import pickle

import numpy as np
import pandas as pd
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError, SourceError

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


class _Constant:
    def predict(self, table):
        return np.full(len(table), 4.0)


class _Bomb:
    def __init__(self, marker):
        self.marker = marker

    def __reduce__(self):
        return (type(self.marker).touch, (self.marker,))


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
