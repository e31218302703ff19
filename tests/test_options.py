"""Options hold for a program or a with block, and are checked."""

import pytest

import pyterra as pt
from pyterra.errors import ArgumentError
from pyterra.options import available_cores, parse_bytes


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
