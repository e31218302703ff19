"""A digest tells a kernel by all that it reaches, and is the same in every process."""

import importlib
import pkgutil
import subprocess
import sys
import textwrap

import numpy as np
import pytest
from numba.core.dispatcher import Dispatcher

from pyterra import kernels
from pyterra.kernels._code import digest
from pyterra.kernels._jit import apart_jit, exact_jit, inner_jit, jit

CALLER = """
import numpy as np
from helper import inner, LIMIT, TABLE

def kernel(x):
    total = inner(x)
    for k in range(3):
        total += min(TABLE[k], LIMIT)
    return total
"""
HELPER = """
import numpy as np
LIMIT = 5
TABLE = np.array([1, 2, 3])
def inner(x):
    return deeper(x) + 1
def deeper(x):
    return x * 2
def unused(x):
    return x
"""


def kernel_of(monkeypatch, caller=CALLER, helper=HELPER):
    """The function of two modules that are made of texts."""
    inner = importlib.util.module_from_spec(importlib.machinery.ModuleSpec("helper", None))
    exec(compile(helper, "helper.py", "exec"), inner.__dict__)
    monkeypatch.setitem(sys.modules, "helper", inner)
    outer = {"__name__": "caller"}
    exec(compile(caller, "caller.py", "exec"), outer)
    return outer["kernel"]


@pytest.mark.parametrize(
    "change",
    [
        ("LIMIT = 5", "LIMIT = 6"),
        ("LIMIT = 5", "LIMIT = 5.0"),
        ("[1, 2, 3]", "[1, 2, 4]"),
        ("[1, 2, 3])", "[1, 2, 3], np.int8)"),
        ("+ 1", "+ 2"),
        ("x * 2", "x * 3"),
        ("x * 2", "x - 2"),
    ],
    ids=lambda change: " to ".join(change),
)
def test_what_a_kernel_reaches_in_another_module_is_part_of_it(monkeypatch, change):
    before = digest(kernel_of(monkeypatch))
    assert digest(kernel_of(monkeypatch)) == before
    assert digest(kernel_of(monkeypatch, helper=HELPER.replace(*change, 1))) != before


@pytest.mark.parametrize("change", [("range(3)", "range(2)"), ("min(", "max("), ("total +=", "total -=")])
def test_its_own_code_is_part_of_it(monkeypatch, change):
    changed = kernel_of(monkeypatch, caller=CALLER.replace(*change, 1))
    assert digest(changed) != digest(kernel_of(monkeypatch))


def test_comments_lines_and_what_it_does_not_reach_are_no_part_of_it(monkeypatch):
    moved = kernel_of(monkeypatch, "# a comment\n\n" + CALLER, HELPER.replace("def unused", "def other"))
    assert digest(moved) == digest(kernel_of(monkeypatch))


def test_how_a_kernel_is_compiled_is_part_of_those_that_call_it():
    def inner(x):
        return x + 1

    def caller(called):
        return lambda x: called(x)

    ways = (exact_jit, jit, inner_jit, apart_jit)
    found = {digest(caller(kernel)) for kernel in (inner, *(way(inner) for way in ways))}
    assert len(found) == 1 + len(ways)


def test_kernels_that_call_themselves_have_a_digest():
    def even(n):
        return n == 0 or odd(n - 1)

    def odd(n):
        return n != 0 and even(n - 1)

    assert digest(even) != digest(odd)


def test_values_of_other_types_or_other_order_differ():
    values = [
        1,
        1.0,
        True,
        "1",
        b"1",
        None,
        (1,),
        [1],
        {1},
        {1: 1},
        np.array([1]),
        np.float32(1),
        np,
        ...,
        1j,
    ]
    assert len({digest(value) for value in values}) == len(values)
    assert digest(1, 2) != digest(2, 1)
    assert digest({"a", "b", "c"}) == digest({"c", "b", "a"})
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})


def test_a_value_that_no_other_process_would_write_alike_is_refused():
    with pytest.raises(TypeError, match="is no constant of a kernel"):
        digest(object())


def test_every_kernel_has_a_digest_of_its_own_and_every_process_finds_the_same():
    code = textwrap.dedent(
        """
        import importlib, pkgutil
        from numba.core.dispatcher import Dispatcher
        from pyterra import kernels
        from pyterra.kernels._code import digest
        for found in pkgutil.iter_modules(kernels.__path__):
            module = importlib.import_module(f"pyterra.kernels.{found.name}")
            for name, value in sorted(vars(module).items()):
                if isinstance(value, Dispatcher):
                    print(found.name, name, digest(value))
        """
    )
    there = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    here = {}
    for found in pkgutil.iter_modules(kernels.__path__):
        module = importlib.import_module(f"pyterra.kernels.{found.name}")
        here |= {
            (found.name, name): value for name, value in vars(module).items() if isinstance(value, Dispatcher)
        }
    told = {(line.split()[0], line.split()[1]): line.split()[2] for line in there.splitlines()}
    assert len(here) > 300
    assert told == {place: digest(value) for place, value in here.items()}
    assert len(set(told.values())) == len({id(value) for value in here.values()})
