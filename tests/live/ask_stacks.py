"""Questions about data sets and collections of rasters."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from live.ask_cells import pick
from live.ask_grids import beside
from live.random_rasters import a_raster, filled
from live.trial import Given, Trial

Rng = np.random.Generator


def two(rng: Rng, *, alike: bool) -> dict[str, Given]:
    """Two rasters on one grid, with as many layers where they are alike."""
    x = a_raster(rng, kind=pick(rng, ["num", "double", "int"]))
    n = x.values.shape[0] if alike else int(rng.integers(1, 5))
    return {"x": x, "y": filled(rng, x, pick(rng, ["num", "double"]), nlyr=n)}


def side_by_side(rng: Rng) -> dict[str, Given]:
    """Three rasters of whole numbers on cells that coincide."""
    x = a_raster(rng, least=5, kind="num")
    x = replace(x, values=x.values.round())
    return {"x": x, "y": beside(rng, x), "z": beside(rng, x)}


def joined(rng: Rng) -> Trial:
    return Trial("rast", two(rng, alike=False), "pt.rast(pt.sds(u=x, v=y))", "rast(sds(list(u = x, v = y)))")


def properties(rng: Rng) -> Trial:
    py = "[s.nrow, s.ncol, s.ncell, *s.nlyr, *s.res, *s.ext, len(s)]"
    r = "c(nrow(s), ncol(s), ncell(s), nlyr(s), res(s), as.vector(ext(s)), length(s))"
    return Trial(
        "sds",
        two(rng, alike=False),
        f"(lambda s: {py})(pt.sds(x, y))",
        f"{{ s <- sds(x, y); {r} }}",
        names=False,
    )


def across(rng: Rng) -> Trial:
    fun = pick(rng, ["sum", "mean", "max", "min"])
    return Trial("app", two(rng, alike=False), f"pt.sds(x, y).app({fun!r})", f"app(sds(x, y), {fun!r})")


def blocks(rng: Rng) -> Trial:
    py, r = pick(rng, [("a + b", "a + b"), ("a * 2 - b", "a * 2 - b"), ("a * b", "a * b")])
    return Trial(
        "lapp",
        two(rng, alike=True),
        f"pt.sds(x, y).lapp(lambda a, b: {py})",
        f"lapp(sds(x, y), function(a, b) {r})",
    )


def recycled(rng: Rng) -> Trial:
    return Trial(
        "lapp",
        two(rng, alike=False),
        "pt.sds(x, y).lapp(lambda a, b: a - b, recycle=True)",
        "lapp(sds(x, y), function(a, b) a - b, recycle = TRUE)",
        names=False,
    )


def reduced(rng: Rng) -> Trial:
    return Trial(
        "lapp",
        two(rng, alike=False),
        "pt.sds(x, y).lapp(lambda a, b: a.sum(axis=0) - b[0])",
        "lapp(sds(x, y), function(a, b) rowSums(a) - b[, 1])",
        names=False,
    )


def cropped(rng: Rng) -> Trial:
    return Trial(
        "crop",
        two(rng, alike=False),
        "pt.sds(u=x, v=y).crop(x.ext * 0.6)['v']",
        "crop(sds(list(u = x, v = y)), ext(x) * 0.6)[2]",
    )


def mosaic(rng: Rng) -> Trial:
    fun = pick(rng, ["mean", "sum", "min", "max"])
    return Trial(
        "mosaic",
        side_by_side(rng),
        f"pt.sprc(x, y, z).mosaic(fun={fun!r})",
        f"mosaic(sprc(x, y, z), fun = {fun!r})",
    )


def merge(rng: Rng) -> Trial:
    return Trial("merge", side_by_side(rng), "pt.merge(pt.sprc([x, y, z]))", "merge_by_cover(x, y, z)")


QUESTIONS = [joined, properties, across, blocks, recycled, reduced, cropped, mosaic, merge]
