"""Every public verb has a case."""

import inspect

from cases import CASES, EXCEPTIONS

import pyterra as pt
from pyterra import SpatRaster
from pyterra.generics import VERBS


def public() -> set[str]:
    """Verbs and properties of a raster, its operators, and the names of the package."""
    own = {name for name, value in vars(SpatRaster).items() if callable(value) or isinstance(value, property)}
    inside = {
        name for name in own if name.startswith("_") and not name.startswith("__") and name != "_repr_html_"
    }
    return (own - inside) | {f"pt.{name}" for name in pt.__all__ if name not in VERBS}


def test_every_public_name_has_a_case():
    assert sorted(public() - {case.verb for case in CASES} - set(EXCEPTIONS)) == []


def test_every_case_and_exception_is_of_a_public_name():
    assert sorted(({case.verb for case in CASES} | set(EXCEPTIONS)) - public() - {"__str__"}) == []


def test_case_names_are_unique():
    names = [case.name for case in CASES]
    assert sorted({name for name in names if names.count(name) > 1}) == []


def test_every_public_verb_has_a_docstring():
    missing = [
        name
        for name, value in vars(SpatRaster).items()
        if not name.startswith("_")
        and (callable(value) or isinstance(value, property))
        and not inspect.getdoc(value)
    ]
    assert missing == []


def test_every_verb_is_a_function_too():
    assert sorted(name for name in VERBS if getattr(pt, name) is not getattr(SpatRaster, name)) == []
