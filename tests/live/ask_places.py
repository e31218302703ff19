"""Questions about numbers and places of cells."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from live.ask_cells import pick
from live.random_rasters import a_raster
from live.trial import Trial, lit

Rng = np.random.Generator


def cells_of_values(rng: Rng) -> Trial:
    x = a_raster(rng, kind="int", low=0, high=4)
    ours, r = pick(
        rng,
        [
            ("x.cells()", "cells(x) - 1"),
            ("x[0].cells([2, 3])[0]", "cells(x[[1]], c(2, 3))[[1]] - 1"),
            ("x.crds()", "crds(x)"),
            ("x.head(4)", "head(x, min(4, ncell(x)))"),
            ("x.tail(3)", "tail(x, min(3, ncell(x)))"),
            ("x.size", "size(x)"),
        ],
    )
    return Trial("cells", {"x": x}, f"np.asarray({ours}, float)", f"as.matrix({r})", names=False)


def combined(rng: Rng) -> Trial:
    x = a_raster(rng, nlyr=3)
    layers = rng.permutation(3)[:2].tolist()
    r = f"rcl(x, 1, 1, {lit([i + 1 for i in layers])}) - 1"
    return Trial("rcl", {"x": x}, f"np.asarray(x.rcl(0, 0, {layers}), float)", r, names=False)


def extremes(rng: Rng) -> Trial:
    side = pick(rng, ["min", "max"])
    x = a_raster(rng, kind="int", low=0, high=3)
    r = f"{{ m <- where.{side}(x); m[, 1:2] <- m[, 1:2] - 1; m }}"
    return Trial("where", {"x": x}, f"x.where_{side}().to_numpy(float)", r, names=False)


def window(rng: Rng) -> Trial:
    x = a_raster(rng)
    left, right, bottom, top = x.extent
    part = [left, right, bottom, bottom + (top - bottom) / x.values.shape[1]]
    if rng.random() < 0.5:
        return Trial(
            "window", {"x": x}, "np.asarray(x.window, float)", "matrix(as.numeric(window(x)))", names=False
        )
    ours = f"(setattr(x, 'window', {part}), x.copy())[1]"
    return Trial("window", {"x": x}, ours, f"{{ window(x) <- ext({lit(part)}); x * 1 }}")


QUESTIONS: list[Callable[[Rng], Trial]] = [cells_of_values, cells_of_values, combined, extremes, window]
