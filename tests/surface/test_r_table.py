"""The table of verbs of the R package: it names what there is, and all verbs of terra that pyterra has."""

from __future__ import annotations

import csv
import inspect
import re
from pathlib import Path

from pyterra import SpatExtent, SpatRaster, SpatVector
from surface.state import member, rows, wanted

TABLE = Path(__file__).parents[2] / "r" / "inst" / "verbs.tsv"

ELSEWHERE = {"as_matrix": "of extents: terra 1.7-3 has none"}
"""Verbs that R has not, and why."""


def table() -> list[dict[str, str]]:
    """The rows."""
    lines = [line for line in TABLE.read_text("utf-8").splitlines() if not line.startswith("#")]
    return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


CLASSES: dict[str, type] = {"SpatRaster": SpatRaster, "SpatVector": SpatVector, "SpatExtent": SpatExtent}


def problems() -> list[str]:
    """What the table says of Python that is not so: verbs that are missing, parameters that are."""
    found = []
    for row in table():
        cls = CLASSES.get(row["class"])
        label = f"{row['generic']}({row['class']})"
        if cls is None or row["do"] in ("special", "hand", "terra"):
            continue
        verb = getattr(cls, row["verb"], None)
        if verb is None:
            found.append(f"{label}: {row['class']} has no {row['verb']}")
        elif row["do"] == "call":
            known = inspect.signature(verb).parameters
            named = [python_name(word) for word in row["arguments"].split()]
            found += [f"{label}: {row['verb']} has no {name}" for name in named if name and name not in known]
        elif row["do"] in ("get", "set") and not hasattr(verb, "fget" if row["do"] == "get" else "fset"):
            found += [] if row["class"] == "SpatExtent" else [f"{label}: {row['verb']} is no property"]
    return found


def python_name(word: str) -> str | None:
    """The parameter of Python that a word of the table names; None where it names none."""
    word = word.split("=")[0]
    if (
        word.startswith(".")
        or word == "."
        or "~" in word
        or "!" in word
        or word.endswith((":write", ":others"))
    ):
        return None
    name = word.lstrip("@").split(":")[0]
    if ">" in name:
        return name.split(">")[1]
    known = {"NArule": "na_rule", "zeroAsNA": "zero_as_na", "useNA": "use_na", "ID": "id"}
    return known.get(name) or re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name).replace(".", "_").lower()


def test_what_the_table_names_is_there():
    assert problems() == []


def test_every_verb_of_terra_that_is_here_is_in_the_table():
    known = {(row["class"], row["verb"]) for row in table()} | {
        (row["class"], row["generic"]) for row in table()
    }
    lacking = []
    for row in rows():
        for owner, name in wanted(row):
            if owner == "pt" or name in ELSEWHERE or member(owner, name) is None:
                continue
            if (owner, name) not in known and (owner, row.name) not in known:
                lacking.append(f"{row.name}: {owner}.{name}")
    assert lacking == []


def test_rows_are_there_once():
    seen = [(row["generic"], row["class"], row["second"]) for row in table()]
    assert len(seen) == len(set(seen))
