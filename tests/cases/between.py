"""Cases between rasters and vectors: rasterize, extract, masks, cells as geometries."""

from __future__ import annotations

import numpy as np
from inputs import Inputs

from cases.case import Case, values_case
from cases.vectors import spots, squares, tracks


def width_of(values: np.ndarray) -> float:
    return float(np.nanmax(values) - np.nanmin(values))


def total(values: np.ndarray) -> float:
    return float(values.sum())


def _coordinates(z: Inputs) -> np.ndarray:
    e = z.ext
    return np.array(
        [[e.xmin, e.ymax], [e.xmin + e.width / 3, e.ymin + e.height / 4], [e.xmax, e.ymin], [e.xmax + 1, 0]]
    )


def _far(z: Inputs) -> float:
    """A distance that reaches about half of the cells."""
    return float(z.ext.width) / 2


BETWEEN = [
    Case("SpatVector.rasterize", lambda z: squares(z).rasterize(z.x), "polygons"),
    Case("SpatVector.rasterize", lambda z: squares(z).rasterize(z.x, "group", touches=True), "text, touches"),
    Case("SpatVector.rasterize", lambda z: squares(z, 0.3).rasterize(z.one, cover=True), "cover"),
    *(
        Case(
            "SpatVector.rasterize",
            lambda z, f=f: squares(z).rasterize(z.x, "id", f, background=0),
            f"polygons {f}",
        )
        for f in "first last min max sum mean count range median which_min".split()
    ),
    Case("SpatVector.rasterize", lambda z: squares(z).rasterize(z.x, "id", total), "polygons, a function"),
    Case("SpatVector.rasterize", lambda z: squares(z).rasterize(z.x, "size", by="group"), "by"),
    Case("SpatVector.rasterize", lambda z: squares(z).rasterize(z.x, 7, update=True), "update"),
    Case("SpatVector.rasterize", lambda z: tracks(z).rasterize(z.x), "lines"),
    Case("SpatVector.rasterize", lambda z: tracks(z).rasterize(z.x, [1, 2], touches=True), "lines, touches"),
    *(
        Case("SpatVector.rasterize", lambda z, f=f: spots(z).rasterize(z.x, "n", f), f"points {f}")
        for f in "first last min max sum mean count range median".split()
    ),
    Case("SpatVector.rasterize", lambda z: spots(z).rasterize(z.x, "n", total), "points, a function"),
    Case("SpatVector.rasterize", lambda z: spots(z).rasterize(z.x, "name", by="n"), "points, by"),
    Case("SpatVector.rasterize", lambda z: spots(z).rasterize(z.x, ["n", "name"], "max"), "points, columns"),
    *(
        Case("SpatVector.rasterize_geom", lambda z, v=v, f=f: v(z).rasterize_geom(z.x, f), f"{f}")
        for v, f in ((squares, "area"), (tracks, "length"), (tracks, "crosses"))
    ),
    Case("SpatVector.rasterize_win", lambda z: spots(z).rasterize_win(z.x, "n", pars=_far(z), fun="median")),
    Case(
        "SpatVector.rasterize_win",
        lambda z: spots(z).rasterize_win(
            z.x, "n", win="rectangle", pars=[2 * _far(z), _far(z), 30], fun="distbetween"
        ),
        "distances",
    ),
    Case("interp_idw", lambda z: z.x.interp_idw(spots(z), "n", radius=_far(z), power=1.5)),
    Case("interp_idw", lambda z: z.x.interp_idw(spots(z), "n", radius=_far(z), max_points=2), "nearest"),
    Case("interp_near", lambda z: z.x.interp_near(spots(z), "n", radius=_far(z), interpolate=True)),
    Case("mask", lambda z: z.x.mask(squares(z)), "polygons"),
    Case("mask", lambda z: z.x.mask(squares(z), touches=False, inverse=True), "polygons, inverse"),
    Case("mask", lambda z: z.x.mask(tracks(z), updatevalue=-1), "lines"),
    Case("mask", lambda z: z.x.mask(spots(z)), "points"),
    Case("mask", lambda z: z.x.mask(z.ext * 0.5), "extent"),
    Case("crop", lambda z: z.x.crop(squares(z)), "polygons"),
    Case("crop", lambda z: z.x.crop(squares(z), mask=True, touches=False), "polygons, mask"),
    values_case("extract", lambda z: z.x.extract(spots(z), cells=True, xy=True), "points"),
    values_case("extract", lambda z: z.x.extract(spots(z), method="bilinear"), "points, bilinear"),
    values_case("freq", lambda z: z.few.freq(zones=squares(z)), "polygons"),
    values_case("extract", lambda z: z.x.extract(_coordinates(z)), "coordinates"),
    values_case("extract", lambda z: z.x.extract([0, 3, -1]), "cells"),
    values_case("extract_along", lambda z: z.x.extract_along(tracks(z), cells=True, xy=True)),
    values_case("extract_along", lambda z: z.one.extract_along(tracks(z), online=True), "on the line"),
    values_case("extract_range", lambda z: z.x.extract_range(spots(z), "red", [0, 1, 2, 1])),
    values_case(
        "extract_range",
        lambda z: z.x.extract_range(squares(z), 0, 2, geom_fun="mean", lyr_fun="max"),
        "of cells",
    ),
    values_case("extract", lambda z: z.one.extract(spots(z), search_radius=400), "nearest"),
    values_case("extract", lambda z: z.x.extract(z.ext * 0.4, cells=True), "extent"),
    values_case("extract", lambda z: z.x.extract(squares(z), cells=True, xy=True), "polygons"),
    values_case("extract", lambda z: z.x.extract(squares(z, 0.3), exact=True), "polygons, exact"),
    values_case("extract", lambda z: z.classes.extract(squares(z), touches=True), "polygons, touches"),
    *(
        values_case(
            "extract", lambda z, f=f: z.x.extract(squares(z, 0.2), f, na_rm=True), f"polygons {f}", rtol=1e-12
        )
        for f in "sum mean min max isNA notNA any all median modal sd range last which nunique table".split()
    ),
    values_case("extract", lambda z: z.x.extract(squares(z), "mean", weights=True), "weighted", rtol=1e-9),
    values_case("extract", lambda z: z.x.extract(squares(z), width_of, na_rm=True), "polygons, a function"),
    values_case("extract", lambda z: z.x.extract(tracks(z), cells=True), "lines"),
    values_case("extract", lambda z: z.x.extract(spots(z), layer=["red", "nir", "red", "swir"]), "layer"),
    values_case("extract", lambda z: z.x.extract(spots(z), bind=True).values(), "bind"),  # type: ignore[operator]
    values_case("centroids", lambda z: z.x.centroids().as_data_frame(geom="wkt")),
    values_case("as_points", lambda z: z.x.as_points().as_data_frame(geom="wkt")),
    values_case("as_points", lambda z: z.classes.as_points().as_data_frame(geom="wkt"), "classes"),
    values_case("as_points", lambda z: z.x.as_points(na_all=True).as_data_frame(geom="wkt"), "na_all"),
    values_case("as_polygons", lambda z: z.few.as_polygons().as_data_frame(geom="wkt")),
    values_case("as_polygons", lambda z: z.x.as_polygons(aggregate=False).as_data_frame(geom="wkt"), "cells"),
    values_case("as_contour", lambda z: z.one.disagg(2).as_contour().as_data_frame(geom="wkt")),
    Case("as_polygons", lambda z: z.x.as_polygons(extent=True), "extent", plain=True),
    Case("as_lines", lambda z: z.x.as_lines(), plain=True),
]
