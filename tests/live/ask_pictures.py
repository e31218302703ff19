"""Questions about pictures."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from live.random_rasters import a_raster
from live.trial import Trial

Rng = np.random.Generator


def colors(rng: Rng) -> Trial:
    x = a_raster(rng, nlyr=3, kind="int", low=0, high=255)
    back = bool(rng.integers(2))
    to = str(
        rng.choice(["hsv", "hsl"] if back else ["hsv", "hsl", "hsi"])
    )  # from hsi terra comes back 0.01 off
    ours, r = f"x.set_rgb([0, 1, 2]).colorize({to!r})", f"colorize({{RGB(x) <- 1:3; x}}, {to!r})"
    if back:
        ours, r = f"{ours}.colorize('rgb')", f"colorize({r}, 'rgb')"
    return Trial("colorize", {"x": x}, ours, r, rtol=1e-9)


QUESTIONS: list[Callable[[Rng], Trial]] = [colors, colors]
