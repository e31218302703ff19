"""Calls of the verbs that tell what is so of cells."""

from __future__ import annotations

from cases.case import Case

TRUTH = [
    Case("any_na", lambda z: z.x.any_na()),
    Case("all_na", lambda z: z.series.all_na(false_na=True)),
    Case("no_na", lambda z: z.series.no_na()),
    Case("count_na", lambda z: z.series.count_na()),
    Case("count_na", lambda z: z.series.count_na(2), "at least"),
    Case("nany", lambda z: (z.x > 5).nany(na_rm=True)),
    Case("which_lyr", lambda z: (z.whole > 3).which_lyr()),
    Case("compare", lambda z: z.x.compare(z.y, ">=", false_na=True)),
    Case("logic", lambda z: z.whole.logic("is_false")),
]
