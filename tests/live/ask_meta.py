"""Questions about geometry, names, positions, extents and files: one per line of a table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from live.random_rasters import a_raster
from live.random_vectors import a_vector
from live.trial import Trial, lit, new_folder

Rng = np.random.Generator


def changed(x: Any, name: str, value: Any) -> Any:
    """A copy with another property."""
    out = x[:]
    setattr(out, name, value)
    return out


def maps(axes: Any) -> int:
    """How many maps there are in a picture."""
    import matplotlib.pyplot as plt

    count = sum(ax.get_visible() for ax in np.ravel(axes))
    plt.close("all")
    return int(count)


def back(x: Any, verb: str, ending: str) -> Any:
    """The same, written to a file by a verb and read again."""
    import pyterra as pt

    path = new_folder() / f"file{ending}"
    if verb == "write_vector":
        x.write_vector(path)
        return pt.vect(path)
    x.write_raster(path, datatype="float64")
    return pt.rast(path).compute()


MORE = {"changed": changed, "maps": maps, "back": back}

RASTER = [
    ("nrow", "x.nrow", "nrow(x)"),
    ("ncol", "x.ncol", "ncol(x)"),
    ("nlyr", "x.nlyr", "nlyr(x)"),
    ("ncell", "x.ncell", "ncell(x)"),
    ("dim", "np.array([x.dim])", "t(dim(x))"),
    ("shape", "np.array([x.shape])[:, [1, 2, 0]]", "t(dim(x))"),
    ("length", "len(x)", "nlyr(x)"),
    ("res", "np.array([x.res])", "t(res(x))"),
    ("res<-", "changed(x, 'res', x.xres / 2).ext", "{res(x) <- xres(x) / 2; ext(x)}"),
    ("xres", "x.xres", "xres(x)"),
    ("yres", "x.yres", "yres(x)"),
    ("ext", "x.ext", "ext(x)"),
    ("ext<-", "changed(x, 'ext', (1, 5, 2, 9))", "{ext(x) <- c(1, 5, 2, 9); x}"),
    ("xmin", "x.xmin", "xmin(x)"),
    ("xmax", "x.xmax", "xmax(x)"),
    ("ymin", "x.ymin", "ymin(x)"),
    ("ymax", "x.ymax", "ymax(x)"),
    *(
        (f"{side}<-", f"changed(x, '{side}', {value})", f"{{{side}(x) <- {value}; x}}")
        for side, value in {"xmin": -1e7, "xmax": 1e7, "ymin": -1e7, "ymax": 1e7}.items()
    ),
    ("names", "x.names", "names(x)"),
    ("names<-", "changed(x, 'names', ['n%d' % i for i in range(len(x))])", "{names(x) <- paste0('n', 0:(nlyr(x) - 1)); x}"),
    ("crs", "x.crs is None", "crs(x) == ''"),
    ("crs<-", "changed(x, 'crs', 'EPSG:3857').is_lonlat()", "{crs(x) <- 'EPSG:3857'; is.lonlat(x)}"),
    ("nsrc", "pt.c(x, x).nsrc()", "nsrc(c(x, x))"),
    ("linearUnits", "np.nan_to_num(x.linear_units(), nan=-1)", "{u <- linearUnits(x); ifelse(is.nan(u), -1, u)}"),
    ("is.lonlat", "bool(x.is_lonlat())", "isTRUE(is.lonlat(x))"),
    ("is.factor", "np.array(x[0].is_factor())", "is.factor(x[[1]])"),
    ("has_values", "x.has_values()", "hasValues(x)"),
    ("compare_geom", "x.compare_geom(x * 2)", "compareGeom(x, x * 2)"),
    ("sources", "sum(s != '' for s in np.ravel(x.sources()))", "sum(sources(x) != '')"),
    ("subset", "x.subset([0])", "subset(x, 1)"),
    ("[[", "x[[len(x) - 1, 0]]", "x[[c(nlyr(x), 1)]]"),
    ("[[<-", "changed_layer(x)", "{x[['new']] <- x[[1]] * 2; x}"),
    ("[", "x[0, :]", "t(as.matrix(x[1, ]))"),
    ("[", "x[x[0] > 0]", "as.matrix(x[x[[1]] > 0])"),
    ("c", "pt.c(x, x[0])", "c(x, x[[1]])"),
    ("rast", "pt.rast(x, vals=1)", "{y <- rast(x); values(y) <- 1; y}"),
    ("set_values", "x.set_values(range(x.ncell))", "setValues(x, rep(0:(ncell(x) - 1), nlyr(x)))"),
    ("values<-", "x.set_values(x.values() * 2)", "{y <- x; values(y) <- values(x) * 2; y}"),
    ("values", "x.values()", "values(x)"),
    ("as_matrix", "x[0].as_matrix(wide=True)", "as.matrix(x[[1]], wide=TRUE)"),
    ("as_data_frame", "x[0].is_na().as_data_frame(xy=True)", "as.data.frame(is.na(x[[1]]), xy=TRUE)"),
    ("is_na", "x.is_na()", "is.na(x)"),
    ("t", "x.t()", "t(x)"),
    ("sqrt", "abs(x).sqrt()", "sqrt(abs(x))"),
    ("signif", "x.signif(2)", "setValues(x, signif(values(x), 2))"),
    (
        "rotate",
        "changed(changed(x, 'ext', (0, 360, -90, 90)), 'crs', 'EPSG:4326').disagg(2).rotate()",
        "{ext(x) <- c(0, 360, -90, 90); crs(x) <- 'EPSG:4326'; rotate(disagg(x, 2))}",
    ),
    ("levels<-", "changed(x[0].round(), 'levels', {-1: 'a', 2: 'b'}).levels[0].iloc[:, [0]]", "{x <- round(x[[1]]); levels(x) <- data.frame(ID = c(-1, 2), label = c('a', 'b')); levels(x)[[1]][, 1, drop = FALSE]}"),
    ("Math", "x.sin()", "sin(x)"),
    ("Math", "x.cummin()", "cummin(x)"),
    ("Math", "x.cummax()", "cummax(x)"),
    ("log", "(abs(x) + 1).log()", "log(abs(x) + 1)"),
    ("row_from_y", "x.row_from_y([x.ymax, x.ymin, x.ymin - 1e6])", "zero_based(rowFromY(x, c(ymax(x), ymin(x), ymin(x) - 1e6)))"),
    ("col_from_x", "x.col_from_x([x.xmin, x.xmax, x.xmax + 1e6])", "zero_based(colFromX(x, c(xmin(x), xmax(x), xmax(x) + 1e6)))"),
    ("row_col_from_cell", "x.row_col_from_cell([0, x.ncell - 1])", "rowColFromCell(x, c(1, ncell(x))) - 1"),
    ("xy_from_cell", "x.xy_from_cell([0, x.ncell - 1])", "xyFromCell(x, c(1, ncell(x)))"),
    ("time<-", "x.set_time(range(2001, 2001 + len(x)), 'years').time_info()", "{time(x, 'years') <- 2000 + 1:nlyr(x); timeInfo(x)$step}"),
    ("time", "x.has_time()", "timeInfo(x)$time"),
    ("time", "np.asarray(x.set_time(range(2001, 2001 + len(x)), 'years').time, float)", "{time(x, 'years') <- 2000 + 1:nlyr(x); time(x)}"),
    ("summary", "x.is_na().ifel(0, x).summary().iloc[:6]", "apply(values(ifel(is.na(x), 0, x)), 2, function(v) summary(v)[1:6])"),
    ("spat_sample", "x.spat_sample(x.ncell, 'regular')", "spatSample(x, ncell(x), 'regular')"),
    ("show", "repr(x).splitlines()[2].split(':')[1].split('(')[0].strip()", "paste(format(res(x), trim = TRUE), collapse = ', ')"),
    ("read_values", "x.read_values(0, 1)", "{x <- x + 0; readStart(x); v <- readValues(x, 1, 1); readStop(x); v}"),
    ("write_stop", "(x.write_start().write_values(x.values(), 0, x.nrow), x.write_stop())[1]", "{y <- rast(x); writeStart(y, '', wopt = list(datatype = 'FLT8S')); writeValues(y, values(x, FALSE), 1, nrow(y)); writeStop(y)}"),
    ("write_raster", "back(x, 'write_raster', '.tif')", "{f <- tempfile(fileext = '.tif'); writeRaster(x, f, datatype = 'FLT8S'); rast(f) + 0}"),
    ("plot", "maps(x.plot(maxcell=50))", "nlyr(x)"),
    ("autocor", "(x[0].init('row') * x[0].init('col')).autocor(method='geary')", "as.vector(autocor((init(x[[1]], 'row') - 1) * (init(x[[1]], 'col') - 1), method = 'geary'))"),
    ("autocor", "(x[0].init('row') * x[0].init('col')).autocor(global_=False)", "{y <- autocor((init(x[[1]], 'row') - 1) * (init(x[[1]], 'col') - 1), global = FALSE); names(y) <- 'row'; y}"),
    ("%in%", "x[0].round().is_in([1, 2, 5])", "round(x[[1]]) %in% c(1, 2, 5)"),
    ("as.array", "np.moveaxis(x.as_array(), 0, -1).reshape(-1, len(x)) if x.as_array().shape[0] == len(x) else x.as_array().reshape(-1, len(x))", "matrix(aperm(as.array(x), c(2, 1, 3)), ncol = nlyr(x))"),
    ("as.bool", "(x > 0).as_bool()", "as.bool(x > 0)"),
    ("as.int", "x.as_int()", "as.int(x)"),
    ("as.list", "len(list(x))", "length(as.list(x))"),
    ("atan2", "x.atan2(x * 0 + 2)", "atan2(x, x * 0 + 2)"),
    ("init", "x[0].init('x')", "{y <- init(x[[1]], 'x'); names(y) <- 'x'; y}"),
    ("init", "x[0].init('row') + 1", "{y <- init(x[[1]], 'row'); names(y) <- 'row'; y}"),
    ("in_memory", "x.to_memory().in_memory()", "inMemory(x + 0)"),
    ("has_minmax", "bool(np.all((x + 0).compute().set_minmax().has_minmax()))", "all(hasMinMax(setMinMax(x + 0)))"),
    ("is_bool", "np.array((x > 1).is_bool())", "is.bool(x > 1)"),
    ("is_int", "np.array(x.as_int().is_int())", "is.int(as.int(x))"),
    ("units<-", "changed(x, 'units', ['m'] * len(x)).units", "{units(x) <- rep('m', nlyr(x)); units(x)}"),
    ("depth<-", "np.asarray(changed(x, 'depth', list(range(len(x)))).depth, float)", "{depth(x) <- 0:(nlyr(x) - 1); depth(x)}"),
    ("x_from_cell", "x.x_from_cell([0, x.ncell - 1])", "xFromCell(x, c(1, ncell(x)))"),
    ("y_from_cell", "x.y_from_cell([0, x.ncell - 1])", "yFromCell(x, c(1, ncell(x)))"),
    ("head", "x.head(1)", "head(x, 1)"),
    ("tail", "x.tail(2)", "as.data.frame(tail(x, 2))"),
    ("math", "abs(x).math('sqrt')", "math(abs(x), 'sqrt')"),
    ("math", "x.math('floor')", "math(x, 'floor')"),
    ("has_colors", "bool(np.any(x.has_colors()))", "any(has.colors(x))"),
    ("has_rgb", "x.has_rgb()", "has.RGB(x)"),
    ("catalyze", "changed(x[0].round(), 'levels', {-1: 'a', 2: 'b'}).is_factor()[0]", "{x <- round(x[[1]]); levels(x) <- data.frame(ID = c(-1, 2), label = c('a', 'b')); is.factor(x)}"),
    ("sds", "[len(one) for one in pt.sds(x, x[0])]", "nlyr(sds(x, x[[1]]))"),
    ("sprc", "np.array(pt.sprc(x, x.shift(1, 0)).shape)[:, [1, 2, 0]]", "{s <- sprc(x, shift(x, 1, 0)); cbind(nrow(s), ncol(s), nlyr(s))}"),
    ("sprc", "pt.sprc(x, x.shift(x.ncol * x.res[0], 0)).ext", "ext(sprc(x, shift(x, ncol(x) * xres(x), 0)))"),
]  # fmt: skip
"""Verb, Python, R; x is a raster."""

VECTOR = [
    ("nrow", "v.nrow", "nrow(v)"),
    ("ncol", "v.ncol", "ncol(v)"),
    ("dim", "np.array([v.dim])", "t(dim(v))"),
    ("shape", "np.array([v.shape])", "t(dim(v))"),
    ("length", "len(v)", "length(v)"),
    ("names", "v.names", "names(v)"),
    ("names<-", "changed(v, 'names', ['n%d' % i for i in range(v.ncol)])", "{names(v) <- paste0('n', 0:(ncol(v) - 1)); v}"),
    ("geomtype", "v.geomtype()", "geomtype(v)"),
    ("crs", "v.crs is None", "crs(v) == ''"),
    ("crs<-", "changed(v, 'crs', 'EPSG:3857').is_lonlat()", "{crs(v) <- 'EPSG:3857'; is.lonlat(v)}"),
    ("is.lonlat", "bool(v.is_lonlat())", "isTRUE(is.lonlat(v))"),
    ("ext", "v.ext", "ext(v)"),
    ("xmin", "v.xmin", "xmin(v)"),
    ("xmax", "v.xmax", "xmax(v)"),
    ("ymin", "v.ymin", "ymin(v)"),
    ("ymax", "v.ymax", "ymax(v)"),
    ("sources", "sum(s != '' for s in np.ravel(v.sources()))", "sum(sources(v) != '')"),
    ("subset", "v.subset(v['id'] > 1)", "subset(v, v$id > 1)"),
    ("unique", "v.rbind(v).unique()", "unique(rbind(v, v))"),
    ("as_data_frame", "v.as_data_frame()[['id']]", "as.data.frame(v)[, 'id', drop=FALSE]"),
    ("values", "v.values()[['id']]", "values(v)[, 'id', drop=FALSE]"),
    ("set_values", "v.set_values(v.values()[['id']])", "{w <- v; values(w) <- values(v)[, 'id', drop=FALSE]; w}"),
    ("[[", "v[['size']]", "v[, 'size']"),
    ("[[<-", "with_column(v)", "{v$twice <- v$id * 2; v}"),
    ("flip", "v.flip('horizontal')", "flip(v, 'horizontal')"),
    ("t", "v.t()", "t(v)"),
    ("shift", "v.shift(2, -3)", "shift(v, 2, -3)"),
    ("show", "repr(v).splitlines()[1].split(':')[1].strip()", "geomtype(v)"),
    ("c", "len(pt.c(v, v))", "length(vect(list(v, v))) / length(v)"),
    ("is_na", "np.asarray(v.is_na())", "rep(FALSE, nrow(v))"),
    ("compare_geom", "v.compare_geom(v)", "same_vertices(v)"),
    ("vect", "pt.vect(v.as_data_frame(geom='wkt'), geom='geometry', crs=v.crs)", "vect(as.data.frame(v, geom='wkt'), 'geometry', crs=crs(v))"),
    ("head", "v.head(2)['id'].tolist()", "head(v, 2)$id"),
    ("tail", "v.tail(2)['id'].tolist()", "tail(v, 2)$id"),
    ("is_points", "v.is_points()", "is.points(v)"),
    ("is_lines", "v.is_lines()", "is.lines(v)"),
    ("is_polygons", "v.is_polygons()", "is.polygons(v)"),
    ("is_valid", "np.asarray(v.is_valid())", "is.valid(v)"),
    ("na_omit", "v.na_omit('id').nrow", "nrow(na.omit(v, 'id'))"),
    ("is_related", "np.asarray(v.is_related(v, 'intersects'))", "is.related(v, v, 'intersects')"),
    ("centroids", "v.hull('rectangle').nrow", "nrow(if (exists('hull')) hull(v, 'rectangle') else minRect(v))"),
    ("rescale", "v.rescale(0.5, 0.25, x0=0, y0=0)", "rescale(v, 0.5, 0.25, 0, 0)"),
    ("spin", "v.spin(30, 0, 0)", "spin(v, 30, 0, 0)"),
    ("rbind", "v.rbind(v.shift(1, 1))", "rbind(v, shift(v, 1, 1))"),
    ("write_vector", "back(v, 'write_vector', '.gpkg')", "{f <- tempfile(fileext = '.gpkg'); writeVector(v, f); vect(f)}"),
]  # fmt: skip
"""Verb, Python, R; v is a vector."""

POLYGONS = [
    ("as_points", "v.as_points()", "as.points(v)"),
    ("as_lines", "v.as_lines()", "as.lines(v)"),
    ("as_polygons", "v.as_lines().disagg().as_polygons()", "as.polygons(disagg(as.lines(v)))"),
    ("+", "v + w", "v + w"),
    ("round", "v.round(1)", "round(v, 1)"),
    ("convHull", "v.hull('convex').perim().round(2)", "round(perim(convHull(v)), 2)"),
]
"""Verb, Python, R; v and w are polygons without parts or holes."""

EXTENT = [
    ("+", "e + 1.5", "e + 1.5"),
    ("+", "e + f", "e + f"),
    ("-", "e - 1", "e - 1"),
    ("*", "e * 2", "e * 2"),
    ("*", "e * f", "e * f"),
    ("align", "e.align(2)", "align(e, 2)"),
    ("/", "e / 2", "e / 2"),
    ("%%", "e % 7", "e %% 7"),
    ("==", "e == e + 0", "e == (e + 0)"),
    ("!=", "e != f", "e != f"),
    ("<", "e < e + 1", "e < (e + 1)"),
    (">", "e > e - 1", "e > (e - 1)"),
    ("<=", "e <= e", "e <= e"),
    (">=", "e >= e - 1", "e >= (e - 1)"),
    ("union", "e.union(f)", "union(e, f)"),
    ("intersect", "e.intersect(f)", "intersect(e, f)"),
    ("shift", "e.shift(1, 2)", "shift(e, 1, 2)"),
    ("extend", "e.extend((1, 2))", "extend(e, c(1, 2))"),
    ("floor", "e.floor()", "floor(e)"),
    ("ceiling", "e.ceiling()", "ceiling(e)"),
    ("round", "round(e, 1)", "round(e, 1)"),
    ("mean", "np.array([e.mean()])", "t(mean(e))"),
    ("max", "np.array([e.max()])", "t(max(e))"),
    ("min", "np.array([e.min()])", "t(min(e))"),
    ("range", "np.array([e.range()])", "t(range(e))"),
    ("as_matrix", "e.as_matrix()", "matrix(as.vector(e), nrow = 2, byrow = TRUE)"),
    ("as_points", "e.as_points().ext", "ext(as.points(e))"),
    ("as_polygons", "e.as_polygons().ext", "ext(as.polygons(e))"),
    ("xmin", "e.xmin", "xmin(e)"),
    ("xmax", "e.xmax", "xmax(e)"),
    ("ymin", "e.ymin", "ymin(e)"),
    ("ymax", "e.ymax", "ymax(e)"),
    ("show", "repr(pt.ext(0, 1, 2, 3))", "'SpatExtent : 0, 1, 2, 3 (xmin, xmax, ymin, ymax)'"),
    ("*", "e * (1, 2, 1.5, 3)", "e * c(1, 2, 1.5, 3)"),
    ("/", "e / (1, 2, 1.5, 3)", "e / c(1, 2, 1.5, 3)"),
]
"""Verb, Python, R; e and f are extents that overlap."""


def changed_layer(x: Any) -> Any:
    """One more layer."""
    out = x[:]
    out["new"] = x[0] * 2
    return out


def with_column(v: Any) -> Any:
    """One more column."""
    out = v[:]
    out["twice"] = v["id"] * 2
    return out


MORE |= {"changed_layer": changed_layer, "with_column": with_column}


def about_rasters(verb: str, py: str, r: str) -> Callable[[Rng], Trial]:
    def question(rng: Rng) -> Trial:
        x = a_raster(rng, kind="double" if verb != "is.factor" else None)
        return Trial(verb, {"x": x}, py, r, more=MORE, names=verb != "rast")

    return named(question, f"raster {verb}: {py}")


def about_vectors(verb: str, py: str, r: str, kind: str | None = None) -> Callable[[Rng], Trial]:
    def question(rng: Rng) -> Trial:
        inputs = {
            "v": a_vector(rng, kind, multi=kind is None and verb not in ("write_vector", "unique", "vect"))
        }
        if "w" in py.split():
            inputs["w"] = a_vector(rng, kind, place=inputs["v"].place, multi=False, prefix="w_")
        return Trial(verb, inputs, py, r, more=MORE, ordered=verb != "+")

    return named(question, f"vector {verb}: {py}")


def about_extents(verb: str, py: str, r: str) -> Callable[[Rng], Trial]:
    def question(rng: Rng) -> Trial:
        xmin, ymin = (round(float(v), 2) for v in rng.uniform(-50, 50, 2))
        width, height = (round(float(v), 2) for v in rng.uniform(5, 40, 2))
        e = (xmin, round(xmin + width, 2), ymin, round(ymin + height, 2))
        f = (xmin + 2, xmin + width + 3, ymin - 1, ymin + height - 2)
        r_code = f"{{e <- ext({', '.join(map(repr, e))}); f <- ext({', '.join(map(repr, f))}); {r}}}"
        import pyterra as pt

        return Trial(verb, {}, py, r_code, more=MORE | {"e": pt.ext(*e), "f": pt.ext(*f)}, rtol=1e-9)

    return named(question, f"extent {verb}: {py}")


def rotated(rng: Rng) -> Trial:
    split = bool(rng.integers(2))  # 1.9 leaves points and lines in their place where it would cut some
    v = a_vector(rng, "polygons" if split else None, place="degrees", multi=False)
    ours, r = f"v.shift(175).rotate(180, split={split})", f"rotate(shift(v, 175), 180, split = {lit(split)})"
    return Trial("rotate", {"v": v}, ours, r, gap=1e-6)


def vector_zones(rng: Rng) -> Trial:
    place = str(rng.choice(["metres", "none"]))
    v, w = (
        a_vector(rng, "points", place=place, multi=False),
        a_vector(rng, "polygons", place=place, count=1, prefix="w_"),
    )
    py, r = "v[['id']].zonal(w[['w_id']], 'sum')", "zone_from_zero(zonal(v[, 'id'], w[, 'w_id'], sum))"
    return Trial("zonal", {"v": v, "w": w}, py, r)


def named(question: Callable[[Rng], Trial], name: str) -> Callable[[Rng], Trial]:
    question.__name__ = name
    return question


QUESTIONS: list[Callable[[Rng], Trial]] = [
    *(about_rasters(*line) for line in RASTER),
    *(about_vectors(*line) for line in VECTOR),
    *(about_vectors(*line, kind="polygons") for line in POLYGONS),
    *(about_extents(*line) for line in EXTENT),
    rotated,
    vector_zones,
]
