"""Workers of a Dask cluster that are killed: the result is complete and right, or an error says so in time."""

import os
import signal
import subprocess
import sys
import warnings
from functools import partial
from pathlib import Path

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import JobError
from pyterra.io.safe.parts import atomic_path
from pyterra.run import dask
from pyterra.tiles import run_tiles

planning = sys.modules["pyterra.plan.plan"]
distributed = pytest.importorskip("distributed")

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")

VALUES = np.arange(64.0 * 64).reshape(1, 64, 64)


@pytest.fixture
def client():
    """One worker, which is started anew when it dies: with it, all that the cluster held is lost.

    A cluster for each test: a worker that is killed while its nanny still notes that it has started is not started anew.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        cluster = distributed.LocalCluster(
            n_workers=1, threads_per_worker=1, dashboard_address=None, silence_logs=50
        )
        with cluster, distributed.Client(cluster) as client:
            yield client


@pytest.fixture
def last_worker():
    """A client of a cluster with one worker that nobody starts anew."""
    path = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [
        sys.executable,
        "-m",
        "distributed.cli.dask_worker",
        "--no-nanny",
        "--no-dashboard",
        "--nthreads",
        "1",
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        cluster = distributed.LocalCluster(n_workers=0, dashboard_address=None, silence_logs=50)
        with cluster, distributed.Client(cluster) as client:
            worker = subprocess.Popen(
                [*command, client.scheduler.address],
                env=path,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            try:
                client.wait_for_workers(1, timeout=60)
                yield client
            finally:
                worker.kill()
                worker.wait()


def die(mark, times=1):
    """Kill this process, so many times in all."""
    for i in range(times):
        if not Path(f"{mark}{i}").exists():
            Path(f"{mark}{i}").touch()
            os.kill(os.getpid(), signal.SIGKILL)


def add_one(block, mark, times):
    if block.max() > 2000:  # not in the first blocks
        die(mark, times)
    return block[0] + 1


def write_name(tile, context):
    folder, times = context
    with atomic_path(folder / f"{tile}.txt", overwrite=True) as part:
        part.write_text("half of ")
        if tile == "t3":
            die(folder / "mark", times)
        part.write_text(f"tile {tile}")
    return folder / f"{tile}.txt"


def in_blocks(folder, times):
    """A raster of some blocks, the function of which kills its worker."""
    return pt.rast(VALUES).app(partial(add_one, mark=folder / "mark", times=times), per="block")


def tiles(folder, client, **options):
    how = {"context": (folder, 1), "executor": client, "manifest": folder / "m.sqlite", "pause": 0.01}
    return run_tiles(write_name, [f"t{i}" for i in range(6)], **(how | options))


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch):
    monkeypatch.setattr(planning, "TARGET_BYTES", 8000)
    monkeypatch.setattr(planning, "LEAST_SIDE", 16)
    with pt.options(executor="dask", progress=False):
        yield


@pytest.mark.parametrize("what", ["write", "compute"])
def test_blocks_of_a_killed_worker_are_made_again(tmp_path, client, what):
    r = in_blocks(tmp_path, times=1)
    found = r.compute() if what == "compute" else r.write_raster(tmp_path / "a.tif")
    np.testing.assert_array_equal(found.to_numpy(), VALUES + 1)
    assert (tmp_path / "mark0").exists()


def test_tiles_of_a_killed_worker_are_made_again(tmp_path, client):
    report = tiles(tmp_path, client, retries=0)
    assert (report.done, report.failures) == (6, ())
    assert (tmp_path / "mark0").exists()
    assert [(tmp_path / f"t{i}.txt").read_text() for i in range(6)] == [f"tile t{i}" for i in range(6)]


def test_what_kills_every_worker_is_told(tmp_path, client):
    client.cluster.scheduler.allowed_failures, before = 1, client.cluster.scheduler.allowed_failures
    try:
        with pytest.raises(JobError, match="dask: workers or the scheduler died"):
            in_blocks(tmp_path, times=9).write_raster(tmp_path / "a.tif")
    finally:
        client.cluster.scheduler.allowed_failures = before
    assert not list(tmp_path.glob("*.tif"))
    assert not list(tmp_path.glob(".*"))


def test_blocks_without_workers_are_not_waited_for_long(tmp_path, last_worker, monkeypatch):
    monkeypatch.setattr(dask, "LOST", 0.5)
    r = in_blocks(tmp_path, times=1)
    with pytest.raises(JobError, match=r"dask: all workers are gone, and none came back in 0\.5 seconds"):
        r.write_raster(tmp_path / "a.tif")
    assert [path.name for path in tmp_path.iterdir()] == ["mark0"]


def test_tiles_without_workers_are_not_waited_for_long(tmp_path, last_worker, monkeypatch):
    monkeypatch.setattr(dask, "LOST", 0.5)
    with pytest.raises(JobError, match=r"dask: all workers are gone, and none came back in 0\.5 seconds"):
        tiles(tmp_path, last_worker)
    assert "t3.txt" not in {path.name for path in tmp_path.iterdir()}
    tiles(tmp_path, "serial")
    assert [(tmp_path / f"t{i}.txt").read_text() for i in range(6)] == [f"tile t{i}" for i in range(6)]
