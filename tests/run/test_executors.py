"""Where blocks are computed: the same results in the same order, and never too many under way."""

from concurrent.futures import Future

import numpy as np
import pytest

import pyterra as pt
from pyterra.grid import Window
from pyterra.run import Forbidden, Serial, Threads
from pyterra.run.driver import Cancelled
from pyterra.run.evaluate import Task
from pyterra.run.executors import in_order

WINDOWS = [Window(row, 0, 1, 4) for row in range(6)]


@pytest.mark.parametrize("executor", [Serial(), Threads(1), Threads(3)])
def test_results_come_in_the_order_of_the_windows(executor):
    array = np.arange(24.0).reshape(1, 6, 4)
    task = Task(pt.rast(array)._node, lambda block, window: block.sum())
    found = list(executor.map(task, WINDOWS, 2))
    assert [window for window, _ in found] == WINDOWS
    assert [parts[0][1] for _, parts in found] == array[0].sum(axis=1).tolist()


def test_an_error_of_a_block_ends_the_run():
    def fails(block, window):
        raise ArithmeticError(f"in row {window.row}")

    with pytest.raises(ArithmeticError, match="in row 0"):
        list(Threads(2).map(Task(pt.rast(np.zeros((1, 6, 4)))._node, fails), WINDOWS, 1))


def test_never_more_than_so_many_are_under_way():
    under_way, most = [], []

    def submit(window):
        under_way.append(window)
        most.append(len(under_way))
        done = Future()
        done.set_result(window.row)
        return done

    for window, row in in_order(submit, WINDOWS, 3):
        under_way.remove(window)
        assert row == window.row
    assert max(most) == 3


def test_whoever_stops_asking_takes_back_what_was_not_begun():
    waiting = []

    def submit(window):
        waiting.append(Future())
        return waiting[-1]

    def wait(future):
        raise Cancelled

    with pytest.raises(KeyboardInterrupt):
        list(in_order(submit, WINDOWS, 2, wait))
    assert [future.cancelled() for future in waiting] == [False, True]


def test_the_forbidden_executor_computes_nothing():
    with pytest.raises(AssertionError, match="only a description"):
        Forbidden().map(None, WINDOWS, 1)
