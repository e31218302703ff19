"""Calls of verbs that find cells by their values, and that bring values to another scale."""

from __future__ import annotations

import numpy as np
import pandas as pd

import pyterra as pt
from cases.case import Case, plain_case, values_case
from pyterra.errors import ArgumentError, ExtentError

WHOLE = "what a cell becomes follows from all of them"
NARROW = {"missing": ExtentError, **dict.fromkeys(("row", "column", "cell"), ArgumentError)}
"""Inputs of which there is too little to cut."""
POINTS = [(0.4, 0.6), (1.5, 1.2)]


def seen(x, *windows):
    out = x.subset(slice(None))
    for window in windows:
        out.window = window
    return out


def left(x):
    """The left half of a raster, or its only column."""
    return pt.ext(x.xmin, x.xmin + max(1, x.ncol // 2) * x.xres, x.ymin, x.ymax)


def shared(a, b):
    """How much two layers have in common, as a function of a user."""
    return float(np.nanmean(a > b))


def positions(z, low, high):
    """A layer of numbers of layers, some beyond, from whole numbers."""
    return (z.few[0] % (high - low)) + low


def total(a, b):
    """A function of two rows of layers."""
    return float(np.nansum(a) + np.nansum(b))


def added(a):
    """A raster for each sub-dataset."""
    return a + 1


def shapes_of_parts(z):
    """Parts of about equal sums, as text."""
    return abs(z.one).divide(2).as_data_frame(geom="wkt")


def bytes_of(z):
    """Three layers from 0 to 255."""
    return (z.x + 30) * 4


VALUES = [
    values_case("cells", lambda z: z.x.cells()),
    values_case("cells", lambda z: z.few.cells([1, 3], pairs=True), "of values"),
    plain_case("cells", lambda z: z.x.cells(z.ext), "in an extent"),
    plain_case("cells", lambda z: z.x.cells(POINTS, method="bilinear"), "under points"),
    plain_case("row_col_combine", lambda z: z.x.row_col_combine([0, 1], [0])),
    plain_case("rcl", lambda z: z.x.rcl(0, [[0, 1], [2]], [0, 1])),
    plain_case("size", lambda z: z.x.size),
    values_case("crds", lambda z: z.x.crds()),
    values_case("head", lambda z: z.x.head(3)),
    values_case("tail", lambda z: z.classes.tail(3)),
    values_case("where_min", lambda z: z.few.where_min()),
    values_case("where_max", lambda z: z.x.where_max(values=False)),
    plain_case("window", lambda z: seen(z.x).window),
    Case("window", lambda z: seen(z.x, left(z.x)), "set"),
    Case("weighted_mean", lambda z: z.x.weighted_mean([1, 2, 0.5], na_rm=True)),
    Case("weighted_mean", lambda z: z.x.weighted_mean(abs(z.y)), "by rasters"),
    Case("match", lambda z: z.few.match([3, 1, None], nomatch=-1)),
    Case("match", lambda z: z.classes.match(["forest", "city"]), "labels"),
    Case("scale", lambda z: z.x.scale(), preview=WHOLE),
    Case("scale", lambda z: z.x.scale(2, [1, 2, 4]), "numbers"),
    Case("scale_linear", lambda z: z.x.scale_linear(1, 10), preview=WHOLE),
    Case("stretch", lambda z: z.x.stretch(minq=0.1, maxq=0.9), preview=WHOLE),
    Case("stretch", lambda z: z.x.stretch(histeq=True, scale=255, maxcell=6), "of a sample", preview=WHOLE),
    Case("stretch", lambda z: z.x.stretch(smin=-3, smax=4), "numbers"),
    Case("thresh", lambda z: z.x.thresh(), preview=WHOLE),
    values_case("thresh", lambda z: z.x.thresh("mean", combine=True, as_raster=False), "numbers"),
    Case("segregate", lambda z: z.classes.segregate(["forest", "city"], keep=True)),
    Case("segregate", lambda z: z.few[0].segregate(), "found", reads="values tell which classes there are"),
    Case("split", lambda z: z.series.split([1, 2, 1, 2, 1, 1])[1]),
    Case("diff", lambda z: z.series.diff(2)),
    Case("rev", lambda z: z.x.rev()),
    Case("roll", lambda z: z.series.roll(3, "mean", na_rm=True)),
    Case("roll", lambda z: z.series.roll(2, "max", type="from", circular=True), "circular"),
    Case("sort", lambda z: z.series.sort(decreasing=True)),
    Case("sort", lambda z: z.few.sort(order=True), "order"),
    Case("rapp", lambda z: z.series.rapp(positions(z, 0, 5), 4, "sum", na_rm=True)),
    Case("rapp", lambda z: z.series.rapp(positions(z, -1, 3), 9, "mean", clamp=True), "clamped"),
    Case("select_range", lambda z: z.series.select_range(positions(z, 0, 5), 2, repint=3)),
    Case("range_fill", lambda z: z.few.range_fill(6, circular=True)),
    Case("xapp", lambda z: z.x.xapp(z.y, total), slow=True, costly=True),
    Case("SpatRasterDataset.sapp", lambda z: pt.sds(x=z.x, y=z.y).sapp(added)),
    Case("regress", lambda z: z.series.regress([1, 2, 4, 5, 7, 9], na_rm=True)),
    Case("regress", lambda z: z.x.regress({"p": [1, 2, 4], "q": [0, 1, 0]}), "plane"),
    Case("select_highest", lambda z: z.one.select_highest(5), preview=WHOLE),
    Case(
        "best_match",
        lambda z: z.x.best_match({"red": [1, 9], "nir": [-3, 4], "swir": [0, 2]}, labels=["u", "v"]),
    ),
    values_case("row_sums", lambda z: z.whole.row_sums(na_rm=True)),
    values_case("row_means", lambda z: z.whole.row_means(na_rm=True)),
    values_case("col_sums", lambda z: z.whole.col_sums()),
    values_case("col_means", lambda z: z.whole.col_means()),
    values_case("all_equal", lambda z: z.x.all_equal(z.y), rtol=1e-9),
    values_case("identical", lambda z: z.x.identical(z.x + 0)),
    Case("as_numeric", lambda z: z.classes.as_numeric()),
    Case("categories", lambda z: z.few.categories("second", {0: "a", 3: "b"})),
    Case("add_cats", lambda z: z.classes.add_cats(pd.DataFrame({"cost": [4, 3, 2, 1]}))),
    Case("combine_levels", lambda z: pt.c(z.classes, z.few).combine_levels()),
    Case(
        "simplify_levels",
        lambda z: z.classes.categories(0, {1: "a", 2: "b", 3: "a", 5: "b"}).simplify_levels(),
    ),
    plain_case("relate", lambda z: z.x.relate(z.beside)),
    plain_case("is_related", lambda z: z.x.is_related(z.beside)),
    plain_case("SpatExtent.relate", lambda z: z.ext.relate(z.beside, "overlaps")),
    plain_case("SpatExtent.is_related", lambda z: z.ext.is_related(z.ext)),
    values_case("divide", shapes_of_parts, refuses=NARROW),
    Case(
        "divide",
        lambda z: abs(z.one).divide([-2], as_raster=True),
        "a raster",
        reads="values tell where it is cut",
        refuses=NARROW,
    ),
    values_case("autocor", lambda z: z.x.autocor(), rtol=1e-9, refuses={"cell": ArgumentError}),
    Case(
        "autocor",
        lambda z: z.x.autocor(method="geary", global_=False),
        "around",
        rtol=1e-9,
        refuses={"cell": ArgumentError},
        preview=WHOLE,
    ),
    values_case("layer_cor", lambda z: z.x.layer_cor("cor", use="pairwise"), rtol=1e-9),
    values_case(
        "layer_cor",
        lambda z: z.x.layer_cor("weighted.cov", abs(z.one), use="complete"),
        "weighted",
        rtol=1e-9,
    ),
    values_case("layer_cor", lambda z: z.x.layer_cor(shared), "function"),
    Case("make_rgb", lambda z: z.one.make_rgb(["red", "green", "blue"], [-20, 0, 9, 20], alpha=True)),
    Case(
        "make_rgb", lambda z: z.one.make_rgb(), "of the range", reads="the range of values tells the colours"
    ),
    Case("colorize", lambda z: bytes_of(z).set_rgb([0, 1, 2]).colorize("hsi")),
    Case("colorize", lambda z: abs(z.x / 30).set_rgb([2, 0, 1], "hsv").colorize("hsl"), "across"),
    Case(
        "colorize",
        lambda z: bytes_of(z).set_rgb([0, 1, 2]).colorize("col"),
        "a table",
        reads="values tell which colours there are",
    ),
]
