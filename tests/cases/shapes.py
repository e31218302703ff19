"""Calls of the verbs that turn rasters, sample them, and make tables, positions and categories of them."""

from __future__ import annotations

import pandas as pd

import pyterra as pt
from cases.case import Case, plain_case, values_case
from pyterra.errors import ExtentError


def with_dim(x, name, value):
    out = x.subset(slice(None))
    setattr(out, name, value)
    return out


def around(z):
    """A raster from 0 to 360 degrees with the values of another."""
    return pt.rast(z.x, extent=(0, 360, -90, 90), crs="EPSG:4326").set_values(z.x.to_numpy())


def two_columns(z):
    """A factor layer with two columns of labels."""
    out = z.classes.subset(0)
    out.levels = pd.DataFrame({"ID": [1, 2, 3, 5], "kind": list("baac"), "cost": [1.5, 2.5, 3.5, 4.5]})
    return out


def points(v):
    return v.as_data_frame("xy")


def without(x, key):
    out = x.subset(slice(None))
    del out[key]
    return out


def set_block(x):
    out = x * 1
    out[0, :] = [1.0, 2.0, 0.1]
    return out


SHAPES = [
    Case("__delitem__", lambda z: without(z.x, "nir")),
    Case("__setitem__", lambda z: set_block(z.x), "a row"),
    Case("t", lambda z: z.x.t()),
    Case("t", lambda z: (z.x + 1).t().t(), "twice, of an expression"),
    Case("rotate", lambda z: pt.rast(nrows=4, ncols=8, xmin=0, xmax=360, vals=range(32)).rotate()),
    Case("rotate", lambda z: around(z).rotate(), "of values", reads="the input is made from values"),
    Case("rotate", lambda z: pt.rast(nrows=3, ncols=6, vals=range(18)).rotate(left=False), "right"),
    *(Case("init", lambda z, f=f: z.x.init(f), f) for f in ("x", "y", "row", "col", "cell", "chess")),
    Case("init", lambda z: z.x.init([1, 2, 3]), "numbers"),
    *(plain_case(name, lambda z, name=name: getattr(z.x, name)) for name in ["dim"]),
    *(
        plain_case(name, lambda z, name=name, value=value: with_dim(z.x, name, value), "set")
        for name, value in {"nrow": 4, "ncol": 5, "nlyr": 2, "dim": (2, 3, 4)}.items()
    ),
    Case("is_in", lambda z: z.few.is_in([1, 3, None])),
    Case("is_in", lambda z: z.classes.is_in(["forest", "city"]), "labels"),
    Case(
        "intersect",
        lambda z: z.x.intersect(z.beside),
        refuses=dict.fromkeys(("row", "column", "cell"), ExtentError),
    ),
    Case("droplevels", lambda z: z.classes.droplevels(["forest", "city"])),
    Case("droplevels", lambda z: z.classes.droplevels(), "unused", reads="values tell which occur"),
    Case("catalyze", lambda z: two_columns(z).catalyze()),
    Case("concats", lambda z: z.classes.concats(two_columns(z))),
    values_case("as_data_frame", lambda z: z.x.as_data_frame(xy=True, cells=True)),
    values_case("as_data_frame", lambda z: z.series.as_data_frame(time=True, wide=False, na_rm=True), "long"),
    values_case("as_data_frame", lambda z: pt.c(z.flags, z.few).as_data_frame(na_rm=False), "kinds"),
    values_case("as_matrix", lambda z: z.x.as_matrix()),
    values_case("as_matrix", lambda z: z.x.as_matrix(wide=True), "wide"),
    values_case("as_array", lambda z: z.x.as_array()),
    values_case("summary", lambda z: z.x.summary()),
    values_case("summary", lambda z: z.classes.summary(size=None), "classes"),
    values_case("spat_sample", lambda z: z.x.spat_sample(5, seed=1, xy=True, warn=False)),
    values_case("spat_sample", lambda z: z.x.spat_sample(9, "regular", cells=True), "regular"),
    Case("spat_sample", lambda z: z.x.spat_sample(20, "regular", as_raster=True), "raster"),
    values_case(
        "spat_sample", lambda z: z.few.spat_sample(2, "stratified", seed=2, warn=False), "stratified"
    ),
    values_case("spat_sample", lambda z: z.y.spat_sample(3, "spread", seed=3), "spread"),
    Case("spat_sample", lambda z: z.x.spat_sample(5, seed=1, as_mask=True, warn=False), "mask"),
    values_case("spat_sample", lambda z: z.y.spat_sample(3, "weights", seed=3, warn=False), "weights"),
    values_case(
        "spat_sample",
        lambda z: z.x.spat_sample(4, na_rm=True, exhaustive=True, seed=4, warn=False),
        "exhaustive",
    ),
    *(
        plain_case(f"SpatExtent.{name}", lambda z, name=name: getattr(z.ext, name)())
        for name in ("mean", "min", "max", "range", "as_matrix")
    ),
    *(
        plain_case(f"SpatExtent.{name}", lambda z, name=name: getattr(z.ext, name)().geom(wkt=True))
        for name in ("as_points", "as_lines", "as_polygons")
    ),
    plain_case("SpatExtent.__getitem__", lambda z: [z.ext[0], z.ext["ymax"]]),
    plain_case("SpatExtent.spat_sample", lambda z: z.ext.spat_sample(7, seed=1)),
    plain_case("SpatExtent.spat_sample", lambda z: z.ext.spat_sample(7, "regular"), "regular"),
]
