"""Every door of the bridge, opened by several threads at a time: no hang, no false error, the answers of one thread."""

import faulthandler
import threading

import numpy as np
import pandas as pd
import pytest

import pyterra as pt

THREADS, ROUNDS = 4, 12
PATIENCE = 300
"""Seconds after which threads that have not ended are taken to hang; they need about ten."""


@pytest.fixture
def raster():
    values = np.random.default_rng(9).random((2, 6, 7))
    values[0, 1, 2] = np.nan
    return pt.rast(values, names=["a", "b"])


@pytest.fixture
def table():
    return pd.DataFrame({"n": [1.5, 2.5], "text": ["x", None]})


@pytest.fixture
def points(table):
    return pt.vect(np.array([[0.5, 1.5], [2.5, 3.5]]), atts=table)


@pytest.fixture
def model(rfun):
    return rfun("{ d <- data.frame(a = (1:9) / 9, b = (1:9)^2 / 81); d$y <- d$a + d$b^2; lm(y ~ a + b, d) }")


def r_values(r, x):
    return r.doubles(r.call("terra::values", x)).tolist()


def failed(r):
    with pytest.raises(pt.errors.RError) as caught:
        r.call("stop", "no")
    return str(caught.value)


@pytest.fixture
def doors(rsession, rfun, terra, raster, table, points, model, tmp_path):
    """Functions that go through a door each and give something to compare."""
    s, to_r, from_r = rsession, pt.rbridge.to_r, pt.rbridge.from_r
    path = tmp_path / "a.tif"
    raster.write_raster(path)
    held, file = terra(raster), s.call("terra::rast", str(path))
    frame, vector = to_r(table), to_r(points)
    stack = pt.sds([raster, raster * 2])
    stack_in_r = to_r(stack)
    cells, sheet = rfun("function(v, k = 1) c(lo = min(v), hi = k * max(v))"), rfun("function(x, y) x + y")
    layer, window = rfun("function(x) x * 2"), rfun("function(v) sum(v)")
    surface = rfun("{ d <- expand.grid(x = 1:3, y = 1:3); d$z <- d$x + d$y^2; lm(z ~ x + y, d) }")
    rds = tmp_path / "model.rds"
    s.call("saveRDS", model, str(rds))
    stored = pt.rbridge.read_model(rds)
    return {
        "call": lambda: s.texts(s.call("rev", ["a", None, "b"])),
        "parts": lambda: [s.number(part) for part in s.parts(s.call("list", 1, 2, 3))],
        "error": lambda: failed(s),
        "from_r in memory": lambda: from_r(held).values().tolist(),
        "from_r of a file": lambda: from_r(file).values().tolist(),
        "from_r of a table": lambda: from_r(frame)["text"].tolist(),
        "from_r of a vector": lambda: from_r(vector).crds().tolist(),
        "from_r of a dataset": lambda: from_r(stack_in_r)[1].values().tolist(),
        "to_r in memory": lambda: r_values(s, to_r(raster)),
        "to_r of a file": lambda: r_values(s, to_r(pt.rast(path))),
        "to_r of a table": lambda: s.texts(s.call("[[", to_r(table), "text")),
        "to_r of a vector": lambda: s.doubles(s.call("terra::crds", to_r(points))).tolist(),
        "to_r of a dataset": lambda: s.number(s.call("length", to_r(stack))),
        "to_r of an extent": lambda: s.doubles(s.call("as.vector", to_r(raster.ext))).tolist(),
        "app": lambda: raster.app(cells, k=2).values().tolist(),
        "lapp": lambda: raster.lapp(sheet).values().tolist(),
        "tapp": lambda: raster.tapp([1, 1], cells).values().tolist(),
        "focal": lambda: raster.focal(3, window).values().tolist(),
        "sapp": lambda: raster.sapp(layer).values().tolist(),
        "predict": lambda: raster.predict(model).values().tolist(),
        "interpolate": lambda: raster.interpolate(surface).values().tolist(),
        "predict on workers": lambda: raster.predict(stored).values().tolist(),
    }


def test_any_thread_may_go_through_any_door(doors):
    expected = {name: repr(door()) for name, door in doors.items()}
    wrong, names = [], list(doors)

    def work(number):
        for i in range(ROUNDS):
            for k in range(len(names)):
                name = names[(k * (number + 1) + i) % len(names)]
                try:
                    if repr(doors[name]()) != expected[name]:
                        wrong.append(name)
                except BaseException as error:
                    wrong.append((name, repr(error)))

    threads = [threading.Thread(target=work, args=(n,), daemon=True) for n in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    if any(thread.is_alive() for thread in threads):
        faulthandler.dump_traceback()
        pytest.fail("threads that use R together hang")
    assert wrong == []


def test_one_door_holds_for_many_runs_at_once(rfun, raster, model):
    cells = rfun("function(v) c(sum(v), 2)")
    expected = raster.app(cells).values().tolist(), raster.predict(model).values().tolist()
    wrong = []

    def work():
        for _ in range(40):
            try:
                found = raster.app(cells).values().tolist(), raster.predict(model).values().tolist()
                if repr(found) != repr(expected):
                    wrong.append(found)
            except BaseException as error:
                wrong.append(repr(error))

    threads = [threading.Thread(target=work, daemon=True) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert not any(thread.is_alive() for thread in threads)
    assert wrong == []
