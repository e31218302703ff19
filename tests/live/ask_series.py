"""Questions about layers as time: terra's approximate, R's own approx, clamp_ts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from live.ask_cells import pick
from live.random_rasters import a_raster
from live.trial import Given, Trial, lit

Rng = np.random.Generator


def gaps(rng: Rng, nlyr: int) -> Given:
    x = a_raster(rng, kind=pick(rng, ["num", "double"]), nlyr=nlyr)
    values = x.values.copy()
    values[rng.random(values.shape) < rng.choice([0.0, 0.3, 0.7])] = np.nan
    return replace(x, values=values)


def options(rng: Rng):
    """Arguments that both understand, in both spellings."""
    method = pick(rng, ["linear", "linear", "constant"])
    rule, r_rule = pick(rng, [(1, "1"), (2, "2"), ((2, 1), "2:1"), ((1, 2), "1:2")])
    f = pick(rng, [0, 0, 1, 0.3])
    ours, r = f"rule={rule}, f={f}", f"rule = {r_rule}, f = {f}"
    if rng.random() < 0.2:
        ours, r = f"{ours}, yleft=-7, yright=7", f"{r}, yleft = -7, yright = 7"
    return method, ours, r


def approximate(rng: Rng) -> Trial:
    x = gaps(rng, int(rng.integers(2, 8)))
    method, ours, r = options(rng)
    na_rule = pick(rng, [1, 0])
    z = np.cumsum(rng.integers(1, 4, len(x.values))).tolist()
    spelled = pick(rng, [("", ""), (f", z={z}", f", z = {lit(z)}")])
    ours = f"x.approximate({method!r}, {ours}, na_rule={na_rule}{spelled[0]})"
    return Trial(
        "approximate", {"x": x}, ours, f"approximate(x, {method!r}, {r}, NArule = {na_rule}{spelled[1]})"
    )


def approx(rng: Rng) -> Trial:
    x = gaps(rng, int(rng.integers(2, 7)))
    method, ours, r = options(rng)
    n = len(x.values)
    z = rng.integers(0, 8, n).tolist() if rng.random() < 0.4 else np.cumsum(rng.integers(1, 4, n)).tolist()
    ties = pick(rng, ["mean", "min", "max"])
    at = sorted({*rng.uniform(-1, 12, 3).round(2).tolist(), float(z[0]), float(z[-1])})
    ours = f"x.approximate({method!r}, xout={at}, z={z}, {ours}, ties={ties!r}, na_rule=0)"
    return Trial(
        "approx",
        {"x": x},
        ours,
        f"approx_cells(x, {lit(z)}, {lit(at)}, {method!r}, {ties}, {r})",
        names=False,
    )


def approx_ordered(rng: Rng) -> Trial:
    x = gaps(rng, 5)
    method, ours, r = options(rng)
    z, at = [1, 2, 2, 4, 7], [0.0, 1.0, 1.5, 2.0, 3.0, 4.0, 6.5, 9.0]
    ours = f"x.approximate({method!r}, xout={at}, z={z}, {ours}, ties='ordered', na_rule=0)"
    r = f"approx_cells(x, {lit(z)}, {lit(at)}, {method!r}, 'ordered', {r})"
    return Trial("approx", {"x": x}, ours, r, names=False)


def clamped(rng: Rng) -> Trial:
    x = gaps(rng, int(rng.integers(2, 8)))
    low = bool(rng.random() < 0.5)
    return Trial("clamp_ts", {"x": x}, f"x.clamp_ts({low}, True)", f"clamp_ts(x, {lit(low)}, TRUE)")


QUESTIONS: list[Callable[[Rng], Trial]] = [
    approximate,
    approximate,
    approximate,
    approx,
    approx,
    approx,
    approx_ordered,
    clamped,
]
