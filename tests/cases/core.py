"""Cases of the engine: metadata, values, arithmetic, functions of cells and windows, other grids, tables, showing."""

from __future__ import annotations

import numpy as np
from inputs import Inputs, Place, write_tiled
from swaths import placed_by

import pyterra as pt
from cases.case import Case, new_path, plain_case, values_case
from pyterra.errors import ArgumentError, ExtentError, SourceError

NAN = float("nan")
ORIGIN = (4_000_050.0, 2_999_950.0)


# Functions of a user


def spread(v):
    return v.max() - v.min()


def ends(v):
    return np.array([v[0], v[-1] * 2.0])


def typeless(v):
    """numba cannot compile this one."""
    return float(str(float(np.nansum(v))))


def scaled(block, factor=1.0):
    return block[0] * factor + block[1:].sum(axis=0)


def ndvi(red, nir, swir):
    return (nir - red) / (np.abs(nir) + np.abs(red) + 1)


def window_range(v):
    return v.max() - v.min()


def half(layer):
    return layer / 2


def set_item(x, key, value):
    out = x + 0
    out[key] = value
    return out


def with_attribute(x, name, value):
    out = x.subset(slice(None))
    setattr(out, name, value)
    return out


def drawn(axes):
    """What a map shows: the picture in each of its panels."""
    import matplotlib.pyplot as plt

    pictures = [np.ma.filled(image.get_array(), NAN) for ax in np.ravel(axes) for image in ax.images]
    plt.close("all")
    return pictures


def two_halves(z):
    """Two files side by side."""
    paths = []
    for left in (0, 1):
        path = new_path(z)
        array = np.full((1, 30, 20), left + 0.5, "float32")
        write_tiled(path, array, Place(30, 20, xmin=4_000_000.0 + left * 2_000), ["half"])
        paths.append(path)
    return paths


# The table

META = [
    *(
        plain_case(name, lambda z, name=name: getattr(z.x, name))
        for name in (
            "nrow ncol nlyr ncell shape res xres yres ext xmin xmax ymin ymax origin dtype "
            "crs names time units depth long_names levels active_cat colors varnames depth_name depth_unit "
            "na_flag scoff rgb"
        ).split()
    ),
    *(
        plain_case(name, lambda z, name=name: getattr(z.classes, name)())
        for name in (
            (
                "is_lonlat is_factor is_int is_bool is_num has_time has_values in_memory sources time_info cats "
                "linear_units nsrc datatype file_blocksize is_flipped has_geoloc geoloc has_colors has_rgb has_minmax"
            ).split()
        )
    ),
    plain_case("compare_geom", lambda z: z.x.compare_geom(z.y)),
    plain_case("compare_geom", lambda z: z.x.compare_geom(z.finer, stop_on_error=False), "differing"),
    plain_case("levels", lambda z: z.classes.levels, "of a factor"),
    plain_case("active_cat", lambda z: z.classes.active_cat, "of a factor"),
    plain_case("time", lambda z: z.series.time, "of a series"),
    *(
        Case(name, lambda z, name=name, value=value: with_attribute(z.x, name, value), "set")
        for name, value in {
            "names": ["a", "b", "c"],
            "units": ["m", "", "s"],
            "depth": [1.0, 2.0, 3.0],
            "long_names": ["A", "B", "C"],
            "varnames": ["u", "u", "v"],
            "depth_name": "height",
            "depth_unit": "m",
            "na_flag": [1.0, None, 0.0],
            "scoff": [[2, 1], [1, 0], [0.1, -5]],
            "rgb": [2, 1, 0],
            "origin": (0.25, 0.5),
            "time": [2001, 2002, 2003],
            "crs": "EPSG:3857",
            "xmin": -180.0,
            "xmax": 5_000_000.0,
            "ymin": -90.0,
            "ymax": 6_000_000.0,
            "ext": (0, 1, 2, 3),
            "colors": {1: (255, 0, 0)},
            "levels": {1: "one", 2: "two"},
        }.items()
    ),
    Case("active_cat", lambda z: with_attribute(z.classes, "active_cat", 0), "set"),
    plain_case("metags", lambda z: z.x.metags(layer="nir")),
    Case("set_metags", lambda z: z.x.set_metags({"a": "b"})),
    Case("set_rgb", lambda z: z.x.set_rgb([0, 1, 2], "hsv")),
    Case("set_minmax", lambda z: (z.x + 1).set_minmax(), reads="limits are computed"),
    Case("to_memory", lambda z: (z.x + 1).to_memory(), reads="values are held"),
    Case("set_time", lambda z: z.x.set_time([2001, 2002, 2003], "years")),
    Case("as_factor", lambda z: z.few.as_factor(), reads="the categories are the values that occur"),
    Case("subset", lambda z: z.x.subset(["swir", "red"])),
    Case("subset", lambda z: (z.x + z.y).subset([2, 2, 0]), "of an expression"),
    Case("subset", lambda z: z.series.subset([0, 2], negate=True), "negate"),
    plain_case("__len__", lambda z: len(z.x)),
    Case("__iter__", lambda z: pt.c(*z.x)),
    Case("__getitem__", lambda z: z.x["nir"], "name"),
    Case("__getitem__", lambda z: z.series[1:4], "slice"),
    values_case("__getitem__", lambda z: z.x[0, :], "rows and columns"),
    values_case("__getitem__", lambda z: z.x[z.one > 0], "raster"),
    Case("__setitem__", lambda z: set_item(z.x, z.one > 0, NAN), "raster"),
    Case("__setitem__", lambda z: set_item(z.x, z.one > 0, z.y), "raster from raster"),
    Case("__setitem__", lambda z: set_item(z.x, "ndvi", z.one), "layer"),
    Case("__setitem__", lambda z: set_item(z.x, (0, 0), 5.5), "cell"),
    plain_case("__repr__", lambda z: repr(z.x)),
    plain_case("__str__", lambda z: str(z.series)),
    values_case("_repr_html_", lambda z: z.x._repr_html_()),
]

CELLS = [
    plain_case("cell_from_xy", lambda z: z.x.cell_from_xy([ORIGIN, (0.0, 0.0), (4_000_750.0, 2_999_650.0)])),
    plain_case("cell_from_row_col", lambda z: z.x.cell_from_row_col([0, 5, -1], [0, 3, 2])),
    plain_case("cell_from_row_col_combine", lambda z: z.x.cell_from_row_col_combine([0, 4], [0, 1, 90])),
    plain_case("row_col_from_cell", lambda z: z.x.row_col_from_cell([0, 7, -1])),
    plain_case("xy_from_cell", lambda z: z.x.xy_from_cell([0, 8, 10**9])),
    *(
        plain_case(name, lambda z, name=name: getattr(z.x, name)([0, 7, -1]))
        for name in "row_from_cell col_from_cell x_from_col y_from_row x_from_cell y_from_cell".split()
    ),
    plain_case("row_from_y", lambda z: z.x.row_from_y([2_999_950.0, 0.0, 45.0])),
    plain_case("col_from_x", lambda z: z.x.col_from_x([4_000_050.0, 0.0, 1e9])),
]

VALUES = [
    values_case("values", lambda z: z.x.values()),
    values_case("to_numpy", lambda z: z.x.to_numpy()),
    values_case("__array__", lambda z: np.asarray(z.one + 1)),
    Case("set_values", lambda z: z.x.set_values(np.arange(z.x.ncell))),
    Case("compute", lambda z: (z.x * 2).compute(), reads="this is what it is for"),
    Case(
        "write_raster",
        lambda z: (z.x + z.y).write_raster(new_path(z)),
        reads="files hold values",
    ),
    Case(
        "write_raster",
        lambda z: z.classes.write_raster(new_path(z), format="COG"),
        "classes as COG",
        reads="files hold values",
    ),
]

ARITHMETIC = [
    Case("__add__", lambda z: z.x + z.y),
    Case("__add__", lambda z: z.whole + z.few, "recycled whole numbers"),
    Case("__add__", lambda z: z.x + [1, 2.5, -3], "a number per layer"),
    Case("__radd__", lambda z: 0.1 + z.x),
    Case("__sub__", lambda z: z.x - z.one),
    Case("__rsub__", lambda z: 10 - z.whole),
    Case("__mul__", lambda z: z.whole * z.whole),
    Case("__rmul__", lambda z: np.arange(1.0, 4.0) * z.x),
    Case("__truediv__", lambda z: z.x / z.few),
    Case("__rtruediv__", lambda z: 1 / z.few),
    Case("__floordiv__", lambda z: z.x // z.y),
    Case("__floordiv__", lambda z: z.x // 3, "by a whole number"),
    Case("__rfloordiv__", lambda z: 7 // z.whole),
    Case("__mod__", lambda z: z.x % 3),
    Case("__rmod__", lambda z: 7 % z.y),
    Case("__pow__", lambda z: z.x**2),
    Case("__rpow__", lambda z: 2**z.y),
    *(
        Case(f"__{op}__", lambda z, op=op: getattr(z.x, f"__{op}__")(z.y))
        for op in ("eq", "ne", "lt", "le", "gt", "ge")
    ),
    Case("__eq__", lambda z: z.classes == "forest", "a label"),
    Case("__gt__", lambda z: z.x > 0.1, "a number"),
    Case("__and__", lambda z: z.flags & (z.x > 0)),
    Case("__rand__", lambda z: True & z.flags),
    Case("__or__", lambda z: z.flags | (z.x > 0)),
    Case("__ror__", lambda z: False | z.flags),
    Case("__xor__", lambda z: z.flags ^ (z.x > 0)),
    Case("__rxor__", lambda z: True ^ z.flags),
    Case("__invert__", lambda z: ~z.few),
    Case("__neg__", lambda z: -z.whole),
    Case("__array_ufunc__", lambda z: np.hypot(z.x, z.one)),
    Case("__array_ufunc__", lambda z: np.sqrt(z.x), "a verb"),
    Case("copy", lambda z: z.x.copy()),
    Case("__pos__", lambda z: +z.x),
    Case("__abs__", lambda z: abs(z.x)),
    Case("__round__", lambda z: round(z.x, 1)),
]

MATH = [
    *(
        Case(name, lambda z, name=name: getattr(z.x, name)())
        for name in (
            "abs sqrt ceiling floor trunc sign exp expm1 log log2 log10 log1p cos sin tan "
            "acos asin atan cosh sinh tanh acosh asinh atanh cospi sinpi tanpi cumsum cumprod "
            "cummin cummax round signif is_na not_na is_finite is_infinite as_int as_bool"
        ).split()
    ),
    Case("math", lambda z: z.y.math("sqrt")),
    Case("log", lambda z: z.y.log(3), "base"),
    Case("round", lambda z: z.x.round(-1), "tens"),
    Case("atan2", lambda z: z.x.atan2(z.y)),
    Case("cumsum", lambda z: z.whole.cumsum(), "whole numbers"),
]

SUMMARY = [
    *(
        Case(
            name, lambda z, name=name, na_rm=na_rm: getattr(z.x, name)(na_rm=na_rm), "na_rm" if na_rm else ""
        )
        for name in "sum mean min max range prod median modal any all stdev quantile".split()
        for na_rm in (False, True)
    ),
    Case("sum", lambda z: z.whole.sum(), "whole numbers"),
    Case("mean", lambda z: z.x.mean(z.y), "parallel"),
    Case("max", lambda z: z.x.max(5), "and a number"),
    Case("stdev", lambda z: z.series.stdev(pop=False, na_rm=True), "sample"),
    Case("modal", lambda z: z.few.modal(), "whole numbers"),
    Case("which_min", lambda z: z.x.which_min()),
    Case("which_max", lambda z: z.series.which_max()),
    Case("quantile", lambda z: z.series.quantile([0.1, 0.5], na_rm=True), "chosen"),
]

FUNCTIONS = [
    Case("app", lambda z: z.x.app("sd", na_rm=True), "built-in"),
    Case("app", lambda z: z.x.app(spread), "compiled", costly=True),
    Case("app", lambda z: z.x.app(ends, names=["first", "last"]), "compiled, two values", costly=True),
    Case("app", lambda z: z.x.app(typeless), "in Python", slow=True, costly=True),
    Case("app", lambda z: z.x.app(scaled, per="block", factor=0.5), "per block"),
    Case("app", lambda z: z.x.app(np.max), "numpy"),
    Case("lapp", lambda z: z.x.lapp(ndvi), costly=True),
    Case("lapp", lambda z: z.x.lapp(ndvi, usenames=True, names=["ndvi"]), "by name", costly=True),
    Case("tapp", lambda z: z.series.tapp([1, 2, 1], "sum", na_rm=True), "index"),
    Case("tapp", lambda z: z.series.tapp("years", "mean"), "years"),
    Case("tapp", lambda z: z.series.tapp("months", spread), "a function", costly=True),
    Case("sapp", lambda z: z.x.sapp(half), costly=True),
]

RULES = [
    Case("classify", lambda z: z.x.classify([[-30, 0, 1], [0, 9, 2]]), "intervals"),
    Case("classify", lambda z: z.whole.classify([[1, 10], [2, 20], [NAN, 0]], others=-1), "matches"),
    Case("classify", lambda z: z.x.classify([-40, -5, 5, 40], include_lowest=True), "cuts"),
    Case(
        "classify",
        lambda z: z.x.classify(4),
        "count",
        reads="the range decides the cuts",
        refuses={"missing": ArgumentError},
    ),
    Case("subst", lambda z: z.few.subst([0, 1], [10, 20])),
    Case("subst", lambda z: z.classes.subst("forest", "grass"), "labels"),
    Case("subst", lambda z: z.classes.subst([1, 2], [[1, 10], [2, 20]]), "columns"),
    Case("clamp", lambda z: z.x.clamp(-5, 5)),
    Case("clamp", lambda z: z.x.clamp(z.whole, 10, values=False), "by a raster"),
    Case("cover", lambda z: z.x.cover(z.y)),
    Case("cover", lambda z: z.few.cover(z.few * 10, values=[0, 1]), "values"),
    Case("cover", lambda z: z.series.cover(), "of its layers"),
    Case("ifel", lambda z: (z.x > 0).ifel(z.y, -1)),
    Case("ifel", lambda z: (z.x > 0).ifel(1, None), "numbers"),
    Case("mask", lambda z: z.x.mask(z.one)),
    Case("mask", lambda z: z.x.mask(z.few, maskvalues=[1, 2], inverse=True, updatevalue=-9), "values"),
    Case("approximate", lambda z: z.series.approximate()),
    Case("clamp_ts", lambda z: z.few.clamp_ts(min=True)),
    Case("fill_time", lambda z: z.series.fill_time()),
    Case("approximate", lambda z: z.series.approximate("constant", rule=2, f=0.25), "constant"),
    Case(
        "approximate",
        lambda z: z.series.approximate(xout=["2019-01-01", "2020-06-01", "2023-01-01"], rule=(1, 2)),
        "xout",
    ),
    Case("approximate", lambda z: z.few.approximate(xout=[0.5, 1.25, 3], rule=2), "whole numbers"),
]

GROUPS = "functions and places are told of whole groups"
WIDE = "its window is larger than half the preview"
ONE_ROW = {"cell": SourceError, "row": SourceError, "column": SourceError}
TOO_SMALL = {"row": ArgumentError, "column": ArgumentError, "cell": ArgumentError}

WINDOWS = [
    *(
        Case(
            "focal",
            lambda z, f=f, na_rm=na_rm: z.x.focal(3, f, na_rm=na_rm),
            f"{f}{' na_rm' if na_rm else ''}",
            refuses={"cell": ArgumentError, "row": ArgumentError, "column": ArgumentError},
        )
        for f in "sum mean min max median modal sd std prod any all which_min which_max range last nunique".split()
        for na_rm in (False, True)
    ),
    Case(
        "focal",
        lambda z: z.one.focal((1, 3), "mean", na_rm=True),
        "one row",
        refuses={"cell": ArgumentError, "column": ArgumentError},
    ),
    Case(
        "focal",
        lambda z: z.x.focal([[1, NAN, 2], [0, 0.5, 1], [1, 1, 0.25]], "mean", na_rm=True),
        "weights",
        refuses=TOO_SMALL,
    ),
    Case(
        "focal",
        lambda z: z.x.focal(9, "mean", expand=True),
        "wide, expanded",
        refuses=TOO_SMALL,
        preview=WIDE,
    ),
    Case("focal3d", lambda z: z.x.focal3d((3, 3, 3), "mean", na_rm=True, expand=True), refuses=TOO_SMALL),
    Case("focal_pairs", lambda z: z.x.focal_pairs(3, na_rm=True), refuses=TOO_SMALL),
    Case("focal_reg", lambda z: z.x.focal_reg(3, na_rm=True), refuses=TOO_SMALL),
    values_case("focal_values", lambda z: z.one.focal_values((3, 1), row=0, nrows=1)),
    plain_case("focal_mat", lambda z: z.one.focal_mat(max(z.one.res) * 1.5)),
    Case("focal", lambda z: z.x.focal(3, "mean", na_policy="only"), "only", refuses=TOO_SMALL),
    Case(
        "focal",
        lambda z: z.x.focal(3, "max", na_rm=True, na_policy="omit", fillvalue=0),
        "omit",
        refuses=TOO_SMALL,
    ),
    Case("focal", lambda z: z.x.focal((5, 3), window_range), "compiled", costly=True, refuses=TOO_SMALL),
    Case("focal", lambda z: z.one.focal(3, typeless), "in Python", costly=True, refuses=TOO_SMALL, slow=True),
    Case("focal", lambda z: z.x.focal(5, "mean", na_rm=True).focal(3, "sd"), "twice", refuses=TOO_SMALL),
]

GRIDS = [
    Case("crop", lambda z: z.x.crop(_inner(z.ext))),
    Case("crop", lambda z: z.x.crop(_inner(z.ext), snap="out"), "out"),
    Case("crop", lambda z: z.whole.crop(z.ext + z.x.xres, extend=True), "extended"),
    Case("extend", lambda z: z.x.extend((2, 1, 3, 0))),
    Case("extend", lambda z: z.whole.extend(z.ext + 2 * z.x.xres, fill=7), "fill"),
    Case(
        "trim",
        lambda z: z.x.mask(z.one > 20, maskvalues=0).trim(),
        reads="the edges follow from the values",
        refuses={"missing": ExtentError, "cell": ExtentError},
    ),
    Case("shift", lambda z: z.x.shift(150, -20)),
    Case("rescale", lambda z: z.x.rescale(0.5, 0.25)),
    Case("shift", lambda z: (z.x + 1).shift(150, -20), "of an expression"),
    Case("flip", lambda z: z.x.flip()),
    Case("flip", lambda z: z.x.flip("horizontal"), "horizontal"),
    *(
        Case("aggregate", lambda z, f=f: z.x.aggregate(2, f, na_rm=True), f)
        for f in "mean sum min max range median modal sd std prod any all first which count count_na nunique".split()
    ),
    Case("aggregate", lambda z: z.x.aggregate((3, 2)), "ragged"),
    Case("aggregate", lambda z: z.series.aggregate((2, 2, 4), "mean", na_rm=True), "layers"),
    Case("aggregate", lambda z: z.series.aggregate((2, 3, 4), "sd", na_rm=True), "layers pooled"),
    Case(
        "aggregate",
        lambda z: z.series.aggregate((2, 3, 4), "which_max", na_rm=True),
        "positions of layers",
        preview=GROUPS,
    ),
    Case("aggregate", lambda z: z.x.aggregate((2, 2, 2), spread), "layers compiled"),
    Case("aggregate", lambda z: z.x.aggregate((4, 4), "which_max", na_rm=True), "positions", preview=GROUPS),
    Case("aggregate", lambda z: z.x.aggregate(3, spread), "compiled", costly=True, preview=GROUPS),
    Case("aggregate", lambda z: z.x.aggregate(3, typeless), "in Python", slow=True, preview=GROUPS),
    Case("aggregate", lambda z: z.classes.aggregate(2, "modal"), "classes"),
    Case("disagg", lambda z: z.x.disagg((3, 2))),
    Case("disagg", lambda z: z.x.disagg(2, "bilinear"), "bilinear"),
    *(
        Case("resample", lambda z, m=m: z.x.resample(z.finer, m), m)
        for m in "near bilinear cubic cubicspline lanczos average sum min max mode med q1 q3 rms".split()
    ),
    Case("resample", lambda z: z.x.resample(_coarser(z), "average"), "coarser average"),
    Case("resample", lambda z: z.x.resample(_coarser(z), "bilinear"), "coarser bilinear"),
    *(
        Case("project", lambda z, m=m: z.x.project(_other_crs(z), m), m)
        for m in "near bilinear cubic cubicspline lanczos average mode".split()
    ),
    Case("project", lambda z: z.classes.project(_other_crs(z)), "classes"),
    *(
        Case("project", lambda z, m=m: swath(z).project(_other_crs(z), m), f"a swath, {m}", refuses=ONE_ROW)
        for m in ("near", "bilinear", "average")
    ),
    Case("project", lambda z: (swath(z) * 2).project("EPSG:4326"), "a swath", refuses=ONE_ROW),
    Case("merge", lambda z: z.x.merge(z.beside)),
    Case("mosaic", lambda z: z.x.mosaic(z.beside)),
    Case("mosaic", lambda z: z.x.mosaic(z.beside, fun="blend"), "blend"),
    *(
        Case("mosaic", lambda z, f=f: z.x.mosaic(z.beside, z.y, fun=f), f)
        for f in "median min max modal sum first last range which which_max count_na nunique".split()
    ),
]

TABLES = [
    values_case("minmax", lambda z: z.x.minmax(compute=True)),
    *(
        values_case("global_", lambda z, f=f: z.x.global_(f, na_rm=True), f, rtol=1e-9)
        for f in "sum mean min max range sd std rms isNA notNA any all first which_max nunique".split()
    ),
    values_case("global_", lambda z: (1 + z.x / 1000).global_("prod", na_rm=True), "prod", rtol=1e-9),
    values_case("global_", lambda z: z.x.global_("mean"), "missing cells", rtol=1e-9),
    values_case("global_", lambda z: z.x.global_(["mean", "sd"], na_rm=True), "several", rtol=1e-9),
    values_case("freq", lambda z: z.few.freq()),
    values_case("freq", lambda z: z.classes.freq(), "classes"),
    values_case("unique", lambda z: z.few.unique()),
    values_case("unique", lambda z: z.x.unique(), "measured"),
]

SHOWING = [
    *(
        values_case("plot", lambda z, a=a: drawn(z.x.plot(0, legend=False, figsize=(2, 2), **a)), note)
        for note, a in {"": {}, "breaks": {"breaks": 4}, "few cells": {"maxcell": 50}}.items()
    ),
    values_case("plot", lambda z: drawn(z.classes.plot(figsize=(2, 2))), "classes"),
    values_case("plot", lambda z: drawn(z.x.plot(legend=False, figsize=(2, 2))), "panels"),
    plain_case("show", lambda z: z.x.show()),
    values_case("to_xarray", lambda z: z.series.to_xarray().to_numpy()),
]

MAKING = [
    Case("pt.rast", lambda z: pt.rast(np.arange(12.0).reshape(3, 4))),
    Case("pt.rast", lambda z: pt.rast(z.x, vals=np.arange(z.x.ncell)), "on a grid"),
    Case("pt.rast", lambda z: pt.rast(nrows=3, ncols=4, vals=range(12)).sqrt(), "numbers"),
    Case("pt.vrt", lambda z: pt.vrt(two_halves(z))),
    Case("pt.rectify", lambda z: pt.rectify(two_halves(z)[0], "near")),
    Case("pt.c", lambda z: pt.c(z.x, more=z.y)),
    plain_case("pt.same_crs", lambda z: pt.same_crs(z.x, z.y)),
    plain_case("pt.ext", lambda z: pt.ext(z.x)),
    plain_case("pt.SpatExtent", lambda z: pt.SpatExtent(0, 1, 2, 3) + z.ext),
]


def _inner(e: pt.SpatExtent) -> pt.SpatExtent:
    return pt.ext(
        e.xmin + 0.23 * e.width, e.xmax - 0.11 * e.width, e.ymin + 0.09 * e.height, e.ymax - 0.33 * e.height
    )


def _coarser(z: Inputs) -> pt.SpatRaster:
    e = z.ext
    return pt.rast(extent=e * 1.1, nrows=max(1, z.x.nrow // 3), ncols=max(1, z.x.ncol // 3), crs=z.x.crs)


def swath(z: Inputs) -> pt.SpatRaster:
    """The values of `x`, placed cell by cell along a strip that is turned and bent."""
    row, col = np.mgrid[0 : z.x.nrow, 0 : z.x.ncol].astype(float)
    lon, lat = 5 + 0.02 * col + 0.008 * row + 0.0003 * row * col, 50 - 0.015 * row + 0.006 * col
    return placed_by(z.x, lon, lat)


def _other_crs(z: Inputs) -> str:
    return "EPSG:3035" if z.name == "earth" else "EPSG:4326"


CORE = [
    *META,
    *CELLS,
    *VALUES,
    *ARITHMETIC,
    *MATH,
    *SUMMARY,
    *FUNCTIONS,
    *RULES,
    *WINDOWS,
    *GRIDS,
    *TABLES,
    *SHOWING,
    *MAKING,
]

EXCEPTIONS = {
    "__init__": "users make rasters with rast()",
    "__bool__": "refuses, as tests/raster/test_indexing.py shows",
    "__hash__": "identity",
    "__reduce__": "pickling, a law of its own",
    "pt.SpatRaster": "users make rasters with rast()",
    "pt.errors": "a module",
    "pt.load_model": "reads a model, not a raster; see tests/raster/test_model.py",
    "pt.read_rasters": "reads files into an array, and makes no raster; see tests/raster/test_read.py",
    "pt.from_r": "takes objects of R; see tests/rbridge",
    "to_r": "gives objects of R; see tests/rbridge",
    "SpatVector.to_r": "gives objects of R; see tests/rbridge",
    "SpatExtent.to_r": "gives objects of R; see tests/rbridge",
    "pt.lib_version": "tells of libraries, not of a raster; see tests/test_system.py",
    "pt.describe": "reads no cell; see tests/test_system.py",
    "pt.vector_layers": "reads no raster; see tests/test_system.py",
    "pt.options": "settings, see tests/test_options.py",
}
"""Public names without a case, and why."""
