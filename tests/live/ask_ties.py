"""Questions about ties, pairs that are given once, and what keeps the name of its layer."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from live.ask_cells import pick
from live.random_rasters import a_raster
from live.trial import Trial, lit

Rng = np.random.Generator


def ties_of_modal(rng: Rng) -> Trial:
    x = a_raster(rng, nlyr=int(rng.integers(2, 7)), kind=pick(rng, ["int", "bool"]), low=-2, high=2)
    ties = pick(rng, ["lowest", "highest", "NA"])
    return Trial("modal", {"x": x}, f"x.modal(ties={ties!r})", f"modal(x, ties = {ties!r})", names=False)


def pairs_once(rng: Rng) -> Trial:
    x = a_raster(rng, place="metres")
    cells = rng.integers(0, int(np.prod(x.values.shape[1:])), 4).tolist()
    directions, include = pick(rng, ["rook", "queen", "bishop"]), bool(rng.integers(2))
    # 1.7-3 has no symmetrical=
    once = "unique(t(apply(a, 1, sort)))"
    pairs = f"a <- adjacent(x, {lit(cells)} + 1, {directions!r}, TRUE, {lit(include)}) - 1"
    r = f"{{{pairs}; if (nrow(a) > 0) a <- {once}; a[order(a[, 1], a[, 2]), , drop = FALSE]}}"
    ours = f"x.adjacent({cells}, {directions!r}, pairs=True, include={include}, symmetrical=True)"
    return Trial("adjacent", {"x": x}, ours, r, names=False)


def one_layer(rng: Rng) -> Trial:
    x = a_raster(rng, nlyr=1, kind="num")
    return Trial("lapp", {"x": x}, "x.lapp(lambda v: v * 2)", "lapp(x, function(v) v * 2)")


QUESTIONS: list[Callable[[Rng], Trial]] = [ties_of_modal, ties_of_modal, pairs_once, one_layer]
