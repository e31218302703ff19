"""Cases of vectors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from inputs import Inputs

import pyterra as pt
from cases.case import Case, new_path


def squares(z: Inputs, shift: float = 0.0) -> pt.SpatVector:
    """Three squares over the middle of the raster, the last two of one group."""
    e = z.ext
    w, h = e.width / 6, e.height / 6
    corners = [(1, 1), (3, 1), (3, 3)]
    texts = []
    for a, b in corners:
        xmin, ymin = e.xmin + (a + shift) * w, e.ymin + (b + shift) * h
        xmax, ymax = xmin + 1.5 * w, ymin + 1.5 * h
        texts.append(f"POLYGON (({xmin} {ymin}, {xmax} {ymin}, {xmax} {ymax}, {xmin} {ymax}, {xmin} {ymin}))")
    atts = {"id": [1, 2, 3], "group": ["a", "b", "b"], "size": [1.5, None, 3.5]}
    return pt.vect(texts, crs=z.x.crs, atts=atts)


def spots(z: Inputs) -> pt.SpatVector:
    """Four points, one of them far from the squares."""
    e = z.ext
    share = [(0.25, 0.25), (0.6, 0.3), (0.61, 0.64), (0.95, 0.05)]
    xy = [[e.xmin + a * e.width, e.ymin + b * e.height] for a, b in share]
    return pt.vect(xy, crs=z.x.crs, atts={"n": [4, 3, 2, 1], "name": ["p", "q", None, "s"]})


def tracks(z: Inputs) -> pt.SpatVector:
    """Two lines that cross."""
    e = z.ext * 0.8
    texts = [
        f"LINESTRING ({e.xmin} {e.ymin}, {e.xmax} {e.ymax})",
        f"LINESTRING ({e.xmin} {e.ymax}, {e.xmax} {e.ymin})",
    ]
    return pt.vect(texts, crs=z.x.crs, atts={"road": ["up", "down"]})


def normal(z: Inputs) -> pt.SpatVector:
    """A polygon across 180 degrees, cut there."""
    return pt.vect(pt.ext(170, 190, 0, 5), crs="OGC:CRS84").normalize_longitude()


def written(z: Inputs) -> pt.SpatVector:
    """A file, read again."""
    path = new_path(z, "fgb")
    squares(z).write_vector(path)
    return pt.vect(path)


def with_attribute(v: pt.SpatVector, name: str, value: Any) -> pt.SpatVector:
    out = v[:]
    setattr(out, name, value)
    return out


def with_item(v: pt.SpatVector, key: Any, value: Any) -> pt.SpatVector:
    out = v[:]
    out[key] = value
    return out


def _case(verb: str, build: Callable[[Inputs], Any], note: str = "") -> Case:
    return Case(f"SpatVector.{verb}", build, note, plain=True)


WHAT = [
    *(
        _case(name, lambda z, n=name: getattr(squares(z), n))
        for name in "geoms nrow ncol shape dim ext xmin xmax ymin ymax wkt names crs".split()
    ),
    _case("names", lambda z: with_attribute(squares(z), "names", ["a", "b", "c"]), "set"),
    _case("crs", lambda z: with_attribute(squares(z), "crs", None), "set"),
    *(
        _case(name, lambda z, n=name: getattr(squares(z), n)())
        for name in (
            "geomtype is_points is_lines is_polygons is_empty is_lonlat is_na sources to_geopandas show head tail unique "
            "linear_units datatype"
        ).split()
    ),
    _case("__geo_interface__", lambda z: squares(z).__geo_interface__),
    _case("__arrow_c_stream__", lambda z: repr(squares(z).__arrow_c_stream__())[:10]),
    _case("__repr__", lambda z: repr(squares(z))),
    _case("_repr_html_", lambda z: squares(z)._repr_html_()),
    _case("__len__", lambda z: len(squares(z))),
    _case("__iter__", lambda z: list(squares(z))),
]

ATTRIBUTES = [
    _case("values", lambda z: squares(z).values()),
    _case("set_values", lambda z: squares(z).set_values({"k": [7, 8, 9]})),
    *(
        _case("as_data_frame", lambda z, g=g: spots(z).as_data_frame(geom=g), str(g))
        for g in (None, "wkt", "xy")
    ),
    _case("subset", lambda z: squares(z).subset("id > 1", "group")),
    _case("sort", lambda z: squares(z).sort("size", decreasing=True)),
    _case("na_omit", lambda z: squares(z).na_omit()),
    _case("__getitem__", lambda z: squares(z)["id"], "column"),
    _case("__getitem__", lambda z: squares(z)[["id", "size"]], "columns"),
    _case("__getitem__", lambda z: squares(z)[1:], "records"),
    _case("__setitem__", lambda z: with_item(squares(z), "id", [7, 8, 9])),
]

JOINS = [
    _case("rbind", lambda z: squares(z).rbind(squares(z, 0.5)[["id"]])),
    _case("cbind", lambda z: squares(z).cbind({"m": [1, 2, 3]})),
    _case("merge", lambda z: squares(z).merge({"group": ["b"], "m": [2]})),
    _case("merge", lambda z: squares(z).merge({"group": ["b"], "m": [2]}, all_x=True), "all"),
]

RELATIONS = [
    _case("relate", lambda z: squares(z).relate(spots(z), "contains")),
    _case("relate", lambda z: squares(z).relate(spots(z), "FF*FF****", pairs=True), "pattern"),
    _case("is_related", lambda z: spots(z).is_related(squares(z), "within")),
    _case("adjacent", lambda z: squares(z).adjacent()),
    _case("__getitem__", lambda z: spots(z)[squares(z)], "place"),
]

NUMBERS = [
    *(
        _case(name, lambda z, n=name: getattr(squares(z)[["id", "size"]], n)(na_rm=True))
        for name in "mean median sum prod min max range quantile".split()
    ),
    *(_case(name, lambda z, n=name: getattr(squares(z)[["id"]], n)()) for name in "any all summary".split()),
]

FORMS = [
    _case("aggregate", lambda z: squares(z).aggregate("group")),
    _case("aggregate", lambda z: tracks(z).aggregate(dissolve=False), "collected"),
    _case("disagg", lambda z: tracks(z).disagg(segments=True)),
    _case("centroids", lambda z: squares(z).centroids()),
    *(
        _case("hull", lambda z, t=t: spots(z).hull(t), t)
        for t in ("convex", "rectangle", "circle", "concave")
    ),
    _case("hull", lambda z: squares(z).hull(by="group"), "by"),
    _case("simplify_geom", lambda z: tracks(z).simplify_geom(1.0)),
    _case("make_valid", lambda z: squares(z).make_valid()),
    _case("is_valid", lambda z: squares(z).is_valid()),
    _case("fill_holes", lambda z: squares(z).fill_holes()),
    _case("voronoi", lambda z: spots(z).voronoi()),
    _case("delaunay", lambda z: spots(z).delaunay(as_lines=True)),
    _case("snap", lambda z: squares(z).snap(tolerance=10)),
    _case("shared_paths", lambda z: squares(z).shared_paths()),
    _case("gaps", lambda z: squares(z).gaps()),
    _case("merge_lines", lambda z: tracks(z).merge_lines()),
    _case("make_nodes", lambda z: tracks(z).make_nodes()),
    _case("remove_dup_nodes", lambda z: squares(z).remove_dup_nodes(1)),
    _case("force_ccw", lambda z: squares(z).force_ccw()),
    _case("empty_geoms", lambda z: squares(z).empty_geoms()),
    _case("thin", lambda z: spots(z).thin(100)),
    _case("cartogram", lambda z: squares(z).cartogram("size")),
    _case("thin_nodes", lambda z: squares(z).thin_nodes(1)),
    _case("elongate", lambda z: tracks(z).elongate(2)),
    _case("agitate", lambda z: spots(z).agitate(2, seed=1)),
    _case("snap_to", lambda z: spots(z).snap_to(squares(z), paired=False)),
    _case("combine_geoms", lambda z: squares(z).combine_geoms(squares(z).shift(3, 4))),
    _case("width", lambda z: squares(z).width()),
    _case("clearance", lambda z: squares(z).clearance()),
    _case("nseg", lambda z: squares(z).nseg()),
    _case("has_z", lambda z: squares(z).has_z()),
    _case("furdist", lambda z: spots(z).furdist(squares(z))),
    _case("crds", lambda z: squares(z).crds()),
    _case("geom", lambda z: squares(z).geom()),
    _case("as_points", lambda z: squares(z).as_points()),
    _case("as_lines", lambda z: squares(z).as_lines()),
    _case("as_polygons", lambda z: squares(z).as_lines().as_polygons()),
    _case("densify", lambda z: squares(z).densify(1_000_000)),
    _case("project", lambda z: squares(z).project("OGC:CRS84")),
    _case("shift", lambda z: squares(z).shift(1, 2)),
    _case("flip", lambda z: squares(z).flip("horizontal")),
    _case("t", lambda z: squares(z).t()),
    _case("copy", lambda z: squares(z).copy()),
    _case("rescale", lambda z: squares(z).rescale(0.5)),
    _case("spin", lambda z: squares(z).spin(30)),
    _case("round", lambda z: squares(z).round(-1)),
    _case("__round__", lambda z: round(squares(z), -1)),
    _case("rotate", lambda z: squares(z).rotate()),
    _case("normalize_longitude", lambda z: normal(z)),
]

MEASURES = [
    _case("buffer", lambda z: squares(z).buffer(1000)),
    _case("buffer", lambda z: tracks(z).buffer([10, 2000], capstyle="flat"), "widths"),
    _case("expanse", lambda z: squares(z).expanse("km")),
    _case("perim", lambda z: squares(z).perim()),
    _case("distance", lambda z: squares(z).distance(spots(z))),
    _case("distance", lambda z: squares(z).distance(tracks(z), method="geo"), "on the ellipsoid"),
    _case("nearest", lambda z: spots(z).nearest(squares(z), centroids=False)),
    _case("nearby", lambda z: spots(z).nearby(k=2)),
]

OVERLAY = [
    *(
        _case(name, lambda z, n=name: getattr(squares(z), n)(squares(z, 0.5)))
        for name in "intersect union erase symdif cover crop mask __add__ __sub__ __mul__".split()
    ),
    _case("crop", lambda z: squares(z).crop(z.ext / 2), "extent"),
    _case("union", lambda z: squares(z).union(), "itself"),
    _case("erase", lambda z: squares(z).erase(), "itself"),
    _case("cover", lambda z: squares(z).cover(squares(z, 0.5), identity=True), "identity"),
]

PLACES = [
    _case("extract", lambda z: squares(z).extract(spots(z))),
    _case("zonal", lambda z: spots(z)[["n"]].zonal(squares(z), "sum")),
    _case("spat_sample", lambda z: squares(z).spat_sample(5, seed=1)),
    _case("spat_sample", lambda z: squares(z).spat_sample(9, "regular"), "regular"),
    _case("spat_sample", lambda z: squares(z).centroids().spat_sample(1, strata=z.x, seed=1), "strata"),
    _case("split", lambda z: squares(z).split("group")),
    _case("split", lambda z: squares(z).split(tracks(z)), "along lines"),
    _case("divide", lambda z: squares(z).divide({"vertical": 0.5}), "strips"),
    _case("all_equal", lambda z: squares(z).all_equal(squares(z))),
    _case("identical", lambda z: squares(z).identical(squares(z))),
    _case("compare_geom", lambda z: squares(z).compare_geom(squares(z))),
]

MAKING = [
    Case("pt.svc", lambda z: pt.svc(squares(z), spots=spots(z)), plain=True),
    Case("pt.c", lambda z: pt.c(squares(z), spots(z)), "vectors", plain=True),
    Case("pt.vect", spots, "coordinates", plain=True),
    Case("pt.vect", squares, "WKT", plain=True),
    _case("write_vector", lambda z: written(z)),
]

VECTORS = [*WHAT, *ATTRIBUTES, *JOINS, *RELATIONS, *NUMBERS, *FORMS, *MEASURES, *OVERLAY, *PLACES, *MAKING]

VECTOR_EXCEPTIONS = {
    "SpatVector.__reduce__": "pickling, a law of its own",
    "pt.SpatVector": "users make vectors with vect()",
    "pt.SpatVectorCollection": "users make collections with svc()",
}
"""Public names without a case, and why."""
