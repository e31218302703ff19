"""Questions about values on another scale, and about layers beside each other."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from live.ask_cells import pick
from live.random_rasters import a_raster
from live.trial import Trial, lit

Rng = np.random.Generator


def scaled(rng: Rng) -> Trial:
    x = a_raster(rng, kind=pick(rng, ["num", "double", "int"]))
    ours, r = pick(
        rng,
        [
            ("x.scale()", "scale(x)"),
            ("x.scale(False)", "scale(x, FALSE)"),
            ("x.scale(True, False)", "scale(x, TRUE, FALSE)"),
            ("x.stretch()", "stretch(x)"),
            ("x.stretch(0, 1, smin=-5, smax=5)", "stretch(x, 0, 1, smin = -5, smax = 5)"),
            ("x.stretch(minq=0.1, maxq=0.7)", "stretch(x, minq = 0.1, maxq = 0.7)"),
        ],
    )
    return Trial("scale", {"x": x}, ours, r, rtol=1e-6, names=False)


def segregated(rng: Rng) -> Trial:
    x = a_raster(rng, kind=pick(rng, ["num", "int"]), low=0, high=4, nlyr=1)
    keep, other = bool(rng.integers(2)), pick(rng, [0, None])
    return Trial(
        "segregate",
        {"x": x},
        f"x.segregate([1, 3], keep={keep}, other={other})",
        f"segregate(x, c(1, 3), keep = {lit(keep)}, other = {lit(other)})",
    )


def groups_of_layers(rng: Rng) -> Trial:
    x = a_raster(rng, nlyr=4)
    groups = rng.permutation([1, 1, 2, 2]).tolist()
    return Trial("split", {"x": x}, f"x.split({groups})[0]", f"split(x, {lit(groups)})[[1]]")


def layers_together(rng: Rng) -> Trial:
    x = a_raster(rng, kind="num", nlyr=3, least=5)
    sample = bool(rng.integers(2))
    word = pick(rng, ["complete.obs", "pairwise.complete.obs"])
    ours, r = pick(
        rng,
        [
            (
                f"x.layer_cor('cor', use={word!r})['correlation']",
                f"cor(values(x), use = {lit(word)})",
            ),
            (
                f"x.layer_cor('cov', use={word!r})['covariance']",
                f"cov(values(x), use = {lit(word)})",
            ),
            (
                f"x.layer_cor('cov', as_sample={sample})['covariance']",
                f'layerCor(x, "cov", asSample = {lit(sample)})$covariance',
            ),
        ],
    )
    return Trial("layer_cor", {"x": x}, f"{ours}.to_numpy()", r, rtol=1e-9, names=False)


QUESTIONS: list[Callable[[Rng], Trial]] = [scaled, scaled, segregated, groups_of_layers, layers_together]
