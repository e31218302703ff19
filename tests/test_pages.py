"""Pages of the documentation: their examples run, and what they list is all there is."""

import doctest
from pathlib import Path

import pytest

from pyterra.arguments import FILL, NAMES

DOCS = Path(__file__).parents[1] / "docs"


@pytest.mark.parametrize("page", ["coming-from-terra.md"])
def test_examples_run(page, capsys):
    found = doctest.testfile(str(DOCS / page), module_relative=False)
    assert found.attempted > 10
    assert found.failed == 0, capsys.readouterr().out


def test_every_renamed_argument_is_told():
    text = (DOCS / "coming-from-terra.md").read_text("utf-8")
    rows = [line.split("|")[1:3] for line in text.splitlines() if line.startswith("| `")]
    assert [old for old in (*NAMES, *FILL) if not any(f"`{old}`" in row[0] for row in rows)] == []
    for old, new in NAMES.items():
        (row,) = [row for row in rows if f"`{old}`" in row[0]]
        assert all(f"`{name}`" in row[1] for name in new), old
