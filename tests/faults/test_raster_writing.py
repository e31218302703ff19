"""write_raster on a full disk, killed, interrupted, in a race, and onto its own source."""

import os
import random
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
import rasterio

import pyterra as pt
from pyterra.errors import OutputLockedError, WriteError
from pyterra.io.safe import parts

SIDE = 256

pytestmark = [
    pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning"),
    pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork"),
]


def constant(value):
    return pt.rast(np.full((SIDE, SIDE), value, "int32"))


def the_value(path):
    """The one value that a complete file holds everywhere."""
    with rasterio.open(path) as file:
        values = np.unique(file.read())
    assert values.size == 1, f"cells of {values.size} writes"
    return int(values[0])


def noise(rows, seed=1):
    return pt.rast(np.random.default_rng(seed).integers(-(2**31) + 1, 2**31, (rows, 1024), dtype="int32"))


@pytest.mark.filterwarnings("ignore:write. .*before compression:pyterra.errors.PyterraWarning")
@pytest.mark.parametrize("verify", ["full", "sample", "off"])
@pytest.mark.parametrize("form", ["GTiff", "COG"])
def test_a_full_disk_raises_and_keeps_the_old_file(little_space, form, verify):
    path = little_space / "a.tif"
    noise(16).write_raster(path, format=form)
    old = path.read_bytes()
    with pt.options(verify=verify), pytest.raises(WriteError, match=r"a\.tif"):
        noise(2048).write_raster(path, overwrite=True, format=form)
    assert path.read_bytes() == old
    assert [p.name for p in little_space.iterdir()] == ["a.tif"]


def write_for_ever(path):
    with pt.options(workers=1, progress=False):  # threads of GDAL do not survive a fork
        for value in range(10**9):
            constant(value).write_raster(path, overwrite=True)


def test_killed_at_random_moments_the_file_is_old_or_new(tmp_path, in_child, thorough):
    path, chance, caught = tmp_path / "a.tif", random.Random(4), 0
    turns, enough = (50, 11) if thorough else (10, 3)
    constant(-1).write_raster(path)
    for turn in range(250):
        if turn >= turns and caught >= enough and the_value(path) > 0:
            break  # on a busy machine more kills, later ones, are needed
        child = in_child(write_for_ever, path)
        time.sleep(chance.uniform(0.01, 0.12) * (1 + turn // turns))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        caught += any(".part." in p.name for p in tmp_path.iterdir())
        assert the_value(path) >= -1
    assert caught >= enough, "too few kills fell into a write"
    assert the_value(path) > 0, "no write came to its end"
    parts._swept.clear()
    constant(7).write_raster(path, overwrite=True)
    assert the_value(path) == 7
    assert [p.name for p in tmp_path.iterdir()] == ["a.tif"]


INTERRUPTED = """
import os, sys, time
import numpy as np
import pyterra as pt

def cell(v):
    time.sleep(0.01)
    return float("".join(["1"]))  # not for numba: runs in Python, cell by cell

def block(values):
    time.sleep(0.5)
    return values

path, executor, temporary = sys.argv[1:]
with pt.options(executor=executor, workers=2, progress=False, tempdir=temporary):
    r = pt.rast(np.zeros((2048, 2048)))
    r = r.app(block, per="block") if executor == "threads" else r.app(cell)
    warm = pt.rast(np.zeros((8, 8))).write_raster(temporary + "/warm.tif")  # kernels are compiled before the clock runs
    os.remove(temporary + "/warm.tif")
    print("ready", flush=True)
    r.write_raster(path)
"""


@pytest.mark.parametrize("executor", ["serial", "threads", "processes"])
def test_ctrl_c_in_the_middle_ends_and_leaves_nothing(tmp_path, executor):
    out, temporary = tmp_path / "out", tmp_path / "temporary"
    out.mkdir()
    temporary.mkdir()
    arguments = [sys.executable, "-c", INTERRUPTED, str(out / "a.tif"), executor, str(temporary)]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
        assert child.stdout.readline() == "ready\n"
        while not any(".part." in p.name for p in out.iterdir()):
            time.sleep(0.05)
        time.sleep(4.0 if executor == "processes" else 1.0)  # worker processes are started meanwhile
        assert child.poll() is None, "the write is over"
        child.send_signal(signal.SIGINT)
        message = child.communicate(timeout=120)[1]
    assert "KeyboardInterrupt" in message
    assert list(out.iterdir()) == []
    assert list(temporary.iterdir()) == []


def attempt(path, value, gate, times):
    os.read(gate, 1)
    try:
        with pt.options(workers=1, progress=False, verify="full"):
            for _ in range(times):  # long enough to meet the other
                constant(value).write_raster(path, overwrite=True)
    except OutputLockedError:
        return 3
    return 0


def test_of_two_writers_each_writes_all_or_is_refused(tmp_path, in_child, thorough):
    path, refused = tmp_path / "a.tif", 0
    for turn in range(60):
        if refused and turn >= (6 if thorough else 2):
            break
        gate, opener = os.pipe()
        children = [in_child(attempt, path, 2 * turn + i, gate, 30) for i in range(2)]
        os.write(opener, b"xx")
        codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
        os.close(gate)
        os.close(opener)
        assert set(codes) <= {0, 3}
        assert 0 in codes or path.exists()
        assert the_value(path) in (2 * turn, 2 * turn + 1)
        refused += codes.count(3)
    assert refused, "the two never met"
    assert [p.name for p in tmp_path.iterdir()] == ["a.tif"]


@pytest.mark.parametrize("executor", ["serial", "threads", "processes"])
@pytest.mark.parametrize("link", [None, os.symlink, os.link], ids=["same", "symbolic link", "hard link"])
def test_onto_its_own_source_gives_what_two_files_give(tmp_path, executor, link):
    path, apart = tmp_path / "a.tif", tmp_path / "b.tif"
    values = np.random.default_rng(1).integers(0, 1000, (600, 700), dtype="int16")
    pt.rast(values).write_raster(path)
    target = path
    if link is not None:
        target = tmp_path / "link.tif"
        link(path, target)
    with pt.options(executor=executor, workers=2):
        (pt.rast(path).focal(5, "mean") + pt.rast(target)).write_raster(apart)
        written = (pt.rast(path).focal(5, "mean") + pt.rast(target)).write_raster(target, overwrite=True)
    expected = pt.rast(apart).to_numpy()
    assert np.array_equal(written.to_numpy(), expected, equal_nan=True)
    assert np.array_equal(pt.rast(target).to_numpy(), expected, equal_nan=True)
    if link is None:
        assert path.read_bytes() == apart.read_bytes()
