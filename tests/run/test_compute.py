"""Values are computed when wanted, kept while they fit, and delivered in order."""

import gc
import subprocess
import sys

import numpy as np
import pytest

import pyterra as pt
from pyterra.expr import Cells
from pyterra.run import Forbidden, use_executor
from pyterra.run.held import HeldValues, held


class Counting:
    """A kernel that counts its calls."""

    calls = 0

    def __call__(self, block):
        type(self).calls += 1
        return block + 1


@pytest.fixture
def counted():
    r = pt.rast(np.arange(12.0).reshape(3, 4))
    Counting.calls = 0
    node = Cells(
        grid=r._node.grid, layers=r._node.layers, dtype=r._node.dtype, arguments=(r._node,), kernel=Counting()
    )
    held.clear()
    return pt.SpatRaster(node)


def test_values_are_computed_once_and_kept(counted):
    first = counted.to_numpy()
    assert counted.global_("sum").iloc[0, 0] == first.sum()
    assert (counted * 2).to_numpy().sum() == 2 * first.sum()
    assert Counting.calls == 1


def test_kept_values_cannot_be_changed_through_what_was_handed_out(counted):
    counted.to_numpy()[:] = -1
    counted.to_numpy()[:] = -1
    assert counted.to_numpy()[0, 0, 0] == 1


def test_kept_values_go_with_the_raster():
    held.clear()
    r = pt.rast(np.arange(12.0).reshape(3, 4)).sqrt()
    r.to_numpy()
    assert r._node in held
    del r
    gc.collect()
    assert held.nbytes == 0


def test_values_that_do_not_fit_are_not_kept(monkeypatch, counted):
    monkeypatch.setattr("pyterra.run.held.memory_budget", lambda: 100)
    counted.to_numpy()
    assert counted._node not in held


def test_the_oldest_values_make_room(monkeypatch):
    monkeypatch.setattr("pyterra.run.held.memory_budget", lambda: 1000)
    keeper = HeldValues()
    rasters = [pt.rast(np.zeros((1, 10))) for _ in range(4)]
    for r in rasters:
        keeper.keep(r._node, np.zeros((1, 1, 10)))
    assert [r._node in keeper for r in rasters] == [False, True, True, True]


def test_a_description_computes_nothing():
    r = pt.rast(np.arange(12.0).reshape(3, 4))
    with use_executor(Forbidden()):
        e = (r * 2).focal(3).app(lambda v: v[0] + 1)
        assert "SpatRaster" in repr(e)
        with pytest.raises(AssertionError, match="computed"):
            e.to_numpy()


@pytest.mark.parametrize("executor", ["serial", "threads", "processes"])
def test_blocks_arrive_in_order(executor):
    from pyterra.plan import plan
    from pyterra.run import blocks_of

    r = pt.rast(np.arange(64.0 * 64).reshape(64, 64))
    with pt.options(executor=executor, workers=2):
        windows = [window for window, _ in blocks_of(r._node, first_value, block=(16, 20))]
    assert windows == list(plan(r._node, held=lambda n: False, block=(16, 20)).blocks)


def first_value(block, window):
    return float(block[0, 0, 0])


def test_compute_holds_values_in_memory_or_in_a_file(tmp_path):
    r = pt.rast(np.random.default_rng(1).random((300, 300))) * 1.1
    expected = r.to_numpy()
    assert r.compute().in_memory()
    held.clear()
    with pt.options(memory="3MB", tempdir=tmp_path, workers=1):
        spilled = r.compute()
        assert not spilled.in_memory()
        assert len(list(tmp_path.iterdir())) == 1
    assert (spilled.to_numpy() == expected).all()
    del spilled
    gc.collect()
    held.clear()
    assert list(tmp_path.iterdir()) == []


def test_scripts_need_no_main_guard_for_worker_processes(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        "import pyterra as pt\n"
        "offset = 10\n"
        "def slow(v):\n"
        "    return float(sorted(list(v))[0]) + offset + len({}.get('x', 'ab'))\n"
        "r = pt.rast(nrows=40, ncols=40, vals=range(1600))\n"
        "with pt.options(executor='processes', workers=2, progress=False):\n"
        "    print(int(r.app(slow).values().sum()))\n"
    )
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=280, check=False)
    assert done.stderr == ""
    assert int(done.stdout) == sum(range(1600)) + 12 * 1600


def test_large_arrays_reach_workers_as_mapped_files(tmp_path):
    array = np.random.default_rng(2).random((1, 1200, 1200))
    r = pt.rast(array)
    with pt.options(executor="processes", workers=2, tempdir=tmp_path):
        assert (r + 1).to_numpy().tobytes() == (array + 1).tobytes()
        assert list(tmp_path.iterdir()) == []
