"""Which cases run the same code on other numbers: one of each kind is enough where a law asks of the machinery."""

from __future__ import annotations

import functools
import tempfile
from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from inputs import make_inputs

from cases.case import Case
from pyterra import SpatRaster
from pyterra.expr import Node
from pyterra.run import Forbidden, use_executor


def kernel_class(node: Node) -> frozenset[Any]:
    """The kinds of nodes in an expression, their kernels, and the names of what these compute."""
    found, stack, seen = set(), [node], set()
    while stack:
        part = stack.pop()
        if part in seen:
            continue
        seen.add(part)
        stack.extend(part.inputs)
        kernel = getattr(part, "kernel", None) or getattr(part, "method", None)
        names = tuple(getattr(kernel, f.name) for f in fields(kernel)) if is_dataclass(kernel) else ()
        words = tuple(name for name in names if isinstance(name, str))
        found.add((type(part).__name__, type(kernel).__name__, words))
    return frozenset(found)


_home = functools.cache(functools.partial(tempfile.TemporaryDirectory, prefix="pyterra-cases-"))


@functools.cache
def _inputs() -> Any:
    return make_inputs("memory", Path(_home().name))


def made_of(case: Case) -> set[str]:
    """The kind of the node that a case makes, where it gives a raster; building it computes nothing."""
    with use_executor(Forbidden()):
        result = case.build(_inputs())
    return {type(result._node).__name__} if isinstance(result, SpatRaster) else set()


_known: dict[str, Any] = {}


def _class_of(case: Case) -> Any:
    """The kernel class of what a case builds; building it computes nothing. What is costly is its own class."""
    if case.costly:
        return case.name
    if case.name not in _known:
        with use_executor(Forbidden()):
            result = case.build(_inputs())
        _known[case.name] = kernel_class(result._node) if isinstance(result, SpatRaster) else case.name
    return _known[case.name]


def one_of_each(cases: Sequence[Case]) -> list[Case]:
    """The first case of every kernel class, in their order."""
    chosen: dict[Any, Case] = {}
    for case in cases:
        chosen.setdefault(_class_of(case), case)
    return list(chosen.values())
