"""Questions between rasters and vectors, and about verbs that need the whole raster."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import shapely
from live.ask_cells import pick
from live.random_rasters import a_raster
from live.random_vectors import a_vector
from live.trial import Given, GivenVector, Trial, lit

Rng = np.random.Generator


def over(rng: Rng, x: Given, kind: str | None = None, **more: object) -> GivenVector:
    """A vector over a raster, a little off its cells: edges through centres go by rounding errors."""
    xmin, xmax, ymin, ymax = x.extent
    w, h = (xmax - xmin) * 0.0037, (ymax - ymin) * 0.0053
    box = (xmin + w, xmax + w, ymin - h, ymax - h)
    return a_vector(rng, kind, place=x.place, box=box, **more)  # type: ignore[arg-type]


def holding_centres(rng: Rng, x: Given) -> GivenVector:
    """Polygons that hold the centre of a cell: of others, 1.7-3 takes the cells of the vertices."""
    v = over(rng, x, "polygons", count=6)
    _, nrow, ncol = x.values.shape
    xmin, xmax, ymin, ymax = x.extent
    col, row = np.meshgrid(np.arange(ncol) + 0.5, np.arange(nrow) + 0.5)
    centres = shapely.multipoints(
        np.column_stack(
            [xmin + col.ravel() * (xmax - xmin) / ncol, ymax - row.ravel() * (ymax - ymin) / nrow]
        )
    )
    keep = [i for i, text in enumerate(v.wkt) if shapely.intersects(shapely.from_wkt(text), centres)] or [0]
    if not shapely.intersects(shapely.from_wkt(v.wkt[keep[0]]), centres):
        whole = f"POLYGON (({xmin} {ymin}, {xmax} {ymin}, {xmax} {ymax}, {xmin} {ymax}, {xmin} {ymin}))"
        return replace(v, wkt=(whole,), atts={})
    return replace(v, wkt=tuple(v.wkt[i] for i in keep), atts={})


def numbers(rng: Rng, **more: object) -> Given:
    """A raster whose values are numbers."""
    return a_raster(rng, kind=pick(rng, ["num", "double", "int"]), **more)  # type: ignore[arg-type]


def rasterize_shapes(rng: Rng) -> Trial:
    x = a_raster(rng, nlyr=1)
    kind, touches = pick(rng, ["polygons", "lines"]), bool(rng.random() < 0.3)
    v = over(rng, x, kind, count=1 if touches and kind == "polygons" else None)
    field = pick(rng, ["", "id", "size"])
    background = pick(rng, [None, 0, -1])
    more = f", touches={touches}" + ("" if background is None else f", background={background}")
    r_more = f", touches={lit(touches)}" + ("" if background is None else f", background={background}")
    return Trial(
        "rasterize",
        {"x": x, "v": v},
        f"v.rasterize(x, {field!r}{more})",
        f"rasterize(v, x, {lit(field)}{r_more})",
        names=False,
        rtol=1e-6,
    )


def rasterize_sum(rng: Rng) -> Trial:
    x = a_raster(rng, nlyr=1)
    v = over(rng, x, "polygons")
    v = replace(v, atts={"id": v.atts["id"]})
    return Trial(
        "rasterize",
        {"x": x, "v": v},
        "v.rasterize(x, 'id', 'sum', background=0)",
        "rasterize(v, x, 'id', sum=TRUE, background=0)",
        names=False,
    )


def rasterize_text(rng: Rng) -> Trial:
    x = a_raster(rng, nlyr=1)
    return Trial(
        "rasterize",
        {"x": x, "v": over(rng, x, "polygons")},
        "v.rasterize(x, 'group')",
        "rasterize(v, x, 'group')",
    )


def rasterize_cover(rng: Rng) -> Trial:
    x = a_raster(rng, nlyr=1, place=pick(rng, ["metres", "none"]))
    v = over(rng, x, "polygons", count=1)
    return Trial(
        "rasterize",
        {"x": x, "v": v},
        "v.rasterize(x, cover=True, background=0)",
        "exact_cover(v, x)",
        names=False,
        rtol=2e-6,
    )


def rasterize_points(rng: Rng) -> Trial:
    x = a_raster(rng, nlyr=1)
    v = over(rng, x, "points", multi=False, count=int(rng.integers(1, 40)))
    fun = pick(rng, ["mean", "min", "max", "sum", "count"])
    r_fun = {"count": "length"}.get(fun, fun)
    return Trial(
        "rasterize",
        {"x": x, "v": v},
        f"v.rasterize(x, 'id', {fun!r})",
        f"rasterize(v, x, 'id', fun={r_fun})",
        names=False,
    )


def measures(rng: Rng) -> Trial:
    x = a_raster(rng, nlyr=1, place=pick(rng, ["metres", "none"]))
    kind, fun = pick(
        rng, [("points", "count"), ("polygons", "area"), ("lines", "length"), ("lines", "crosses")]
    )
    v = over(rng, x, kind, multi=kind != "points")
    return Trial(
        "rasterize_geom",
        {"x": x, "v": v},
        f"v.rasterize_geom(x, {fun!r})",
        f"rasterizeGeom(v, x, {lit(fun)})",
        names=False,
        rtol=1e-4,
    )


def between_points(rng: Rng) -> Trial:
    x = a_raster(rng, nlyr=1)
    v = over(rng, x, "points", multi=False, count=int(rng.integers(3, 40)))
    radius = (x.extent[1] - x.extent[0]) * float(rng.uniform(0.1, 0.6))
    near = f"radius={radius}"
    verb, r_verb, more, r_more = pick(
        rng,
        [
            ("interp_near", "interpNear", "", ""),
            ("interp_near", "interpNear", ", fill=-1", ", fill=-1"),
            ("interp_idw", "interpIDW", ", power=1.5", ", power=1.5"),
            ("interp_idw", "interpIDW", ", smooth=1", ", smooth=1"),
            ("interp_idw", "interpIDW", ", min_points=2", ", minPoints=2"),
        ],
    )
    return Trial(
        verb,
        {"x": x, "v": v},
        f"x.{verb}(v, 'id', {near}{more})",
        f"{r_verb}(x, v, 'id', {near}{r_more})",
        names=False,
        rtol=1e-6,
    )


def in_circles(rng: Rng) -> Trial:
    x = a_raster(rng, nlyr=1)
    v = over(rng, x, "points", multi=False, count=int(rng.integers(3, 40)))
    radius = (x.extent[1] - x.extent[0]) * float(rng.uniform(0.1, 0.6))
    fun = pick(rng, ["mean", "min", "max", "count"])
    return Trial(
        "rasterize_win",
        {"x": x, "v": v},
        f"v.rasterize_win(x, 'id', pars={radius}, fun={fun!r})",
        f"rasterizeWin(v, x, 'id', pars={radius}, fun={lit(fun)})",
        names=False,
        rtol=1e-6,
    )


def extract_points(rng: Rng) -> Trial:
    x = a_raster(rng)
    v = over(rng, x, "points", multi=False, count=int(rng.integers(1, 30)))
    cells = bool(rng.random() < 0.4)
    more, r_more = (", cells=True", ", cells=TRUE") if cells else ("", "")
    return Trial(
        "extract",
        {"x": x, "v": v},
        f"x.extract(v, raw=True{more})",
        f"from_zero(extract(x, v, raw=TRUE{r_more}))",
    )


def extract_bilinear(rng: Rng) -> Trial:
    x = numbers(rng)
    v = over(rng, x, "points", multi=False, count=int(rng.integers(1, 30)))
    return Trial(
        "extract",
        {"x": x, "v": v},
        "x.extract(v, method='bilinear')",
        "from_zero(extract(x, v, method='bilinear'))",
        rtol=1e-6,
    )


def extract_shapes(rng: Rng) -> Trial:
    x = numbers(rng)
    kind = pick(rng, ["polygons", "polygons", "lines"])
    v = holding_centres(rng, x) if kind == "polygons" else over(rng, x, kind)
    touches = kind == "lines" or bool(rng.random() < 0.3)
    return Trial(
        "extract",
        {"x": x, "v": v},
        f"x.extract(v, touches={touches}, cells=True, xy=True)",
        f"from_zero(extract(x, v, touches={lit(touches)}, cells=TRUE, xy=TRUE))",
    )


def extract_statistics(rng: Rng) -> Trial:
    x = numbers(rng)
    fun = pick(rng, ["mean", "sum", "min", "max", "median", "sd"])
    na_rm = bool(rng.random() < 0.5)
    return Trial(
        "extract",
        {"x": x, "v": holding_centres(rng, x)},
        f"x.extract(v, {fun!r}, na_rm={na_rm})",
        f"without_nothing(extract(x, v, {'sum_known' if fun == 'sum' else fun}, na.rm={lit(na_rm)}))",
        rtol=1e-6,
    )


def extract_exact(rng: Rng) -> Trial:
    x = numbers(rng, place=pick(rng, ["metres", "none"]), nlyr=1)
    return Trial(
        "extract",
        {"x": x, "v": over(rng, x, "polygons")},
        "x.extract(v, exact=True)",
        "from_zero(extract(x, v, exact=TRUE))",
        rtol=2e-6,
    )


def extract_weighted(rng: Rng) -> Trial:
    x = numbers(rng, place=pick(rng, ["metres", "none"]), missing=False)
    fun = pick(rng, ["mean", "min", "max"])
    return Trial(
        "extract",
        {"x": x, "v": over(rng, x, "polygons")},
        f"x.extract(v, {fun!r}, exact=True)",
        f"from_zero(extract(x, v, {lit(fun)}, exact=TRUE))",
        rtol=1e-5,
    )


def extract_cells(rng: Rng) -> Trial:
    x = numbers(rng)
    size = x.values.shape[1] * x.values.shape[2]
    cells = [int(i) for i in rng.integers(0, size, int(rng.integers(1, 9)))]
    return Trial(
        "extract",
        {"x": x},
        f"x.extract({cells})",
        f"extract(x, {lit([i + 1 for i in cells])})",
    )


def zonal_polygons(rng: Rng) -> Trial:
    x = numbers(rng)
    fun = pick(rng, ["mean", "sum", "min", "max"])
    na_rm = bool(rng.random() < 0.5)
    return Trial(
        "zonal",
        {"x": x, "v": holding_centres(rng, x)},
        f"x.zonal(v, {fun!r}, na_rm={na_rm})",
        f"without_nothing(zonal(x, v, {lit(fun)}, na.rm={lit(na_rm)}))",
        rtol=1e-6,
    )


def mask_shapes(rng: Rng) -> Trial:
    x = a_raster(rng)
    v = over(rng, x, multi=False)
    inverse, touches = bool(rng.random() < 0.3), bool(rng.random() < 0.6)
    update = pick(rng, [None, -7])
    more = "" if update is None else f", updatevalue={update}"
    return Trial(
        "mask",
        {"x": x, "v": v},
        f"x.mask(v, inverse={inverse}, touches={touches}{more})",
        f"mask(x, v, inverse={lit(inverse)}, touches={lit(touches)}{more})",
    )


def crop_shapes(rng: Rng) -> Trial:
    x = a_raster(rng, least=5)
    return Trial(
        "crop",
        {"x": x, "v": over(rng, x, "polygons", count=2)},
        "x.crop(v, mask=True)",
        "mask(crop(x, v), v)",
    )


def as_points(rng: Rng) -> Trial:
    return Trial(
        "as_points", {"x": replace(numbers(rng, nlyr=1))}, "x.as_points()", "as.points(x)", rtol=1e-6
    )


def as_polygons(rng: Rng) -> Trial:
    x = a_raster(rng, nlyr=1, kind="int", low=0, high=3)
    lost = x.values.copy()
    lost[rng.random(lost.shape) < 0.2] = np.nan
    if np.isnan(lost).all():
        lost[:] = 1
    return Trial(
        "as_polygons",
        {"x": replace(x, values=lost, kind="num")},
        "x.as_polygons()",
        "as.polygons(x)",
    )


def as_cells(rng: Rng) -> Trial:
    return Trial(
        "as_polygons",
        {"x": numbers(rng, nlyr=1)},
        "x.as_polygons(aggregate=False)",
        "as.polygons(x, dissolve=FALSE)",
        rtol=1e-6,
    )


# The whole raster


def distance(rng: Rng) -> Trial:
    x = numbers(rng, nlyr=1)
    lost = x.values.copy()
    lost[rng.random(lost.shape) < 0.8] = np.nan
    x = replace(x, values=lost, kind="num")
    r = "distance(x)" if x.place == "degrees" else "planar_distance(x)"
    return Trial("distance", {"x": x}, "x.distance()", r, names=False, rtol=1e-6)


def distance_to_points(rng: Rng) -> Trial:
    x = numbers(rng, nlyr=1)
    v = over(rng, x, "points", multi=False)
    return Trial("distance", {"x": x, "v": v}, "x.distance(v)", "distance(x, v)", names=False, rtol=1e-6)


def buffers(rng: Rng) -> Trial:
    x = numbers(rng, nlyr=1, place=pick(rng, ["metres", "none"]))
    lost = x.values.copy()
    lost[rng.random(lost.shape) < 0.9] = np.nan
    x = replace(x, values=lost, kind="num")
    width = (x.extent[1] - x.extent[0]) / x.values.shape[2] * pick(rng, [1.2, 2.3])
    return Trial("buffer", {"x": x}, f"x.buffer({width!r})", f"planar_distance(x) <= {width!r}", names=False)


def sieve(rng: Rng) -> Trial:
    kind = pick(rng, ["int", "factor"])
    x = a_raster(rng, nlyr=1, kind=kind, low=0, high=3, place=pick(rng, ["metres", "none"]))
    threshold, directions = int(rng.integers(2, 9)), pick(rng, [4, 8])
    call = f"sieve(x, {threshold}, {directions})"
    return Trial("sieve", {"x": x}, f"x.{call[:5]}({threshold}, {directions})", call, names=False)


def patches(rng: Rng) -> Trial:
    x = a_raster(rng, nlyr=1, kind="int", low=0, high=1)
    directions, zero = pick(rng, [4, 8]), bool(rng.random() < 0.7)
    return Trial(
        "patches",
        {"x": x},
        f"x.patches({directions}, zero_as_na={zero})",
        f"in_order(patches(x, {directions}, zeroAsNA={lit(zero)}, allowGaps=FALSE))",
    )


def costs(rng: Rng) -> Trial:
    x = a_raster(rng, nlyr=1, kind="int", low=0, high=6, place=pick(rng, ["metres", "none"]))
    target, scale = pick(rng, [0, 3]), pick(rng, [1, 100])
    return Trial(
        "cost_dist",
        {"x": x},
        f"x.cost_dist({target}, scale={scale})",
        f"costDist(x, {target}, {scale}, maxiter=500)",
        names=False,
        rtol=1e-6,
    )


def ways(rng: Rng) -> Trial:
    x = a_raster(rng, nlyr=1, kind="int", low=0, high=6, place=pick(rng, ["metres", "none"]))
    target, scale = pick(rng, [0, 3, None]), pick(rng, [1, 100])
    return Trial(
        "grid_dist",
        {"x": x},
        f"x.grid_dist({target}, scale={scale})",
        f"gridDist(x, {lit(target)}, {scale}, maxiter=500)",
        names=False,
        rtol=1e-6,
    )


def contours(rng: Rng) -> Trial:
    x = a_raster(rng, nlyr=1, kind="double", place="metres")
    values = rng.normal(size=(1, int(rng.integers(3, 20)), int(rng.integers(3, 20))))
    if rng.random() < 0.7:
        values[rng.random(values.shape) < 0.15] = np.nan
    level = (
        float(np.round(np.nanmedian(values), 2)) + 0.0037
    )  # of a cell that is the level, R makes another number
    values[0, :2, 0] = level - 1, level + 1
    return Trial(
        "as_contour",
        {"x": replace(x, values=values)},
        f"x.as_contour(levels=[{level}]).perim()",
        f'perim(aggregate(as.contour(x, levels={level}), "level"))',
        rtol=1e-6,
    )


QUESTIONS: list[Callable[[Rng], Trial]] = [
    *[rasterize_shapes] * 3,
    rasterize_sum,
    rasterize_text,
    rasterize_cover,
    *[rasterize_points] * 2,
    measures,
    *[between_points] * 2,
    in_circles,
    *[extract_points] * 2,
    extract_bilinear,
    *[extract_shapes] * 3,
    *[extract_statistics] * 3,
    *[extract_exact] * 2,
    extract_weighted,
    extract_cells,
    *[mask_shapes] * 3,
    crop_shapes,
    as_points,
    as_polygons,
    as_cells,
    *[distance] * 2,
    distance_to_points,
    buffers,
    *[patches] * 3,
    *[sieve] * 2,
    *[costs] * 2,
    *[ways] * 2,
    *[contours] * 2,
]
