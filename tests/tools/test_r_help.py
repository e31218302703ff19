"""The help pages of the R package, made by tools/r_help.R beside terra 1.9, are those of the tables of today."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAN = ROOT / "r" / "man"
OLDER = {"costDistance", "minRect"}
"""Verbs that terra 1.9 does not have under this name."""
MEMBERS = {"Arith", "Compare", "Logic", "Math", "Math2", "Summary"}


@pytest.fixture(scope="module")
def told():
    """What tools/r_help.py tells the maker of the pages."""
    run = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "r_help.py")], capture_output=True, text=True, check=True
    )
    return json.loads(run.stdout)


def rd(name):
    return (MAN / name).read_text("utf-8")


def do_of_rows():
    lines = [
        line.split("\t")
        for line in (ROOT / "r" / "inst" / "verbs.tsv").read_text("utf-8").splitlines()
        if not line.startswith("#")
    ]
    return {(row[0], row[1]): row[3] for row in lines[1:]}


def test_every_verb_has_a_section_on_the_page_of_its_family(told):
    do = do_of_rows()
    missing = [
        one["terra"]
        for one in told["verbs"]
        if re.match("[A-Za-z.]", one["terra"])
        and do.get((one["terra"], one["class"])) not in MEMBERS | {None}
        and f"\\section{{{one['terra']}}}{{" not in rd(f"verbs-{one['group']}.Rd")
    ]
    assert set(missing) <= OLDER, missing
    assert len(told["verbs"]) > 600


def test_every_difference_is_on_the_page_of_differences(told):
    rows = sum(len(rows) for rows in told["differences"].values())
    assert rows > 200
    assert rd("pyterra-differences.Rd").count("\\item{") == rows


def test_arguments_of_series_are_told_with_their_defaults(told):
    page = rd("series-arguments.Rd")
    assert {one["name"] for one in told["own"]} == set(re.findall(r"\\section\{(\w+)\}", page))
    whittaker = next(one for one in told["own"] if one["name"] == "whittaker")
    defaults = {one["python"]: one["default"] for one in whittaker["arguments"]}
    assert defaults["lmbda"] == "NULL"
    assert defaults["order"] == "2"
    assert defaults["keep_original"] == "FALSE"
    assert "whittaker(x, lmbda = NULL, order = 2, weights = NULL," in page
    fdr = next(one for one in told["own"] if one["name"] == "fdr")
    assert 'One of "bh", "by". ' in next(one["told"] for one in fdr["arguments"] if one["python"] == "method")


def test_pages_are_in_words_of_r():
    for path in MAN.glob("verbs-*.Rd"):
        text = re.sub(r"\\examples\{.*", "", path.read_text("utf-8"), flags=re.DOTALL)
        assert not re.search(r"\bna_rm\b|\bNone\b|\bDataFrame\b|``", text), path.name
