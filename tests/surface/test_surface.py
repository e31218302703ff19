"""Every everyday verb of terra is there, says what it does, is under the laws, and is compared with terra."""

import re
from pathlib import Path

import pytest

from surface.state import EXCEPTIONS, UNASKED, problems, rows

ROWS = rows(1)


def test_the_table_has_the_everyday_verbs():
    assert len(ROWS) > 150


@pytest.mark.parametrize("row", ROWS, ids=[f"{row.name} {'-'.join(row.classes)[:40]}" for row in ROWS])
def test_an_everyday_verb_lacks_nothing(row):
    assert problems(row) == []


def test_exceptions_are_of_the_table_and_have_reasons():
    names = {row.name for row in rows()}
    for label, reason in [*EXCEPTIONS.items(), *UNASKED.items()]:
        assert label.split(".", 1)[-1] in names or label.split(".")[0] in (
            "SpatRaster",
            "SpatVector",
            "SpatExtent",
            "pt",
        )
        assert len(reason) > 10
        for path in re.findall(r"(?:tests|vignettes|docs)/[\w/]+\.\w+", reason):
            assert (Path(__file__).parents[2] / path).exists(), path
