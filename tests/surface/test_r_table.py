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


OLD_ALONE = {
    "minRect": "hidden in terra 1.9, where it is hull(v, 'rectangle')",
    "costDistance": "gone in terra 1.9, where it is costDist()",
    "rbind": "methods of R's own kind, for which terra 1.9 exports no generic",
    "cbind": "methods of R's own kind, for which terra 1.9 exports no generic",
}
"""Verbs of the R package that terra 1.9 has not, and why."""
SAID_BY_GROUP = ("Arith", "Compare", "Logic", "Math", "Math2", "Summary", "terra")
"""What `do` says of rows whose arguments are those of R, or go to terra as they are."""
INDEXING = ("[", "[<-", "[[", "[[<-", "$", "$<-", "c")
"""Generics of R whose formals are R's."""


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


def later_terra() -> list[dict[str, str]]:
    """The methods of terra 1.9."""
    lines = Path(__file__).with_name("terra19.tsv").read_text("utf-8").splitlines()
    lines = [line for line in lines if not line.startswith("#")]
    return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def unfit_for_later_terra(rows: list[dict[str, str]]) -> list[str]:
    """Rows whose generic terra 1.9 does not give, or with arguments there of which the row says nothing."""
    methods = later_terra()
    found = []
    for row in rows:
        label, names = (
            f"{row['generic']}({row['class']})",
            [name_of(word) for word in row["arguments"].split()],
        )
        own = [m for m in methods if m["name"] == row["generic"]]
        if row["do"] in SAID_BY_GROUP or row["class"] not in CLASSES:
            continue
        if not own or own[0]["where"] == "hidden":
            found += [] if row["generic"] in OLD_ALONE else [f"{label}: terra 1.9 has no such generic"]
            continue
        for method in [m for m in own if row["generic"] not in INDEXING]:
            first, *second = method["classes"].split(";")
            if first == row["class"] and (
                row["second"] == "." or set(second) & set(row["second"].split(";"))
            ):
                formals = [name for name in method["formals"].split() if name not in (".", "...")]
                found += [f"{label}: nothing is said of {name}" for name in formals if name not in names]
    return list(dict.fromkeys(found))


def name_of(word: str) -> str:
    """The name in R of a word of the table."""
    return re.match(r"@?([^>:~!=]+)", word).group(1)


def test_terra_1_9_has_the_generics_and_every_argument_is_taken_ignored_or_refused():
    assert unfit_for_later_terra(table()) == []
    assert {m["where"] for m in later_terra() if m["name"] in OLD_ALONE} <= {"hidden"}


def test_a_row_that_does_not_fit_terra_1_9_is_found():
    good = next(row for row in table() if row["generic"] == "distance" and row["class"] == "SpatRaster")
    assert unfit_for_later_terra([{**good, "arguments": good["arguments"].replace(" maxdist", "")}]) == [
        "distance(SpatRaster): nothing is said of maxdist"
    ]
    for name in ("no.such.generic", "bestMatch2"):
        assert unfit_for_later_terra([{**good, "generic": name}]) == [
            f"{name}(SpatRaster): terra 1.9 has no such generic"
        ]
    hidden = next(m["name"] for m in later_terra() if m["where"] == "hidden" and m["name"] not in OLD_ALONE)
    assert unfit_for_later_terra([{**good, "generic": hidden}]) != []
