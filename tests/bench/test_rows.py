"""Every verb of terra's that computes has a row in the benchmarks, and rows do what they say."""

import dis
import importlib
import types
from functools import partial
from pathlib import Path

import pytest

import benchmarks.jobs  # noqa: F401  (fills the table of workloads)
from benchmarks import data
from benchmarks.job import WORKLOADS
from pyterra.verb_table import SIGNS, verbs

OPERATORS = {sign: name for name, sign in SIGNS.items()}
COMPUTING = {"Cells", "Halo", "Regrid", "Sweep", "Init", "Constant"}
"""Kinds of nodes that compute values or put them elsewhere."""
EXCEPT = {
    "agitate": "draws",
    "as_arrows": "draws a picture",
    "contour": "draws a picture",
    "persp": "draws a picture",
    "sel": "waits for clicks",
    "has_minmax": "computes nothing",
    "set_minmax": "is minmax",
    "has_z": "computes nothing",
    "focal_mat": "is a few numbers",
}
"""Verbs that need no row, and why."""


def called(function):
    """Names of attributes and operators in a function, and in those of the benchmarks that it calls."""
    return _named(function.__code__, function.__globals__)


def _named(code, around):
    names, module = set(), False
    for step in dis.get_instructions(code):
        if step.opname in ("BINARY_OP", "COMPARE_OP"):
            names.add(OPERATORS.get(step.argrepr))
        elif step.opname == "UNARY_INVERT":
            names.add("__invert__")
        elif step.opname == "STORE_SUBSCR":
            names.add("__setitem__")
        elif step.opname in ("LOAD_ATTR", "LOAD_METHOD", "STORE_ATTR") and not module:
            names.add(step.argval)
        given = around.get(step.argval) if step.opname == "LOAD_GLOBAL" else None
        module = isinstance(given, types.ModuleType) and given.__name__ != "pyterra"  # np.diff is no diff
        if isinstance(given, types.FunctionType) and given.__module__.startswith("benchmarks."):
            names |= called(given)
    inner = [part for part in code.co_consts if isinstance(part, types.CodeType)]
    return names.union(*(_named(part, around) for part in inner))


def timed(workload):
    """Names that the timed part of a workload calls."""
    if isinstance(workload.make, partial):
        return called(workload.make.args[0].ours)
    code = workload.make.__code__
    inner = [part for part in code.co_consts if isinstance(part, types.CodeType)]
    return set().union(*(_named(part, workload.make.__globals__) for part in inner))


def with_a_kernel():
    """Verbs that terra has, and that make nodes that compute or come from a module that calls kernels."""
    found = set()
    for verb in verbs():
        if verb.terra == "." or verb.kind not in ("method", "function", "operator", "setter"):
            continue
        if COMPUTING & set(verb.node.split()):
            found.add(verb.python)
        elif verb.node == "-" and verb.kind in ("method", "function"):
            path = importlib.import_module(f"pyterra.{verb.family}").__file__
            if "kernels" in Path(path).read_text():
                found.add(verb.python)
    return found


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """Very small inputs."""
    return data.Data(tmp_path_factory.mktemp("data"), data.TINY)


def test_every_verb_with_a_kernel_has_a_row():
    having = set().union(*map(timed, WORKLOADS.values()))
    assert sorted(with_a_kernel() - having - set(EXCEPT)) == []
    assert set(EXCEPT) <= with_a_kernel() - having


@pytest.mark.parametrize(
    ("name", "verb"),
    [
        ("modulo-memory", "__mod__"),
        ("replace-memory", "__setitem__"),
        ("window", "window"),
        ("ndvi-file", "__sub__"),
    ],
)
def test_a_row_is_known_by_what_it_calls(name, verb):
    assert verb in timed(WORKLOADS[name])


def test_functions_of_numpy_are_no_verbs():
    assert "diff" not in timed(WORKLOADS["bridge-vector-to-r"])


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(WORKLOADS))
def test_a_row_runs(name, small):
    try:
        job = WORKLOADS[name].make(small)
    except ImportError as error:
        pytest.skip(f"needs another package: {error}")
    assert job.ours() is not None
