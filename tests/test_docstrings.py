"""Docstrings say what is so: their examples run, and their parameters are those of the function."""

import doctest
import inspect
import operator
import pkgutil
import re
import sys
from importlib import import_module

import pytest

import pyterra as pt
from pyterra.generics import CLASSES, is_property, member, members, owners
from pyterra.verb_table import verbs

MODULES = [
    import_module(module.name)
    for module in pkgutil.walk_packages(pt.__path__, "pyterra.")
    if not module.ispkg
]


VERBS = {
    f"{owner.__name__}.{name}": found
    for owner in (*CLASSES, pt.SpatVectorCollection, pt)
    for name in (pt.__all__ if owner is pt else vars(owner))
    if not name.startswith("_") and inspect.isfunction(found := getattr(owner, name))
}


def examples():
    """What is to be run of each module, every docstring once: of a verb where it is written, not in its class.

    What users call must import what its examples use; examples of inner functions know the names of their module.
    """
    public = {found.__doc__ for found in (*VERBS.values(), *CLASSES)}
    seen, found = set(), {}
    for module in [pt, *sorted(MODULES, key=lambda module: ".handles." in module.__name__)]:
        tests = doctest.DocTestFinder().find(module, module.__name__)
        new = [test for test in tests if test.examples and test.docstring not in seen]
        for test in new:
            seen.add(test.docstring)
            if test.docstring in public:
                test.globs.clear()
        if new:
            found[module.__name__] = new
    return found


EXAMPLES = examples()

SHOWN = {
    f"{cls.__name__}.{name}": member(cls, name)
    for cls in CLASSES
    for name in members(cls)
    if not is_property(member(cls, name))
} | {
    name: found
    for name in pt.__all__
    if callable(found := getattr(pt, name)) and not inspect.isclass(found) and not owners(name)
}
"""Verbs by class and name, functions by name."""

SECTIONS = (
    "Parameters",
    "Returns",
    "Yields",
    "Raises",
    "Warns",
    "See Also",
    "Notes",
    "References",
    "Examples",
)


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples_give_what_they_show_with_what_they_import(name):
    if ".maps." in name:
        pytest.importorskip("matplotlib")
    runner = doctest.DocTestRunner(verbose=False)
    for test in EXAMPLES[name]:
        runner.run(test)
        if "matplotlib.pyplot" in sys.modules:
            sys.modules["matplotlib.pyplot"].close("all")
    assert runner.summarize(verbose=False).failed == 0


def section(verb, title):
    """What stands in a section of the docstring of a verb, or None where there is no such section."""
    found = re.search(rf"^{title}\n-+\n(.*?)(?=^\S[^\n]*\n-{{3,}}\n|\Z)", inspect.getdoc(verb), re.S | re.M)
    return None if found is None else found[1]


def documented(verb):
    """Names under Parameters, or None where there is no such section."""
    found = section(verb, "Parameters")
    if found is None:
        return None
    heads = [line.split(":")[0] for line in found.splitlines() if line and not line.startswith(" ")]
    return [name.strip().lstrip("*") for head in heads for name in head.split(",")]


def tells_of_its_parameters(verb):
    """Whether the parameters that are told of, if any, are those of the verb."""
    told = documented(verb)
    taken = [name for name in inspect.signature(verb).parameters if name != "self"]
    return told is None or set(told) | {"x"} == set(taken) | {"x"}


def test_parameters_that_are_told_of_are_those_of_the_verb():
    assert [label for label, verb in VERBS.items() if not tells_of_its_parameters(verb)] == []


def is_called(name, verb):
    """Whether an example calls a verb."""
    examples = doctest.DocTestParser().get_examples(inspect.getdoc(verb))
    return any(re.search(rf"\b{name}\(", example.source) for example in examples)


def test_every_verb_has_an_example_that_calls_it():
    assert [label for label, verb in SHOWN.items() if not is_called(label.split(".")[-1], verb)] == []


@pytest.mark.parametrize("cls", CLASSES)
def test_every_class_has_an_example(cls):
    assert doctest.DocTestParser().get_examples(inspect.getdoc(cls))


def tells_all(verb):
    """Whether a verb tells of parameters, where it has some, and of its result, where it has one."""
    signature = inspect.signature(verb)
    taken = [name for name in signature.parameters if name not in ("self", "x")]
    told = section(verb, "Returns") or section(verb, "Yields")
    return bool(
        (documented(verb) is not None or not taken) and (told or signature.return_annotation == "None")
    )


def test_parameters_and_results_of_every_verb_are_told():
    assert [label for label, verb in SHOWN.items() if not tells_all(verb)] == []


def sections(verb):
    """Titles of the sections of a docstring."""
    return re.findall(r"^(\S[^\n]*)\n-{3,}$", inspect.getdoc(verb), re.M)


def test_sections_stand_in_the_order_of_numpydoc():
    found = {label: sections(verb) for label, verb in SHOWN.items()}
    assert {title for titles in found.values() for title in titles} <= set(SECTIONS)
    assert {k: v for k, v in found.items() if v != sorted(v, key=SECTIONS.index)} == {}


def is_there(name):
    """Whether users find it: a verb, or one of a class, such as SpatRaster.crop."""
    try:
        return operator.attrgetter(name)(pt) is not None
    except AttributeError:
        return False


def seen_also(verb):
    """Names under See Also."""
    lines = (section(verb, "See Also") or "").split("\n")
    return [name.strip() for line in lines for name in line.split(" : ")[0].split(",") if name.strip()]


def test_what_to_see_also_is_there():
    named = [(label, name) for label, verb in SHOWN.items() for name in seen_also(verb)]
    assert [(label, name) for label, name in named if not is_there(name)] == []


def test_everyday_verbs_name_what_to_see_also():
    everyday = {f"{verb.cls}.{verb.python}" for verb in verbs() if verb.tier == 1}
    assert [label for label in SHOWN if label in everyday and section(SHOWN[label], "See Also") is None] == []


def methods(name):
    """What the classes have under the name of a verb."""
    return [found for cls in owners(name) if not is_property(found := member(cls, name))]


@pytest.mark.parametrize("name", [name for name in pt.__all__ if len(methods(name)) > 1])
def test_a_function_of_several_classes_has_the_examples_of_all(name):
    parse = doctest.DocTestParser().get_examples
    shown = [example.source for example in parse(inspect.getdoc(getattr(pt, name)))]
    assert shown == [example.source for found in methods(name) for example in parse(inspect.getdoc(found))]
