"""Questions about what verbs do beside their everyday use."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from live.ask_between import holding_centres, numbers
from live.ask_cells import pick
from live.random_rasters import a_raster, filled
from live.random_vectors import a_vector
from live.trial import Trial

Rng = np.random.Generator


def crop_by_hull(rng: Rng) -> Trial:
    """Of points and lines the convex hull is taken; the areas of what is left are compared."""
    v = a_vector(rng, "polygons", place="metres", multi=False)
    w = a_vector(rng, pick(rng, ["points", "lines"]), place="metres", count=4, multi=False)
    py = "np.array([sum(g.area for g in v.crop(w).geoms)])"
    r = "{ k <- crop(v, w); if (nrow(k)) sum(expanse(k, transform = FALSE)) else 0 }"
    return Trial("crop", {"v": v, "w": w}, py, r, rtol=1e-6)


def zonal_polygons_weighted(rng: Rng) -> Trial:
    x = numbers(rng)
    given = {"x": x, "v": holding_centres(rng, x), "w": filled(rng, x, "int", 1, 5, missing=False, nlyr=1)}
    # 1.7-3 has no w: the sums by themselves
    r = (
        "without_nothing({ k <- mask(rep(w, nlyr(x)), x); "
        "zonal(x * w, v, 'sum', na.rm=TRUE) / zonal(k, v, 'sum', na.rm=TRUE) })"
    )
    return Trial("zonal", given, "x.zonal(v, w=w, na_rm=True)", r, rtol=1e-6)


def zonal_polygons_counted(rng: Rng) -> Trial:
    x = a_raster(rng, kind="int", nlyr=1, low=0, high=4)
    r = "{ e <- extract(x, v); e <- e[!is.na(e[, 2]), ]; "
    r += "d <- aggregate(list(n = e[, 1] * 0 + 1), list(value = e[, 2], zone = e[, 1] - 1), sum); d[, c(2, 1, 3)] }"
    return Trial("zonal", {"x": x, "v": holding_centres(rng, x)}, "x.zonal(v, 'table')", r, names=False)


def pairs_of_none(rng: Rng) -> Trial:
    v, w = (a_vector(rng, k, place="metres", multi=False) for k in ("points", "polygons"))
    r = "{ m <- relate(v, w, 'within', pairs = TRUE); alone <- setdiff(seq_len(nrow(v)), m[, 1]); "
    r += "m <- rbind(matrix(m, ncol = 2), cbind(alone, rep(0, length(alone)))); "
    r += "m[order(m[, 1], m[, 2]), , drop = FALSE] - 1 }"
    return Trial("relate", {"v": v, "w": w}, "v.relate(w, 'within', pairs=True, na_rm=False)", r)


QUESTIONS: list[Callable[[Rng], Trial]] = [
    crop_by_hull,
    crop_by_hull,
    zonal_polygons_weighted,
    zonal_polygons_counted,
    pairs_of_none,
]
