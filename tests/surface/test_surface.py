"""The table of verbs has all of terra, says what is so, and every everyday verb lacks nothing."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from pyterra.verb_table import verbs
from surface.state import case_label, is_asked, lacking, nodes
from surface.terra import GROUPS, later_terra

ROOT = Path(__file__).parents[2]
EVERYDAY = [verb for verb in verbs() if verb.tier == 1]
CLASSES = {verb.cls for verb in verbs()}


def test_every_name_of_terra_1_9_has_a_row_for_every_class():
    wanted = {
        (method["name"], method["classes"].split(";")[0])
        for method in later_terra()
        if method["where"] in ("exported", "R")
    }
    rows = {(verb.terra, verb.cls) for verb in verbs()}
    names = {verb.terra for verb in verbs()}
    made = {verb.terra for verb in verbs() if (verb.terra, ".") in rows}  # rast(x) of any class is rast()
    assert sorted({name for name, _ in wanted} - names) == []
    assert sorted({(name, cls) for name, cls in wanted - rows if cls in CLASSES and name not in made}) == []


def test_what_terra_1_9_has_not_says_so():
    known = {method["name"] for method in later_terra() if method["where"] != "hidden"}
    ours = {
        verb.terra
        for verb in verbs()
        if verb.terra not in {".", *known} and verb.note == "." and not {m.do for m in verb.methods} & GROUPS
    }
    assert ours == set()


def test_the_table_has_the_everyday_verbs():
    assert len(EVERYDAY) > 250


@pytest.mark.parametrize("verb", EVERYDAY, ids=[f"{verb.terra} {verb.cls}" for verb in EVERYDAY])
def test_an_everyday_verb_lacks_nothing(verb):
    assert lacking(verb) == []


def test_terra_is_asked_where_the_table_says_so():
    told = [verb for verb in verbs() if verb.asked.startswith("ask_")]
    assert [f"{verb.terra}: {verb.label}" for verb in told if not is_asked(verb)] == []


def test_what_is_not_asked_has_a_reason_that_names_files_that_exist():
    reasons = {verb.asked for verb in verbs() if verb.asked != "." and not verb.asked.startswith("ask_")}
    notes = {verb.note for verb in verbs() if verb.note != "."}
    assert all(len(reason) > 10 for reason in reasons)
    for path in re.findall(r"(?:tests|vignettes|docs)/[\w/]+\.\w+", "\n".join(reasons | notes)):
        assert (ROOT / path).exists(), path


def test_a_verb_makes_the_nodes_that_the_table_names():
    wrong = []
    for verb in verbs():
        of_others = verb.kind == "function" and verb.cls not in ("SpatRaster", ".")
        if not verb.is_here or verb.kind == "property" or of_others:
            assert verb.node == "-", verb.label
            continue
        found, whole = nodes().get(case_label(verb), (set(), False))
        told = set(verb.node.split()) - {"-"}
        if found - told or (whole and told - found):
            wrong.append(f"{verb.terra}({verb.cls}): {verb.node}, but {' '.join(sorted(found)) or '-'}")
    assert wrong == []


def test_the_program_prints_every_tier():
    done = subprocess.run(
        [sys.executable, ROOT / "tests" / "surface" / "state.py"], capture_output=True, text=True, check=True
    )
    assert re.findall(r"^tier (\d): (\d+) of \2 ", done.stdout, re.MULTILINE)[0][0] == "1"
    assert done.stdout.count("\ntier ") == 2
