"""Kernels that must run on the calling thread: they do, the rest of the pipeline does not, and nothing hangs."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from dataclasses import replace

import numpy as np
import pytest

import pyterra as pt
from pyterra import options
from pyterra.errors import ArgumentError, UDFError
from pyterra.expr import Cells, Halo, Neighbourhood
from pyterra.run import Forbidden, Serial, Threads, blocks_of, use_executor
from pyterra.run.pool import Processes

pytestmark = pytest.mark.timeout(60)


class Noting:
    """A kernel that notes on which threads it ran, after a moment."""

    def __init__(self, work=lambda block: block * 2 + 1, pause=0.0):
        self.threads, self.work, self.pause = [], work, pause

    def __call__(self, block):
        self.threads.append(threading.get_ident())
        time.sleep(self.pause)
        return self.work(block)


def cells(r, kernel, *, runs):
    node = r._node
    return pt.SpatRaster(
        Cells(
            grid=node.grid,
            layers=tuple(layer.number() for layer in node.layers),
            dtype=np.dtype(np.float64),
            arguments=(node,),
            kernel=kernel,
            runs=runs,
            verb="app" if runs == "here" else "",
        )
    )


@pytest.fixture
def r():
    return pt.rast(np.random.default_rng(1).random((2, 40, 50)))


def blocks(r, executor, finish=lambda block, window: block.copy(), block=(7, 50)):
    with use_executor(executor):
        return list(blocks_of(r._node, finish, block=block))


def test_kernels_that_run_here_run_on_the_calling_thread_and_others_in_workers(r):
    before, noting, after = Noting(lambda b: b + 1), Noting(), Noting(lambda b: b - 1)
    chain = cells(cells(cells(r, before, runs="threads"), noting, runs="here"), after, runs="threads")
    blocks(chain, Threads(2))
    here = threading.get_ident()
    assert set(noting.threads) == {here}
    assert here not in before.threads + after.threads


class WithAbove(Neighbourhood):
    """A cell and a third of the one above."""

    def __call__(self, padded):
        return padded[:, 1:-1, 1:-1] + padded[:, :-2, 1:-1] / 3


@pytest.mark.parametrize("executor", [Serial(), Threads(1), Threads(2), Threads(7)])
@pytest.mark.parametrize("block", [(7, 50), (40, 50), (16, 16), (1, 3)])
def test_values_are_the_same_bits_for_all_workers_and_blocks(r, executor, block):
    node = cells(r, Noting(), runs="here")._node
    wide = Halo(
        grid=node.grid,
        layers=node.layers,
        dtype=node.dtype,
        argument=node,
        rows=1,
        cols=1,
        kernel=WithAbove(),
        runs="here",
    )
    plain = replace(wide, runs="threads", argument=replace(node, runs="threads"))
    expected = pt.SpatRaster(plain).to_numpy()
    out = np.empty_like(expected)
    for window, part in blocks(pt.SpatRaster(wide), executor, block=block):
        out[:, *window.slices_in(node.grid.window)] = part
    np.testing.assert_array_equal(out, expected)


def test_workers_go_on_while_a_kernel_runs_here(r):
    running, seen = threading.Event(), []

    def by_driver(block):
        running.set()
        time.sleep(0.03)
        running.clear()
        return block

    class Finish:
        def __call__(self, block, window):
            time.sleep(0.02)
            seen.append(running.is_set())

    blocks(cells(r, by_driver, runs="here"), Threads(2), Finish())
    assert any(seen)


def test_the_calling_thread_need_not_be_the_main_one(r):
    kernel, found = Noting(), []

    def work():
        blocks(cells(r, kernel, runs="here"), Threads(2))
        found.append(threading.get_ident())

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(30)
    assert set(kernel.threads) == set(found)


def test_a_run_within_a_worker_hands_on_to_the_outermost_thread(r):
    inner, noting = r, Noting()
    nested = cells(inner, noting, runs="here")

    def compute_more(block):
        with options(workers=2):
            parts = list(blocks_of(nested._node, lambda b, w: b.sum(), block=(5, 50)))
        return block + sum(total for _, total in parts)

    chain = cells(r, compute_more, runs="threads")
    blocks(chain, Threads(3))
    assert set(noting.threads) == {threading.get_ident()}


def test_a_run_within_a_home_kernel_is_served(r):
    inner = cells(r, Noting(), runs="here")

    def compute_more(block):
        parts = list(blocks_of(inner._node, lambda b, w: b.sum(), block=(5, 50)))
        return block + sum(total for _, total in parts)

    assert len(blocks(cells(r, compute_more, runs="here"), Threads(2))) == 6


def test_an_error_here_ends_the_run_and_says_where(r):
    def fail(block):
        raise ValueError("no good")

    with pytest.raises(UDFError, match=r"app: the function raised ValueError: no good \[block of"):
        blocks(cells(r, fail, runs="here"), Threads(2))
    assert not [t for t in threading.enumerate() if t.name.startswith("pyterra")]


def test_a_run_that_is_left_early_ends(r):
    with use_executor(Threads(3)):
        run = blocks_of(cells(r, Noting(), runs="here")._node, lambda b, w: b.sum(), block=(2, 50))
        next(run)
        time.sleep(0.1)  # workers ask for the next blocks
        run.close()
    assert not [t for t in threading.enumerate() if t.name.startswith("pyterra")]


@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")  # see tests/faults/test_interrupted.py
@pytest.mark.parametrize("where", ["in the kernel", "while waiting"])
def test_ctrl_c_ends_the_run(r, where):
    slow, quick = Noting(pause=0.2), Noting()
    first, second = (quick, slow) if where == "in the kernel" else (slow, quick)
    chain = cells(cells(r, first, runs="threads"), second, runs="here")
    timer = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        blocks(chain, Threads(2), block=(1, 50))
    assert not [t for t in threading.enumerate() if t.name.startswith("pyterra")]


def test_python_ends_although_a_run_was_never_finished():
    code = """
        import numpy as np, pyterra as pt
        from dataclasses import replace
        from pyterra.run import Threads, blocks_of, use_executor
        node = pt.rast(np.zeros((40, 50))).sqrt()._node
        with use_executor(Threads(2)):
            run = blocks_of(replace(node, runs="here"), lambda b, w: 1, block=(1, 50))
            next(run)
        print("left")
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, timeout=280
    )
    assert (done.returncode, done.stdout) == (0, "left\n"), done.stderr


def test_other_processes_are_never_chosen_and_refused_when_asked_for(r, monkeypatch):
    kernel = Noting()
    raster = cells(cells(r, lambda b: b, runs="threads"), kernel, runs="here")
    below = replace(raster._node.arguments[0], runs="processes")
    gil = pt.SpatRaster(replace(raster._node, arguments=(below,)))
    monkeypatch.setattr("pyterra.run.dask.active_client", lambda: pytest.fail("asked for Dask"))
    with options(workers=2):
        assert len(list(blocks_of(gil._node, lambda b, w: 0, block=(9, 50)))) == 5
    assert set(kernel.threads) == {threading.get_ident()}
    for name in ("processes", "dask"):
        with (
            options(executor=name),
            pytest.raises(ArgumentError, match=r"app: .*must run in the calling thread"),
        ):
            raster.to_numpy()
    with use_executor(Processes(2)), pytest.raises(ArgumentError, match="got executor='processes'"):
        raster.to_numpy()


def test_home_kernels_are_lazy(r):
    with use_executor(Forbidden()), pytest.raises(AssertionError, match="computed"):
        cells(r, Noting(), runs="here").to_numpy()
