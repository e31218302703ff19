"""Blocks for Dask. Its clusters, and workers that die, are in tests/faults/test_dask_workers.py."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError, JobError
from pyterra.run import dask as on_dask

pytest.importorskip("dask.array")


def test_chunks_are_the_windows_of_an_array_and_are_computed_alone():
    seen = []

    def noted(block):
        seen.append(block.shape)
        return block + 1

    array = np.arange(60.0).reshape(2, 5, 6)
    lazy = on_dask.lazy_array(pt.rast(array).app(noted, per="block")._node, (1, 2, 4))
    seen.clear()
    assert (lazy.shape, lazy.chunks, lazy.dtype) == ((2, 5, 6), ((1, 1), (2, 2, 1), (4, 2)), np.float64)
    found = lazy[1, 2:4, 4:].compute(scheduler="synchronous")
    np.testing.assert_array_equal(found, array[1, 2:4, 4:] + 1)
    assert seen == [(2, 2, 2)]
    np.testing.assert_array_equal(lazy.compute(scheduler="synchronous"), array + 1)


def test_without_a_client_the_executor_says_how_to_make_one(monkeypatch):
    monkeypatch.setattr(on_dask, "active_client", lambda: None)
    with pytest.raises(ArgumentError, match=r"make one with distributed\.Client"):
        on_dask.Dask()


class Client:
    """A cluster with so many threads, told anew whenever it is asked."""

    def __init__(self, *threads):
        self.threads = list(threads)

    def nthreads(self):
        return self.threads.pop(0)


def test_a_cluster_may_be_without_workers_for_a_minute_once_it_had_some(monkeypatch):
    pytest.importorskip("distributed")
    now = [0.0]
    monkeypatch.setattr(on_dask.time, "monotonic", lambda: now[0])
    cluster = on_dask.Cluster(Client({"a": 2}, {}, {}, {"b": 1}, {}, {}))
    cluster.check()
    now[0] = 59
    cluster.check()
    cluster.check()  # they came back
    cluster.check()
    now[0] = 59 + on_dask.LOST + 1
    with pytest.raises(JobError, match="all workers are gone"):
        cluster.check()


def test_a_cluster_that_never_had_workers_is_waited_for(monkeypatch):
    pytest.importorskip("distributed")
    now = [0.0]
    monkeypatch.setattr(on_dask.time, "monotonic", lambda: now[0])
    client = Client({}, {}, {"a": 3, "b": 1}, {"a": 3, "b": 1})
    cluster = on_dask.Cluster(client)
    now[0] = 10 * on_dask.LOST
    cluster.check()
    assert on_dask.Dask(client).workers == 4
    cluster.check()
