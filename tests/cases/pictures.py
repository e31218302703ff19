"""Cases of maps: what is drawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from inputs import Inputs

import pyterra as pt
from cases.case import Case, plain_case, values_case
from cases.vectors import spots, squares, tracks


def shown(axes: Any) -> list[Any]:
    """The colours, heights, corners and texts of what a map shows."""
    found: list[Any] = []
    for ax in np.ravel(axes):
        found += [np.asarray(np.ma.filled(image.get_array(), np.nan)) for image in ax.images]
        found += [patch.get_path().vertices for patch in ax.patches]
        found += [np.asarray(c.get_offsets(), float) for c in ax.collections]
        found += [text.get_text() for text in ax.texts]
    plt.close("all")
    return found


def clicked(z: Inputs, ask: Callable[[Any], Any]) -> Any:
    """What a verb gives when somebody clicks a quarter and three quarters along the diagonal of a map."""
    from clicking import clicking

    ax = empty(z)
    e = z.ext
    at = [(e.xmin + share * e.width, e.ymin + share * e.height) for share in (0.25, 0.75)]
    with clicking(ax, at):
        found = ask(ax)
    plt.close("all")
    return found


def explored(x: Any) -> Any:
    """The map that is served."""
    with x.explore(browser=False) as served:
        return served.map


def held(page: Any) -> list[Any]:
    """The colours and values of the cells of a page."""
    return [part for one in page.layers for part in (one.rgba, one.values)]


def empty(z: Inputs) -> Any:
    """Axes that show where the raster lies."""
    ax = plt.subplots(figsize=(2, 2))[1]
    ax.set(xlim=(z.ext.xmin, z.ext.xmax), ylim=(z.ext.ymin, z.ext.ymax))
    return ax


def _vector(verb: str, build: Any, note: str = "") -> Case:
    return plain_case(f"SpatVector.{verb}", lambda z: shown(build(z)), note)


PICTURES = [
    values_case("plot_rgb", lambda z: shown(z.y.plot_rgb(figsize=(2, 2)))),
    values_case(
        "plot_rgb", lambda z: shown(z.x.plot_rgb(2, 0, 1, stretch="lin", figsize=(2, 2))), "stretched"
    ),
    values_case(
        "plot_rgb", lambda z: shown(z.x.plot_rgb(stretch="hist", missing="red", figsize=(2, 2))), "by rank"
    ),
    values_case("plot", lambda z: shown(z.x.plot(common=True, figsize=(4, 2))), "one range"),
    values_case("hist", lambda z: shown(z.x.hist(bins=5, range=(-30, 30), figsize=(4, 2)))),
    values_case("points", lambda z: shown(z.one.points(ax=empty(z)))),
    values_case("lines", lambda z: shown(z.one.lines(ax=empty(z)))),
    values_case("polys", lambda z: shown(z.one.polys(ax=empty(z)))),
    values_case("text", lambda z: shown(z.one.text(ax=empty(z), digits=1))),
    _vector("plot", lambda z: squares(z).plot("group", figsize=(2, 2)), "classes"),
    _vector("plot", lambda z: squares(z).plot("size", figsize=(2, 2)), "a scale"),
    _vector("plot", lambda z: spots(z).plot("n", breaks=2, figsize=(2, 2)), "points"),
    _vector("points", lambda z: spots(z).points(ax=empty(z))),
    _vector("lines", lambda z: tracks(z).lines(ax=empty(z))),
    _vector("polys", lambda z: squares(z).polys(ax=empty(z))),
    _vector("text", lambda z: squares(z).text("group", ax=empty(z))),
    plain_case("SpatExtent.plot", lambda z: shown(z.ext.plot())),
    plain_case("SpatExtent.lines", lambda z: shown(z.ext.lines(ax=empty(z)))),
    plain_case("SpatExtent.polys", lambda z: shown(z.ext.polys(ax=empty(z)))),
    plain_case("SpatExtent.points", lambda z: shown(z.ext.points(ax=empty(z)))),
    values_case("image", lambda z: shown(z.one.image(ax=empty(z)))),
    values_case("density", lambda z: z.x.density(bw=2.0, plot=False)),
    values_case("barplot", lambda z: shown(z.one.barplot(digits=0, figsize=(2, 2)))),
    values_case("boxplot", lambda z: shown(z.x.boxplot(figsize=(2, 2)))),
    values_case("pairs", lambda z: shown(z.x.pairs(figsize=(4, 4)))),
    values_case(
        "contour",
        lambda z: shown(z.one.contour(levels=[0, 1], ax=empty(z))),
        refuses={"cell": pt.errors.ArgumentError},
    ),
    values_case(
        "persp", lambda z: shown(z.one.persp(figsize=(2, 2))), refuses={"cell": pt.errors.ArgumentError}
    ),
    values_case("as_arrows", lambda z: shown(z.one.as_arrows(ax=empty(z)))),
    values_case("panel", lambda z: shown(z.x.panel(figsize=(4, 2)))),
    plain_case("explain", lambda z: [step.what for step in (z.x + 1).focal(3).explain().steps]),
    values_case("animate", lambda z: z.x.animate(figsize=(2, 2)).count),
    plain_case("SpatVector.dots", lambda z: squares(z)[[0, 2]].dots("size", 0.5, seed=1, ax=empty(z))),
    plain_case("SpatVector.animate", lambda z: tracks(z).animate(figsize=(2, 2)).count),
    plain_case(
        "SpatVectorCollection.animate", lambda z: pt.svc(spots(z), tracks(z)).animate(figsize=(2, 2)).count
    ),
    plain_case("SpatVectorCollection.plot", lambda z: shown(pt.svc(spots(z), tracks(z)).plot())),
    values_case("plet", lambda z: held(z.x.plet())),
    values_case("explore", lambda z: held(explored(z.x))),
    plain_case("SpatVector.explore", lambda z: explored(squares(z)).names),
    plain_case("SpatVectorCollection.explore", lambda z: explored(pt.svc(a=squares(z))).names),
    values_case("SpatRasterCollection.explore", lambda z: held(explored(pt.sprc(a=z.x)))),
    values_case("SpatRasterDataset.explore", lambda z: held(explored(pt.sds(a=z.x)))),
    values_case(
        "SpatRasterCollection.plet",
        lambda z: held(pt.sprc(z.one, z.one.shift(1)).plet()),
    ),
    plain_case("SpatVector.plet", lambda z: squares(z).plet("group").names),
    plain_case("SpatVectorCollection.plet", lambda z: pt.svc(spots(z), tracks(z)).plet().names),
    values_case("inset", lambda z: (z.one.inset(ax=empty(z)), plt.close("all"))[0]),
    values_case("zoom", lambda z: shown(z.one.zoom(z.ext, new=True))),
    values_case(
        "click", lambda z: clicked(z, lambda ax: z.x.click(2, xy=True, cell=True, show=False, ax=ax))
    ),
    Case("sel", lambda z: clicked(z, lambda ax: z.x.sel(ax=ax))),
    plain_case("SpatVector.inset", lambda z: (squares(z).inset(ax=empty(z)).ext, plt.close("all"))[0]),
    plain_case("SpatVector.inext", lambda z: squares(z).inext(pt.ext(0, 1, 0, 2), gap=0.1).ext),
    plain_case("SpatVector.zoom", lambda z: shown(squares(z).zoom(z.ext, new=True))),
    plain_case("SpatVector.click", lambda z: clicked(z, lambda ax: squares(z).click(2, show=False, ax=ax))),
    plain_case("SpatVector.sel", lambda z: clicked(z, lambda ax: squares(z).sel(ax=ax)).ext),
    plain_case("pt.draw", lambda z: clicked(z, lambda ax: pt.draw(ax=ax))),
    plain_case("pt.map_extent", lambda z: pt.map_extent(ax=empty(z))),
    plain_case("pt.add_abline", lambda z: shown(pt.add_abline(h=[0.5], ax=empty(z)))),
    plain_case("pt.add_box", lambda z: shown(pt.add_box(ax=empty(z)))),
    plain_case("pt.add_grid", lambda z: shown(pt.add_grid(2, 2, ax=empty(z)))),
    plain_case(
        "pt.add_legend", lambda z: shown(pt.add_legend("topleft", labels=["a"], col="red", ax=empty(z)))
    ),
    plain_case("pt.add_mtext", lambda z: shown(pt.add_mtext("a", "bottom", ax=empty(z)))),
    plain_case("pt.halo", lambda z: shown(pt.halo(1, 1, "a", ax=empty(z)))),
    plain_case("pt.legend_cont", lambda z: shown(pt.legend_cont("right", legend=[0, 10], ax=empty(z)))),
    plain_case("pt.map_pal", lambda z: pt.map_pal("byr", 3)),
    plain_case("pt.north", lambda z: shown(pt.north(ax=empty(z)))),
    plain_case("pt.sbar", lambda z: shown(pt.sbar(ax=empty(z)))),
]
