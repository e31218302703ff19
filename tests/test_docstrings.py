"""Docstrings say what is so: their examples run, and their parameters are those of the function."""

import doctest
import inspect
import pkgutil
import re
import sys
from importlib import import_module

import pytest

import pyterra as pt
from pyterra.generics import CLASSES, is_property, member, members

WITH_EXAMPLES = [
    module.name
    for module in pkgutil.walk_packages(pt.__path__, "pyterra.")
    if not module.ispkg and ">>> " in inspect.getsource(import_module(module.name))
]

VERBS = {
    f"{owner.__name__}.{name}": found
    for owner in (*CLASSES, pt.SpatVectorCollection, pt)
    for name in (pt.__all__ if owner is pt else vars(owner))
    if not name.startswith("_") and inspect.isfunction(found := getattr(owner, name))
}

SHOWN = {
    f"{cls.__name__}.{name}": member(cls, name)
    for cls in CLASSES
    if cls is not pt.SpatRaster
    for name in members(cls)
    if not is_property(member(cls, name))
} | {
    name: found
    for name in pt.__all__
    if callable(found := getattr(pt, name)) and name not in ("SpatRaster", *members(pt.SpatRaster))
}
"""Verbs, functions and classes by name."""


@pytest.fixture
def _closed_figures():
    yield
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")


@pytest.mark.usefixtures("_closed_figures")
@pytest.mark.parametrize("name", ["pyterra", *WITH_EXAMPLES])
def test_examples_give_what_they_show(name):
    failed, tried = doctest.testmod(import_module(name))
    assert tried > 0
    assert failed == 0


def documented(verb):
    """Names under Parameters, or None where there is no such section."""
    found = re.search(r"^Parameters\n-+\n(.*?)(?=^\S[^\n]*\n-{3,}\n|\Z)", inspect.getdoc(verb), re.S | re.M)
    if found is None:
        return None
    heads = [line.split(":")[0] for line in found[1].splitlines() if line and not line.startswith(" ")]
    return [name.strip().lstrip("*") for head in heads for name in head.split(",")]


@pytest.mark.parametrize("label", VERBS)
def test_parameters_that_are_told_of_are_those_of_the_verb(label):
    told = documented(VERBS[label])
    if told is not None:
        taken = [name for name in inspect.signature(VERBS[label]).parameters if name != "self"]
        assert set(told) | {"x"} == set(taken) | {"x"}


@pytest.mark.parametrize("label", SHOWN)
def test_every_verb_has_an_example(label):
    assert ">>> " in (inspect.getdoc(SHOWN[label]) or "")
