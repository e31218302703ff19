"""Functions and models of R in verbs, against terra with the same functions in the same R session."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import pyterra as pt
from benchmarks.data import Data, surface
from benchmarks.job import Job, workload
from benchmarks.jobs.bridge import session

NAMES = ["a", "b", "c", "d", "e"]
FIT = """
function(rows) {
  set.seed(1)
  rows$y <- rows$a + rows$b * rows$c + rnorm(nrow(rows), sd = 0.1)
  rows
}
"""


def scene(data: Data, share: float) -> tuple[Any, pt.SpatRaster, Any]:
    """R, five bands here, and the same in R's memory."""
    r, side = session(), max(8, int(data.sizes.middle * share))
    values = np.stack([surface(side, seed) for seed in range(5)]).astype(np.float64)
    geometry = r.call("terra::rast", nrows=side, ncols=side, nlyrs=5, names=NAMES)
    ours = pt.rast(values, names=NAMES)
    return r, ours, r.call("terra::setValues", geometry, values.reshape(5, -1).T)


def applied(data: Data, code: str, share: float = 0.5) -> Job:
    """app with a function of R on both sides."""
    r, ours, theirs = scene(data, share)
    fun, app = r.rinterface.evalr(code), r.function("terra::app")
    return Job(lambda: ours.app(fun).compute(), rival=lambda: r.apply(app, theirs, fun))


@workload("r-app-sum", 1.0, "terra::app", clock="wall", note="function(v) sum(v), cell by cell in R")
def app_sum(data: Data) -> Job:
    return applied(data, "function(v) sum(v)")


@workload("r-app-mean", 1.0, "terra::app", clock="wall", note="function(v) mean(v), cell by cell in R")
def app_mean(data: Data) -> Job:
    return applied(data, "function(v) mean(v)")


@workload(
    "r-app-range", 0.9, "terra::app", clock="wall", note="function(v) range(v), two layers; level is meant"
)
def app_range(data: Data) -> Job:
    return applied(data, "function(v) range(v)")


@workload("r-app-rows", 1.0, "terra::app", clock="wall", note="rowMeans, block by block")
def app_rows(data: Data) -> Job:
    return applied(data, "rowMeans", 1.0)


@workload("r-lapp", 1.0, "terra::lapp", clock="wall", note="(b - a) / (b + a), block by block")
def lapp(data: Data) -> Job:
    r, ours, theirs = scene(data, 1.0)
    fun = r.rinterface.evalr("function(a, b, c, d, e) (b - a) / (b + a)")
    verb = r.function("terra::lapp")
    return Job(lambda: ours.lapp(fun).compute(), rival=lambda: r.apply(verb, theirs, fun))


@workload(
    "r-focal", 1.0, "terra::focal", clock="wall", note="function(v, ...) sum(v), 3 x 3, cell by cell in R"
)
def focal(data: Data) -> Job:
    r, ours, theirs = scene(data, 0.4)
    fun, one = r.rinterface.evalr("function(v, ...) sum(v)"), r.call("terra::subset", theirs, 1)
    verb = r.function("terra::focal")
    return Job(lambda: ours[0].focal(3, fun).compute(), rival=lambda: r.apply(verb, one, 3, fun=fun))


def predicted(
    data: Data, code: str, share: float, **more: Any
) -> tuple[Callable[[], Any], Callable[[], Any]]:
    """predict with a model of R here, and in terra."""
    r, ours, theirs = scene(data, share)
    rows = r.call("terra::spatSample", theirs, 3000, **{"as.df": True})
    model = r.apply(r.rinterface.evalr(f"function(d) {code}"), r.apply(r.rinterface.evalr(FIT), rows))
    verb = r.function("terra::predict")
    return lambda: ours.predict(model).compute(), lambda: r.apply(
        verb, theirs, model, **{"na.rm": True, **more}
    )


@workload("r-predict-lm", 1.0, "terra::predict", clock="wall", note="na.rm=TRUE on both sides")
def predict_lm(data: Data) -> Job:
    ours, rival = predicted(data, "lm(y ~ a + b * c, d)", 1.0)
    return Job(ours, rival=rival)


RANGER = "ranger::ranger(y ~ a + b + c + d + e, d, num.trees = 100)"


@workload(
    "r-predict-ranger", 1.0, "terra::predict", clock="wall", note="one process and one thread on both sides"
)
def predict_ranger(data: Data) -> Job:
    ours, rival = predicted(data, RANGER, 0.3, **{"num.threads": 1})

    def alone() -> Any:
        with pt.options(workers=1):
            return ours()

    return Job(alone, rival=rival)


@workload(
    "r-predict-workers",
    1.4,
    "one worker",
    clock="wall",
    note="ranger; two Rscript workers against one process",
)
def predict_workers(data: Data) -> Job:
    ours, _ = predicted(data, RANGER, 0.6)

    def with_workers(count: int) -> Any:
        with pt.options(workers=count):
            return ours()

    return Job(lambda: with_workers(2), rival=lambda: with_workers(1))
