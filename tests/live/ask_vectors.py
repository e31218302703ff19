"""Questions about vectors: attributes, geometry, overlay, relations, distances."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from live.ask_cells import pick
from live.random_vectors import a_vector
from live.trial import GivenVector, Trial, lit

Rng = np.random.Generator
KINDS = ["points", "lines", "polygons"]
NAMED = "intersects touches crosses overlaps within contains covers coveredby disjoint".split()


def read(rng: Rng) -> Trial:
    return Trial("vect", {"v": a_vector(rng)}, "v", "v", gap=0)


def rows(rng: Rng) -> Trial:
    v = a_vector(rng)
    n = len(v.wkt)
    keep = [int(i) for i in rng.integers(0, n, int(rng.integers(1, n + 1)))]
    return Trial("[", {"v": v}, f"v[{keep}]", f"v[{lit([i + 1 for i in keep])}]", gap=0)


def columns(rng: Rng) -> Trial:
    names = [str(n) for n in rng.permutation(["id", "size", "group", "name"])[: rng.integers(1, 4)]]
    return Trial("[", {"v": a_vector(rng)}, f"v[{names}]", f"v[, {lit(names)}]", gap=0)


def rbind(rng: Rng) -> Trial:
    kind, place = pick(rng, ["points", "lines", "polygons"]), pick(rng, ["metres", "degrees"])
    v = a_vector(rng, kind, place=place)
    w = a_vector(rng, kind, place=place, prefix=pick(rng, ["", "other_"]))
    return Trial("rbind", {"v": v, "w": w}, "v.rbind(w)", "rbind(v, w)", gap=0)


def relate(rng: Rng) -> Trial:
    place = pick(rng, ["metres", "degrees"])
    # Of several points in a geometry, 1.7-3 takes the first
    v, w = (a_vector(rng, k, place=place, multi=k != "points") for k in rng.choice(KINDS, 2).tolist())
    how = pick(rng, [*NAMED, "T*F**F***", "FF*FF****", "F***1****", "T********"])
    return Trial(
        "relate",
        {"v": v, "w": w},
        f"v.relate(w, {how!r}).astype(float)",
        f"relate(v, w, {how!r}) + 0",
    )


def laid_on(verb: str, inputs: dict[str, GivenVector]) -> Trial:
    """One vector laid on another.

    crop() of 1.7-3 refuses polygons that overlap each other, and may take a record apart: what is cropped is compared
    as a whole.
    """
    if verb == "crop":
        return Trial(verb, inputs, "v.crop(w).aggregate()", "aggregate(crop(v, aggregate(w)))")
    return Trial(verb, inputs, f"v.{verb}(w)", f"{verb}(v, w)", ordered=False)


def overlay(rng: Rng) -> Trial:
    place = pick(rng, ["metres", "degrees", "none"])
    v, w = a_vector(rng, "polygons", place=place), a_vector(rng, "polygons", place=place, prefix="w_")
    return laid_on(
        pick(rng, ["intersect", "union", "erase", "symdif", "cover", "crop", "mask"]), {"v": v, "w": w}
    )


def overlay_lower(rng: Rng) -> Trial:
    place = pick(rng, ["metres", "degrees", "none"])
    v = a_vector(rng, pick(rng, ["points", "lines"]), place=place, multi=False)
    w = a_vector(rng, "polygons", place=place, prefix="w_")
    return laid_on(pick(rng, ["intersect", "erase", "crop", "mask"]), {"v": v, "w": w})


def aggregate(rng: Rng) -> Trial:
    v = a_vector(rng, multi=False)  # of several points in a geometry, 1.7-3 keeps the first
    fun, dissolve = pick(rng, ["mean", "sum", "min", "max"]), bool(rng.integers(2))
    r = f"aggregate(v, 'group', fun = {fun!r}, dissolve = {lit(dissolve)})"
    return Trial("aggregate", {"v": v}, f"v.aggregate('group', fun={fun!r}, dissolve={dissolve})", r)


def aggregate_all(rng: Rng) -> Trial:
    dissolve = bool(rng.integers(2))
    r = f"aggregate(v, dissolve = {lit(dissolve)})"
    return Trial("aggregate", {"v": a_vector(rng, multi=False)}, f"v.aggregate(dissolve={dissolve})", r)


def forms(rng: Rng) -> Trial:
    ours, r = pick(
        rng,
        [
            ("v.centroids()", "centroids(v)"),
            ("v.disagg()", "disagg(v)"),
            ("v.disagg(segments=True)", "disagg(v, segments = TRUE)"),
            ("v.hull()", "convHull(v)"),
            ("v.hull(by='group')", "convHull(v, by = 'group')"),
            ("v.as_points()", "as.points(v)"),
            ("v.as_lines()", "as.lines(v)"),
            ("v.simplify_geom(0.5)", "simplifyGeom(v, 0.5)"),
            ("v.fill_holes()", "fillHoles(v)"),
            ("v.unique()", "unique(v)"),
        ],
    )
    if "simplify" in ours:  # GEOS from 3.12 on may drop the first vertex of a ring
        return Trial("simplify_geom", {"v": a_vector(rng, "lines")}, ours, r)
    kind = "polygons" if "hole" in ours or "disagg(s" in ours else pick(rng, ["lines", "polygons"])
    return Trial(ours.split(".")[1].split("(")[0], {"v": a_vector(rng, kind)}, ours, r)


def moved(rng: Rng) -> Trial:
    ours, r = pick(
        rng,
        [
            ("v.shift(3.5, -2)", "shift(v, 3.5, -2)"),
            ("v.flip()", "flip(v)"),
            ("v.flip('horizontal')", "flip(v, 'horizontal')"),
            ("v.t()", "t(v)"),
            ("v.rescale(2)", "rescale(v, 2)"),
            ("v.rescale(2, 0.5, 1, 2)", "rescale(v, 2, 0.5, 1, 2)"),
            ("v.spin(30)", "spin(v, 30)"),
            ("v.spin(200, 5, 6)", "spin(v, 200, 5, 6)"),
            ("v.round(1)", "round(v, 1)"),
        ],
    )
    return Trial(ours.split(".")[1].split("(")[0], {"v": a_vector(rng)}, ours, r)


def numbers(rng: Rng) -> Trial:
    what = pick(rng, [("crds()", "crds(v)"), ("geom()", "{g <- geom(v); g[, 1:2] <- g[, 1:2] - 1; g}")])
    return Trial(what[0][:4], {"v": a_vector(rng)}, f"v.{what[0]}", what[1])


def extent(rng: Rng) -> Trial:
    return Trial("ext", {"v": a_vector(rng)}, "v.ext", "ext(v)")


def summary(rng: Rng) -> Trial:
    verb = pick(rng, ["mean", "median", "sum", "min", "max", "quantile"])
    v = a_vector(rng)
    return Trial(verb, {"v": v}, f"v[['id']].{verb}()", f"{verb}(v[, 'id'])")


def merged(rng: Rng) -> Trial:
    keys = [str(k) for k in rng.permutation(["a", "b", "c", "d"])[: rng.integers(1, 4)]]
    all_x = bool(rng.integers(2))
    ours = f"v.merge({{'group': {keys}, 'k': {list(range(len(keys)))}}}, all_x={all_x})"
    table = f"data.frame(group = {lit(keys)}, k = {lit([float(i) for i in range(len(keys))])})"
    return Trial(
        "merge", {"v": a_vector(rng)}, ours, f"merge(v, {table}, all.x = {lit(all_x)})", ordered=False
    )


def projected(rng: Rng) -> Trial:
    place, to = pick(rng, [("metres", "EPSG:4326"), ("degrees", "EPSG:3035"), ("degrees", "EPSG:3857")])
    return Trial("project", {"v": a_vector(rng, place=place)}, f"v.project({to!r})", f"project(v, {to!r})")


def buffer(rng: Rng) -> Trial:
    kind = pick(rng, ["points", "lines", "polygons"])
    v = a_vector(
        rng, kind, place=pick(rng, ["metres", "none"]), count=int(rng.integers(2, 7)), multi=kind != "points"
    )
    width = pick(rng, [3, 12.5, [2, 5]])
    n = int(rng.integers(1, 12))
    r = f"buffer(v, {lit(width)}, quadsegs = {n})"
    return Trial("buffer", {"v": v}, f"v.buffer({width}, {n})", r, gap=1e-6)


def buffer_degrees(rng: Rng) -> Trial:
    v = a_vector(rng, "points", place="degrees", multi=False)
    width, n = float(rng.choice([100.0, 50_000.0])), int(rng.integers(1, 12))
    return Trial("buffer", {"v": v}, f"v.buffer({width}, {n})", f"buffer(v, {width}, quadsegs = {n})")


def buffer_lines_in_degrees(rng: Rng) -> Trial:
    """Both are approximate, in their own ways; polygons of 1.7-3 may break."""
    v = a_vector(rng, "lines", place="degrees")
    width = float(rng.choice([5_000.0, 50_000.0]))
    return Trial("buffer", {"v": v}, f"v.buffer({width})", f"buffer(v, {width})", gap=3e-2)


def measure(rng: Rng) -> Trial:
    v = a_vector(rng, pick(rng, ["lines", "polygons", "polygons"]), place=pick(rng, ["metres", "degrees"]))
    verb = pick(rng, ["expanse", "perim"])
    transform = bool(rng.integers(2))
    if verb == "perim" or v.place == "degrees":
        return Trial(verb, {"v": v}, f"v.{verb}()", f"{verb}(v)", rtol=1e-9)
    r = f"expanse(v, transform = {lit(transform)})"
    rtol = 1e-8 if transform else 1e-6  # the plane of terra has no origin close by
    return Trial("expanse", {"v": v}, f"v.expanse(transform={transform})", r, rtol=rtol)


def distances(rng: Rng) -> Trial:
    place = pick(rng, ["metres", "degrees"])
    kind = (
        "points" if place == "degrees" else None
    )  # 1.7-3 measures lines and polygons in degrees as if planar
    v = a_vector(rng, kind, place=place, multi=False)
    w = a_vector(rng, kind, place=place, multi=False)
    ours, r = pick(
        rng,
        [
            ("v.distance(w)", "distance(v, w)"),
            ("v.distance()", "as.matrix(distance(v))"),
            ("v.distance(w, unit='km')", "distance(v, w, unit = 'km')"),
            ("v.distance(w[0], pairwise=True)", "distance(v, w[1], pairwise = TRUE)"),
        ],
    )
    if place == "degrees":  # newer versions measure along great circles, 1.7-3 along geodesics
        r = {"v.distance()": "haversine(v, v)", "v.distance(w)": "haversine(v, w)"}.get(ours)
        r = r or ("haversine(v, w) / 1000" if "km" in ours else "haversine(v, w[1])")
        ours = ours.replace("w[0], pairwise=True", "w[0]")
    return Trial("distance", {"v": v, "w": w}, ours, r, rtol=1e-9)


def nearest(rng: Rng) -> Trial:
    kinds = ["points", "polygons"]
    v, w = (a_vector(rng, pick(rng, kinds), place="metres", multi=False) for _ in "vw")
    centroids = True  # without, 1.7-3 may not find whose the nearest point is
    ours = f"v.nearest(w, centroids={centroids}).values().drop(columns=['to_x', 'to_y'])"
    r = f"{{d <- as.data.frame(nearest(v, w, centroids = {lit(centroids)})); d[, c(1, 4)] <- d[, c(1, 4)] - 1; d}}"
    return Trial("nearest", {"v": v, "w": w}, ours, r, rtol=1e-9)


def attributes_at(rng: Rng) -> Trial:
    v = a_vector(rng, "polygons", place="metres")
    w = a_vector(rng, "points", place="metres", multi=False)
    r = "{d <- extract(v[, c('id', 'size')], w); d[, 1] <- d[, 1] - 1; d[order(d[, 1], d[, 2]), ]}"
    return Trial(
        "extract",
        {"v": v, "w": w},
        "v[['id', 'size']].extract(w).sort_values(['id_y', 'id']).astype('Float64')",
        r,
    )


def neighbours(rng: Rng) -> Trial:
    v = a_vector(rng, "polygons", place="metres")
    kind = pick(rng, ["rook", "intersects"])
    r = f"{{a <- adjacent(v, {kind!r}); a[order(a[, 1], a[, 2]), , drop = FALSE] - 1}}"
    return Trial("adjacent", {"v": v}, f"v.adjacent({kind!r})", r)


def stretched(rng: Rng) -> Trial:
    kind = pick(rng, ["lines", "polygons"])
    given = {"v": a_vector(rng, kind), "p": a_vector(rng, "points")}
    ours, r = pick(
        rng,
        [
            ("v.inext(pt.ext(3, 8, -2, 1), gap=0.25)", "inext(v, ext(3, 8, -2, 1), gap = 0.25)"),
            ("v.inext(pt.ext(3, 8, -2, 1), p)", "inext(v, ext(3, 8, -2, 1), p)"),
        ],
    )
    return Trial("inext", given, ours, r)


QUESTIONS: list[Callable[[Rng], Trial]] = [
    read,
    rows,
    columns,
    rbind,
    relate,
    overlay,
    overlay,
    overlay,
    overlay_lower,
    overlay_lower,
    aggregate,
    aggregate_all,
    forms,
    forms,
    forms,
    moved,
    moved,
    numbers,
    extent,
    summary,
    merged,
    projected,
    buffer,
    buffer_degrees,
    buffer_lines_in_degrees,
    measure,
    measure,
    distances,
    distances,
    nearest,
    attributes_at,
    neighbours,
    stretched,
]
