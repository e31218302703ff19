"""Options hold for a program or a with block, and are checked."""

import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError
from pyterra.options import available_cores, parse_bytes
from pyterra.raster.write import spill


def test_with_block_restores_what_was_before():
    before = pt.options.current()
    with pt.options(workers=3, memory="1GB") as inside:
        assert inside.worker_count == 3
        assert inside.memory == 2**30
        with pt.options(workers=1):
            assert pt.options.current().worker_count == 1
            assert pt.options.current().memory == 2**30
    assert pt.options.current() == before


def test_setting_holds_without_a_block():
    before = pt.options.current()
    changed = pt.options(verify="full")
    try:
        assert pt.options.current().verify == "full"
    finally:
        changed.__exit__(None, None, None)
    assert pt.options.current() == before


@pytest.mark.parametrize(
    ("text", "expected"),
    [("500MB", 500 * 2**20), ("2 GB", 2**31), ("1.5g", 3 * 2**29), (1024, 1024), ("64KiB", 2**16)],
)
def test_sizes_are_read_in_powers_of_1024(text, expected):
    assert parse_bytes(text) == expected


@pytest.mark.parametrize(
    "wrong",
    [
        {"workers": 0},
        {"workers": 1.5},
        {"executor": "cluster"},
        {"memory": "lots"},
        {"memory": -1},
        {"verify": "maybe"},
        {"tempdir": "/no/such/folder"},
        {"colour": "red"},
    ],
)
def test_values_that_are_not_allowed_change_nothing(wrong):
    before = pt.options.current()
    with pytest.raises(ArgumentError):
        pt.options(**wrong)
    assert pt.options.current() == before


def test_at_least_one_core_is_available():
    assert available_cores() >= 1


def test_blocks_of_two_threads_do_not_disturb_each_other():
    before = pt.options.current()
    opened, leave = threading.Barrier(2), threading.Barrier(2)
    seen = {}

    def work(number):
        with pt.options(workers=number):
            opened.wait()  # both blocks are open now
            seen[number] = pt.options.current().workers
            leave.wait()
        seen[f"after {number}"] = pt.options.current()

    threads = [threading.Thread(target=work, args=(n,)) for n in (3, 4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == {3: 3, 4: 4, "after 3": before, "after 4": before}
    assert pt.options.current() == before


def test_blocks_that_end_in_the_order_in_which_they_began_leave_nothing_behind():
    before = pt.options.current()
    first, second = pt.options(workers=3), pt.options(memory="1GB")
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert (pt.options.current().workers, pt.options.current().memory) == (before.workers, 2**30)
    second.__exit__(None, None, None)
    assert pt.options.current() == before


def test_a_setting_for_good_holds_in_other_threads():
    changed = pt.options(workers=7)
    try:
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(lambda: pt.options.current().workers).result() == 7
    finally:
        changed.__exit__(None, None, None)


def test_workers_compute_with_the_options_of_whoever_asks():
    seen = set()

    def tell(block):
        seen.add((threading.get_ident(), pt.options.current().tempdir))
        return block[0]

    x = pt.rast(np.zeros((1, 600, 600))).app(tell, per="block", nlyr=1)
    folder = tempfile.gettempdir()
    with pt.options(tempdir=folder, executor="threads", workers=2):
        x.to_numpy()
    assert {place for _, place in seen} == {folder}


def test_overlapping_computations_that_spill_keep_verifying(tmp_path):
    before = pt.options.current()
    node = (pt.rast(np.arange(250_000.0).reshape(500, 500)) + 1)._node
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(spill, [node] * 12))
    assert pt.options.current() == before
