"""terra 1.9's own surface: its functions and methods, as it gives them."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

GROUPS = {"Arith", "Compare", "Logic", "Math", "Math2", "Summary"}
"""Groups of functions of R, whose members terra has without naming them."""


@cache
def later_terra() -> list[dict[str, str]]:
    """Functions and methods; the head of the table says what its columns are."""
    lines = Path(__file__).with_name("terra19.tsv").read_text("utf-8").splitlines()
    lines = [line for line in lines if not line.startswith("#")]
    return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
