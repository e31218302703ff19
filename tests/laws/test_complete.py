"""Every public verb has a case."""

import inspect
import subprocess
import sys
from pathlib import Path

import pytest
from cases import CASES, EXCEPTIONS

import pyterra as pt
from pyterra import SpatExtent, SpatRaster, SpatVector
from pyterra.generics import CLASSES, member, owners
from pyterra.verbs import METHODS

ROOT = Path(__file__).parents[2]
MADE = {f"__{name}__" for name in "init post_init replace getstate setstate setattr delattr".split()}
"""What dataclasses and users of slots have, and nobody calls."""


def prefix(cls: type) -> str:
    """What stands before the verbs of a class in the table; nothing for rasters."""
    return "" if cls is SpatRaster else f"{cls.__name__}."


def members(cls: type) -> set[str]:
    """Verbs and properties of a class, its operators too."""
    own = {
        name
        for base in cls.__mro__[:-1]
        for name, value in vars(base).items()
        if callable(value) or isinstance(value, property | classmethod)
    }
    inside = {
        name for name in own if name.startswith("_") and not name.startswith("__") and name != "_repr_html_"
    }
    python = {
        "__init_subclass__",
        "__class_getitem__",
        "__getattr__",
        "__setattr__",
    }  # of all classes: tests/test_arguments.py
    return own - inside - python - (set() if cls is SpatRaster else MADE)


def public() -> set[str]:
    """All that users can name."""
    of_classes = {prefix(cls) + name for cls in CLASSES for name in members(cls)}
    return of_classes | {f"pt.{name}" for name in pt.__all__ if name not in METHODS}


def test_every_public_name_has_a_case():
    assert sorted(public() - {case.verb for case in CASES} - set(EXCEPTIONS)) == []


def test_every_case_and_exception_is_of_a_public_name():
    assert sorted(({case.verb for case in CASES} | set(EXCEPTIONS)) - public() - {"__str__"}) == []


def test_case_names_are_unique():
    names = [case.name for case in CASES]
    assert sorted({name for name in names if names.count(name) > 1}) == []


@pytest.mark.parametrize("cls", [SpatRaster, SpatVector, SpatExtent])
def test_every_public_verb_has_a_docstring(cls):
    missing = [
        name for name in members(cls) if not name.startswith("_") and not inspect.getdoc(member(cls, name))
    ]
    assert missing == []


def test_what_is_made_of_the_table_of_verbs_is_of_today():
    subprocess.run([sys.executable, ROOT / "tools" / "verbs.py", "--check"], check=True)
    for name in METHODS:
        if len(owners(name)) > 1:
            assert all(cls.__name__ in getattr(pt, name).__doc__ for cls in owners(name))
