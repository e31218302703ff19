"""Questions about grids and neighbourhoods: crop, focal, aggregate, resample, project, merge and their kin."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from live.ask_cells import pick
from live.random_rasters import a_raster, filled
from live.trial import CRS, R_CRS, Given, Trial, lit, py

Rng = np.random.Generator
GROUPS = "mean sum min max median modal sd std prod any all".split()


def cell_size(x: Given) -> tuple[float, float]:
    xmin, xmax, ymin, ymax = x.extent
    return (xmax - xmin) / x.values.shape[2], (ymax - ymin) / x.values.shape[1]


def _across(rng: Rng, spread: float) -> tuple[float, float]:
    """Two ends, in widths of a raster, of something that overlaps its middle part."""
    a, b = np.sort(rng.uniform(-0.2 * spread, 1.0 + 0.2 * spread, 2))
    return (a, b + 0.6) if b < 0.4 else (a - 0.6, b) if a > 0.6 else (a, b)


def near(rng: Rng, x: Given, spread: float = 1.0) -> list[float]:
    """An extent that overlaps that of `x`, and does not follow its cells."""
    xmin, xmax, ymin, ymax = x.extent
    (a, b), (c, d) = (_across(rng, spread) for _ in "xy")
    width, height = xmax - xmin, ymax - ymin
    return [
        round(float(v), 4) for v in (xmin + a * width, xmin + b * width, ymin + c * height, ymin + d * height)
    ]


def crop(rng: Rng) -> Trial:
    x, snap, extend = a_raster(rng, least=5), pick(rng, ["near", "in", "out"]), bool(rng.integers(2))
    e = near(rng, x)
    whole = f"extend(x, ext({lit(e)}), snap = {lit(snap)})" if extend else "x"
    r = f"crop({whole}, ext({lit(e)}), snap = {lit(snap)})"
    return Trial("crop", {"x": x}, f"x.crop(pt.ext(*{e}), snap={snap!r}, extend={extend})", r)


def extend(rng: Rng) -> Trial:
    x = a_raster(rng, least=5)  # terra 1.7-3 never comes back from extend() of a single cell
    if rng.random() < 0.5:
        counts = rng.integers(0, 4, pick(rng, [2, 4])).tolist()
        r = f"extend_by(x, {lit(counts)})" if len(counts) == 4 else f"extend(x, {lit(counts)})"
        return Trial("extend", {"x": x}, f"x.extend({counts})", r)
    e = near(rng, x, 4)
    fill = pick(rng, [None, 5])
    return Trial(
        "extend",
        {"x": x},
        f"x.extend(pt.ext(*{e}), fill={fill})",
        f"extend(x, ext({lit(e)}), fill = {lit(fill)})",
    )


def trim(rng: Rng) -> Trial:
    x, padding = a_raster(rng, least=5, kind="num"), int(rng.integers(0, 3))
    values = x.values.copy()
    values[:, : int(rng.integers(0, 3))] = np.nan
    values[:, :, x.values.shape[2] - int(rng.integers(1, 4)) :] = np.nan
    x = replace(x, values=values)
    return Trial("trim", {"x": x}, f"x.trim(padding={padding})", f"trim(x, padding = {padding})")


def move(rng: Rng) -> Trial:
    x = a_raster(rng)
    ours, r = pick(
        rng,
        [
            ("x.shift(3.5, -2)", "shift(x, 3.5, -2)"),
            ("x.rescale(2, 0.5)", "rescale(x, 2, 0.5)"),
            ("x.flip()", "flip(x)"),
            ("x.flip('horizontal')", "flip(x, 'horizontal')"),
            ("x.shift(dy=10).flip()", "flip(shift(x, dy = 10))"),
        ],
    )
    return Trial("shift, flip", {"x": x}, ours, r)


def focal(rng: Rng) -> Trial:
    fun = pick(rng, "sum mean min max median modal sd std prod any all".split())
    x = a_raster(rng, least=5, kind=pick(rng, ["num", "double", "int"]), low=-3, high=3)
    w = pick(rng, [3, 5, [3, 5], [1, 3]])
    na_rm = bool(rng.integers(2))
    policy = pick(rng, ["all", "all", "only", "omit"])
    fill, expand = pick(rng, [None, None, 0]), bool(rng.random() < 0.3)
    ours = f"x.focal({w}, {fun!r}, na_rm={na_rm}, na_policy={policy!r}, fillvalue={fill}, expand={expand})"
    r = (
        f"focal(x, w = {lit(w)}, fun = {fun!r}, na.rm = {lit(na_rm)}, na.policy = {lit(policy)}, "
        f"fillvalue = {lit(fill)}, expand = {lit(expand)})"
    )
    return Trial("focal", {"x": x}, ours, r)


def focal_weights(rng: Rng) -> Trial:
    fun, na_rm = pick(rng, ["sum", "mean", "min", "max"]), bool(rng.integers(2))
    x = a_raster(rng, least=5, kind=pick(rng, ["num", "double"]))
    w = rng.choice([np.nan, 0.0, 0.5, 1.0, 2.0], (3, 3), p=[0.15, 0.15, 0.2, 0.3, 0.2])
    w[1, 1] = 1.0
    r_w = f"matrix({lit(w.ravel().tolist())}, nrow = 3, byrow = TRUE)"
    r = f"focal(x, w = {r_w}, fun = {fun!r}, na.rm = {lit(na_rm)})"
    return Trial("focal", {"x": x}, f"x.focal({py(w)}, {fun!r}, na_rm={na_rm})", r)


def focal_function(rng: Rng) -> Trial:
    x = a_raster(rng, least=5, kind="num")
    ours, r = pick(
        rng,
        [
            ("lambda v: v[4] - v[0]", "function(v, ...) v[5] - v[1]"),
            ("lambda v: np.nanmax(v)", "function(v, ...) if (all(is.na(v))) NA else max(v, na.rm = TRUE)"),
        ],
    )
    return Trial("focal", {"x": x}, f"x.focal(3, {ours})", f"focal(x, w = 3, fun = {r})", names=False)


def aggregate(rng: Rng) -> Trial:
    fun, na_rm = pick(rng, GROUPS), bool(rng.integers(2))
    x = a_raster(rng, kind=pick(rng, ["num", "double", "int"]), low=-3, high=3)
    fact = pick(rng, [2, 3, [2, 3], [4, 1]])
    r = f"aggregate(x, fact = {lit(fact)}, fun = {fun!r}, na.rm = {lit(na_rm)})"
    return Trial("aggregate", {"x": x}, f"x.aggregate({fact}, {fun!r}, na_rm={na_rm})", r)


def disagg(rng: Rng) -> Trial:
    fact, method = pick(rng, [2, 3, [2, 3]]), pick(rng, ["near", "near", "bilinear"])
    x = a_raster(rng, kind="num" if method == "bilinear" else None)
    return Trial(
        "disagg",
        {"x": x},
        f"x.disagg({fact}, {method!r})",
        f"layer_by_layer(x, function(a) disagg(a, fact = {lit(fact)}, method = {method!r}))",
    )


SAMPLING = "near bilinear bilinear cubic cubicspline lanczos".split()
OVERLAP = "average sum min max mode med q1 q3 rms".split()


def grid(extent: tuple[float, ...], nrow: int, ncol: int, place: str) -> Given:
    """A grid for others to be brought onto."""
    return Given(np.zeros((1, nrow, ncol)), extent, place=place, names=("grid",))  # type: ignore[arg-type]


def resample_finer(rng: Rng) -> Trial:
    """Onto smaller cells somewhere inside, where every method has all its cells."""
    x = a_raster(rng, least=8, kind=pick(rng, ["num", "double"]), place=pick(rng, ["metres", "degrees"]))
    dx, dy = cell_size(x)
    scale = pick(rng, [0.4, 0.7, 0.9])
    left, top = x.extent[0] + 2.17 * dx, x.extent[3] - 1.81 * dy
    ncol, nrow = int(4 / scale), int(3 / scale)
    y = grid((left, left + ncol * scale * dx, top - nrow * scale * dy, top), nrow, ncol, x.place)
    method = pick(rng, [*SAMPLING, *SAMPLING, *OVERLAP])
    if method == "lanczos":
        x = filled(rng, x, "double", missing=False)
    return _resample(x, y, method)


def resample_coarser(rng: Rng) -> Trial:
    """Onto larger cells over the same ground."""
    x = a_raster(rng, least=5, kind=pick(rng, ["num", "double"]), place=pick(rng, ["metres", "degrees"]))
    nrow, ncol = (max(1, int(n / pick(rng, [1.3, 1.8, 2.6]))) for n in x.values.shape[1:])
    method = pick(rng, [*SAMPLING[:-1], *OVERLAP])
    trial = _resample(x, grid(x.extent, nrow, ncol, x.place), method)
    return replace(trial, rtol=5e-3) if method == "cubicspline" else trial


def _resample(x: Given, y: Given, method: str) -> Trial:
    r = f"layer_by_layer(x, function(a) resample(a, y, method = {method!r}))"
    return Trial("resample", {"x": x, "y": y}, f"x.resample(y, {method!r})", r, rtol=1e-6)


def project(rng: Rng) -> Trial:
    method = pick(rng, ["near", "bilinear", "bilinear", "cubic"])
    x = a_raster(rng, least=8, kind="num", place="metres")
    nrow, ncol = x.values.shape[1:]
    y = grid(_degrees(x), 2 * nrow + 1, 2 * ncol - 3, "degrees")
    r = f"layer_by_layer(x, function(a) project(a, y, method = {method!r}))"
    return Trial("project", {"x": x, "y": y}, f"x.project(y, {method!r})", r, rtol=2e-3)


def _degrees(x: Given) -> tuple[float, float, float, float]:
    from pyproj import Transformer

    xmin, xmax, ymin, ymax = x.extent
    left, bottom, right, top = Transformer.from_crs(3035, "OGC:CRS84", always_xy=True).transform_bounds(
        xmin, ymin, xmax, ymax
    )
    return left, right, bottom, top


def project_grid(rng: Rng) -> Trial:
    x = a_raster(rng, least=8, kind="num", place=pick(rng, ["metres", "degrees"]))
    other = "degrees" if x.place == "metres" else "metres"
    ours = f"x.project({CRS[other]!r}, 'near')"
    r = f"project(x, {lit(R_CRS[other])}, method = 'near')"
    return Trial("project", {"x": x}, ours, r, edges=1e-4)


def beside(rng: Rng, x: Given, kind: str = "num") -> Given:
    """A raster on cells that coincide with those of `x`, moved by some."""
    dx, dy = cell_size(x)
    rows, cols = (int(v) for v in rng.integers(-6, 7, 2))
    xmin, xmax, ymin, ymax = x.extent
    moved = (xmin + cols * dx, xmax + cols * dx, ymin + rows * dy, ymax + rows * dy)
    return replace(filled(rng, x, kind), extent=moved)


def merge(rng: Rng) -> Trial:
    x = a_raster(rng, least=5, kind=pick(rng, ["num", "int"]))
    y, z = beside(rng, x), beside(rng, x)
    return Trial("merge", {"x": x, "y": y, "z": z}, "x.merge(y, z)", "merge_by_cover(x, y, z)")


def mosaic(rng: Rng) -> Trial:
    fun = pick(rng, "mean sum min max median".split())
    x = a_raster(rng, least=5, kind="num")
    x = replace(x, values=x.values.round())
    y, z = beside(rng, x), beside(rng, x)
    r = f"mosaic(x, y, z, fun = {fun!r})"
    return Trial("mosaic", {"x": x, "y": y, "z": z}, f"x.mosaic(y, z, fun={fun!r})", r)


QUESTIONS: list[Callable[[Rng], Trial]] = [
    crop, crop, extend, trim, move, focal, focal, focal, focal, focal_weights, focal_function, aggregate, aggregate,
    aggregate, disagg, resample_finer, resample_finer, resample_coarser, resample_coarser, project, project_grid, merge,
    mosaic,
]  # fmt: skip
