"""Numbers that terra gave, stored, for machines without R. `make_reference.R` makes them."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

import pyterra as pt

HERE = Path(__file__).parent


def make(step, gap, low, names):
    """Quarters of whole numbers, exact in binary; missing at every `gap`-th place."""
    i, layer = np.meshgrid(np.arange(30), np.arange(1, 4))
    values = ((i * step + layer * 11) % 101) / 4 - low
    if gap:
        values[(i + layer * 3) % gap == 0] = np.nan
    return pt.rast(values.reshape(3, 6, 5), extent=(0, 50, 0, 60), names=names)


def read_cases():
    with (HERE / "cases.tsv").open() as file:
        cases = {
            row["name"]: row["python"] for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        }
    lines = (HERE / "reference.tsv").read_text().splitlines()[1:]
    return [(name, cases[name], *rest) for name, *rest in (line.split("\t") for line in lines)]


def test_every_case_has_numbers():
    with (HERE / "cases.tsv").open() as file:
        assert sum(1 for _ in file) - 1 == len(read_cases())


@pytest.mark.parametrize(
    ("python", "shape", "extent", "names", "values"),
    [c[1:] for c in read_cases()],
    ids=[c[0] for c in read_cases()],
)
def test_a_verb_gives_the_numbers_of_terra(python, shape, extent, names, values):
    scope = {
        "pt": pt,
        "x": make(37, 7, 10, ["a", "b", "c"]),
        "y": make(53, 0, 0, ["d", "e", "f"]),
        "g": pt.rast(nrows=4, ncols=3, extent=(6, 42, 7, 55), crs=""),
    }
    got = eval(python, scope)
    assert got.shape == tuple(int(v) for v in shape.split())
    assert list(got.ext) == [float(v) for v in extent.split()]
    assert got.names == names.split(" ")
    expected = np.array([np.nan if v == "NA" else float(v) for v in values.split(" ")]).reshape(got.shape)
    np.testing.assert_allclose(got.to_numpy(), expected, rtol=1e-6, atol=1e-6)
