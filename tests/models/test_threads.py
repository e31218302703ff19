"""Models run on one core per worker, and the user's own stays as it is."""

import threading

import numpy as np
import pandas as pd
import pytest
import threadpoolctl

import pyterra as pt
from pyterra.models.threads import single_job

RNG = np.random.default_rng(5)
TABLE = pd.DataFrame(RNG.normal(size=(120, 3)), columns=["a", "b", "c"])
NUMBERS = TABLE["a"] * 2 - TABLE["c"] + RNG.normal(size=120) * 0.1
WORDS = np.where(NUMBERS > 1, "high", np.where(NUMBERS > -1, "mid", "low"))


def test_all_jobs_are_one_and_the_users_model_stays_as_it_is():
    pytest.importorskip("sklearn")
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


NAN = float("nan")


@pytest.fixture
def r():
    values = np.random.default_rng(8).normal(size=(3, 9, 7))
    values[0, 2, 3] = NAN
    values[2, 5, :] = NAN
    return pt.rast(values, names=["c", "a", "b"])


def test_models_run_on_one_core_per_worker(r):
    seen = []

    def fun(model, table):
        seen.append(max((pool["num_threads"] for pool in threadpoolctl.threadpool_info()), default=1))
        return table["a"]

    with pt.options(executor="threads", workers=2):
        r.predict(None, fun).values()
    assert set(seen) == {1}
    assert threading.active_count() < 50
