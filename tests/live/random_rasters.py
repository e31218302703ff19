"""Random rasters of every kind."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from live.trial import Given

SHAPES = [(1, 1), (1, 7), (6, 1), (5, 8), (11, 9), (13, 17), (8, 8)]
SHARES = [0.0, 0.1, 0.4, 0.9]


def a_raster(
    rng: np.random.Generator,
    *,
    nlyr: int | None = None,
    kind: str | None = None,
    least: int = 1,
    place: str | None = None,
    low: float = -20,
    high: float = 20,
    missing: bool = True,
) -> Given:
    """A raster with at least `least` rows and columns."""
    shapes = [s for s in SHAPES if min(s) >= least]
    nrow, ncol = shapes[rng.integers(len(shapes))]
    nlyr = nlyr or int(rng.integers(1, 5))
    kind = kind or str(rng.choice(["num", "num", "num", "double", "double", "int", "bool", "factor"]))
    where = place or str(rng.choice(["metres", "metres", "degrees", "none"]))
    empty = Given(np.empty((nlyr, nrow, ncol)), an_extent(rng, nrow, ncol, where), place=where)
    return filled(rng, empty, kind, low, high, missing)


def filled(
    rng: np.random.Generator,
    like: Given,
    kind: str = "num",
    low: float = -20,
    high: float = 20,
    missing: bool = True,
    nlyr: int | None = None,
) -> Given:
    """Other values on the grid of a raster."""
    shape = (nlyr or like.values.shape[0], *like.values.shape[1:])
    single = kind != "double"
    if kind in ("num", "double"):
        values = rng.uniform(low, high, shape)
        if rng.random() < 0.3:
            values = values.round(0)
        values = values.astype("float32").astype("float64") if single else values
        if missing:
            values[rng.random(shape) < SHARES[rng.integers(len(SHARES))]] = np.nan
        if missing and rng.random() < 0.2:
            values[:, :, rng.integers(shape[2])] = np.nan
        if missing and rng.random() < 0.1:
            values[rng.integers(shape[0])] = np.nan
        if missing and rng.random() < 0.04:
            values[:] = np.nan
        kind = "num"
    elif kind == "int":
        values = rng.integers(int(low), int(high) + 1, shape).astype("float64")
    elif kind == "bool":
        values = rng.integers(0, 2, shape).astype("float64")
    else:
        values = rng.integers(0, 5, shape).astype("float64")
    names = tuple(f"{'abcdef'[i % 6]}{i}" for i in range(shape[0]))
    return replace(like, values=values, kind=kind, single=single, names=names)


def an_extent(
    rng: np.random.Generator, nrow: int, ncol: int, place: str
) -> tuple[float, float, float, float]:
    """An extent with cells that are sometimes not square."""
    if place == "degrees":
        size = float(rng.choice([0.25, 0.5, 1.0]))
        xmin, ymax = float(rng.integers(-60, 60)), float(rng.integers(0, 60))
        return xmin, xmin + ncol * size, ymax - nrow * size, ymax
    width, height = (float(v) for v in rng.choice([10.0, 30.0, 100.0], 2))
    if place == "metres":
        xmin, ymax = 4_000_000.0 + 50 * int(rng.integers(20)), 3_000_000.0 - 50 * int(rng.integers(20))
    else:
        xmin, ymax = float(rng.integers(-5, 5)), float(rng.integers(-5, 5))
    return xmin, xmin + ncol * width, ymax - nrow * height, ymax
