"""Cases of verbs that need the whole raster: distance, buffer, patches, cost distance."""

from __future__ import annotations

from dataclasses import replace

from cases.case import Case
from cases.vectors import spots, squares, tracks
from pyterra.errors import ArgumentError

WHOLE = "what a cell is follows from all cells"

_CALLS = [
    Case("distance", lambda z: z.x.distance()),
    Case("distance", lambda z: z.few.distance(target=2, exclude=1), "target, exclude"),
    Case("distance", lambda z: (z.x + z.y).distance(unit="km", maxdist=0.25), "of an expression"),
    Case("distance", lambda z: z.x.distance(spots(z)), "to points"),
    Case("distance", lambda z: z.x.distance(tracks(z)), "to lines"),
    Case("distance", lambda z: z.x.distance(method="geo"), "on the ellipsoid"),
    Case("distance", lambda z: z.x.distance(spots(z), method="geo"), "to points on the ellipsoid"),
    Case("distance", lambda z: z.x.distance(squares(z)), "to polygons"),
    Case("distance", lambda z: z.x.distance(squares(z), method="geo"), "to polygons on the ellipsoid"),
    Case("distance", lambda z: z.x.distance(values=True), "values"),
    Case("distance", lambda z: z.one.distance(values=True, method="geo"), "values on the ellipsoid"),
    Case("distance", lambda z: z.x.distance(squares(z), rasterize=True), "to cells of polygons"),
    Case("direction", lambda z: z.x.direction(degrees=True)),
    Case("direction", lambda z: z.one.direction(from_=True, method="geo"), "geo"),
    Case("buffer", lambda z: z.one.buffer(150)),
    Case("buffer", lambda z: z.x.buffer(150, background=-1), "background"),
    Case("patches", lambda z: z.one.patches()),
    Case("patches", lambda z: z.few.patches(8, zero_as_na=True), "corners, zero"),
    Case("patches", lambda z: z.classes.patches(values=True), "values"),
    Case(
        "patches",
        lambda z: (z.one > 0).patches(zero_as_na=True).focal(3, "max", na_rm=True, expand=True),
        "below a window",
        refuses=dict.fromkeys(("row", "column", "cell"), ValueError),
    ),
    Case("patches", lambda z: z.one.patches().resample(z.finer, "near"), "below a regrid"),
    Case("patches", lambda z: z.one.distance().patches(), "of a sweep"),
    Case("sieve", lambda z: z.few.sieve(3)),
    Case("sieve", lambda z: z.classes.sieve(4, 4), "edges"),
    Case("fill_holes", lambda z: z.one.fill_holes()),
    Case("fill_holes", lambda z: z.x.fill_holes(nearest=True), "nearest"),
    Case("grid_dist", lambda z: z.few["first"].grid_dist(2)),
    Case("grid_dist", lambda z: z.one.grid_dist(None, nearest=True), "nearest"),
    Case("flow_accumulation", lambda z: z.one.terrain("flowdir").flow_accumulation()),
    Case("flow_accumulation", lambda z: z.one.terrain("flowdir").flow_accumulation(z.one), "weight"),
    Case("watershed", lambda z: z.one.terrain("flowdir").watershed(spots(z))),
    Case("viewshed", lambda z: z.few["first"].viewshed(0, 3), refuses={"earth": ArgumentError}),
    Case(
        "viewshed",
        lambda z: z.few["first"].viewshed(0, 3, output="land"),
        "heights",
        refuses={"earth": ArgumentError},
    ),
    Case("flow_dir", lambda z: z.one.flow_dir()),
    Case("pitfiller", lambda z: z.one.pitfiller(niter=2)),
    Case(
        "pitfiller", lambda z: z.one.pitfiller(z.one > 0, z.one.terrain("flowdir"), 1, lambda_=0.5), "given"
    ),
    Case("pitfinder", lambda z: z.one.terrain("flowdir").pitfinder()),
    Case("cost_dist", lambda z: z.few["first"].cost_dist()),
    Case("cost_dist", lambda z: abs(z.one).cost_dist(None, scale=10), "to missing cells"),
]

SWEEPS = [
    case if case.note.startswith("to ") and case.verb == "distance" else replace(case, preview=WHOLE)
    for case in _CALLS
]
