"""Verbs that are one call on both sides: a row each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import shapely

import pyterra as pt
from benchmarks.data import Data
from benchmarks.job import Job, in_memory, r_memory, workload
from benchmarks.jobs.between import r_vector
from benchmarks.jobs.vectors import as_column

Input = Callable[[Data], tuple[Any, str]]
"""Gives what both sides work on, in Python, and R code that makes the same."""


class Call(NamedTuple):
    """One verb, said twice."""

    name: str
    """What is asked for with ``--rows``."""
    given: Input
    """What both sides work on; ``x`` in R."""
    ours: Callable[[Any], Any]
    """The call in pyterra; gives a raster, or numbers."""
    theirs: str
    """The same in R; gives a raster, or numbers."""
    unequal: float = 0.0
    """Share of the values that may differ."""
    note: str = ""
    """What a reader must know."""
    tolerance: float = 1e-5
    """Largest difference that counts as equal, relative to the range of the values."""


def hills(data: Data) -> tuple[pt.SpatRaster, str]:
    """Four million cells."""
    return in_memory(data.hills), r_memory("x", data.hills)


def corner(data: Data, layers: int = 1) -> tuple[pt.SpatRaster, str]:
    """Some layers of a hundredth of the cells, for verbs that take terra minutes."""
    x = in_memory(data.stack)[:layers]
    side = max(x.ncol // 10, 8)
    x = x.crop(pt.ext(x.xmin, x.xmin + side * x.xres, x.ymax - side * x.yres, x.ymax)).compute()
    edges = ", ".join(map(repr, x.ext))
    return x, r_memory("x", data.stack) + f"x <- crop(x[[1:{layers}]], ext({edges}))\n"


def classes(data: Data) -> tuple[pt.SpatRaster, str]:
    """200 classes."""
    return in_memory(data.classes), r_memory("x", data.classes)


def few_classes(data: Data) -> tuple[pt.SpatRaster, str]:
    """Five classes."""
    return (in_memory(data.classes) // 40).compute(), r_memory("x", data.classes) + "x <- x %/% 40\n"


def layers(data: Data) -> tuple[pt.SpatRaster, str]:
    """Six layers."""
    return in_memory(data.stack)[:6].compute(), r_memory("x", data.stack) + "x <- x[[1:6]]\n"


def zones(data: Data) -> tuple[pt.SpatRaster, str]:
    """A few large patches."""
    return in_memory(data.zones), r_memory("x", data.zones)


def sources(data: Data) -> tuple[pt.SpatRaster, str]:
    """Three hundred cells in a raster of missing ones."""
    return in_memory(data.sources), r_memory("x", data.sources)


def halves(data: Data) -> tuple[list[pt.SpatRaster], str]:
    """Two rasters that overlap by a tenth of their rows."""
    x = in_memory(data.hills)
    cut = x.nrow * 9 // 20
    middle = x.ymax - np.array([x.nrow - cut, cut]) * x.yres
    parts = [
        x.crop(pt.ext(x.xmin, x.xmax, middle[0], x.ymax)).compute(),
        x.crop(pt.ext(x.xmin, x.xmax, x.ymin, middle[1])).compute(),
    ]
    code = "".join(
        f"x{i} <- crop(x, ext({', '.join(map(repr, part.ext))}))\n" for i, part in enumerate(parts)
    )
    return parts, r_memory("x", data.hills) + code


def polygons(data: Data) -> tuple[pt.SpatVector, str]:
    """500 stars."""
    return pt.vect(data.polygons), r_vector("x", data.polygons)


def pairs(data: Data) -> tuple[tuple[pt.SpatVector, pt.SpatVector], str]:
    """50 stars, and the same moved a little."""
    x = pt.vect(data.polygons)[:50]
    moved = x.shift(100, 50)[["id"]]
    moved.names = ["other"]
    return (x, moved), r_vector(
        "x", data.polygons
    ) + f"x <- x[1:{len(x)}]\ny <- shift(x, 100, 50)\nnames(y) <- 'other'\n"


def covered(data: Data) -> tuple[tuple[pt.SpatRaster, pt.SpatVector], str]:
    """A raster, and 500 stars over it."""
    code = r_memory("x", data.hills) + r_vector("y", data.polygons)
    return (in_memory(data.hills), pt.vect(data.polygons)), code


def chosen(data: Data) -> tuple[tuple[pt.SpatRaster, pt.SpatRaster], str]:
    """Six layers, and which of them is meant in each cell, from 0."""
    x, code = layers(data)
    which = (x[0] % 6).floor().compute()
    return (x, which), code + "y <- floor(x[[1]] %% 6) + 1\n"


def ranges(data: Data) -> tuple[pt.SpatRaster, str]:
    """First and last number of a range of layers in each cell, from 0."""
    (_, which), code = chosen(data)
    last = (which + 4).compute()
    return pt.c(which, last).compute(), code + "x <- c(y, y + 4)\n"


def dense(data: Data) -> tuple[pt.SpatVector, str]:
    """500 stars with a node every ten metres."""
    return pt.vect(data.polygons).densify(10), r_vector("x", data.polygons) + "x <- densify(x, 10)\n"


def points(data: Data, count: int = 100_000) -> tuple[pt.SpatVector, str]:
    """Points."""
    x = pt.vect(data.points)[:count]
    return x, r_vector("x", data.points) + f"x <- x[1:{len(x)}]\n"


def around_few(data: Data) -> tuple[tuple[pt.SpatRaster, pt.SpatVector, float], str]:
    """A template, 2,000 points, and a radius that reaches several of them."""
    v, code = points(data, 2_000)
    x = pt.rast(data.sources).aggregate(4)
    v = v.rescale(0.4, x0=x.xmin, y0=x.ymax)
    return (x, v, 3_000.0), code.replace("x <-", "y <-").replace("x[", "y[") + (
        f"x <- aggregate(rast('{data.sources}'), 4)\n"
        f"y <- rescale(y, 0.4, x0 = xmin(x), y0 = ymax(x))\nradius <- 3000\n"
    )


def colours(data: Data) -> tuple[pt.SpatRaster, str]:
    """Red, green and blue."""
    x = in_memory(data.stack)[:3] % 256
    x = x.mask(x.any_na(), maskvalues=1).compute()  # beside a missing green terra gives some number
    x.rgb = (0, 1, 2)
    return x, r_memory(
        "x", data.stack
    ) + "x <- x[[1:3]] %% 256\nx <- mask(x, anyNA(x), maskvalues = 1)\nRGB(x) <- 1:3\n"


def crossed(data: Data) -> tuple[tuple[pt.SpatRaster, pt.SpatVector], str]:
    """A raster, and a line that goes to and fro over it."""
    x = in_memory(data.hills)
    inside = np.linspace(0.01, 0.99, 11)
    places = np.column_stack([
        x.xmin + (x.xmax - x.xmin) * np.where(np.arange(11) % 2, 0.98, 0.02),
        x.ymin + (x.ymax - x.ymin) * inside,
    ])  # fmt: skip
    line = shapely.LineString(places).wkt
    return (x, pt.vect([line], crs=x.crs)), r_memory("x", data.hills) + f"y <- vect('{line}', crs = crs(x))\n"


def streets(data: Data) -> tuple[pt.SpatNetwork, str]:
    """A network of 60 by 60 crossings, whose streets have several lengths."""
    place = np.cumsum(10 + 7 * np.arange(60) % 13)
    rows = [f"LINESTRING ({', '.join(f'{a} {b}' for a in place)})" for b in place]
    columns = [f"LINESTRING ({', '.join(f'{a} {b}' for b in place)})" for a in place]
    lines = rows + columns
    code = f"x <- netw(vect(c({', '.join(map(repr, lines))}), crs = 'EPSG:3035'))\n"
    return pt.netw(pt.vect(lines, crs="EPSG:3035")), code


def corners(x: pt.SpatNetwork) -> Any:
    """Lengths of ways from one crossing to twenty others; and 0, so that there is a range."""
    return [*x.shortest_path(0, list(range(1, 3600, 180)))["distance"], 0.0]


def area(v: pt.SpatVector) -> Any:
    """All of its area; and 0, so that there is a range."""
    return [float(shapely.area(v.geoms).sum()), 0.0]


def length(v: pt.SpatVector) -> Any:
    """All of its length; and 0, so that there is a range."""
    return [float(shapely.length(v.geoms).sum()), 0.0]


AREA = "c(sum(expanse({}, transform = FALSE)), 0)"
LENGTH = "c(sum(perim({})), 0)"

CALLS = [
    Call("direction-memory", sources, lambda x: x.direction(), "direction(x)", 0.01, "cells between two sources"),
    Call("autocor-memory", hills, lambda x: [*x.autocor(), 0], "c(autocor(x), 0)", tolerance=1e-3),
    Call("focal-pairs-memory", partial(corner, layers=2), lambda x: x.focal_pairs(3, na_rm=True),
         'focalPairs(x, 3, "pearson", na.rm = TRUE)', 1e-3, "a hundredth of the cells"),
    Call("focal-reg-memory", partial(corner, layers=2), lambda x: x.focal_reg(3, na_rm=True),
         'focalReg(x, 3, "ols", na.rm = TRUE)', 1e-3, "a hundredth of the cells"),
    Call("k-means-memory", layers, lambda x: x.k_means(3, seed=1), "k_means(x, 3)", 1.0, "starts are drawn"),
    Call("prcomp-memory", layers, lambda x: x.prcomp().sdev, "prcomp(x)$sdev"),
    Call("princomp-memory", layers, lambda x: x.princomp().sdev, "princomp(x)$sdev", tolerance=1e-3),
    Call("thresh-memory", hills, lambda x: x.thresh("mean"), 'thresh(x, "mean")', 0.05, "a sample of the cells tells it"),
    Call("match-memory", few_classes, lambda x: x.match([4, 2, 0]) + 1, "match(x, c(4, 2, 0))"),
    Call("pitfiller-memory", corner, lambda x: x.pitfiller(niter=5),
         'd <- terrain(x, "flowdir")\nout <- pitfiller(x, pitfinder(d), d, niter = 5)', 0.02, "a hundredth of the cells"),
    Call("as-contour", hills, lambda x: length(x.as_contour(levels=[300, 500, 700])),
         LENGTH.format("as.contour(x, levels = c(300, 500, 700))"), 1.0, "of a tenth of the cells"),
    Call("disagg-memory", hills, lambda x: x.disagg(2, "bilinear"), 'disagg(x, 2, "bilinear")', 0.1),
    Call("median-memory", layers, lambda x: x.median(na_rm=True), "median(x, na.rm = TRUE)"),
    Call("modal-memory", layers, lambda x: (x // 20).modal(na_rm=True), "modal(x %/% 20, na.rm = TRUE)"),
    Call("sum-memory", layers, lambda x: x.sum(na_rm=True), "sum(x, na.rm = TRUE)"),
    Call("min-memory", layers, lambda x: x.min(na_rm=True), "min(x, na.rm = TRUE)"),
    Call("log-memory", layers, lambda x: (x + 1).log(), "log(x + 1)"),
    Call("round-memory", layers, lambda x: x.round(1), "round(x, 1)"),
    Call("select-range-memory", chosen, lambda x: x[0].select_range(x[1]), "selectRange(x, y)"),
    Call("range-fill-memory", ranges, lambda x: x.range_fill(12), "rangeFill(x, 12)"),
    Call("mask-polygons", covered, lambda x: x[0].mask(x[1]), "mask(x, y)", 1e-5),
    Call("which-max-memory", layers, lambda x: x.which_max() + 1, "which.max(x)"),
    Call("cumsum-memory", layers, lambda x: x.cumsum(), "cumsum(x)"),
    Call("count-na-memory", layers, lambda x: x.count_na(), "countNA(x)"),
    Call("regress-memory", layers, lambda x: x.regress(list(range(1, 7)), na_rm=True),
         "regress(x, 1:6, na.rm = TRUE)", 1e-3),
    Call("tapp-memory", layers, lambda x: x.tapp([1, 1, 2, 2, 3, 3], "mean", na_rm=True),
         'tapp(x, c(1, 1, 2, 2, 3, 3), "mean", na.rm = TRUE)'),
    Call("select-highest-memory", hills, lambda x: x.select_highest(1000), "selectHighest(x, 1000)", 1e-5),
    Call("segregate-memory", few_classes, lambda x: x.segregate(), "segregate(x)"),
    Call("scale-linear-memory", hills, lambda x: x.scale_linear(0, 1), "scale_linear(x, 0, 1)"),
    Call("global-memory", layers, lambda x: x.global_(["mean", "sd"], na_rm=True).to_numpy(),
         'as.matrix(global(x, c("mean", "sd"), na.rm = TRUE))', 0.5, "terra's names are in another order"),
    Call("unique-memory", classes, lambda x: x.unique().iloc[:, 0].to_numpy(), "unique(x)[, 1]"),
    Call("where-max-memory", few_classes, lambda x: [len(x.where_max()), 0], "c(nrow(where.max(x)), 0)"),
    Call("mosaic-memory", halves, lambda x: x[0].mosaic(x[1], fun="mean"), 'mosaic(x0, x1, fun = "mean")'),
    Call("merge-memory", halves, lambda x: x[0].merge(x[1]), "merge(x0, x1)"),
    Call("cover-memory", hills, lambda x: x.cover(x * 0), "cover(x, x * 0)"),
    Call("fill-holes-memory", few_classes, lambda x: x.fill_holes(), "fillHoles(x)", 1.0),
    Call("as-points", sources, lambda x: [x.distance().as_points().nrow, 0], "c(nrow(as.points(distance(x))), 0)"),
    Call("as-lines", zones, lambda x: length(x.as_lines()), LENGTH.format("as.lines(x)")),
    Call("cell-size-memory", hills, lambda x: x.cell_size(transform=False), "cellSize(x, transform = FALSE)"),
    Call("union-polygons", pairs, lambda x: area(x[0].union(x[1])), AREA.format("union(x, y)")),
    Call("erase-polygons", pairs, lambda x: area(x[0].erase(x[1])), AREA.format("erase(x, y)")),
    Call("symdif-polygons", pairs, lambda x: area(x[0].symdif(x[1])), AREA.format("symdif(x, y)")),
    Call("aggregate-polygons", polygons, lambda x: area(x.aggregate()), AREA.format("aggregate(x)")),
    Call("relate-polygons", pairs, lambda x: [x[0].relate(x[1], "intersects").sum(), 0],
         'c(sum(relate(x, y, "intersects")), 0)'),
    Call("voronoi-points", partial(points, count=10_000), lambda x: area(x.voronoi()), AREA.format("voronoi(x)")),
    Call("delaunay-points", partial(points, count=10_000), lambda x: area(x.delaunay()), AREA.format("delaunay(x)"), 1.0,
         "terra with an older GEOS lacks some triangles at the edge"),
    Call("nearest-points", partial(points, count=2_000), lambda x: x.nearest().to_geopandas()["distance"].to_numpy(),
         "nearest(x)$distance", tolerance=1e-3),
    Call("distance-points", partial(points, count=2_000), lambda x: [x.distance().mean(), 0],
         "c(mean(as.matrix(distance(x))), 0)"),
    Call("thin-nodes", dense, lambda x: area(x.thin_nodes(15)), AREA.format("thinNodes(x, 15)")),
    Call("simplify-polygons", dense, lambda x: area(x.simplify_geom(20)), AREA.format("simplifyGeom(x, 20)"),
         tolerance=1e-3),
    Call("hull-polygons", polygons, lambda x: area(x.hull("convex", by="id")),
         AREA.format('hull(x, "convex", by = "id")')),
    Call("width-polygons", polygons, lambda x: x.width(), "width(x)"),
    Call("clearance-polygons", polygons, lambda x: x.clearance(), "clearance(x)"),
    Call("perim-polygons", polygons, lambda x: x.perim(), "perim(x)"),
    Call("elongate-lines", polygons, lambda x: length(x.as_lines().elongate(10)),
         LENGTH.format("elongate(as.lines(x), 10)"), 1.0),
    Call("snap-polygons", polygons, lambda x: area(x.snap(tolerance=5)), AREA.format("snap(x, tolerance = 5)"), 1.0),
    Call("interp-near-linear", around_few, lambda x: x[0].interp_near(x[1], "id", radius=x[2], interpolate=True),
         'interpNear(x, y, "id", radius = radius, interpolate = TRUE)', 0.05, "2,000 points; edges differ",
         1e-3),
    Call("densify-polygons", polygons, lambda x: length(x.densify(10)), LENGTH.format("densify(x, 10)")),
    Call("colorize-memory", colours, lambda x: x.colorize("hsv"), 'colorize(x, "hsv")', 1e-5),
    Call("extract-along-memory", crossed, lambda x: [len(x[0].extract_along(x[1])), 0],
         "c(nrow(extractAlong(x, y, bilinear = FALSE)), 0)", tolerance=1e-2),
    Call("shortest-path", streets, corners, "c(shortestPath(x, 1, seq(2, 3600, 180))$distance, 0)"),
    Call("make-nodes", polygons, lambda x: length(x.as_lines().make_nodes()),
         LENGTH.format("makeNodes(as.lines(x))")),
]  # fmt: skip


def _job(call: Call, data: Data) -> Job:
    x, setup = call.given(data)

    def ours() -> Any:
        found = call.ours(x)
        return found.compute() if isinstance(found, pt.SpatRaster) else as_column(np.ravel(found))

    code = call.theirs if "out <-" in call.theirs else f"out <- {call.theirs}"
    code += "\nif (!inherits(out, 'SpatRaster')) out <- rast(matrix(as.numeric(t(out)), ncol = 1))"
    return Job(ours, code, setup, tolerance=call.tolerance, unequal=call.unequal)


def enter(calls: Sequence[Call]) -> None:
    """Enter calls into the table of workloads."""
    for call in calls:
        workload(call.name, 1.0, note=call.note)(partial(_job, call))


enter(CALLS)
