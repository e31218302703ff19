"""Questions about rasters with vectors of another CRS, and with extents."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from live.ask_between import holding_centres, numbers, over
from live.ask_cells import pick
from live.trial import Trial

Rng = np.random.Generator


def extract_elsewhere(rng: Rng) -> Trial:
    """1.9 projects the vector, 1.7-3 takes it as it is: there it is projected before."""
    x = numbers(rng, place="metres")
    kind = pick(rng, ["points", "lines", "polygons"])
    v = holding_centres(rng, x) if kind == "polygons" else over(rng, x, kind, multi=kind != "points")
    there = "project(project(v, '+proj=longlat +datum=WGS84'), crs(x))"
    return Trial(
        "extract",
        {"x": x, "v": v},
        "x.extract(v.project('OGC:CRS84'), raw=True)",
        f"from_zero(extract(x, {there}, raw = TRUE))",
    )


QUESTIONS: list[Callable[[Rng], Trial]] = [extract_elsewhere] * 3
