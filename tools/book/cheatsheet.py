"""The two cheatsheets, one page each: drawn as PDF to print, and as SVG for the page."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from layout import Layout

GREEN, BROWN, INK, PALE = "#1b6b4a", "#b3541e", "#222222", "#f2f5f3"

Box = tuple[str, str, list[tuple[str, str]]]
"""Title, name of the drawing, and lines: Python and R."""

BOXES: list[Box] = [
    ("Make and read", "grid", [
        ('pt.rast("f.tif")', 'rast("f.tif")'),
        ('pt.rast(["a.tif", "b.tif"])', 'rast(c("a.tif", "b.tif"))'),
        ("pt.rast(nrows=3, ncols=4)", "rast(nrows=3, ncols=4)"),
        ("pt.rast(array, extent=e, crs=c)", "rast(m, extent=e, crs=c)"),
        ('pt.vect("v.gpkg")', 'vect("v.gpkg")'),
        ("pt.ext(0, 10, 0, 5)", "ext(0, 10, 0, 5)"),
    ]),
    ("Layers", "stack", [
        ("pt.c(r, q)", "c(r, q)"),
        ('r[0]  r["red"]  r[1:3]', 'r[[1]]  r[["red"]]  r[[2:3]]'),
        ('r.names = ["a", "b"]', 'names(r) <- c("a", "b")'),
        ("r.time = dates", "time(r) <- dates"),
        ("r.nlyr  r.ncell  r.res", "nlyr(r)  ncell(r)  res(r)"),
    ]),
    ("Cell by cell", "cells", [
        ("(b - a) / (b + a)", "(b - a) / (b + a)"),
        ("(r > 5).ifel(1, None)", "ifel(r > 5, 1, NA)"),
        ("r[r > 5] = None", "r[r > 5] <- NA"),
        ("r.classify([[0, 9, 1]])", "classify(r, cbind(0, 9, 1))"),
        ("r.clamp(0, 1)  r.cover(q)", "clamp(r, 0, 1)  cover(r, q)"),
        ("r.mask(v)", "mask(r, v)"),
    ]),
    ("Along the layers", "along", [
        ('r.app("mean", na_rm=True)', "app(r, mean, na.rm=TRUE)"),
        ("r.app(lambda v: v[1] - v[0])", "app(r, \\(v) v[2] - v[1])"),
        ("r.lapp(lambda a, b: a / b)", "lapp(r, \\(a, b) a / b)"),
        ('r.tapp("months", "mean")', 'tapp(r, "months", mean)'),
        ("r.approximate(rule=2)", "approximate(r, rule=2)"),
        ("r.which_max()", "which.max(r)"),
    ]),
    ("Neighbours", "focal", [
        ('r.focal(3, "mean")', 'focal(r, 3, "mean")'),
        ('r.terrain("slope")', 'terrain(r, "slope")'),
        ("r.distance()", "distance(r)"),
        ("r.patches(8)", "patches(r, 8)"),
        ("r.boundaries()", "boundaries(r)"),
    ]),
    ("Other grids", "regrid", [
        ("r.crop(e)  r.extend(e)", "crop(r, e)  extend(r, e)"),
        ('r.aggregate(10, "mean")', 'aggregate(r, 10, "mean")'),
        ('r.resample(q, "bilinear")', 'resample(r, q, "bilinear")'),
        ('r.project("EPSG:3035")', 'project(r, "EPSG:3035")'),
        ("r.merge(q)  r.mosaic(q)", "merge(r, q)  mosaic(r, q)"),
    ]),
    ("Numbers of it", "numbers", [
        ('r.global_("mean", na_rm=True)', 'global(r, "mean", na.rm=TRUE)'),
        ('r.zonal(z, "mean")', 'zonal(r, z, "mean")'),
        ("r.freq()  r.crosstab()", "freq(r)  crosstab(r)"),
        ("r.minmax()  r.summary()", "minmax(r)  summary(r)"),
        ("r.spat_sample(100)", "spatSample(r, 100)"),
    ]),
    ("Rasters and vectors", "both", [
        ('r.extract(v, "mean")', "extract(r, v, mean)"),
        ("r.extract(v, exact=True)", "extract(r, v, exact=TRUE)"),
        ('v.rasterize(r, "id")', 'rasterize(v, r, "id")'),
        ("r.as_polygons()", "as.polygons(r)"),
        ("v.distance()", "distance(v)"),
    ]),
    ("Vectors", "vector", [
        ('v["id"]  v[0]', "v$id  v[1]"),
        ("v.buffer(100)", "buffer(v, 100)"),
        ("v.intersect(w)  v.erase(w)", "intersect(v, w)  erase(v, w)"),
        ('v.aggregate("id")', 'aggregate(v, "id")'),
        ("v.centroids()  v.voronoi()", "centroids(v)  voronoi(v)"),
        ('v.expanse(unit="km")', 'expanse(v, unit="km")'),
    ]),
    ("Models", "model", [
        ("r.predict(model)", "predict(r, model)"),
        ('r.predict(model, type="prob")', 'predict(r, model, type="prob")'),
        ("r.interpolate(model)", "interpolate(r, model)"),
        ("r.k_means(4)", "k_means(r, 4)"),
    ]),
    ("Maps", "map", [
        ('r.plot(main="Height")', 'plot(r, main="Height")'),
        ('v.plot("id")', 'plot(v, "id")'),
        ("v.lines(ax=ax)", "lines(v)"),
        ('r.plot_rgb(stretch="lin")', 'plotRGB(r, stretch="lin")'),
        ("pt.sbar()  pt.north()", "sbar()  north()"),
    ]),
    ("Write", "file", [
        ('r.write_raster("o.tif")', 'writeRaster(r, "o.tif")'),
        ('r.write_raster("o.tif", format="COG")', 'writeRaster(r, "o.tif", filetype="COG")'),
        ('v.write_vector("o.gpkg")', 'writeVector(v, "o.gpkg")'),
        ("r.compute()", "(in memory at once)"),
    ]),
]  # fmt: skip
"""What the sheets hold."""

FEET = {
    "python": "Positions count from 0. Missing is None or NaN. Verbs are methods and functions: pt.focal(r, 3). "
    "Nothing is computed before values, a picture or a file are wanted.",
    "r": "p <- as_py(r) hands a raster of terra to pyterra; then terra's verbs describe, and as_terra(p), values, plot or "
    "writeRaster compute, in blocks, on all cores.",
}


def _grid(
    ax: Any, x: float, y: float, n: int, m: int, size: float, colors: Callable[[int, int], str]
) -> None:
    from matplotlib.patches import Rectangle

    for i in range(n):
        for j in range(m):
            ax.add_patch(
                Rectangle(
                    (x + i * size, y + j * size),
                    size,
                    size,
                    facecolor=colors(i, j),
                    edgecolor="white",
                    linewidth=0.8,
                )
            )


def _arrow(ax: Any, x: float, y: float, to: float) -> None:
    ax.annotate("", (to, y), (x, y), arrowprops={"arrowstyle": "-|>", "color": INK, "linewidth": 1})


def _shade(i: int, j: int) -> str:
    return ("#d9ebe0", "#b4d8c3", "#7fbb9b", "#3f8f68")[(i * 2 + j * 3) % 4]


def _draw(ax: Any, name: str) -> None:
    """A small drawing in a field of 10 by 3."""
    from matplotlib.patches import Circle, Polygon, Rectangle

    grey = "#e3e3e0"
    if name in ("grid", "map"):
        _grid(ax, 2.6, 0.2, 6, 4, 0.66, _shade)
        if name == "map":
            ax.add_patch(Rectangle((2.6, 0.2), 3.96, 2.64, fill=False, edgecolor=INK, linewidth=1.2))
            _grid(ax, 7.2, 0.2, 1, 4, 0.6, lambda i, j: _shade(0, j))
    elif name == "stack":
        for k in range(3):
            _grid(ax, 2.4 + 0.9 * k, 0.1 + 0.4 * k, 4, 3, 0.6, lambda i, j, k=k: _shade(i + k, j))  # type: ignore[misc]
    elif name == "cells":
        _grid(ax, 0.8, 0.5, 3, 3, 0.66, lambda i, j: BROWN if (i, j) == (1, 1) else _shade(i, j))
        _arrow(ax, 3.4, 1.5, 6.2)
        ax.text(4.8, 1.75, "f", ha="center", fontsize=11, style="italic")
        _grid(ax, 6.8, 0.5, 3, 3, 0.66, lambda i, j: BROWN if (i, j) == (1, 1) else grey)
    elif name == "along":
        for k in range(3):
            _grid(
                ax,
                0.6 + 0.7 * k,
                0.1 + 0.35 * k,
                3,
                3,
                0.6,
                lambda i, j: BROWN if (i, j) == (1, 1) else _shade(i, j),
            )
        _arrow(ax, 4.3, 1.5, 6.4)
        _grid(ax, 6.9, 0.5, 3, 3, 0.6, lambda i, j: BROWN if (i, j) == (1, 1) else grey)
    elif name == "focal":
        _grid(ax, 0.6, 0.1, 5, 5, 0.56, _shade)
        ax.add_patch(Rectangle((1.16, 0.66), 1.68, 1.68, fill=False, edgecolor=BROWN, linewidth=2))
        _arrow(ax, 3.8, 1.5, 6)
        _grid(ax, 6.4, 0.1, 5, 5, 0.56, lambda i, j: BROWN if (i, j) == (2, 2) else grey)
    elif name == "regrid":
        _grid(ax, 0.8, 0.2, 4, 4, 0.64, _shade)
        _arrow(ax, 3.9, 1.5, 6)
        _grid(ax, 6.6, 0.2, 2, 2, 1.28, lambda i, j: _shade(i, j + 1))
    elif name == "numbers":
        _grid(ax, 0.8, 0.2, 4, 4, 0.64, _shade)
        _arrow(ax, 3.9, 1.5, 6)
        for k, height in enumerate((1.2, 2.5, 1.8, 0.7)):
            ax.add_patch(
                Rectangle((6.6 + 0.7 * k, 0.2), 0.5, height, facecolor=_shade(0, k), edgecolor="white")
            )
    elif name == "both":
        _grid(ax, 2.6, 0.1, 7, 4, 0.68, _shade)
        ax.add_patch(
            Polygon(
                [(3.2, 0.5), (6.4, 0.4), (6.9, 2.1), (4.3, 2.6)], fill=False, edgecolor=BROWN, linewidth=2
            )
        )
    elif name == "vector":
        ax.add_patch(
            Polygon([(3.2, 0.3), (6.2, 0.3), (6.6, 2), (3.8, 2.7)], facecolor="#cfe5d5", edgecolor=GREEN)
        )
        ax.plot([1, 3, 4.4, 6.6, 9], [2.6, 1.5, 1.6, 0.9, 0.6], color="#1f6fa8", linewidth=2)
        for x, y in ((1.6, 0.7), (7.4, 2.2), (8.4, 1.6), (5, 2)):
            ax.add_patch(Circle((x, y), 0.14, color=BROWN))
    elif name == "model":
        for k in range(2):
            _grid(ax, 0.6 + 0.6 * k, 0.2 + 0.5 * k, 3, 3, 0.58, _shade)
        _arrow(ax, 3.3, 1.4, 4.3)
        ax.add_patch(Rectangle((4.4, 0.8), 1.6, 1.2, facecolor="white", edgecolor=BROWN, linewidth=1.4))
        ax.text(5.2, 1.4, "model", ha="center", va="center", fontsize=7)
        _arrow(ax, 6.1, 1.4, 7)
        _grid(ax, 7.3, 0.4, 3, 3, 0.62, lambda i, j: ("#fbe3d1", "#eeb48a", BROWN)[(i + j) % 3])
    elif name == "file":
        _grid(ax, 0.8, 0.3, 4, 4, 0.6, _shade)
        _arrow(ax, 3.7, 1.5, 6)
        ax.add_patch(
            Polygon(
                [(6.6, 0.2), (8.8, 0.2), (8.8, 2.2), (8.2, 2.8), (6.6, 2.8)], facecolor="white", edgecolor=INK
            )
        )
        ax.text(7.7, 1.3, ".tif", ha="center", fontsize=9)


def _box(figure: Any, place: tuple[float, float, float, float], box: Box, language: str) -> None:
    from matplotlib.patches import FancyBboxPatch

    title, drawing, lines = box
    ax = figure.add_axes(place)
    ax.set(xlim=(0, 10), ylim=(0, 10))
    ax.axis("off")
    ax.add_patch(
        FancyBboxPatch(
            (0.1, 0.1), 9.8, 9.8, boxstyle="round,pad=0,rounding_size=0.3", facecolor=PALE, edgecolor=GREEN
        )
    )
    ax.text(0.4, 9.25, title, fontsize=11, weight="bold", color=GREEN, va="center")
    for i, pair in enumerate(lines):
        ax.text(
            0.4,
            5.35 - 0.92 * i,
            pair[0 if language == "python" else 1],
            fontsize=7.1,
            family="monospace",
            color=INK,
            va="center",
        )
    x, y, width, height = place
    small = figure.add_axes((x + 0.1 * width, y + 0.60 * height, 0.8 * width, 0.27 * height))
    small.set(xlim=(0, 10.5), ylim=(0, 3))
    small.axis("off")
    _draw(small, drawing)


def sheet(language: str, folder: Path) -> None:
    """One sheet, A4 across: ``cheatsheet-LANGUAGE.pdf`` and ``.svg``."""
    import matplotlib

    matplotlib.use("agg")
    import matplotlib.pyplot as plt

    figure = plt.figure(figsize=(11.69, 8.27), facecolor="white")
    name = "pyterra in Python" if language == "python" else "pyterra in R: terra's verbs on as_py(r)"
    figure.text(0.025, 0.955, name, fontsize=19, weight="bold", color=INK)
    words = "import pyterra as pt" if language == "python" else "library(terra); library(pyterra)"
    figure.text(0.975, 0.96, words, fontsize=11, family="monospace", color=BROWN, ha="right")
    for i, box in enumerate(BOXES):
        row, column = divmod(i, 4)
        _box(figure, (0.02 + 0.242 * column, 0.645 - 0.295 * row, 0.234, 0.284), box, language)
    figure.text(0.025, 0.022, FEET[language], fontsize=8.2, color="#444444")
    for ending in ("pdf", "svg"):
        when = {"CreationDate": None} if ending == "pdf" else {"Date": None}
        with plt.rc_context({"svg.hashsalt": "pyterra", "svg.fonttype": "path"}):
            figure.savefig(folder / f"cheatsheet-{language}.{ending}", metadata=when)
    plt.close(figure)


def lay_out(layout: Layout, kept: Path) -> None:
    """Both sheets, drawn once."""
    folder = kept / f"cheatsheet-{hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:20]}"
    folder.mkdir(parents=True, exist_ok=True)
    for language in FEET:
        if not (folder / f"cheatsheet-{language}.svg").exists():
            sheet(language, folder)
        for ending in ("pdf", "svg"):
            name = f"cheatsheet-{language}.{ending}"
            layout.data(f"_parts/cheatsheet/{name}", (folder / name).read_bytes())
