"""Building cases: with a clear error where an input cannot be taken."""

from __future__ import annotations

import pickle
from typing import Any

import pytest
from cases import CASES, Case
from inputs import Inputs


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "case" in metafunc.fixturenames:
        wanted = getattr(metafunc.cls, "cases", CASES)
        metafunc.parametrize("case", wanted, ids=[case.name for case in wanted])


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
