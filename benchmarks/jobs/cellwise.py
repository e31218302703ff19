"""Verbs that compute cell by cell, one call on both sides: a row each."""

from __future__ import annotations

from typing import Any

import pandas as pd

import pyterra as pt
from benchmarks.data import Data
from benchmarks.jobs.calls import Call, corner, enter, few_classes, hills, layers

Pair = tuple[pt.SpatRaster, pt.SpatRaster]


def unit(data: Data) -> tuple[pt.SpatRaster, str]:
    """From 0 to less than 1."""
    x, code = hills(data)
    return (x / 1001).compute(), code + "x <- x / 1001\n"


def small(data: Data) -> tuple[pt.SpatRaster, str]:
    """From -5 to 5."""
    x, code = hills(data)
    return (x / 100 - 5).compute(), code + "x <- x / 100 - 5\n"


def both(data: Data) -> tuple[Pair, str]:
    """Two layers."""
    x, code = layers(data)
    return (x[0].compute(), x[1].compute()), code + "y <- x[[2]]; x <- x[[1]]\n"


def truths(data: Data) -> tuple[Pair, str]:
    """Two layers of what is so."""
    x, code = hills(data)
    code += "y <- x < 600; x <- x > 300\n"
    return ((x > 300).compute(), (x < 600).compute()), code


def six_truths(data: Data) -> tuple[pt.SpatRaster, str]:
    """Six layers of what is so."""
    x, code = layers(data)
    return (x > 50).compute(), code + "x <- x > 50\n"


def labelled(data: Data) -> tuple[pt.SpatRaster, str]:
    """Five classes with a table of two columns, in which two have the same label."""
    x, code = few_classes(data)
    x.levels = [pd.DataFrame({"ID": range(5), "a": list("pqrsq"), "b": [5, 4, 3, 2, 1]})]
    return x, code + "levels(x) <- data.frame(ID = 0:4, a = c('p', 'q', 'r', 's', 'q'), b = 5:1)\n"


def labelled_twice(data: Data) -> tuple[Pair, str]:
    """Five classes with labels, and the same turned upside down."""
    x, code = few_classes(data)
    y = x.flip().compute()
    x.levels = [pd.DataFrame({"ID": range(5), "a": list("pqrst")})]
    y.levels = [pd.DataFrame({"ID": range(5), "b": list("uvwxy")})]
    code += "y <- flip(x)\nlevels(x) <- data.frame(ID = 0:4, a = letters[16:20])\n"
    return (x, y), code + "levels(y) <- data.frame(ID = 0:4, b = letters[21:25])\n"


def few_layers(data: Data) -> tuple[pt.SpatRaster, str]:
    """Two layers of a hundredth of the cells, for functions that R calls for each cell."""
    return corner(data, layers=2)


def spectra(data: Data) -> tuple[tuple[pt.SpatRaster, pd.DataFrame], str]:
    """Six layers, and what they are for four kinds of cells."""
    x, code = layers(data)
    code += "y <- data.frame(outer(c(10, 40, 60, 90), 1:6, `+`)); names(y) <- names(x)\n"
    return (
        x,
        pd.DataFrame({name: [k + i + 1 for k in (10, 40, 60, 90)] for i, name in enumerate(x.names)}),
    ), code


def stored(data: Data) -> tuple[str, str]:
    """A file."""
    return str(data.hills), f'x <- "{data.hills}"\n'


def replaced(x: pt.SpatRaster) -> pt.SpatRaster:
    """Other values where a test holds."""
    y = x.copy()
    y[y > 500] = 0
    return y


def flagged(path: str) -> pt.SpatRaster:
    """A file in which a number means missing."""
    y = pt.rast(path)
    y.na_flag = 500
    return y * 1


def scaled(path: str) -> pt.SpatRaster:
    """A file whose values are scaled."""
    y = pt.rast(path)
    y.scoff = [[2, 1]]
    return y * 1


def seen(path: str) -> pt.SpatRaster:
    """A part of a file."""
    y = pt.rast(path)
    y.window = pt.ext(y.xmin, y.xmin + y.ncol // 2 * y.xres, y.ymin, y.ymin + y.nrow // 2 * y.yres)
    return y * 1


def own_model(_: Any, table: pd.DataFrame) -> Any:
    """A plane."""
    return table["x"] + 2 * table["y"]


def own_sum(a: Any, b: Any) -> Any:
    """A sum of products."""
    return (a * b).sum()


CALLS = [
    Call("not-memory", truths, lambda x: ~x[0], "!x"),
    Call("and-memory", truths, lambda x: x[0] & x[1], "x & y"),
    Call("or-memory", truths, lambda x: x[0] | x[1], "x | y"),
    Call("equal-memory", few_classes, lambda x: x == 2, "x == 2"),
    Call("not-equal-memory", few_classes, lambda x: x != 2, "x != 2"),
    Call("less-memory", both, lambda x: x[0] < x[1], "x < y"),
    Call("less-equal-memory", both, lambda x: x[0] <= x[1], "x <= y"),
    Call("greater-memory", hills, lambda x: x > 500, "x > 500"),
    Call("greater-equal-memory", hills, lambda x: x >= 500, "x >= 500"),
    Call("compare-memory", hills, lambda x: x.compare(500, ">", false_na=True), 'compare(x, 500, ">", falseNA = TRUE)'),
    Call("logic-memory", hills, lambda x: x.logic("is_na"), 'logic(x, "is.na")'),
    Call("plus-memory", both, lambda x: x[0] + x[1], "x + y"),
    Call("minus-memory", both, lambda x: x[0] - x[1], "x - y"),
    Call("times-memory", hills, lambda x: x * 3, "x * 3"),
    Call("divide-memory", hills, lambda x: x / 3, "x / 3"),
    Call("floor-divide-memory", hills, lambda x: x // 7, "x %/% 7"),
    Call("modulo-memory", hills, lambda x: x % 7, "x %% 7"),
    Call("power-memory", small, lambda x: x**2, "x^2"),
    Call("power-root-memory", hills, lambda x: x**0.3, "x^0.3"),
    Call("replace-memory", hills, replaced, "out <- x; out[out > 500] <- 0"),
    Call("is-in-memory", few_classes, lambda x: x.is_in([1, 3]), "x %in% c(1, 3)"),
    Call("abs-memory", small, lambda x: x.abs(), "abs(x)"),
    Call("acos-memory", unit, lambda x: x.acos(), "acos(x)"),
    Call("acosh-memory", hills, lambda x: (x + 1).acosh(), "acosh(x + 1)"),
    Call("asin-memory", unit, lambda x: x.asin(), "asin(x)"),
    Call("asinh-memory", small, lambda x: x.asinh(), "asinh(x)"),
    Call("atan-memory", small, lambda x: x.atan(), "atan(x)"),
    Call("atan2-memory", both, lambda x: x[0].atan2(x[1]), "atan2(x, y)"),
    Call("atanh-memory", unit, lambda x: x.atanh(), "atanh(x)"),
    Call("ceiling-memory", hills, lambda x: x.ceiling(), "ceiling(x)"),
    Call("cos-memory", small, lambda x: x.cos(), "cos(x)"),
    Call("cosh-memory", small, lambda x: x.cosh(), "cosh(x)"),
    Call("cospi-memory", small, lambda x: x.cospi(), "cospi(x)", 1.0, "terra gives the sine"),
    Call("exp-memory", small, lambda x: x.exp(), "exp(x)"),
    Call("expm1-memory", small, lambda x: x.expm1(), "expm1(x)"),
    Call("floor-memory", hills, lambda x: x.floor(), "floor(x)"),
    Call("log10-memory", hills, lambda x: (x + 1).log10(), "log10(x + 1)"),
    Call("log1p-memory", hills, lambda x: x.log1p(), "log1p(x)"),
    Call("log2-memory", hills, lambda x: (x + 1).log2(), "log2(x + 1)"),
    Call("math-memory", hills, lambda x: x.math("sqrt"), 'math(x, "sqrt")'),
    Call("sign-memory", small, lambda x: x.sign(), "sign(x)"),
    Call("signif-memory", hills, lambda x: x.signif(2), "signif(x, 2)"),
    Call("sin-memory", small, lambda x: x.sin(), "sin(x)"),
    Call("sinh-memory", small, lambda x: x.sinh(), "sinh(x)"),
    Call("sinpi-memory", small, lambda x: x.sinpi(), "sinpi(x)"),
    Call("sqrt-memory", hills, lambda x: x.sqrt(), "sqrt(x)"),
    Call("tan-memory", unit, lambda x: x.tan(), "tan(x)"),
    Call("tanh-memory", small, lambda x: x.tanh(), "tanh(x)"),
    Call("tanpi-memory", small, lambda x: (x / 12).tanpi(), "tanpi(x / 12)", 1.0, "terra gives the sine"),
    Call("trunc-memory", hills, lambda x: x.trunc(), "trunc(x)"),
    Call("as-bool-memory", few_classes, lambda x: x.as_bool(), "as.bool(x)"),
    Call("as-int-memory", hills, lambda x: x.as_int(), "as.int(x)"),
    Call("is-finite-memory", hills, lambda x: x.is_finite(), "is.finite(x)"),
    Call("is-infinite-memory", hills, lambda x: x.is_infinite(), "is.infinite(x)"),
    Call("is-na-memory", hills, lambda x: x.is_na(), "is.na(x)"),
    Call("not-na-memory", hills, lambda x: x.not_na(), "not.na(x)"),
    Call("cummax-memory", layers, lambda x: x.cummax(), "cummax(x)"),
    Call("cummin-memory", layers, lambda x: x.cummin(), "cummin(x)"),
    Call("cumprod-memory", layers, lambda x: (x / 50).cumprod(), "cumprod(x / 50)"),
    Call("diff-memory", layers, lambda x: x.diff(), "diff(x)"),
    Call("all-memory", six_truths, lambda x: x.all(na_rm=True), "all(x, na.rm = TRUE)"),
    Call("any-memory", six_truths, lambda x: x.any(na_rm=True), "any(x, na.rm = TRUE)"),
    Call("nany-memory", six_truths, lambda x: x.nany(na_rm=True), "nany(x, na.rm = TRUE)"),
    Call("all-na-memory", layers, lambda x: x.all_na(), "allNA(x)"),
    Call("no-na-memory", layers, lambda x: x.no_na(), "noNA(x)"),
    Call("prod-memory", layers, lambda x: (x / 50).prod(na_rm=True), "prod(x / 50, na.rm = TRUE)"),
    Call("range-layers-memory", layers, lambda x: x.range(na_rm=True), "range(x, na.rm = TRUE)"),
    Call("which-min-memory", layers, lambda x: x.which_min() + 1, "which.min(x)"),
    Call("which-lyr-memory", six_truths, lambda x: x.which_lyr() + 1, "which.lyr(x)"),
    Call("app-memory", layers, lambda x: x.app("mean", na_rm=True), 'app(x, "mean", na.rm = TRUE)'),
    Call("xapp-memory", few_layers, lambda x: x.xapp(x, own_sum), "xapp(x, x, function(a, b) sum(a * b))",
         note="a hundredth of the cells"),
    Call("interpolate-memory", hills, lambda x: x.interpolate(None, own_model, na_rm=False),
         "interpolate(x, 1, fun = function(m, d) d$x + 2 * d$y)"),
    Call("best-match-memory", spectra, lambda x: x[0].best_match(x[1]) + 1, "bestMatch(x, y)"),
    Call("clamp-memory", hills, lambda x: x.clamp(200, 600), "clamp(x, 200, 600)"),
    Call("subst-memory", few_classes, lambda x: x.subst([1, 3], [10, 30]), "subst(x, c(1, 3), c(10, 30))"),
    Call("ifel-memory", hills, lambda x: (x > 500).ifel(x, 0), "ifel(x > 500, x, 0)"),
    Call("catalyze-memory", labelled, lambda x: x.catalyze(), "catalyze(x)"),
    Call("concats-memory", labelled_twice, lambda x: x[0].concats(x[1]), "concats(x, y)"),
    Call("droplevels-memory", labelled, lambda x: x.droplevels(["r"]), 'droplevels(x, "r")'),
    Call("simplify-levels-memory", labelled, lambda x: x.simplify_levels(), "simplifyLevels(x)"),
    Call("make-rgb-memory", hills, lambda x: x.make_rgb(["#ff0000", "#00ff00", "#0000ff"], [-1, 300, 600, 1000]),
         "make.RGB(x, c('#ff0000', '#00ff00', '#0000ff'), c(-1, 300, 600, 1000))"),
    Call("init-memory", hills, lambda x: x.init("cell") + 1, 'init(x, "cell")'),
    Call("na-flag", stored, flagged, "y <- rast(x); NAflag(y) <- 500; out <- y * 1"),
    Call("scoff", stored, scaled, "y <- rast(x); scoff(y) <- cbind(2, 1); out <- y * 1"),
    Call("window", stored, seen,
         "y <- rast(x)\nwindow(y) <- ext(xmin(y), xmin(y) + ncol(y) %/% 2 * xres(y), ymin(y), "
         "ymin(y) + nrow(y) %/% 2 * yres(y))\nout <- y * 1"),
]  # fmt: skip
enter(CALLS)
