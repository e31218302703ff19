"""Users' functions that fail say where; a worker that dies says so, and the next run works."""

import os
import signal
import time

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import PyterraError, UDFError
from pyterra.run.pool import close_pool, worker_pool

BAD = 977


def raster(side=600):
    return pt.rast(np.arange(side * side, dtype="float64").reshape(side, side), names=["height"])


def fails_at_a_cell(v):
    text = str(v[0])  # not for numba
    if float(text) == BAD:
        raise ZeroDivisionError("cell of bad luck")
    return v[0]


def fails_in_a_block(block):
    if (block == BAD).any():
        raise ZeroDivisionError("block of bad luck")
    return block[0]


def check(error):
    text = str(error.value)
    for part in (
        "ZeroDivisionError: ",
        "bad luck",
        "block of",
        "rows",
        "cells",
        "shapes (layer, row, col): (1, ",
        "height",
    ):
        assert part in text, text
    assert isinstance(error.value.__cause__, Exception)


@pytest.mark.parametrize("executor", ["serial", "threads", "processes"])
@pytest.mark.parametrize(
    ("function", "per"), [(fails_at_a_cell, "cell"), (fails_in_a_block, "block")], ids=["cell", "block"]
)
def test_a_failing_function_says_in_which_block_and_why(tmp_path, executor, function, per):
    with pt.options(executor=executor, workers=2), pytest.raises(UDFError) as error:
        raster().app(function, per=per).write_raster(tmp_path / "out.tif")
    check(error)
    assert list(tmp_path.iterdir()) == []
    shown = "".join(_chain(error.value))
    assert function.__name__ in shown, "the line of the function is in the traceback"


def _chain(error):
    import traceback

    return traceback.format_exception(error)


@pytest.mark.parametrize("executor", ["threads", "processes"])
def test_a_function_that_gives_another_shape_says_which(executor):
    def fewer(block):
        return block[0, :3, :3]

    with (
        pt.options(executor=executor, workers=2),
        pytest.raises(UDFError, match=r"\(layer, row, col\) = \(1, "),
    ):
        raster().app(fewer, per="block", nlyr=1).to_numpy()


def test_a_failing_window_function_says_where():
    def bad(window):
        if str(window[4]) == str(float(BAD)):
            raise ZeroDivisionError("bad luck")
        return window[4]

    with pytest.raises(UDFError) as error:
        raster(60).focal(3, bad).to_numpy()
    check(error)


def dies(v):
    if str(v[0]) == str(float(BAD)):
        os.kill(os.getpid(), signal.SIGKILL)
    return v[0]


def test_a_worker_that_dies_is_a_clear_error_and_the_next_run_works(tmp_path):
    close_pool()
    with pt.options(executor="processes", workers=2, tempdir=tmp_path):
        with pytest.raises(PyterraError, match="a worker process died"):
            raster(100).app(dies).to_numpy()
        again = raster(100).app(lambda v: float(str(v[0]))).to_numpy()
    assert np.array_equal(again, raster(100).to_numpy())
    assert list(tmp_path.iterdir()) == []


def slowly(v):
    time.sleep(0.002)
    return float(str(v[0]))


def test_workers_killed_from_outside_are_a_clear_error(tmp_path):
    close_pool()
    import threading

    def kill_one():
        deadline = time.monotonic() + 30
        pool = worker_pool(2)
        while time.monotonic() < deadline and not any(tmp_path.iterdir()):
            time.sleep(0.01)
        time.sleep(0.5)
        os.kill(next(iter(pool._processes)), signal.SIGKILL)

    killer = threading.Thread(target=kill_one)
    with pt.options(executor="processes", workers=2, tempdir=tmp_path):
        worker_pool(2)
        killer.start()
        with pytest.raises(PyterraError, match="a worker process died"):
            raster(100).app(slowly).to_numpy()
    killer.join()
    assert list(tmp_path.iterdir()) == []
