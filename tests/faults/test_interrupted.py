"""Ctrl-C ends whatever is under way: far fewer blocks are done than there are, nothing is left, and all goes on."""

import os
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pyogrio
import pytest
import shapely
from affine import Affine

import pyterra as pt
from pyterra import kernels
from pyterra.io.raster import cog, overviews
from pyterra.io.safe import aside
from pyterra.io.safe.safe_write import SafeRaster
from pyterra.run import pool

SIDE = 1000
MEMORY = "16MB"
"""Small, so that there are many blocks: 32 and more for each verb below."""
SOON = 3
"""The block that sends the signal."""

PLACE = {"extent": pt.ext(0, SIDE, 0, SIDE), "crs": "EPSG:32632"}

# Ctrl-C may come between the call that opens a file and the `with` that would close it: Python then closes it at once,
# and warns.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")


def ctrl_c():
    os.kill(os.getpid(), signal.SIGINT)


class Calls:
    """Counts calls, and sends the signal with one of them."""

    def __init__(self, soon=SOON):
        self.count, self.soon, self.lock = 0, soon, threading.Lock()

    def __call__(self, *_):
        with self.lock:
            self.count += 1
            if self.count == self.soon:
                ctrl_c()

    def before(self, function):
        def called(*arguments, **options):
            self()
            return function(*arguments, **options)

        return called

    def block(self, block):
        """The same block: a function of the user's that is told of each."""
        self()
        return block


def values():
    rng = np.random.default_rng(1)
    return rng.integers(0, 9, (1, SIDE // 20, SIDE // 20)).repeat(20, 1).repeat(20, 2).astype(float)


def squares(count=400):
    x, y = np.random.default_rng(2).uniform(0, SIDE, (2, count))
    return pt.vect(shapely.box(x, y, x + 25, y + 25), crs="EPSG:32632", atts={"n": np.arange(count)})


def spread(v):
    return v.max() - v.min()


def python_only(v):
    """numba cannot compile this one."""
    return float(str(float(np.nansum(v))))


VERBS = {
    "write_raster": lambda r, to: r.write_raster(to / "out.tif"),
    "write_raster to COG": lambda r, to: r.write_raster(to / "out.tif", format="COG"),
    "write_cdf": lambda r, to: r.write_cdf(to / "out.nc"),
    "compute": lambda r, to: (r * 2).compute(),
    "global_": lambda r, to: r.global_("mean"),
    "global_ median": lambda r, to: r.global_("median"),
    "freq": lambda r, to: r.freq(),
    "unique": lambda r, to: r.unique(),
    "crosstab": lambda r, to: pt.c(r, r + 1).crosstab(),
    "zonal": lambda r, to: r.zonal(r > 4, "mean"),
    "extract points": lambda r, to: r.extract(squares().centroids()),
    "extract polygons": lambda r, to: r.extract(squares(), fun="mean"),
    "rasterize": lambda r, to: squares().rasterize(r, "n", update=True).write_raster(to / "out.tif"),
    "focal": lambda r, to: r.focal(5, "median").write_raster(to / "out.tif"),
    "focal, compiled": lambda r, to: r.focal(3, spread).global_("mean"),
    "app": lambda r, to: pt.c(r, r).app(spread).global_("mean"),
    "lapp": lambda r, to: pt.c(r, r).lapp(lambda a, b: a - b).global_("mean"),
    "tapp": lambda r, to: pt.c(r, r, r, r).tapp([0, 1, 0, 1], "sum").global_("mean"),
    "quantile": lambda r, to: pt.c(r, r, r).quantile([0.5]).global_("mean"),
    "approximate": lambda r, to: pt.c(r, r, r).approximate().global_("mean"),
    "resample": lambda r, to: r.resample(pt.rast(nrows=700, ncols=700, **PLACE), "average").global_("mean"),
    "project": lambda r, to: r.project("EPSG:3035").global_("mean", na_rm=True),
    "aggregate": lambda r, to: r.aggregate(2, "median").global_("mean"),
    "distance": lambda r, to: r.clamp(8, 9, values=False).distance().write_raster(to / "out.tif"),
    "patches": lambda r, to: r.patches(values=True).write_raster(to / "out.tif"),
    "spat_sample": lambda r, to: r.spat_sample(1000, "random", na_rm=True),
    "mosaic": lambda r, to: pt.mosaic(r, r.shift(SIDE, 0)).write_raster(to / "out.tif"),
}


@pytest.mark.parametrize("verb", VERBS)
def test_ctrl_c_ends_a_verb_that_goes_on_afterwards(verb, tmp_path):
    def answer(calls, folder):
        folder.mkdir()
        with pt.options(memory=MEMORY, workers=2, executor="threads", progress=False):
            return VERBS[verb](pt.rast(values(), **PLACE).app(calls.block, per="block"), folder)

    interrupted = Calls()
    with pytest.raises(KeyboardInterrupt):
        answer(interrupted, tmp_path / "interrupted")
    assert list((tmp_path / "interrupted").iterdir()) == []
    calm = Calls(soon=0)
    assert answer(calm, tmp_path / "calm") is not None
    assert calm.count >= 30
    assert interrupted.count <= calm.count / 2


@pytest.mark.parametrize("executor", ["serial", "threads"])
def test_ctrl_c_ends_every_executor(executor, tmp_path):
    calls = Calls()
    with pt.options(memory=MEMORY, workers=2, executor=executor, progress=False):
        r = pt.rast(values(), **PLACE).app(calls.block, per="block")
        with pytest.raises(KeyboardInterrupt):
            r.write_raster(tmp_path / "out.tif")
    assert calls.count <= 12
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_ends_worker_processes_and_new_ones_are_started(tmp_path):
    log, parent = tmp_path / "calls", os.getpid()

    def noted(v):
        with open(log, "a") as file:
            file.write(".")
        if log.stat().st_size == 50:
            os.kill(parent, signal.SIGINT)
        return python_only(v)

    r = pt.rast(values()[:, :100, :100], extent=pt.ext(0, 100, 0, 100))
    with pt.options(workers=2, executor="processes", progress=False):
        calls = r.app(noted, nlyr=1)
        log.unlink(missing_ok=True)
        with pytest.raises(KeyboardInterrupt):
            calls.write_raster(tmp_path / "out.tif")
        assert log.stat().st_size <= 5000
        assert list(tmp_path.iterdir()) == [log]
        assert (r.crop(pt.ext(0, 10, 0, 10)).app(noted, nlyr=1).values(drop=True) >= 0).all()


# Kernels that take long for one block


def unit_square(nrows, ncols):
    """Cells of a lon/lat grid, one of which is a source."""
    a = np.full((1, nrows, ncols), np.nan)
    a[0, 0, 0] = 1.0
    return pt.rast(a, extent=pt.ext(0, 1, 0, 1), crs="EPSG:4326")


def maze(rows, cols):
    """One way up and down between walls, column after column, so that few passes over the rows do not find it."""
    friction = np.ones((2 * rows - 1, cols))
    friction[1::2] = np.nan
    friction[1::4, -1] = friction[3::4, 0] = 1
    friction[0, 0] = 0
    return pt.rast(friction.T.copy(), crs="EPSG:3035")


@pytest.mark.parametrize("executor", ["serial", "threads"])
@pytest.mark.parametrize(
    ("kernel", "work", "steps"),
    [
        # 800 rows, 8 at a time; one row at a time; 200 x 200 cells, 100 at a time
        ((kernels.distance, "spherical"), lambda: unit_square(800, 50).distance(), 100),
        ((kernels.distance, "to_arcs"), lambda: unit_square(800, 50).distance([(0.5, 0.5)]), 800),
        ((kernels.cost, "spread"), lambda: maze(200, 200).cost_dist(), 400),
    ],
    ids=["distance", "distance to points", "cost_dist"],
)
def test_ctrl_c_ends_kernels_between_their_steps(kernel, work, steps, executor, monkeypatch):
    monkeypatch.setattr(kernels.cost, "AT_ONCE", 100)
    genuine = getattr(*kernel)
    with pt.options(executor=executor, workers=2, progress=False):
        expected = work().values()
        calls = Calls()
        monkeypatch.setattr(*kernel, calls.before(genuine))
        with pytest.raises(KeyboardInterrupt):
            work().values()
        assert calls.count <= steps / 4
        calls.soon = 0
        np.testing.assert_array_equal(work().values(), expected)


# Long calls of libraries


class Library:
    """Makes a long call of a library, sends the signal meanwhile, and notes how the call ended."""

    def __init__(self, function):
        self.function, self._ended = function, ""

    @property
    def ended(self):
        """How it ended; on a busy machine that takes longer than Ctrl-C waits for it."""
        deadline = time.monotonic() + 100
        while time.monotonic() < deadline and any(
            thread.name.startswith("pyterra-aside") for thread in threading.enumerate()
        ):
            time.sleep(0.01)
        return self._ended

    def __call__(self, *arguments, **options):
        timer = threading.Timer(0.2, ctrl_c)
        try:
            timer.start()  # may take longer than the signal on a busy machine
            result = self.function(*arguments, **options)
            self._ended = "well"
            return result
        except BaseException as error:
            self._ended = type(error).__name__
            raise
        finally:
            timer.cancel()


def test_ctrl_c_ends_a_cog_that_is_made_here(tmp_path, monkeypatch):
    write = Library(overviews.make_overviews)
    monkeypatch.setattr(cog, "make_overviews", write)
    noise = np.random.default_rng(1).random((1, 2500, 2500)).astype("float32")
    with pytest.raises(KeyboardInterrupt):
        pt.rast(noise).write_raster(
            tmp_path / "out.tif", format="COG", options={"LEVEL": 9, "NUM_THREADS": 1}
        )
    assert write.ended == "KeyboardInterrupt"
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_ends_the_copy_to_a_cog(tmp_path, monkeypatch):
    noise = np.random.default_rng(1).random((1, 2500, 2500)).astype("float32")
    copy = Library(cog.copy_to_cog)
    monkeypatch.setattr(cog, "copy_to_cog", copy)
    slow = {"LEVEL": 9, "NUM_THREADS": 1}  # some 3 s
    with pytest.raises(KeyboardInterrupt):
        pt.rast(noise).write_raster(tmp_path / "out.tif", format="COG", options=slow, overviews="cubic")
    assert copy.ended not in ("", "well")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["out.gpkg", "out.shp", "out.geojson"])
def test_ctrl_c_ends_the_writing_of_a_vector(tmp_path, monkeypatch, name):
    many = np.arange(300_000.0)
    v = pt.vect(np.column_stack([many % 180, many % 90]), crs="EPSG:4326", atts={"n": many})
    write = Library(pyogrio.raw.write)
    monkeypatch.setattr(pyogrio.raw, "write", write)
    with pytest.raises(KeyboardInterrupt):
        v.write_vector(tmp_path / name)
    assert write.ended == "KeyboardInterrupt"
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_need_not_wait_for_gdal_to_compress_a_deep_block(tmp_path):
    profile = {"width": 512, "height": 512, "count": 40, "dtype": "float64", "interleave": "band"}
    with SafeRaster(tmp_path / "out.tif", {**profile, "transform": Affine(10, 0, 0, 0, -10, 0)}) as raster:
        calls = Calls(soon=2)
        genuine = raster._dataset

        class Counting:
            def write(self, *arguments, **options):
                calls()
                genuine.write(*arguments, **options)

        raster._dataset = Counting()
        with pytest.raises(KeyboardInterrupt):
            raster.write((0, 0, 512, 512), np.ones((40, 512, 512)))
        assert calls.count == 2
        raster._dataset = genuine


def test_whoever_waits_for_a_call_made_apart_is_interrupted():
    end, ended = threading.Event(), threading.Event()

    def long():
        ctrl_c()
        end.wait(60)
        ended.set()

    with pytest.raises(KeyboardInterrupt):
        aside.apart(long)
    assert not end.is_set()
    assert not ended.is_set()
    end.set()
    assert ended.wait(60)
    assert aside.apart(sorted, [2, 1]) == [1, 2]


# What starts worker processes


SCRIPT = """
import multiprocessing, os, sys, threading
print("script", flush=True)  # once, not in workers
from pyterra.run import pool

class Slow(pool.ProcessPoolExecutor):
    def submit(self, *arguments, **options):  # a worker has done a task before there is the next
        future = super().submit(*arguments, **options)
        threading.Event().wait(0.5)
        return future

pool.ProcessPoolExecutor = Slow
workers = pool.start_pool(2)
busy = Slow.__base__.submit
print(len({f.result() for f in [busy(workers, os.getppid) for _ in range(8)]}), flush=True)
pool._end(workers)
"""


def test_worker_processes_do_not_run_the_users_script_whenever_they_start(tmp_path):
    (tmp_path / "script.py").write_text(SCRIPT)
    done = subprocess.run(
        [sys.executable, tmp_path / "script.py"], capture_output=True, text=True, timeout=120, check=True
    )
    assert done.stdout.splitlines() == ["script", "1"]


def test_workers_whose_start_was_interrupted_are_there_for_the_next_run(monkeypatch):
    pool.close_pool()
    genuine, started = pool.start_pool, []

    def start(workers):
        ctrl_c()
        started.append(genuine(workers))
        return started[-1]

    monkeypatch.setattr(pool, "start_pool", start)
    r = pt.rast(np.ones((1, 4, 5)))
    with pt.options(workers=2, executor="processes", progress=False):
        with pytest.raises(KeyboardInterrupt):
            r.app(python_only).values()
        monkeypatch.setattr(pool, "start_pool", lambda workers: pytest.fail("started again"))
        assert (r.app(python_only).values() == 1).all()
    assert pool._pool == (2, started[0])
