"""Libraries keep to the thread that calls them, and get their threads back when a run has ended."""

import threading

import numpy as np
import pytest
import threadpoolctl

import pyterra as pt
from pyterra.run.one_thread import at_rest, one_thread


def threads():
    """Of numpy's BLAS: others may be loaded meanwhile."""
    return {pool["num_threads"] for pool in threadpoolctl.threadpool_info() if "numpy" in pool["filepath"]}


def elsewhere(call):
    found = []
    thread = threading.Thread(target=lambda: found.append(call()))
    thread.start()
    thread.join()
    return found[0]


def inside():
    with one_thread():
        return threads()


def test_blas_has_its_threads_back_when_the_last_has_left():
    before = threads()
    with one_thread():
        assert threads() <= {1}
        assert inside() <= {1}
        assert threads() <= {1}
    assert threads() == before


def test_blas_rests_from_the_first_call_to_the_end_of_a_run():
    before = threads()
    with at_rest():
        assert threads() == before
        elsewhere(inside)
        assert threads() <= {1}
    assert threads() == before


def test_every_thread_is_heeded_whichever_was_first():
    before = threads()
    for _ in range(2):
        assert inside() <= {1}
        assert elsewhere(inside) <= {1}
        assert threads() == before


@pytest.mark.parametrize("workers", [1, 2])
def test_a_run_gives_the_threads_back(workers):
    before = threads()
    with pt.options(executor="threads", workers=workers):
        pt.rast(np.ones((3, 8, 8))).reconstruct("box").values()
    assert threads() == before
