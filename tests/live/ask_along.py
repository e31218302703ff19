"""Questions about the layers of a cell as a row of values."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from live.ask_cells import pick
from live.random_rasters import a_raster, filled
from live.random_vectors import a_vector
from live.trial import Trial, lit

Rng = np.random.Generator


def in_a_row(rng: Rng) -> Trial:
    x = a_raster(rng, kind=pick(rng, ["num", "int"]), nlyr=5)
    ours, r = pick(
        rng,
        [
            ("x.diff()", "diff(x)"),
            ("x.diff(2)", "x[[3:5]] - x[[1:3]]"),
            ("x.rev()", "rev(x)"),
            ("x.roll(3, 'mean', na_rm=True)", 'roll(x, 3, "mean", na.rm = TRUE)'),
            ("x.roll(2, 'max', type='to')", 'roll(x, 2, "max", "to")'),
            ("x.roll(3, 'sum', circular=True)", 'roll(x, 3, "sum", circular = TRUE)'),
        ],
    )
    return Trial("in a row", {"x": x}, ours, r, names=False)


def in_order(rng: Rng) -> Trial:
    down = bool(rng.integers(2))
    x = a_raster(rng, kind=pick(rng, ["num", "int"]), nlyr=4)
    r = f"setValues(x, t(apply(values(x), 1, sort, decreasing = {lit(down)}, na.last = TRUE)))"
    return Trial("sort", {"x": x}, f"x.sort(decreasing={down})", r, names=False)


def ranges(rng: Rng) -> Trial:
    x = a_raster(rng, kind="num", nlyr=5)
    y = filled(rng, x, "int", 0, 4, nlyr=1)
    ours, r = pick(
        rng,
        [
            ("x.select_range(y)", "selectRange(x, y + 1)"),
            ("x.rapp(y, 4, 'sum')", 'rapp(x, y + 1, 5, "sum")'),
            ("x.rapp(0, y, 'max', na_rm=True)", 'rapp(x, 1, y + 1, "max", na.rm = TRUE)'),
            ("pt.c(y, y).range_fill(6)", "rangeFill(c(y, y) + 1, 6)"),
        ],
    )
    return Trial("ranges", {"x": x, "y": y}, ours, r, names=False)


def the_highest(rng: Rng) -> Trial:
    x = a_raster(rng, kind="num", nlyr=1)
    n = int(rng.integers(1, 4))
    r = f"{{ v <- values(x)[, 1]; o <- order(v, decreasing = TRUE)[1:{n}]; y <- x * NA; y[o[!is.na(v[o])]] <- 1; y }}"
    return Trial("select_highest", {"x": x}, f"x.select_highest({n})", r, names=False)


def geodesics(rng: Rng) -> Trial:
    v, w = (a_vector(rng, "points", place="degrees", multi=False) for _ in "vw")
    ours, r = pick(
        rng,
        [
            ("v.distance(w, method='geo')", "geodesics(v, w)"),
            ("v.distance(method='geo')", "as.matrix(geodesics(v))"),
            ("v.distance(w, unit='km', method='geo')", "geodesics(v, w) / 1000"),
        ],
    )
    return Trial("distance", {"v": v, "w": w}, ours, r, rtol=1e-9)


QUESTIONS: list[Callable[[Rng], Trial]] = [
    in_a_row,
    in_a_row,
    in_order,
    ranges,
    ranges,
    the_highest,
    geodesics,
]
