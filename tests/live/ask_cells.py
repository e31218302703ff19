"""Questions about functions of one cell: arithmetic, comparison, logic, math, summaries, app and its kin."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from live.random_rasters import a_raster, filled
from live.trial import Given, Trial, lit, py

Rng = np.random.Generator
Question = Callable[[Rng], Trial]

MATH = (
    "abs sqrt ceiling floor trunc sign exp expm1 log log2 log10 log1p cos sin tan acos asin atan cosh sinh tanh acosh "
    "asinh atanh cumsum cumprod cummin cummax"
).split()
SUMMARIES = "sum mean min max range prod median modal any all".split()
FLIPPED = {"+": "+", "-": "-", "*": "*", "/": "/", "**": "^"}


def pick(rng: Rng, options):
    """One of some options, of its own type."""
    return list(options)[int(rng.integers(len(options)))]


def arithmetic(rng: Rng) -> Trial:
    op = pick(rng, FLIPPED)
    x = a_raster(rng, low=0.5 if op == "**" else -20, high=4 if op == "**" else 20)
    if rng.random() < 0.5:
        y = filled(rng, x, pick(rng, ["num", "double", "int"]), 1, 3, nlyr=int(rng.integers(1, 5)))
        return Trial("arithmetic", {"x": x, "y": y}, f"x {op} y", f"x {FLIPPED[op]} y")
    n = pick(rng, [2, 0.1, -3.0, 1, 2.5])
    if rng.random() < 0.5:
        return Trial("arithmetic", {"x": x}, f"x {op} {n}", f"x {FLIPPED[op]} {n}")
    return Trial("arithmetic", {"x": x}, f"{abs(n)} {op} x", f"{abs(n)} {FLIPPED[op]} x")


def remainder(rng: Rng) -> Trial:
    op, r_op = pick(rng, [("%", "%%"), ("//", "%/%")])
    x = a_raster(rng)
    y = filled(rng, x, pick(rng, ["num", "int"]), -4, 4, nlyr=x.values.shape[0])
    if rng.random() < 0.5:
        return Trial("remainder", {"x": x, "y": y}, f"x {op} y", f"by_values(`{r_op}`, x, y)")
    n = pick(rng, [3, 0.5, -2.5])
    return Trial("remainder", {"x": x}, f"x {op} {n}", f"by_values(`{r_op}`, x, {n})")


def comparison(rng: Rng) -> Trial:
    op = pick(rng, ["==", "!=", "<", "<=", ">", ">="])
    x = a_raster(rng)
    if rng.random() < 0.5:
        y = filled(rng, x, pick(rng, ["num", "int"]), nlyr=int(rng.integers(1, 4)))
        return Trial("comparison", {"x": x, "y": y}, f"x {op} y", f"x {op} y")
    seen = x.values[np.isfinite(x.values)]
    n = float(seen[0]) if seen.size and rng.random() < 0.7 else 0.1
    return Trial("comparison", {"x": x}, f"x {op} {n!r}", f"x {op} {n!r}")


def logic(rng: Rng) -> Trial:
    op = pick(rng, ["&", "|"])
    x = truths(rng, a_raster(rng, kind="bool"))
    y = truths(rng, x)
    return Trial("logic", {"x": x, "y": y}, f"x {op} y", f"by_values(`{op}`, x == 1, y == 1)", names=False)


def negation(rng: Rng) -> Trial:
    x = truths(rng, a_raster(rng, kind="bool"))
    return Trial("logic", {"x": x}, "~x", "x == 0")


def truths(rng: Rng, like: Given) -> Given:
    """0, 1 and missing."""
    values = rng.integers(0, 2, like.values.shape).astype(float)
    values[rng.random(values.shape) < 0.3] = np.nan
    return replace(like, values=values, kind="num", names=tuple(f"t{i}" for i in range(len(values))))


def math(rng: Rng) -> Trial:
    fun = pick(rng, MATH)
    low, high = (-1.5, 1.5) if fun in ("acos", "asin", "atanh", "cumprod", "tan") else (-3, 10)
    x = a_raster(rng, kind=pick(rng, ["num", "double", "int"]), low=low, high=high)
    return Trial("math", {"x": x}, f"x.{fun}()", f"{fun}(x)")


def rounding(rng: Rng) -> Trial:
    digits = int(rng.integers(-1, 3))
    x = a_raster(rng, kind=pick(rng, ["num", "int"]))
    values = np.where(rng.random(x.values.shape) < 0.4, np.trunc(x.values) + 0.5, x.values)
    x = replace(x, values=values.astype("float32").astype(float), kind="num")
    return Trial("rounding", {"x": x}, f"x.round({digits})", f"round(x, {digits})")


def missing(rng: Rng) -> Trial:
    ours, r = pick(
        rng,
        [
            ("x.is_na()", "is.na(x)"),
            ("x.not_na()", "!is.na(x)"),
            ("x.is_finite()", "is.finite(x)"),
            ("x.is_infinite()", "is.infinite(x)"),
            ("x.count_na()", "app(x, function(v) sum(is.na(v)))"),
        ],
    )
    return Trial(
        "missing", {"x": a_raster(rng, nlyr=int(rng.integers(2, 5)))}, ours, r, names="count" not in ours
    )


def summary(rng: Rng) -> Trial:
    fun, na_rm = pick(rng, SUMMARIES), bool(rng.integers(2))
    x = a_raster(rng, low=-3, high=3, kind=pick(rng, ["num", "double", "int", "bool"]))
    return Trial("summary", {"x": x}, f"x.{fun}(na_rm={na_rm})", f"{fun}(x, na.rm = {lit(na_rm)})")


def parallel(rng: Rng) -> Trial:
    fun, na_rm = pick(rng, ["sum", "mean", "min", "max", "prod"]), bool(rng.integers(2))
    x = a_raster(rng, low=-3, high=3, kind="num")
    y = filled(rng, x, "num", -3, 3)
    return Trial(
        "parallel", {"x": x, "y": y}, f"x.{fun}(y, na_rm={na_rm})", f"{fun}(x, y, na.rm = {lit(na_rm)})"
    )


def spread(rng: Rng) -> Trial:
    na_rm, pop = bool(rng.integers(2)), bool(rng.integers(2))
    x = a_raster(rng, kind=pick(rng, ["num", "double", "int"]))
    r = f"stdev(x, pop = {lit(pop)}, na.rm = {lit(na_rm)})"
    return Trial("stdev", {"x": x}, f"x.stdev(pop={pop}, na_rm={na_rm})", r, names=False)


def which(rng: Rng) -> Trial:
    side = pick(rng, ["min", "max"])
    return Trial("which", {"x": a_raster(rng)}, f"x.which_{side}()", f"which.{side}(x) - 1")


def quantile(rng: Rng) -> Trial:
    probs, na_rm = sorted(rng.random(int(rng.integers(1, 4))).round(2).tolist()), bool(rng.integers(2))
    x = a_raster(rng, kind=pick(rng, ["num", "double", "int"]), nlyr=int(rng.integers(2, 5)))
    return Trial(
        "quantile",
        {"x": x},
        f"x.quantile({probs}, na_rm={na_rm})",
        f"quantile(x, {lit(probs)}, na.rm = {lit(na_rm)})",
    )


def app(rng: Rng) -> Trial:
    fun = pick(rng, "sum mean median modal min max prod any all sd std".split())
    na_rm = bool(rng.integers(2))
    x = a_raster(rng, kind=pick(rng, ["num", "double", "int"]), low=-3, high=3, nlyr=int(rng.integers(2, 5)))
    return Trial("app", {"x": x}, f"x.app({fun!r}, na_rm={na_rm})", f"app(x, {fun!r}, na.rm = {lit(na_rm)})")


def app_function(rng: Rng) -> Trial:
    ours, r = pick(
        rng,
        [
            ("lambda v: v.max() - v.min()", "function(v) max(v) - min(v)"),
            ("lambda v: v[0] * 2 + v[-1]", "function(v) v[1] * 2 + v[length(v)]"),
            ("lambda v: np.array([v[0], v[1] + 1.0])", "function(v) c(v[1], v[2] + 1)"),
            ("np.sum", "function(v) sum(v)"),
        ],
    )
    x = a_raster(rng, kind=pick(rng, ["num", "int"]), nlyr=int(rng.integers(2, 5)))
    return Trial("app", {"x": x}, f"x.app({ours})", f"app(x, {r})", names=False)


def lapp(rng: Rng) -> Trial:
    x = a_raster(rng, kind="num", nlyr=2)
    return Trial(
        "lapp",
        {"x": x},
        "x.lapp(lambda a, b: (a - b) / (a + b))",
        "lapp(x, function(a, b) (a - b) / (a + b))",
    )


def tapp(rng: Rng) -> Trial:
    fun, na_rm = pick(rng, ["sum", "mean", "min", "max", "median"]), bool(rng.integers(2))
    x = a_raster(rng, kind=pick(rng, ["num", "int"]), nlyr=5)
    index = rng.integers(1, 4, 5).tolist()
    r = f"tapp(x, {lit(index)}, {fun!r}, na.rm = {lit(na_rm)})"
    return Trial("tapp", {"x": x}, f"x.tapp({index}, {fun!r}, na_rm={na_rm})", r)


def sapp(rng: Rng) -> Trial:
    x = a_raster(rng, kind="num")
    return Trial("sapp", {"x": x}, "x.sapp(lambda a: a / 2)", "sapp(x, function(a) a / 2)")


def classify(rng: Rng) -> Trial:
    x = a_raster(rng, kind=pick(rng, ["num", "int"]))
    cuts = np.unique(rng.integers(-15, 15, 5)).astype(float)
    right, lowest = pick(rng, [True, False, None]), bool(rng.integers(2))
    others = pick(rng, [None, -99])
    rows = [[a, b, float(i + 1)] for i, (a, b) in enumerate(itertools.pairwise(cuts))]
    if len(rows) < 2:
        rows = [[-10.0, 0.0, 1.0], [0.0, 10.0, 2.0]]
    tail = "" if others is None else f", others = {others}"
    r = f"classify(x, {_matrix(rows)}, include.lowest = {lit(lowest)}, right = {lit(right)}{tail})"
    ours = f"x.classify({rows}, include_lowest={lowest}, right={right}, others={others})"
    return Trial("classify", {"x": x}, ours, r)


def classify_exact(rng: Rng) -> Trial:
    x = a_raster(rng, kind=pick(rng, ["int", "num"]), low=0, high=4)
    x = replace(x, values=x.values.round())
    keys = rng.permutation(5)[:3].astype(float).tolist()
    if rng.random() < 0.3:
        keys[0] = float("nan")
    rows = [[key, float(10 * i)] for i, key in enumerate(keys)]
    return Trial("classify", {"x": x}, f"x.classify({py(rows)})", f"classify(x, {_matrix(rows)})")


def classify_cuts(rng: Rng) -> Trial:
    x = a_raster(rng, kind="num", nlyr=1)
    cuts, lowest = [-10.0, -2.5, 4.0, 19.0], bool(rng.integers(2))
    r = f"classify(x, {lit(cuts)}, include.lowest = {lit(lowest)})"
    return Trial("classify", {"x": x}, f"x.classify({cuts}, include_lowest={lowest})", r)


def _matrix(rows) -> str:
    flat = [v for row in rows for v in row]
    return f"matrix({lit(flat)}, nrow = {len(rows)}, byrow = TRUE)"


def subst(rng: Rng) -> Trial:
    x = a_raster(rng, kind="int", low=0, high=4)
    old, new = rng.permutation(5)[:2].tolist(), rng.integers(10, 20, 2).tolist()
    others = pick(rng, [None, 99])
    tail = "" if others is None else f", others = {others}"
    return Trial(
        "subst",
        {"x": x},
        f"x.subst({old}, {new}, others={others})",
        f"subst(x, {lit(old)}, {lit(new)}{tail})",
    )


def clamp(rng: Rng) -> Trial:
    values, x = bool(rng.integers(2)), a_raster(rng)
    low, high = pick(rng, [(-5, 5), (-3.5, 1e9), (0, 0)])
    r = f"clamp(x, {low}, {lit(high)}, values = {lit(values)})"
    return Trial("clamp", {"x": x}, f"x.clamp({low}, {high}, values={values})", r)


def cover(rng: Rng) -> Trial:
    x = a_raster(rng, kind="num")
    y = filled(rng, x, "num")
    if rng.random() < 0.5:
        return Trial("cover", {"x": x, "y": y}, "x.cover(y)", "cover(x, y)")
    x = replace(x, values=x.values.round())
    values = pick(rng, [3, [0, nan]])
    return Trial(
        "cover", {"x": x, "y": y}, f"x.cover(y, values={py(values)})", f"cover(x, y, values = {lit(values)})"
    )


nan = float("nan")


def ifel(rng: Rng) -> Trial:
    x = a_raster(rng, kind="num")
    y = filled(rng, x, pick(rng, ["num", "int"]), nlyr=x.values.shape[0])
    ours, r = pick(
        rng,
        [
            ("(x > 0).ifel(y, -1)", "mask(ifel(x > 0, y, -1), x)"),
            ("(x > 0).ifel(1, None)", "mask(ifel(x > 0, 1, NA), x)"),
            ("(x > 0).ifel(x, y)", "mask(ifel(x > 0, x, y), x)"),
            ("(x > 0).ifel(0, y)", "mask(ifel(x > 0, 0, y), x)"),
        ],
    )
    y = replace(y, names=tuple(f"y_{name}" for name in y.names))
    return Trial("ifel", {"x": x, "y": y}, ours, r)


def mask(rng: Rng) -> Trial:
    x = a_raster(rng)
    y = filled(rng, x, "num", nlyr=pick(rng, [1, x.values.shape[0]]))
    y = replace(y, values=(y.values / 8).round())
    inverse, update = bool(rng.integers(2)), pick(rng, [None, 7])
    values = pick(rng, [None, 1, [0, 2]])
    ours = f"x.mask(y, inverse={inverse}, maskvalues={py(nan if values is None else values)}, updatevalue={update})"
    r = f"mask(x, y, inverse = {lit(inverse)}, maskvalues = {lit(values)}, updatevalue = {lit(update)})"
    return Trial("mask", {"x": x, "y": y}, ours, r)


def layers(rng: Rng) -> Trial:
    x = a_raster(rng, nlyr=4)
    y = filled(rng, x, "int")
    chosen = rng.integers(0, 4, int(rng.integers(1, 5))).tolist()
    ours, r = pick(
        rng,
        [
            (f"x[{chosen}]", f"x[[{lit([i + 1 for i in chosen])}]]"),
            ("x['b1']", "x[['b1']]"),
            ("pt.c(x, y)", "c(x, y)"),
            ("pt.c(y, x[1:3])", "c(y, x[[2:3]])"),
        ],
    )
    return Trial("layers", {"x": x, "y": y}, ours, r)


QUESTIONS: list[Question] = [
    arithmetic, arithmetic, remainder, comparison, logic, negation, math, math, math, rounding, missing, summary, summary,
    summary, parallel, spread, which, quantile, app, app_function, lapp, tapp, sapp, classify, classify_exact,
    classify_cuts, subst, clamp, cover, ifel, mask, layers,
]  # fmt: skip
