"""Questions about zones, counts of values, areas and tables of cells."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from live.ask_between import holding_centres
from live.ask_cells import pick
from live.random_rasters import a_raster, filled
from live.trial import LABELS, Given, GivenVector, Trial, lit

Rng = np.random.Generator
CODES = {label: code for code, label in LABELS.items()}


def codes(table: pd.DataFrame) -> pd.DataFrame:
    """A table with numbers instead of labels and of true and false."""
    out = table.copy()
    for i in range(out.shape[1]):
        out.isetitem(i, [CODES.get(v, v) if isinstance(v, str) else v for v in out.iloc[:, i]])
    return out.astype(float)


def asked(verb: str, inputs: dict[str, Given | GivenVector], ours: str, r: str, **more: Any) -> Trial:
    """A question whose answer is a table, perhaps with labels."""
    return Trial(verb, inputs, f"codes({ours})", f"codes({r})", names=False, more={"codes": codes}, **more)


def zones_of(rng: Rng, x: Given) -> Given:
    """Zones on the grid of a raster."""
    z = filled(rng, x, pick(rng, ["int", "num", "factor", "bool"]), 0, 4, nlyr=1)
    if z.kind == "num":
        values = (z.values * 2).round() / 2
        values[0, 0, 0] = 1.0  # of no zone at all, R gives a table of another shape
        z = replace(z, values=values)
    return z


def zonal(rng: Rng) -> Trial:
    x = a_raster(rng, kind=pick(rng, ["num", "double", "int"]), low=-3, high=3)
    fun, na_rm = (
        pick(rng, ["mean", "sum", "min", "max", "sd", "prod", "isNA", "notNA", "median"]),
        bool(rng.integers(2)),
    )
    if fun in ("min", "max") and not na_rm:  # terra 1.7-3: sometimes missing, sometimes not
        r = f"zonal(x, z, function(v) {fun}(v))"
    else:
        r = f"zonal(x, z, {fun!r}" + (")" if fun in ("isNA", "notNA") else f", na.rm = {lit(na_rm)})")
    return asked(
        "zonal", {"x": x, "z": zones_of(rng, x)}, f"x.zonal(z, {fun!r}, na_rm={na_rm})", r, rtol=1e-10
    )


def zonal_function(rng: Rng) -> Trial:
    x = a_raster(rng, kind="num")
    ours, r = pick(
        rng,
        [
            ("lambda v: v.max() - v.min()", "function(v) max(v) - min(v)"),
            ("lambda v: v.size", "function(v) length(v)"),
            ("lambda v: [v[0], v[-1]]", "function(v) c(v[1], v[length(v)])"),
        ],
    )
    z = filled(rng, x, "int", 0, 3, nlyr=1)
    return asked("zonal", {"x": x, "z": z}, f"x.zonal(z, {ours})", f"zonal(x, z, {r})")


def zonal_weights(rng: Rng) -> Trial:
    x, na_rm = a_raster(rng, kind="num"), bool(rng.integers(2))
    w = filled(rng, x, "num", 0.5, 3, nlyr=1, missing=False)
    r = f"weighted_zones(x, z, w, {lit(na_rm)})"
    inputs = {"x": x, "z": zones_of(rng, x), "w": w}
    return asked("zonal", inputs, f"x.zonal(z, w=w, na_rm={na_rm})", r, rtol=1e-6)


def zonal_raster(rng: Rng) -> Trial:
    x = a_raster(rng, kind="num", missing=False)
    z = filled(rng, x, "int", 0, 4, nlyr=1)
    r = "zonal(x, z, 'mean', as.raster = TRUE)"
    return Trial("zonal", {"x": x, "z": z}, "x.zonal(z, as_raster=True)", r, rtol=1e-6)


def crosstab(rng: Rng) -> Trial:
    x = a_raster(rng, nlyr=2, kind=pick(rng, ["int", "bool"]), low=0, high=4)
    if rng.random() < 0.6:
        values = x.values.copy()
        values[rng.random(values.shape) < 0.2] = np.nan
        x = replace(x, values=values, kind="num")
    use_na = bool(rng.integers(2))
    if rng.random() < 0.5:
        r = f"crosstab(x, useNA = {lit(use_na)})"
        return Trial(
            "crosstab", {"x": x}, f"x.crosstab(use_na={use_na})", f"with_na({r}, {lit(use_na)})", names=False
        )
    r = f"crosstab(x, long = TRUE, useNA = {lit(use_na)})"
    return asked("crosstab", {"x": x}, f"x.crosstab(long=True, use_na={use_na})", r)


def freq(rng: Rng) -> Trial:
    x = a_raster(rng, kind=pick(rng, ["int", "factor", "bool"]), low=-2, high=2)
    ours, r = pick(
        rng,
        [
            ("x.freq()", "layers_from_0(freq(x))"),
            ("x.freq(value=1)", "layers_from_0(freq(x, value = 1))"),
            ("x.freq(value=nan)", "layers_from_0(freq(x, value = NA))"),
        ],
    )
    if x.kind == "factor":
        ours, r = "x.freq()", "layers_from_0(freq(x))"
    return asked("freq", {"x": x}, ours, r)


def freq_in_polygons(rng: Rng) -> Trial:
    x = a_raster(rng, kind=pick(rng, ["int", "bool"]), low=-2, high=2, nlyr=2, least=5)
    v, touches = holding_centres(rng, x), bool(rng.integers(2))
    more = pick(rng, ["", ", value=1"])
    told = f"touches = {lit(touches)}"
    each = f"function(i) cbind(freq(mask(x, v[i], {told}){more}), zone = i)"  # touches is not of 1.7-3
    older = f"do.call(rbind, lapply(seq_len(nrow(v)), {each}))"
    r = f'if (packageVersion("terra") < "1.8") {older} else freq(x, zones = v, {told}{more})'
    r = f"{{d <- layers_from_0({r}); d$zone <- d$zone - 1; d[order(d$layer, d$zone), ]}}"
    return asked("freq", {"x": x, "v": v}, f"x.freq(zones=v, touches={touches}{more})", r)


def freq_together(rng: Rng) -> Trial:
    x, digits = a_raster(rng, kind="num", low=-3, high=3), int(rng.integers(0, 2))
    x = replace(x, values=x.values.round(1).astype("float32").astype(float))
    r = f"freq(round(x, {digits}), digits = {digits}, bylayer = FALSE)"
    return asked("freq", {"x": x}, f"x.freq(digits={digits}, bylayer=False)", r)


def unique(rng: Rng) -> Trial:
    x = a_raster(rng, kind=pick(rng, ["int", "factor", "bool"]), low=-2, high=2)
    return asked("unique", {"x": x}, "x.unique()", "unique(x)")


def expanse(rng: Rng) -> Trial:
    x = a_raster(rng, kind="num", place=pick(rng, ["metres", "degrees"]))
    unit, transform = pick(rng, ["m", "km", "ha"]), bool(rng.integers(2))
    r = f"areas(expanse(x, unit = {unit!r}, transform = {lit(transform)}))"
    ours = f"x.expanse({unit!r}, transform={transform})['area'].to_numpy()"
    return Trial("expanse", {"x": x}, ours, r, names=False, rtol=1e-7)


def expanse_by_value(rng: Rng) -> Trial:
    x = a_raster(
        rng, nlyr=1, kind=pick(rng, ["int", "factor"]), low=0, high=3, place=pick(rng, ["metres", "degrees"])
    )
    r = "zonal(cellSize(x, mask = FALSE), x, 'sum')"  # terra 1.7-3 takes areas of other rows
    return asked("expanse", {"x": x}, "x.expanse(by_value=True)[['value', 'area']]", r, rtol=1e-7)


def zonal_across(rng: Rng) -> Trial:
    x = a_raster(rng, nlyr=1, kind="int", low=-3, high=9, missing=False)
    z, k = (filled(rng, x, "int", 0, high, nlyr=1, missing=False) for high in (3, 5))
    fun = pick(rng, ["mean", "sum"])
    by_hand = f"{{m <- tapply(values(x)[, 1], list(values(z)[, 1], values(k)[, 1]), {fun}); "
    by_hand += (
        "cbind(zone = as.numeric(rownames(m)), as.data.frame(unclass(m))) }"  # 1.7-3 takes the first layer
    )
    r = f"{{d <- if (packageVersion('terra') < '1.8') {by_hand} else zonal(x, c(z, k), '{fun}'); "
    r += f"d <- d[order(d[, 1]), ]; if ('{fun}' == 'sum') d[is.na(d)] <- 0; d }}"
    return asked("zonal", {"x": x, "z": z, "k": k}, f"x.zonal(pt.c(z, k), {fun!r})", r, rtol=1e-10)


QUESTIONS: list[Callable[[Rng], Trial]] = [
    zonal, zonal, zonal, zonal, zonal_function, zonal_weights, zonal_raster, crosstab, crosstab, freq, freq,
    freq_in_polygons, freq_together, unique, expanse, expanse_by_value, zonal_across,
]  # fmt: skip
