"""Building cases: with a clear error where an input cannot be taken."""

from __future__ import annotations

import pickle
from typing import Any

import pytest
from cases import CASES, Case
from inputs import Inputs
from turns import in_turn


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Cases of a class of tests: `cases`, each with some of the values of `across`, with all of them in the long mode."""
    if "case" not in metafunc.fixturenames:
        return
    wanted = getattr(metafunc.cls, "cases", CASES)
    name, values, each = getattr(metafunc.cls, "across", (None, (), 0))
    if name is None:
        metafunc.parametrize("case", wanted, ids=[case.name for case in wanted])
        return
    each = len(values) if metafunc.config.getoption("long") else each
    pairs = [(case, value) for case in wanted for value in in_turn(case.name, values, each)]
    ids = [f"{case.name}-{value}" for case, value in pairs]
    metafunc.parametrize(("case", name), pairs, ids=ids)


@pytest.fixture
def build():
    """Build a case on fresh copies of the inputs, so that nothing is held from before."""

    def builder(case: Case, inputs: Inputs, *, fresh: bool = True) -> Any:
        given = pickle.loads(pickle.dumps(inputs)) if fresh else inputs
        expected = case.refuses.get(inputs.name)
        if expected is None:
            return case.build(given)
        with pytest.raises(expected):
            case.build(given)
        return None

    return builder
