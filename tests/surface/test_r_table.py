"""What the R package makes of the table of verbs: all that pyterra has, with the arguments of terra."""

from __future__ import annotations

import inspect
import re
from dataclasses import replace

import pyterra as pt
from pyterra.verb_table import Verb, verbs
from surface.terra import GROUPS, later_terra

CLASSES: dict[str, type] = {
    name: getattr(pt, name)
    for name in (
        "SpatRaster",
        "SpatVector",
        "SpatExtent",
        "SpatRasterDataset",
        "SpatRasterCollection",
        "SpatVectorCollection",
        "SpatVectorProxy",
        "SpatNetwork",
    )
}
INDEXING = ("[", "[<-", "[[", "[[<-", "$", "$<-", "c")
"""Generics of R whose formals are R's."""


def problems() -> list[str]:
    """What rows say of the parameters and properties of Python that is not so."""
    found = []
    for verb in verbs():
        for method in verb.methods:
            there = getattr(CLASSES[verb.cls], verb.python, None)
            if method.do == "call":
                known = inspect.signature(there).parameters
                named = [python_name(word) for word in method.arguments.split()]
                found += [
                    f"{label(verb)}: {verb.python} has no {name}"
                    for name in named
                    if name and name not in known
                ]
            if method.do in ("get", "set") and verb.kind != {"get": "property", "set": "setter"}[method.do]:
                found.append(f"{label(verb)}: a {verb.kind} is not to {method.do}")
    return found


def label(verb: Verb) -> str:
    """What a row is called."""
    return f"{verb.terra}({verb.cls})"


def python_name(word: str) -> str | None:
    """The parameter of Python that a word of the table names; None where it names none."""
    word = word.split("=")[0]
    if word.startswith(".") or "~" in word or "!" in word or word.endswith((":write", ":others")):
        return None
    name = word.lstrip("@").split("?")[0].split(":")[0]
    if ">" in name:
        return name.split(">")[1]
    known = {"NArule": "na_rule", "zeroAsNA": "zero_as_na", "useNA": "use_na", "ID": "id"}
    return known.get(name) or re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name).replace(".", "_").lower()


def test_what_the_table_names_is_there():
    assert problems() == []


def test_every_verb_of_terra_that_is_here_is_in_the_r_package():
    told = [verb for verb in verbs() if verb.terra != "." and verb.cls in CLASSES and verb.is_here]
    assert [label(verb) for verb in told if not verb.methods and "so R has no method" not in verb.note] == []


def test_methods_are_there_once():
    for verb in verbs():
        seconds = [method.second for method in verb.methods]
        assert len(seconds) == len(set(seconds)), label(verb)


def unfit_for_later_terra(told: list[Verb]) -> list[str]:
    """Verbs whose generic terra 1.9 does not give, or with arguments there of which no row says anything."""
    found = []
    for verb in told:
        own = [m for m in later_terra() if m["name"] == verb.terra]
        methods = [method for method in verb.methods if method.do not in {"terra", "own", *GROUPS}]
        if methods and (not own or own[0]["where"] == "hidden"):
            found += [f"{label(verb)}: terra 1.9 has no such generic"] if verb.note == "." else []
            continue
        for method in methods if verb.terra not in INDEXING else []:
            names = [name_of(word) for word in method.arguments.split()]
            for there in own:
                first, *second = there["classes"].split(";")
                if first == verb.cls and (
                    method.second == "." or set(second) & set(method.second.split(";"))
                ):
                    formals = [name for name in there["formals"].split() if name not in (".", "...")]
                    found += [
                        f"{label(verb)}: nothing is said of {name}" for name in formals if name not in names
                    ]
    return list(dict.fromkeys(found))


def name_of(word: str) -> str:
    """The name in R of a word of the table."""
    return re.match(r"@?([^>:~!?=]+)", word).group(1)


def test_terra_1_9_has_the_generics_and_every_argument_is_taken_ignored_or_refused():
    assert unfit_for_later_terra(list(verbs())) == []


def test_a_verb_that_does_not_fit_terra_1_9_is_found():
    good = next(verb for verb in verbs() if verb.label == "SpatRaster.distance")
    (method,) = good.methods
    short = replace(good, methods=(replace(method, arguments=method.arguments.replace(" maxdist", "")),))
    assert unfit_for_later_terra([short]) == ["distance(SpatRaster): nothing is said of maxdist"]
    hidden = next(m["name"] for m in later_terra() if m["where"] == "hidden")
    for name in ("no.such.generic", hidden):
        assert unfit_for_later_terra([replace(good, terra=name)]) == [
            f"{name}(SpatRaster): terra 1.9 has no such generic"
        ]
