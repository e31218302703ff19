"""Models over layers: predict and interpolate."""

from __future__ import annotations

import functools

import numpy as np
import pandas as pd
import pytest

from cases.case import Case, values_case
from pyterra.errors import ArgumentError

BANDS = ["nir", "red", "swir"]


def index_of(model, table):
    return (table["nir"] - table["red"]) * model["scale"]


def both(model, table, shift=0.0):
    return pd.DataFrame({"low": table["nir"] - shift, "high": table["nir"] + shift})


def plane(model, table):
    return table["x"] * 1e-3 + table["y"] * 1e-3


def codes(model, table):
    return table.iloc[:, 0].cat.codes * 2.0


@functools.cache
def training() -> pd.DataFrame:
    rng = np.random.default_rng(3)
    table = pd.DataFrame(rng.uniform(-30, 30, (150, 3)).round(1), columns=BANDS)
    table["y"] = table["nir"] * 0.3 - table["red"] + rng.normal(size=150)
    table["cover"] = np.where(table["y"] > 5, "wood", np.where(table["y"] > -5, "grass", "sand"))
    return table


@functools.cache
def forest(n_jobs: int | None = None):
    ensemble = pytest.importorskip("sklearn.ensemble")
    table = training()
    model = ensemble.RandomForestClassifier(5, max_depth=5, random_state=1, n_jobs=n_jobs)
    return model.fit(table[BANDS], table["cover"])


@functools.cache
def line():
    linear = pytest.importorskip("sklearn.linear_model")
    return linear.LinearRegression().fit(training()[BANDS].to_numpy(), training()["y"])


@functools.cache
def logistic():
    linear = pytest.importorskip("sklearn.linear_model")
    pipeline = pytest.importorskip("sklearn.pipeline")
    scaling = pytest.importorskip("sklearn.preprocessing")
    model = pipeline.make_pipeline(scaling.StandardScaler(), linear.LogisticRegression())
    return model.fit(training()[BANDS], training()["cover"])


@functools.cache
def formula():
    smf = pytest.importorskip("statsmodels.formula.api")
    return smf.ols("y ~ nir + np.abs(red)", training()).fit()


FEW = {"cell": ArgumentError, "missing": ArgumentError}
NONE = {"missing": ArgumentError}

MODELS = [
    values_case("prcomp", lambda z: z.x.prcomp().sdev, rtol=1e-9, refuses=FEW),
    values_case("princomp", lambda z: z.x.princomp().sdev, rtol=1e-9, refuses=NONE),
    values_case("k_means", lambda z: z.x.k_means([[-20, -20, -20], [20, 20, 20]]), refuses=FEW),
    Case("predict", lambda z: z.x.predict({"scale": 0.5}, index_of, names="index"), "function"),
    Case("predict", lambda z: z.x.predict(None, both, shift=2.0, index="high"), "columns"),
    Case("predict", lambda z: z.x.predict(forest()), "forest", costly=True),
    Case("predict", lambda z: z.x.predict(forest(2), type="prob"), "forest's probabilities", costly=True),
    Case("predict", lambda z: z.x.predict(line()), "matrix", costly=True),
    Case("predict", lambda z: z.x.predict(logistic(), type="prob"), "pipeline", costly=True),
    Case(
        "predict",
        lambda z: z.x.predict(formula(), const={"red": [1.0, 5.0]}),
        "formula, constants",
        costly=True,
    ),
    Case("predict", lambda z: z.classes.predict(None, codes), "factor predictor"),
    Case("interpolate", lambda z: z.finer.interpolate(None, plane)),
]
