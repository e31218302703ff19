"""The search for cycles is put off while geometries are made, and only then."""

import gc
import os
import threading

import numpy as np
import pytest
import shapely

import pyterra as pt
from pyterra.cycles import unsearched


@pytest.fixture(autouse=True)
def searched():
    """The search is on before, and after."""
    gc.enable()
    yield
    assert gc.isenabled()


@pytest.fixture
def counted():
    """How often the search begins."""
    begun = []

    def count(phase, _):
        if phase == "start":
            begun.append(phase)

    gc.callbacks.append(count)
    yield begun
    gc.callbacks.remove(count)


def test_the_search_is_as_it_was_afterwards():
    with unsearched():
        assert not gc.isenabled()
        with unsearched():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()
    with pytest.raises(KeyError), unsearched():
        raise KeyError
    assert gc.isenabled()
    gc.disable()
    try:
        with unsearched():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_threads_that_overlap_leave_the_search_on():
    first, second, done = threading.Event(), threading.Event(), threading.Event()

    def begins_first():
        with unsearched():
            first.set()
            second.wait()
        done.set()

    one = threading.Thread(target=begins_first)
    one.start()
    first.wait()
    with unsearched():
        second.set()
        done.wait()
        assert not gc.isenabled()  # the first has ended, this one has not
    one.join()
    assert gc.isenabled()


def test_many_threads_leave_the_search_on():
    def often():
        for _ in range(2000):
            with unsearched():
                pass

    threads = [threading.Thread(target=often) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert gc.isenabled()


def test_an_interrupt_before_the_body_ends_the_pause():
    def interrupted():
        context = unsearched()
        context.__enter__()  # Ctrl-C comes before the body is entered: nobody calls __exit__
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert gc.isenabled()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_process_searches_although_a_thread_of_its_parent_pauses():
    inside, leave = threading.Event(), threading.Event()

    def pauses():
        with unsearched():
            inside.set()
            leave.wait()

    thread = threading.Thread(target=pauses)
    thread.start()
    inside.wait()
    child = os.fork()
    if child == 0:
        os._exit(0 if gc.isenabled() else 1)
    leave.set()
    thread.join()
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_points_of_a_raster_are_made_without_it(counted):
    r = pt.rast(np.arange(90_000.0).reshape(300, 300))
    r.as_points()
    counted.clear()
    v = r.as_points()
    mine = len(counted)
    counted.clear()
    shapely.points(v.crds())
    assert mine < 30 < len(counted)
