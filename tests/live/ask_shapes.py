"""Questions about turning rasters, positions, tables of cells, categories, samples and assignment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from live.ask_cells import pick
from live.ask_tables import asked
from live.random_rasters import a_raster, filled
from live.trial import Trial, lit

Rng = np.random.Generator


def transpose(rng: Rng) -> Trial:
    return Trial("t", {"x": a_raster(rng)}, "x.t()", "t(x)")


def rotate(rng: Rng) -> Trial:
    x = a_raster(rng, place="degrees")
    ncol = int(rng.choice([2, 4, 8]))
    x = replace(x, values=np.resize(x.values, (*x.values.shape[:2], ncol)))
    left = bool(rng.integers(2))
    west = 0.0 if left else -180.0
    x = replace(x, extent=(west, west + 360, -30.0, 60.0))
    r = f'if (packageVersion("terra") < "1.8") rotate(x, left = {lit(left)}) else rotate(x)'
    return Trial("rotate", {"x": x}, f"x.rotate(left={left})", r)


def init(rng: Rng) -> Trial:
    x, fun = a_raster(rng, nlyr=1), pick(rng, ["x", "y", "row", "col", "cell", "chess"])
    ours, r = f"x.init({fun!r})", f"init(x, {fun!r})"
    r = f"{r} - 1" if fun in ("row", "col", "cell") else r
    if rng.random() < 0.3:
        ours, r = "x.init([1, 2, 5])", "init(x, c(1, 2, 5))"
    return Trial("init", {"x": x}, ours, r, names=False)


def is_in(rng: Rng) -> Trial:
    x = a_raster(rng, kind=pick(rng, ["int", "num"]), low=-3, high=3)
    x = replace(x, values=x.values.round())
    table = rng.integers(-3, 4, int(rng.integers(1, 4))).tolist()
    return Trial("is_in", {"x": x}, f"x.is_in({table})", f"x %in% {lit(table)}", names=False)


def frame(rng: Rng) -> Trial:
    x = a_raster(rng, kind=pick(rng, ["num", "int", "factor", "bool"]))
    xy, cells = bool(rng.integers(2)), bool(rng.integers(2))
    na_rm = pick(rng, [None, True, False])
    r = f"as.data.frame(x, xy = {lit(xy)}, cells = {lit(cells)}, na.rm = {lit(na_rm)})"
    r = f"{{d <- {r}; if ('cell' %in% names(d)) d$cell <- d$cell - 1; d}}"
    return asked("as_data_frame", {"x": x}, f"x.as_data_frame(xy={xy}, cells={cells}, na_rm={na_rm})", r)


def matrix(rng: Rng) -> Trial:
    wide = bool(rng.integers(2))
    r = f"as.matrix(x, wide = {lit(wide)})"
    return Trial("as_matrix", {"x": a_raster(rng)}, f"x.as_matrix(wide={wide})", r, names=False)


def regular(rng: Rng) -> Trial:
    x, size = a_raster(rng, nlyr=1, least=5, kind="num"), int(rng.integers(2, 60))
    r = f"spatSample(x, {size}, 'regular', as.raster = TRUE)"
    return Trial("spat_sample", {"x": x}, f"x.spat_sample({size}, 'regular', as_raster=True)", r)


def assign_cells(rng: Rng) -> Trial:
    x = a_raster(rng, kind=pick(rng, ["num", "double", "int"]), nlyr=int(rng.integers(1, 3)))
    rows = sorted(set(rng.integers(0, x.values.shape[1], 3).tolist()))
    cols = sorted(set(rng.integers(0, x.values.shape[2], 3).tolist()))
    value = pick(rng, [7, None] if x.kind == "int" else [7, 0.1, None])
    ours = f"(lambda y: (y.__setitem__(({rows}, {cols}), {value}), y)[1])(x * 1)"
    r = f"{{y <- x; y[{lit([i + 1 for i in rows])}, {lit([i + 1 for i in cols])}] <- {lit(value)}; y}}"
    return Trial("assignment", {"x": x}, ours, r)


def assign_mask(rng: Rng) -> Trial:
    x = a_raster(rng, kind="num", nlyr=int(rng.integers(1, 4)))
    m = filled(rng, x, "num", nlyr=1)
    value = pick(rng, [7, 0.1, None])
    ours = f"(lambda y: (y.__setitem__(m > 0, {value}), y)[1])(x * 1)"
    return Trial("assignment", {"x": x, "m": m}, ours, f"{{y <- x; y[m > 0] <- {lit(value)}; y}}")


def assign_layer(rng: Rng) -> Trial:
    x = a_raster(rng, kind="num", nlyr=3)
    y = filled(rng, x, "num", nlyr=1)
    name = pick(rng, ["b1", "new"])
    ours = f"(lambda z: (z.__setitem__({name!r}, y), z)[1])(x * 1)"
    return Trial("assignment", {"x": x, "y": y}, ours, f"{{z <- x; z[[{name!r}]] <- y; z}}")


def catalyze(rng: Rng) -> Trial:
    x = a_raster(rng, nlyr=1, kind="int", low=0, high=4)
    table = "pd.DataFrame({'ID': range(5), 'a': [5., 4., 3., 2., 1.], 'b': [0.5, 1, 1.5, 2, 2.5]})"
    ours = f"(lambda y, pd: (setattr(y, 'levels', {table}), y.catalyze())[1])(x * 1, __import__('pandas'))"
    r = "{levels(x) <- data.frame(ID = 0:4, a = 5:1, b = (1:5) / 2); catalyze(x)}"
    return Trial("catalyze", {"x": x}, ours, r)


def summary(rng: Rng) -> Trial:
    x = a_raster(rng, kind="num", nlyr=1, missing=False)
    r = "{v <- values(x); c(min(v), quantile(v, 0.25), median(v), mean(v), quantile(v, 0.75), max(v), 0)}"
    return Trial("summary", {"x": x}, "x.summary().iloc[:, 0].to_numpy()", r, names=False, rtol=1e-9)


QUESTIONS: list[Callable[[Rng], Trial]] = [
    transpose, rotate, init, init, is_in, frame, frame, frame, matrix, regular, assign_cells, assign_cells, assign_mask,
    assign_layer, catalyze, summary,
]  # fmt: skip
