"""How the table of verbs is read. What it must say of the package is checked in tests/tools/test_table.py."""

import pytest

from pyterra import verb_table
from pyterra.verb_table import KINDS, RMethod, verbs

HEAD = "terra class python kind family theme tier node asked note second do arguments result".split()


def test_every_verb_is_of_a_kind_and_stands_there_once():
    found = verbs()
    assert {verb.kind for verb in found} <= set(KINDS)
    assert len({(verb.terra, verb.cls, verb.python) for verb in found}) == len(found)


def test_a_verb_knows_where_python_has_it():
    by_label = {verb.label: verb for verb in verbs()}
    focal = by_label["SpatRaster.focal"]
    assert (focal.is_here, focal.owner, focal.family) == (True, "SpatRaster", "raster.focal")
    assert by_label["pt.rast"].owner == "pt"


@pytest.fixture
def read(tmp_path, monkeypatch):
    """The verbs of a table of these rows."""

    def verbs_of(*rows):
        lines = ["# a note", "\t".join(HEAD), *("\t".join(row.split()) for row in rows)]
        (tmp_path / "verbs.tsv").write_text("\n".join(lines))
        monkeypatch.setattr(verb_table, "PATH", tmp_path / "verbs.tsv")
        return verbs.__wrapped__()

    return verbs_of


def test_lines_of_one_verb_are_its_methods_in_r(read):
    (verb,) = read(
        "focal SpatRaster focal method raster.focal f 1 Halo ask . . call w .",
        "focal SpatRaster . . . . . . . . numeric call fun r",
    )
    assert verb.methods == (RMethod(".", "call", "w", "."), RMethod("numeric", "call", "fun", "r"))
    assert verb.tier == 1


def test_a_dot_says_that_there_is_nothing_to_say(read):
    (verb,) = read("sky . sky later . . . - . . . . . .")
    assert (verb.methods, verb.tier, verb.is_here, verb.label) == ((), 0, False, "pt.sky")


def test_a_line_of_other_length_is_an_error_that_says_which(read):
    with pytest.raises(ValueError, match=r"line 3 must have 14 cells, got 2: 'focal\\tSpatRaster'"):
        read("focal SpatRaster")
