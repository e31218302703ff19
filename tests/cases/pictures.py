"""Cases of maps: what is drawn."""

from __future__ import annotations

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
    plain_case("pt.north", lambda z: shown(pt.north(ax=empty(z)))),
    plain_case("pt.sbar", lambda z: shown(pt.sbar(ax=empty(z)))),
]
