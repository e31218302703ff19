"""R models in predict: the numbers, names and labels of terra::predict, wherever they are computed."""

import os
import pickle
import threading

import numpy as np
import pytest

import pyterra as pt
from pyterra import options
from pyterra.errors import ArgumentError, LayerError, RWarning, SourceError, UDFError
from pyterra.run import Forbidden, Serial, Threads, blocks_of, use_executor
from pyterra.run.held import held
from pyterra.run.pool import Processes

FIT = """
{
  set.seed(5)
  d <- data.frame(
    a = runif(300), b = runif(300, 0, 10), e = runif(300, -1, 1),
    soil = factor(sample(c("clay", "it's", "sand"), 300, TRUE)),
    wet = runif(300) > .5, zone = factor(sample(c("1", "2", "5"), 300, TRUE))
  )
  d$y <- d$a * 2 + d$b + as.integer(d$soil) + rnorm(300, sd = .1)
  d$k <- factor(ifelse(d$a + d$e > .5, "yes", ifelse(d$b > 5, "it's", "no")), levels = c("no", "yes", "it's"))
  d$z <- rbinom(300, 1, d$a)
  d
}
"""

MODELS = {
    "lm": ("stats", "lm(y ~ poly(a, 2) + b, d)", {}),
    "lm se": ("stats", "lm(y ~ a, d)", {"se.fit": True}),
    "lm interval": ("stats", "lm(y ~ a + b, d)", {"interval": "confidence"}),
    "glm": ("stats", "glm(z ~ a + b, binomial, d)", {}),
    "glm response": ("stats", "glm(z ~ a + b, binomial, d)", {"type": "response"}),
    "loess": ("stats", "loess(y ~ a, d)", {}),
    "gam": ("mgcv", "mgcv::gam(y ~ s(a) + s(b), data = d)", {}),
    "gam terms": ("mgcv", "mgcv::gam(y ~ s(a) + s(b), data = d)", {"type": "terms"}),
    "forest": ("randomForest", "randomForest::randomForest(y ~ a + b + e, d, ntree = 20)", {}),
    "forest class": ("randomForest", "randomForest::randomForest(k ~ a + b + e, d, ntree = 20)", {}),
    "forest prob": ("randomForest", "randomForest::randomForest(k ~ a + b, d, ntree = 20)", {"type": "prob"}),
    "ranger": ("ranger", "ranger::ranger(y ~ a + b + e, d, num.trees = 20)", {}),
    "ranger prob": ("ranger", "ranger::ranger(k ~ a + b + e, d, num.trees = 20, probability = TRUE)", {}),
    "rpart": ("rpart", "rpart::rpart(y ~ a + b, d)", {}),
    "rpart prob": ("rpart", "rpart::rpart(k ~ a + b, d)", {"type": "prob"}),
    "rpart class": ("rpart", "rpart::rpart(k ~ a + b, d)", {"type": "class"}),
}


@pytest.fixture(scope="module")
def fit(rsession, rfun, rpackage):
    """Fit a model to the data."""
    data = rfun(FIT)

    def fitted(text, package="stats"):
        if package != "stats":
            rpackage(package)
        return rsession.apply(rfun(f"function(d) {text}"), data)

    return fitted


@pytest.fixture
def r():
    g = np.random.default_rng(7)
    values = np.stack([g.random((9, 8)), g.random((9, 8)) * 10, g.random((9, 8)) * 2 - 1])
    values[0, 2, 3] = values[0, 5, :2] = np.nan
    return pt.rast(values, names=["a", "b", "e"])


def check(rsession, found, answer, names=True):
    np.testing.assert_array_equal(found.values(), rsession.doubles(rsession.call("terra::values", answer)))
    if names:
        assert found.names == rsession.texts(rsession.call("names", answer))


@pytest.mark.parametrize(("package", "text", "more"), MODELS.values(), ids=MODELS)
def test_predict_gives_what_terra_gives(rsession, terra, fit, r, package, text, more):
    model = fit(text, package)
    answer = rsession.call("terra::predict", terra(r), model, **{"na.rm": True, **more})
    check(rsession, r.predict(model, **more), answer)


@pytest.mark.parametrize("name", ["lm", "glm response", "gam", "forest class", "rpart", "rpart class"])
def test_missing_rows_are_the_models_affair_when_asked(rsession, terra, fit, r, name):
    package, text, more = MODELS[name]
    model = fit(text, package)
    check(
        rsession,
        r.predict(model, na_rm=False, **more),
        rsession.call("terra::predict", terra(r), model, **more),
    )


def test_equal_votes_go_to_the_first_class_whatever_the_blocks(fit, r):
    x = pt.rast(np.random.default_rng(2).random((3, 40, 40)), names=["a", "b", "e"])
    for text, package in (
        ("randomForest::randomForest(k ~ a + b + e, d, ntree = 6)", "randomForest"),
        ("ranger::ranger(k ~ a + b + e, d, num.trees = 6)", "ranger"),
    ):
        made = x.predict(fit(text, package))
        expected = made.to_numpy()
        for block in ((40, 40), (7, 40), (3, 9)):
            np.testing.assert_array_equal(in_blocks(made._node, Serial(), block), expected)


def test_classes_have_the_levels_of_the_model(fit, r):
    for text, package in (
        ("randomForest::randomForest(k ~ a + b + e, d, ntree = 20)", "randomForest"),
        ("ranger::ranger(k ~ a + b + e, d, num.trees = 20)", "ranger"),  # terra 1.7-3 fails here
    ):
        found = r.predict(fit(text, package))
        assert found.is_factor() == [True]
        assert found.levels[0].values.tolist() == [[1, "no"], [2, "yes"], [3, "it's"]]
        assert found.names == ["class"]


def test_ranger_takes_prob_and_class_where_it_is_grown_for_them(rsession, fit, r):
    grown = "ranger::ranger(k ~ a + b, d, num.trees = 9, probability = {})"
    chances = r.predict(fit(grown.format("TRUE"), "ranger"), type="prob")
    assert chances.names == ["no", "yes", "it.s"]
    np.testing.assert_allclose(np.nansum(chances.to_numpy(), axis=0)[0, 0], 1)
    assert r.predict(fit(grown.format("FALSE"), "ranger"), type="class").names == ["class"]
    with pytest.raises(UDFError, match='type = "prob" needs a ranger of Probability estimation'):
        r.predict(fit(grown.format("FALSE"), "ranger"), type="prob")


@pytest.mark.parametrize(
    ("text", "package"),
    [
        ("lm(y ~ soil + a, d)", "stats"),
        ("mgcv::gam(y ~ s(a) + soil, data = d)", "mgcv"),
        ("randomForest::randomForest(y ~ a + soil, d, ntree = 9)", "randomForest"),
        ("ranger::ranger(y ~ a + soil, d, num.trees = 9)", "ranger"),
        ("rpart::rpart(y ~ a + soil, d)", "rpart"),
    ],
)
def test_factor_layers_arrive_as_factors(rsession, terra, fit, r, text, package):
    labels = {10: "clay", 20: "it's", 30: "sand"}
    codes = np.random.default_rng(1).choice([10.0, 20.0, 30.0], (9, 8))
    soil = pt.rast(codes, names=["soil"])
    x = pt.c(r, soil)
    model = fit(text, package)
    answer = rsession.call("terra::predict", terra(x, {"soil": labels}), model, **{"na.rm": True})
    soil.levels = labels
    soil.names = ["soil"]
    check(rsession, pt.c(r, soil).predict(model), answer)


def test_labels_that_the_model_does_not_know_are_missing(fit, r):
    soil = pt.rast(np.tile([1.0, 2.0], (9, 4)), names=["soil"])
    soil.levels = {1: "clay", 2: "marsh"}
    soil.names = ["soil"]
    found = pt.c(r, soil).predict(fit("lm(y ~ soil + b, d)")).to_numpy()[0]
    assert np.isnan(found[:, 1::2]).all()
    assert not np.isnan(found[0, ::2]).any()


def test_codes_become_factors_where_labels_are_numbers(rsession, fit, r):
    zone = pt.rast(np.tile([1.0, 5.0, 2.0, 3.0], (9, 2)), names=["zone"])
    model = fit("lm(y ~ zone, d)")
    found = zone.predict(model).to_numpy()[0, 0]
    base, two, five = rsession.doubles(rsession.call("stats::coef", model)).tolist()
    np.testing.assert_allclose(found[:4], [base, base + five, base + two, np.nan])


def test_factors_gives_the_labels_of_codes(rsession, fit, r):
    soil = pt.rast(np.tile([1.0, 2.0, 3.0, 9.0], (9, 2)), names=["soil"])
    model = fit("lm(y ~ soil, d)")
    base, second, third = rsession.doubles(rsession.call("stats::coef", model)).tolist()
    for factors in ({"soil": ["clay", "it's", "sand"]}, {"soil": {1: "clay", 2: "it's", 3: "sand"}}):
        found = soil.predict(model, factors=factors).to_numpy()[0, 0]
        np.testing.assert_allclose(found[:4], [base, base + second, base + third, np.nan])


def test_yes_and_no_arrive_as_the_model_had_them(rsession, fit, r):
    wet = (r["b"] > 5).to_numpy().astype(np.float64)
    for text in ("lm(y ~ wet, d)", "lm(y ~ wet, transform(d, wet = as.integer(wet)))"):
        model = fit(text)
        base, more = rsession.doubles(rsession.call("stats::coef", model)).tolist()
        for layer in (r["b"] > 5, (r["b"] > 5) * 1):
            layer.names = ["wet"]
            found = layer.predict(model).to_numpy()
            np.testing.assert_allclose(found, np.where(np.isnan(wet), np.nan, base + more * wet), rtol=1e-14)


def test_constants(rsession, terra, fit, r):
    model = fit("lm(y ~ a + b + e, d)")
    frame = rsession.call("data.frame", e=0.5)
    answer = rsession.call("terra::predict", terra(r[:2]), model, const=frame)
    check(rsession, r.predict(model, const={"e": 0.5}, na_rm=False), answer)
    runs = r.predict(model, const={"e": [0.5, -0.5]})
    assert runs.names == ["X1.e0.5", "X2.e-0.5"]
    np.testing.assert_array_equal(runs.to_numpy()[0], r.predict(model, const={"e": 0.5}).to_numpy()[0])
    soil = r.predict(fit("lm(y ~ a + soil, d)"), const={"soil": "it's"})
    assert np.isfinite(soil.to_numpy()[0, 0]).all()


def test_fun_is_an_r_function_of_model_and_table(rsession, terra, rfun, fit, r):
    model = fit("lm(y ~ a + b, d)")
    fun = rfun("function(m, d, ...) predict(m, d, se.fit = TRUE, ...)$se.fit")
    answer = rsession.call("terra::predict", terra(r), model, fun=fun, **{"na.rm": True})
    check(rsession, r.predict(model, fun), answer)
    scaled = rfun("function(m, d, by, what) predict(m, d) * by + nchar(what)")
    np.testing.assert_allclose(
        r.predict(model, scaled, by=2, what='"\\').to_numpy(), r.predict(model).to_numpy() * 2 + 2
    )


def test_a_python_function_of_a_model_of_r_runs_on_the_calling_thread(rsession, fit, r):
    model, threads = fit("lm(y ~ a, d)"), []

    def by_hand(m, table):
        threads.append(threading.get_ident())
        base, slope = rsession.doubles(rsession.call("stats::coef", m))
        return base + slope * table["a"].to_numpy()

    made = r.predict(model, by_hand)
    expected = r.predict(model).to_numpy()
    with options(workers=2):
        np.testing.assert_allclose(in_blocks(made._node, Threads(2)), expected, rtol=1e-13)
    assert set(threads) == {threading.get_ident()}


def test_index_counts_from_zero_or_names(fit, r):
    model = fit("lm(y ~ a + b, d)")
    whole = r.predict(model, interval="confidence")
    for index in (2, "upr"):
        found = r.predict(model, interval="confidence", index=index)
        assert found.names == ["upr"]
        np.testing.assert_array_equal(found.to_numpy()[0], whole.to_numpy()[2])


def test_interpolate_takes_coordinates(rsession, rfun):
    data = rsession.rinterface.evalr("data.frame(x = c(0, 4, 2), y = c(0, 1, 3), v = c(1, 9, 11))")
    model = rsession.apply(rfun("function(d) lm(v ~ x + y, d)"), data)
    grid = pt.rast(nrows=2, ncols=3, xmin=0, xmax=6, ymin=0, ymax=2)
    a, b, c = rsession.doubles(rsession.call("stats::coef", model))
    x, y = np.meshgrid([1, 3, 5], [1.5, 0.5])
    np.testing.assert_allclose(grid.interpolate(model).to_numpy()[0], a + b * x + c * y)


def test_building_reads_nothing(fit, r):
    with use_executor(Forbidden()):
        assert r.predict(fit("lm(y ~ a + b, d)")).names == ["lyr1"]


def test_missing_predictors_are_named(fit, r):
    with pytest.raises(LayerError, match="needs the predictor 'e'"):
        r[:2].predict(fit("ranger::ranger(y ~ a + b + e, d, num.trees = 5)", "ranger"))
    with pytest.raises(LayerError, match=r"needs the predictor 'e'; no layer .* there are a, b"):
        r[:2].predict(fit("lm(y ~ a + b + e, d)"))
    with pytest.raises(LayerError, match=r"needs the predictor 'e'; no layer .* there are a"):
        r[:1].predict(fit("loess(y ~ a + e, d)"))


def test_what_is_no_model_is_refused(rsession, rfun, r):
    with pytest.raises(UDFError, match=r"no applicable method for 'predict'"):
        r.predict(rsession.vector(np.arange(3.0)))
    with pytest.raises(UDFError, match=r"rows it must give \d+ rows of values, got 1"):
        r.predict(rsession.vector(np.arange(3.0)), rfun("function(m, d) 1"))
    with pytest.raises(UDFError, match="text whose labels are not known"):
        r.predict(rsession.vector(np.arange(3.0)), rfun("function(m, d) rep('a', nrow(d))"))


def test_errors_and_warnings_of_a_run_say_where(fit, rfun, r):
    model = fit("lm(y ~ a + b, d)")
    found = r.predict(model, rfun("function(m, d) if (nrow(d) > 3) stop('too many') else 1:3"))
    with pytest.raises(UDFError, match=r"predict: R: too many \[block of rows 0:9"):
        found.to_numpy()
    found = r.predict(model, rfun("function(m, d) { if (nrow(d) > 3) warning('many'); d$a }"))
    with pytest.warns(RWarning, match="R: many"):
        found.to_numpy()


# On workers


@pytest.fixture
def two_workers(monkeypatch):
    """Everything goes to workers that is computed in blocks by threads."""
    from pyterra.rbridge import models, rscript

    monkeypatch.setattr(models, "WORTH_SECONDS", -1.0)
    monkeypatch.setattr(models.Prediction, "_here", lambda *_: pytest.fail("not on a worker"))
    with options(workers=2):
        rscript.pool.start(2)
        while not rscript.pool.any_ready():
            pass
        yield rscript.pool


def in_blocks(node, executor, block=(2, 8)):
    held.clear()
    out = np.empty((len(node.layers), node.grid.nrow, node.grid.ncol))
    with use_executor(executor):
        for window, part in blocks_of(node, lambda b, w: b.copy(), block=block):
            out[:, *window.slices_in(node.grid.window)] = part
    return out


@pytest.mark.parametrize("name", ["lm", "glm response", "gam", "forest class", "ranger prob", "rpart class"])
def test_workers_give_the_same_bits(fit, r, name, request):
    package, text, more = MODELS[name]
    made = r.predict(fit(text, package), **more)
    expected = made.to_numpy()
    request.getfixturevalue("two_workers")
    np.testing.assert_array_equal(in_blocks(made._node, Threads(2)), expected)


def test_functions_take_what_they_use_along(rsession, rfun, fit, r, request):
    world = rsession.rinterface.globalenv
    world["helper"] = rfun("function(v) v * factor_of_mine")
    world["factor_of_mine"] = rsession.to_r(3.0)
    try:
        made = r.predict(fit("lm(y ~ a + b, d)"), rfun("function(m, d) helper(predict(m, d))"))
        expected = made.to_numpy()
        request.getfixturevalue("two_workers")
        np.testing.assert_array_equal(in_blocks(made._node, Threads(2)), expected)
    finally:
        del world["helper"], world["factor_of_mine"]


def test_errors_of_workers_say_where_and_workers_live_on(rfun, fit, r, request):
    model = fit("lm(y ~ a + b, d)")
    bad = r.predict(model, rfun("function(m, d) if (nrow(d) > 3) stop('too\nmany \"ü\"') else 1:3"))
    good = r.predict(model)
    expected = good.to_numpy()
    pool = request.getfixturevalue("two_workers")
    with pytest.raises(UDFError, match='predict: R: too\nmany "ü" '):
        in_blocks(bad._node, Threads(2))
    workers = list(pool._all)
    np.testing.assert_array_equal(in_blocks(good._node, Threads(2)), expected)
    assert pool._all == workers


def test_work_moves_to_workers_once_they_are_worth_it(fit, r, monkeypatch):
    from pyterra.rbridge import models, rscript

    made = r.predict(fit("lm(y ~ a + b, d)"))
    expected = made.to_numpy()
    rscript.pool.close()
    in_blocks(made._node, Threads(2))
    assert not rscript.pool._all
    monkeypatch.setattr(models, "WORTH_SECONDS", -1.0)
    with options(workers=2):
        np.testing.assert_array_equal(in_blocks(made._node, Threads(2)), expected)
        assert len(rscript.pool._all) == 2


def test_a_prediction_travels_to_other_processes(fit, r):
    made = r.predict(fit("lm(y ~ a + b, d)"))
    expected = made.to_numpy()
    copy = pickle.loads(pickle.dumps(made._node))
    np.testing.assert_array_equal(in_blocks(copy, Threads(2)), expected)
    np.testing.assert_array_equal(in_blocks(made._node, Processes(2)), expected)


# From files


@pytest.fixture(params=["forest.rds", 'it\'s "x" \\n ü\n.rds'], ids=["plain", "hostile"])
def saved(rsession, fit, tmp_path, request):
    model = fit("ranger::ranger(k ~ a + b + e, d, num.trees = 20)", "ranger")
    path = tmp_path / request.param
    rsession.call("saveRDS", model, str(path))
    return model, path


def test_a_model_from_a_file_gives_the_same(saved, r):
    model, path = saved
    found = r.predict(pt.rbridge.read_model(path))
    expected = r.predict(model)
    np.testing.assert_array_equal(found.to_numpy(), expected.to_numpy())
    assert found.levels[0].equals(expected.levels[0])
    np.testing.assert_array_equal(in_blocks(found._node, Threads(2)), expected.to_numpy())


def test_further_arguments_of_a_model_from_a_file(rsession, fit, r, tmp_path):
    model = fit("lm(y ~ a + b, d)")
    rsession.call("saveRDS", model, str(tmp_path / "m.rds"))
    found = r.predict(pt.rbridge.read_model(tmp_path / "m.rds"), interval="prediction", level=0.5)
    expected = r.predict(model, interval="prediction", level=0.5)
    assert found.names == ["fit", "lwr", "upr"]
    np.testing.assert_array_equal(found.to_numpy(), expected.to_numpy())
    with pytest.raises(ArgumentError, match="must be numbers, text or truths"):
        r.predict(pt.rbridge.read_model(tmp_path / "m.rds"), what=object())


def test_files_that_hold_no_model_are_errors(r, tmp_path, rsession):
    with pytest.raises(SourceError, match=r"there must be a file of R's saveRDS\(\), got .*none\.rds"):
        pt.rbridge.read_model(tmp_path / "none.rds")
    (tmp_path / "text.rds").write_text("no model")
    with pytest.raises(UDFError, match="predict: R: unknown input format"):
        r.predict(pt.rbridge.read_model(tmp_path / "text.rds"))
    rsession.call("saveRDS", 1, str(tmp_path / "number.rds"))
    with pytest.raises(UDFError, match="no applicable method for 'predict'"):
        r.predict(pt.rbridge.read_model(tmp_path / "number.rds"))
    assert os.path.exists(tmp_path / "number.rds")
