"""Questions about what is so of cells."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from live.ask_cells import pick
from live.random_rasters import a_raster, filled
from live.trial import Trial, lit

Rng = np.random.Generator


def missing_layers(rng: Rng) -> Trial:
    ours, r = pick(
        rng,
        [
            ("x.any_na()", "anyNA(x)"),
            ("x.all_na()", "allNA(x)"),
            ("x.no_na()", "noNA(x)"),
            ("x.no_na(false_na=True)", "ifel(noNA(x), 1, NA)"),
        ],
    )
    return Trial("missing layers", {"x": a_raster(rng, nlyr=int(rng.integers(2, 5)))}, ours, r, names=False)


def which_layer(rng: Rng) -> Trial:
    x = a_raster(rng, kind=pick(rng, ["num", "int", "bool"]), low=-3, high=3, nlyr=3)
    return Trial("which_lyr", {"x": x}, "(x > 0).which_lyr()", "which.lyr(x > 0) - 1")


def weighted(rng: Rng) -> Trial:
    x, na_rm = a_raster(rng, kind="num", nlyr=3), bool(rng.integers(2))
    y = filled(rng, x, "num", 1, 5)
    if rng.random() < 0.5:
        r = f"app(x, function(v) weighted.mean(v, c(1, 2.5, 4), na.rm = {lit(na_rm)}))"
        return Trial(
            "weighted_mean", {"x": x}, f"x.weighted_mean([1, 2.5, 4], na_rm={na_rm})", r, names=False
        )
    ours = f"x.weighted_mean(abs(y), na_rm={na_rm})"
    r = f"{{ w <- mask(abs(y), x); sum(x * abs(y), na.rm = {lit(na_rm)}) / sum(w, na.rm = {lit(na_rm)}) }}"
    return Trial("weighted_mean", {"x": x, "y": y}, ours, r, names=False)


def place_in_table(rng: Rng) -> Trial:
    x = a_raster(rng, kind="int", low=0, high=4)
    table = rng.permutation(5)[:3].tolist()  # terra counts a value that comes twice once
    r = f"match(x, {lit(table)}) - 1"
    return Trial("match", {"x": x}, f"x.match({table})", r, names=False)


QUESTIONS: list[Callable[[Rng], Trial]] = [
    missing_layers,
    missing_layers,
    which_layer,
    weighted,
    place_in_table,
]
