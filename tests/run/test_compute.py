"""Values are computed when wanted and delivered in order."""

import gc

import numpy as np
import pytest

import pyterra as pt
from pyterra.run import Forbidden, use_executor
from pyterra.run.held import held


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
