"""Questions about extents whose edges lie in the middle of cells."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from live.ask_cells import pick
from live.trial import Given, Trial, lit

import pyterra as pt

Rng = np.random.Generator


def on_halves(rng: Rng) -> tuple[Given, list[float]]:
    """A raster on either side of 0, and an extent whose edges are on edges of cells or in the middle of them."""
    nrow, ncol = (int(v) for v in rng.integers(1, 9, 2))
    width, height = (pick(rng, [0.5, 1.0, 3.0, 4.0]) for _ in "xy")
    xmin, ymin = pick(rng, [0.5, 0.5, 0.25]) * rng.integers(-25, 25, 2) * (width, height)
    extent = (float(xmin), float(xmin + ncol * width), float(ymin), float(ymin + nrow * height))
    x = Given(rng.integers(0, 9, (1, nrow, ncol)).astype(float), extent, place="none", names=("a",))
    left, low = rng.integers(-2, 2 * np.array([ncol, nrow]) - 1)
    right, high = np.maximum(
        (left, low) + rng.integers(2, 9, 2), 2
    )  # of less than a cell terra takes the cell beside it
    across = [float(xmin + k * width / 2) for k in (left, right)]
    return x, [*across, *(float(ymin + k * height / 2) for k in (low, high))]


def halves(rng: Rng) -> Trial:
    """Edges in the middle of cells."""
    x, e = on_halves(rng)
    snap = pick(rng, ["near", "in", "out"])
    ours, r = pick(
        rng,
        [
            (f"x.crop(e, snap={snap!r})", f"crop(x, e, snap = {lit(snap)})"),
            (f"pt.align(e, x, snap={snap!r})", f"align(e, x, snap = {lit(snap)})"),
            (f"x.extend(e, snap={snap!r})", f"extend(x, e, snap = {lit(snap)})"),
            ("x.cells(e)", "zero_based(cells(x, e))"),
            ("x.extract(e)", 'if (packageVersion("terra") < "1.8") x[cells(x, e)] else extract(x, e)'),
            ("(setattr(x, 'window', e), x)[1]", "{window(x) <- e; x}"),
        ],
    )
    return Trial("crop", {"x": x}, ours, f"{{e <- ext({lit(e)}); {r}}}", more={"e": pt.ext(*e)})


QUESTIONS: list[Callable[[Rng], Trial]] = [halves, halves, halves, halves]
