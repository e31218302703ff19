"""Questions whose answers are numbers: statistics over cells, cells and coordinates, extents."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from live.ask_cells import pick
from live.ask_grids import near
from live.random_rasters import a_raster
from live.trial import Trial, lit

Rng = np.random.Generator


def global_(rng: Rng) -> Trial:
    fun, na_rm = pick(rng, "sum mean min max sd std rms isNA notNA range".split()), bool(rng.integers(2))
    x = a_raster(rng, kind=pick(rng, ["num", "double", "int"]))
    tail = "" if fun in ("isNA", "notNA") else f", na.rm = {lit(na_rm)}"
    return Trial(
        "global_", {"x": x}, f"x.global_({fun!r}, na_rm={na_rm})", f"global(x, {fun!r}{tail})", rtol=1e-10
    )


def minmax(rng: Rng) -> Trial:
    x = a_raster(rng, kind=pick(rng, ["num", "double", "int"]))
    return Trial("minmax", {"x": x}, "x.minmax(compute=True)", "minmax(x)", names=False)


def freq(rng: Rng) -> Trial:
    x = a_raster(rng, kind=pick(rng, ["num", "int"]), low=-3, high=3)
    return Trial(
        "freq",
        {"x": x},
        "x.freq()[['layer', 'value', 'count']]",
        "{f <- freq(x); f[, 1] <- f[, 1] - 1; f}",
        names=False,
    )


def unique(rng: Rng) -> Trial:
    x = a_raster(rng, kind="int", nlyr=1, low=-5, high=5)
    return Trial("unique", {"x": x}, "x.unique()", "unique(x)", names=False)


def values(rng: Rng) -> Trial:
    return Trial("values", {"x": a_raster(rng)}, "x.values()", "values(x)", names=False)


def geometry(rng: Rng) -> Trial:
    ours, r = pick(
        rng,
        [
            ("[x.nrow, x.ncol, x.nlyr, x.ncell]", "c(nrow(x), ncol(x), nlyr(x), ncell(x))"),
            ("list(x.res)", "res(x)"),
            ("list(x.ext)", "ext(x)"),
            ("list(x.origin)", "origin(x)"),
        ],
    )
    return Trial("geometry", {"x": a_raster(rng)}, ours, r, names=False)


def cells_of_points(rng: Rng) -> Trial:
    x = a_raster(rng)
    xmin, xmax, ymin, ymax = x.extent
    nrow, ncol = x.values.shape[1:]
    columns = rng.choice([*np.linspace(xmin, xmax, 2 * ncol + 1), xmin - 1, xmax + 1], 8)
    rows = rng.choice([*np.linspace(ymin, ymax, 2 * nrow + 1), ymin - 1, ymax + 1], 8)
    points = [(float(a), float(b)) for a, b in zip(columns, rows, strict=True)]
    flat = [v for point in points for v in point]
    r = f"zero_based(cellFromXY(x, matrix({lit(flat)}, ncol = 2, byrow = TRUE)))"
    return Trial("cells", {"x": x}, f"x.cell_from_xy({points})", r, names=False)


def cells_and_rows(rng: Rng) -> Trial:
    x = a_raster(rng)
    n = int(np.prod(x.values.shape[1:]))
    cells = rng.integers(0, n, 4).tolist()
    ours, r = pick(
        rng,
        [
            (f"x.xy_from_cell({cells})", f"xyFromCell(x, {lit(cells)} + 1)"),
            (f"x.row_col_from_cell({cells})", f"rowColFromCell(x, {lit(cells)} + 1) - 1"),
            (f"x.row_from_cell({cells})", f"rowFromCell(x, {lit(cells)} + 1) - 1"),
            (f"x.col_from_cell({cells})", f"colFromCell(x, {lit(cells)} + 1) - 1"),
            (
                "x.cell_from_row_col([0, 3, 90], [0, 1, 2])",
                "zero_based(cellFromRowCol(x, c(0, 3, 90) + 1, c(0, 1, 2) + 1))",
            ),
            (
                "x.cell_from_row_col_combine([0, 1], [0, 5])",
                "zero_based(cellFromRowColCombine(x, c(0, 1) + 1, c(0, 5) + 1))",
            ),
            ("x.x_from_col([0, 2, 40])", "xFromCol(x, c(0, 2, 40) + 1)"),
            ("x.y_from_row([0, 2, 40])", "yFromRow(x, c(0, 2, 40) + 1)"),
        ],
    )
    return Trial("cells", {"x": x}, ours, r, names=False)


def extents(rng: Rng) -> Trial:
    x = a_raster(rng, place="none")
    a, b = near(rng, x, 2), near(rng, x, 2)
    ours, r = pick(
        rng,
        [
            ("a + b", "union(a, b)"),
            ("a.intersect(b)", "intersect(a, b)"),
            ("a + 2", "a + 2"),
            ("a * 2", "a * 2"),
            ("a / 2", "a / 2"),
            ("a.floor()", "floor(a)"),
            ("a.ceiling()", "ceiling(a)"),
            ("a.shift(1, -2)", "ext(shift(as.polygons(a), 1, -2))"),
        ],
    )
    places = f"(lambda a, b: {ours})(pt.ext(*{a}), pt.ext(*{b}))"
    r = f"{{a <- ext({lit(a)}); b <- ext({lit(b)}); {r}}}"
    return Trial("extent", {"x": x}, places, r, names=False)


def a_window(rng: Rng) -> Trial:
    x = a_raster(rng, least=5, kind="num")
    return Trial(
        "values", {"x": x}, "x[1:4, 2:4].reshape(len(x), -1).T", "as.matrix(x[2:4, 3:4])", names=False
    )


def masked(rng: Rng) -> Trial:
    x = a_raster(rng, kind="num", nlyr=2)
    m = replace(x, values=x.values[:1], names=("m",))
    return Trial(
        "values",
        {"x": x, "m": m},
        "x[m > 0]",
        "as.matrix(values(x)[which(values(m) > 0), , drop = FALSE])",
        names=False,
    )


QUESTIONS: list[Callable[[Rng], Trial]] = [
    global_, global_, global_, minmax, freq, unique, values, geometry, cells_of_points, cells_and_rows, extents, extents,
    a_window, masked,
]  # fmt: skip
