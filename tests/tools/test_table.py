"""The table of verbs against the package: whatever is changed in one place alone is told in a sentence."""

import importlib.util
import re
from dataclasses import replace
from pathlib import Path

import pytest

from pyterra import SpatRaster, verb_table
from pyterra.verb_table import verbs

ROOT = Path(__file__).parents[2]
SPEC = importlib.util.spec_from_file_location("table", ROOT / "tools" / "table.py")
table = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(table)


def changed(label, **values):
    """The table with another row of `SpatRaster.focal`, or its like; without it where nothing is given."""
    rows = [verb for verb in verbs() if verb.label != label]
    old = next(verb for verb in verbs() if verb.label == label)
    return [*rows, *([replace(old, **values)] if values else [])]


def test_the_table_is_what_the_package_is():
    assert table.problems(verbs()) == []


@pytest.mark.parametrize(
    ("label", "values", "sentences"),
    [
        ("SpatRaster.focal", {}, ["SpatRaster.focal has no row"]),
        (
            "SpatRaster.focal",
            {"python": "fokal"},
            [
                "focal(SpatRaster) is fokal in Python, but there is no SpatRaster.fokal",
                "SpatRaster.focal has no row",
            ],
        ),
        (
            "SpatRaster.focal",
            {"kind": "property"},
            ["focal(SpatRaster) is a property, but SpatRaster.focal is a method"],
        ),
        (
            "SpatRaster.focal",
            {"family": "raster.terrain"},
            ["focal(SpatRaster) is in raster.terrain, but SpatRaster.focal is in raster.focal"],
        ),
        (
            "SpatRaster.focal",
            {"kind": "later"},
            [
                "focal(SpatRaster) is later, but R would ask for it (call)",
                "focal(SpatRaster) is later, but SpatRaster.focal is there: say its kind and its family",
            ],
        ),
        ("pt.vrt", {}, ["pt.vrt has no row"]),
        (
            "pt.tile_apply",
            {"python": "apply"},
            ["tile_apply(.) is apply in Python, but there is no pt.apply", "pt.tile_apply has no row"],
        ),
        (
            "SpatRaster.dtype",
            {"python": "d"},
            ["the row of SpatRaster.d is d in Python, but there is no SpatRaster.d"],
        ),
    ],
)
def test_a_row_that_is_not_what_the_package_is_is_told(label, values, sentences):
    told = table.problems(changed(label, **values))
    assert [text for text in told if text in sentences] == sentences


def test_a_method_that_is_renamed_in_the_class_is_told(monkeypatch):
    monkeypatch.setattr(SpatRaster, "fokal", SpatRaster.focal, raising=False)
    monkeypatch.delattr(SpatRaster, "focal")
    assert table.problems(verbs()) == [
        "focal(SpatRaster) is focal in Python, but there is no SpatRaster.focal",
        "SpatRaster.fokal has no row",
    ]


def test_what_is_not_needed_says_what_to_write():
    told = table.problems(changed("SpatRaster.focal", kind="none", python="."))
    assert "focal(SpatRaster) is none: its note must say what to write, and python be ." in told


def test_two_rows_of_one_verb_are_told():
    again = next(verb for verb in verbs() if verb.label == "SpatRaster.focal")
    assert table.problems([*verbs(), again]) == ["focal(SpatRaster) has 2 rows that say what it is"]


def test_a_line_with_too_few_cells_is_named(tmp_path, monkeypatch):
    text = re.sub(
        r"^focal\tSpatRaster\t", "focal SpatRaster\t", verb_table.PATH.read_text(), flags=re.MULTILINE
    )
    (tmp_path / "verbs.tsv").write_text(text)
    monkeypatch.setattr(verb_table, "PATH", tmp_path / "verbs.tsv")
    number = (
        text.splitlines().index(next(line for line in text.splitlines() if line.startswith("focal S"))) + 1
    )
    with pytest.raises(ValueError, match=rf"^line {number} must have 14 cells, got 13: 'focal SpatRaster"):
        verbs.__wrapped__()


def test_rows_of_the_r_package_are_those_of_the_table():
    rows = [line.split("\t") for line in table.r_table().splitlines() if not line.startswith("#")]
    assert rows[0] == ["generic", "class", "second", "do", "verb", "arguments", "result"]
    assert len(rows) - 1 == sum(len(verb.methods) for verb in verbs())
    assert ["t", "SpatVector", ".", "call", "t", ".", "."] in rows
    assert [row[2] for row in rows if row[:2] == ["zonal", "SpatRaster"]] == ["SpatRaster", "SpatVector"]
