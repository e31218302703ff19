"""Questions about rasters with vectors of another CRS, and with extents."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from live.ask_between import holding_centres, numbers, over
from live.ask_cells import pick
from live.trial import Trial, lit

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


def small_extents(rng: Rng) -> Trial:
    """Extents of less than a cell; 1.7-3 gives the raster first, and its intersect is that of extents."""
    x = numbers(rng, place="none", nlyr=1)
    xmin, xmax, ymin, ymax = x.extent
    _, nrow, ncol = x.values.shape
    w, h = (xmax - xmin) / ncol, (ymax - ymin) / nrow
    left, low = xmin + rng.uniform(0, ncol - 0.8) * w, ymin + rng.uniform(0, nrow - 0.8) * h
    e = (left, left + rng.uniform(0, 0.8) * w, low, low + rng.uniform(0, 0.8) * h)
    ours, r = pick(
        rng,
        [
            ("list(e.intersect(x))", "ext(crop(x, e))"),
            ("list(x.intersect(e))", "ext(crop(x, e))"),
            ("list(x.crop(e).ext)", "ext(crop(x, e))"),
        ],
    )
    return Trial(
        "crop",
        {"x": x},
        f"(lambda e: np.array([{ours}]))(pt.ext(*{e}))",
        f"{{e <- ext({lit(e)}); matrix(as.vector({r}), 1)}}",
        names=False,
    )


QUESTIONS: list[Callable[[Rng], Trial]] = [*[extract_elsewhere] * 3, *[small_extents] * 3]
