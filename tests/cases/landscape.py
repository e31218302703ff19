"""Calls of the verbs of neighbourhoods of one ring, of areas and of adjacent cells."""

from __future__ import annotations

from cases.case import Case, plain_case
from pyterra.errors import ArgumentError

LANDSCAPE = [
    *(
        Case("terrain", lambda z, v=v: z.one.terrain(v), v)
        for v in ("slope", "aspect", "TPI", "TRI", "TRIriley", "TRIrmsd", "roughness", "flowdir")
    ),
    Case("terrain", lambda z: z.one.terrain(["slope", "TPI", "aspect"], 4, "radians"), "several"),
    Case("terrain", lambda z: (z.one + 1).terrain(), "of an expression"),
    Case("boundaries", lambda z: z.x.boundaries()),
    Case("boundaries", lambda z: z.few.boundaries(classes=True, directions=4, falseval=7), "classes"),
    Case("boundaries", lambda z: z.x.boundaries(inner=False, falseval=None), "outer"),
    Case("boundaries", lambda z: z.x.boundaries(classes=True, inner=False), "outer of classes"),
    Case("boundaries", lambda z: z.x.boundaries(classes=True, ignore_na=True), "values alone"),
    Case("nidp", lambda z: z.one.terrain("flowdir").nidp()),
    Case("surf_area", lambda z: z.one.surf_area(), refuses={"earth": ArgumentError}),
    Case("shade", lambda z: z.one.shade(z.x["red"], [30, 40], [0, 90, 180], normalize=True)),
    Case("cell_size", lambda z: z.one.cell_size()),
    Case("cell_size", lambda z: z.x.cell_size(mask=True, lyrs=True, unit="ha"), "of layers"),
    Case("cell_size", lambda z: z.one.cell_size(transform=False), "of the plane"),
    plain_case("adjacent", lambda z: z.x.adjacent([0, 5, -1], "queen")),
    plain_case("adjacent", lambda z: z.x.adjacent([0, 5], 16, pairs=True, include=True), "pairs"),
]
