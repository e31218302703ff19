"""The table of verbs of the R package: it names what there is, and all verbs of terra that pyterra has."""

from __future__ import annotations

import csv
from pathlib import Path

from pyterra.rbridge import host_verbs
from surface.state import member, rows, wanted

TABLE = Path(__file__).parents[2] / "r" / "inst" / "verbs.tsv"

ELSEWHERE = {"as_matrix": "of extents: terra 1.7-3 has none"}
"""Verbs that R has not, and why."""


def table() -> list[dict[str, str]]:
    """The rows."""
    lines = [line for line in TABLE.read_text("utf-8").splitlines() if not line.startswith("#")]
    return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def test_what_the_table_names_is_there():
    assert host_verbs.table_problems(str(TABLE)) == []


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
