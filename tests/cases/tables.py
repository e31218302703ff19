"""Calls of the verbs that count, sum up and tabulate."""

from __future__ import annotations

from cases.case import Case, values_case


def ends(v):
    return [v[0], v[-1]]


TABLES = [
    *(
        values_case("zonal", lambda z, f=f: z.x.zonal(z.few[0], f, na_rm=True), f, rtol=1e-9)
        for f in "sum mean min max range sd std var isNA notNA any all median modal first which_min".split()
    ),
    values_case("zonal", lambda z: (1 + z.x / 1000).zonal(z.classes, "prod", na_rm=True), "prod", rtol=1e-9),
    values_case("zonal", lambda z: z.one.zonal(z.flags, w=z.few[0]), "weights", rtol=1e-9),
    values_case("zonal", lambda z: z.x.zonal(z.few, ends), "a function of zones of two layers"),
    values_case("zonal", lambda z: z.one.zonal(z.few, "max"), "wide"),
    values_case("zonal", lambda z: z.x.zonal(z.one, "sum"), "measured zones", rtol=1e-9),
    Case(
        "zonal",
        lambda z: z.few.zonal(z.classes, "max", as_raster=True),
        "raster",
        reads="zones are found first",
    ),
    values_case("crosstab", lambda z: z.few.crosstab()),
    values_case("crosstab", lambda z: z.x.crosstab(digits=-1, long=True, use_na=True), "long"),
    values_case("freq", lambda z: z.few.freq(zones=z.classes), "zones"),
    values_case("freq", lambda z: z.few.freq(zones=z.classes, wide=True, usenames=True), "wide zones"),
    values_case("unique", lambda z: z.x.unique(na_rm=False), "missing too"),
    values_case("unique", lambda z: z.few.unique(incomparables=True), "by layer"),
    Case("unique", lambda z: z.few.unique(as_raster=True), "raster", reads="values are found first"),
    values_case("expanse", lambda z: z.x.expanse("km"), rtol=1e-9),
    values_case(
        "expanse", lambda z: z.few.expanse(by_value=True, zones=z.classes), "values and zones", rtol=1e-9
    ),
    values_case(
        "expanse", lambda z: z.few.expanse(by_value=True, wide=True, transform=False), "wide", rtol=1e-9
    ),
]
