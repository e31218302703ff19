"""What pyterra has of terra's surface. Run it: ``python tests/surface/state.py`` prints every tier.

The table of verbs, ``pyterra/verbs.tsv``, says what there is; here it is asked whether that is so.
"""

from __future__ import annotations

import inspect
import re
import sys
from functools import cache
from itertools import groupby
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from cases import CASES, EXCEPTIONS
from cases.kinds import made_of
from live.questions import QUESTIONS, chance
from live.trial import GivenVector

import pyterra as pt
from pyterra.generics import CLASSES, member
from pyterra.verb_table import SIGNS, Verb, verbs

ROUNDS, EACH = 20, 10
"""How often questions are drawn for a verb that they have not named yet, and each of them in a round."""
MADE_BY = {
    "SpatRasterDataset": "pt.sds(",
    "SpatRasterCollection": "pt.sprc(",
    "SpatVectorCollection": "pt.svc(",
}
"""How questions make what is neither raster nor vector nor extent."""


def case_label(verb: Verb) -> str:
    """What its cases are called."""
    return verb.label.removeprefix("SpatRaster.")


def body(verb: Verb) -> object | None:
    """What Python has under its name."""
    owner = {cls.__name__: cls for cls in CLASSES}.get(verb.owner)
    return getattr(pt, verb.python, None) if owner is None else member(owner, verb.python)


def says_what_it_does(verb: Verb) -> bool:
    """Whether it has a docstring; operators follow Python's own words, fields are told of in that of their class."""
    return (
        verb.kind == "operator" or inspect.ismemberdescriptor(body(verb)) or bool(inspect.getdoc(body(verb)))
    )


def has_case(verb: Verb) -> bool:
    """Whether cases call it, or say why not; Python makes ``!=`` of ``==``, and fields need no call."""
    of_itself = verb.python == "__ne__" or inspect.ismemberdescriptor(body(verb))
    return of_itself or case_label(verb) in {case.verb for case in CASES} | set(EXCEPTIONS)


@cache
def asked(module: str, turn: int) -> dict[str, str]:
    """Class -> the Python of questions of a module of tests/live that are about the class, as drawn in one round."""
    found: dict[str, set[str]] = {cls.__name__: set() for cls in CLASSES}
    for question in dict.fromkeys(q for q in QUESTIONS if q.__module__ == f"live.{module}"):
        for k in range(turn * EACH, (turn + 1) * EACH):
            trial = question(chance(question, k))
            given = list(trial.inputs.values())
            about = ["SpatRaster", *(name for name, text in MADE_BY.items() if text in trial.py)]
            about += ["SpatVector"] if any(isinstance(one, GivenVector) for one in given) else []
            about += ["SpatExtent"] if "ext(" in trial.r or not given else []
            for name in about:
                found[name].add(trial.py)
    return {name: "\n".join(texts) for name, texts in found.items()}


def is_asked(verb: Verb) -> bool:
    """Whether the module that the table names asks terra about it."""
    sign, word = SIGNS.get(verb.python), re.compile(rf"\b{re.escape(verb.python)}\b")
    texts = (asked(verb.asked, turn)["SpatRaster" if verb.cls == "." else verb.cls] for turn in range(ROUNDS))
    return any((sign is not None and sign in text) or word.search(text) for text in texts)


def lacking(verb: Verb) -> list[str]:
    """What an everyday verb lacks."""
    if verb.kind in ("none", "group"):
        return []
    if not verb.is_here:
        return ["is still to come"]
    found = [] if says_what_it_does(verb) else ["has no docstring"]
    found += [] if has_case(verb) else ["has no case"]
    return found + (["is not compared with terra"] if verb.asked == "." else [])


@cache
def nodes() -> dict[str, tuple[set[str], bool]]:
    """Label -> kinds of nodes that its cases make, and whether all of them were built; what is costly is not."""
    found: dict[str, tuple[set[str], bool]] = {}
    for case in CASES:
        kinds, whole = found.get(case.verb, (set(), True))
        built = not (case.plain or case.reads or case.costly)
        found[case.verb] = (kinds | made_of(case) if built else kinds), whole and not case.costly
    return found


def main() -> None:
    """Print the state of every tier."""
    for tier in (1, 2, 3):
        of_tier = sorted((verb for verb in verbs() if verb.tier == tier), key=lambda verb: verb.theme)
        there = sum(verb.kind != "later" for verb in of_tier)
        print(
            f"tier {tier}: {there} of {len(of_tier)} verbs, counted by class, are there or needed by nobody"
        )
        for theme, later in groupby(
            (verb for verb in of_tier if verb.kind == "later"), lambda verb: verb.theme
        ):
            print(f"  {theme}: {', '.join(dict.fromkeys(verb.terra for verb in later))}")
    for verb in verbs():
        for text in lacking(verb) if verb.tier == 1 else []:
            print(f"tier 1: {verb.terra}: {verb.label} {text}")


if __name__ == "__main__":
    main()
