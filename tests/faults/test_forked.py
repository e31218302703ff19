"""Processes that were forked off one that has used pyterra: they compute, write, and end when they are told to."""

import multiprocessing
import os
import signal
import threading
import time

import numpy as np
import pytest

import pyterra as pt
from pyterra import forks
from pyterra.io.raster import gdal, gdal_log
from pyterra.io.safe import parts
from pyterra.io.store import netcdf
from pyterra.run import pool
from pyterra.run.held import HeldValues

pytestmark = [
    pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning"),
    pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork"),
]

VALUES = np.arange(600.0 * 600).reshape(1, 600, 600)
PATIENCE = 60
"""Seconds after which a child counts as hung, on a machine however busy."""


def ended(child):
    """The exit code of a child that ends by itself; None of one that hangs."""
    for _ in range(PATIENCE * 20):
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.05)
    return None


@pytest.fixture
def file(tmp_path):
    """A raster that this process wrote with threads of GDAL's, and holds open."""
    with pt.options(workers=2, executor="threads"):
        r = pt.rast(VALUES).write_raster(tmp_path / "a.tif", datatype="float64", overwrite=True)
        r.to_numpy()
    return tmp_path / "a.tif"


def write(r, path):
    with pt.options(workers=2, executor="threads"):
        (r + 1).write_raster(path, overwrite=True, datatype="float64")


def write_for_ever(r, path):
    while True:
        write(r, path)


@pytest.mark.parametrize("kind", ["GTiff", "COG"])
def test_a_child_writes_a_raster(file, in_child, kind):
    target = file.parent / "b.tif"

    def child():
        with pt.options(workers=2, executor="threads"):
            (pt.rast(file) + 1).write_raster(
                target, format=kind, datatype="float64", options={"NUM_THREADS": 2}
            )

    assert ended(in_child(child)) == 0
    assert (pt.rast(target).to_numpy() == VALUES + 1).all()


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM])
def test_children_that_write_end_when_they_are_told(file, in_child, told, thorough):
    r = pt.rast(file)
    for i in range(5 if thorough else 2):
        children = [in_child(write_for_ever, r, file.parent / f"{k}.tif") for k in range(2)]
        time.sleep(0.2 + 0.1 * i)
        for child in children:
            os.kill(child, told)
        assert [ended(child) for child in children] == [130 if told == signal.SIGINT else -told] * 2


def test_parent_and_children_read_one_open_raster_at_once(file, in_child, thorough):
    r = pt.rast(file)

    def same():
        with pt.options(executor="serial"):
            for row in np.random.default_rng(os.getpid()).integers(0, 599, 150 if thorough else 40):
                assert (r[row, :].ravel() == VALUES[0, row]).all()

    same()
    children = [in_child(same) for _ in range(2)]
    same()
    assert [ended(child) for child in children] == [0, 0]


def sum_of_digits(v):
    return sum(map(int, str(int(v[0]))))


def mean_of_digits(_=None):
    with pt.options(workers=2):
        return float(
            pt.rast(np.arange(100.0).reshape(1, 10, 10)).app(sum_of_digits).global_("mean").iloc[0, 0]
        )


def test_a_child_of_a_pool_may_use_python_functions():
    assert mean_of_digits() == 9  # each digit is 4.5 in the mean
    with multiprocessing.get_context("fork").Pool(2) as workers:
        assert workers.map_async(mean_of_digits, range(2)).get(PATIENCE) == [9, 9]


def test_a_child_has_worker_processes_of_its_own(in_child):
    pool.worker_pool(1)

    def child():
        assert pool.worker_pool(1).submit(pow, 2, 3).result(PATIENCE) == 8
        pool.close_pool()

    assert ended(in_child(child)) == 0


def test_locks_that_another_thread_holds_are_free_in_a_child(in_child):
    held = HeldValues()
    locks = [gdal_log._guard, netcdf._hdf, parts._swept_guard, pool._lock, held._lock]
    taken, done = threading.Event(), threading.Event()

    def hold():
        for lock in locks:
            lock.acquire()
        taken.set()
        done.wait()
        for lock in locks:
            lock.release()

    holder = threading.Thread(target=hold)
    holder.start()
    taken.wait()
    try:
        child = in_child(lambda: sum(not lock.acquire(timeout=1) for lock in locks))
        assert ended(child) == 0
    finally:
        done.set()
        holder.join()


def test_a_child_knows_that_it_is_one_and_gives_gdal_one_thread(in_child):
    assert not forks.is_forked()
    assert gdal.gdal_threads("ALL_CPUS") == "ALL_CPUS"
    child = in_child(lambda: 0 if forks.is_forked() and gdal.gdal_threads(4) == 1 else 1)
    assert ended(child) == 0
