"""Questions about the shape of the land, areas of cells and adjacent cells."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from live.ask_cells import pick
from live.random_rasters import a_raster
from live.trial import Given, Trial, lit

Rng = np.random.Generator


def heights(rng: Rng, missing: bool = True, least: int = 1) -> Given:
    """A layer whose neighbours are never equal."""
    x = a_raster(
        rng, nlyr=1, least=least, kind=pick(rng, ["num", "double"]), low=0, high=900, missing=missing
    )
    values = rng.uniform(0, 900, x.values.shape).astype("float32").astype(float)
    return replace(x, values=np.where(np.isnan(x.values), np.nan, values))


def slopes(rng: Rng) -> Trial:
    x, v = heights(rng), pick(rng, ["slope", "aspect"])
    neighbors, unit = pick(rng, [8, 4]), pick(rng, ["degrees", "radians"])
    r = f"terrain(x, {v!r}, neighbors = {neighbors}, unit = {unit!r})"
    if v == "aspect":  # 1.7-3 gave some of them below 0
        turn = 360 if unit == "degrees" else 2 * np.pi
        r = f"by_values(`%%`, {r}, {turn})"
    return Trial("terrain", {"x": x}, f"x.terrain({v!r}, {neighbors}, {unit!r})", r)


def terrain(rng: Rng) -> Trial:
    v = pick(rng, ["TPI", "TRI", "roughness", "flowdir"])
    x = heights(rng, missing=v in ("TPI", "TRI"))
    ours = f"x.terrain({v!r})"
    if v == "flowdir":  # newer versions know it at the edges too
        ours = f"{ours}.mask(x.terrain('TPI'))"
    r = f"terrain(x, {v!r})"
    if v == "flowdir":  # 1.7-3 knows no pits: it takes the smallest rise
        r = f"ifel(focal(x, 3, 'min') == x, 0, {r})"
    return Trial("terrain", {"x": x}, ours, r)


def several(rng: Rng) -> Trial:
    # terra 1.7-3 fails for one row
    return Trial(
        "terrain",
        {"x": heights(rng, least=5)},
        "x.terrain(['slope', 'TPI'])",
        "terrain(x, c('slope', 'TPI'))",
    )


def boundaries(rng: Rng) -> Trial:
    x = a_raster(rng, nlyr=1, kind=pick(rng, ["num", "int"]), low=-1, high=1)
    classes, inner = bool(rng.integers(2)), bool(rng.integers(2))
    directions, falseval = pick(rng, [8, 4]), pick(rng, [0, 5, None])
    r = f"boundaries(x, FALSE, {lit(inner)}, {directions}, {lit(falseval)})"
    if classes:  # terra compares the neighbours with each other, so that a cell alone in its class is no edge
        r = f"class_edges(x, {lit(inner)}, {directions}, {lit(falseval)})"
    ours = f"x.boundaries(classes={classes}, inner={inner}, directions={directions}, falseval={falseval})"
    return Trial("boundaries", {"x": x}, ours, r)


def cell_size(rng: Rng) -> Trial:
    x = a_raster(rng, place=pick(rng, ["metres", "degrees"]), kind="num")
    mask, unit, transform = bool(rng.integers(2)), pick(rng, ["m", "km", "ha"]), bool(rng.integers(2))
    r = f"cellSize(x[[1]], mask = {lit(mask)}, unit = {lit(unit)}, transform = {lit(transform)})"
    ours = f"x.cell_size(mask={mask}, unit={unit!r}, transform={transform})"
    return Trial("cell_size", {"x": x}, ours, r, names=False, rtol=1e-7)


def adjacent(rng: Rng) -> Trial:
    x = a_raster(rng)
    cells = rng.integers(0, int(np.prod(x.values.shape[1:])), 5).tolist()
    directions = pick(rng, ["rook", "bishop", "queen", "16"])
    pairs, include = bool(rng.integers(2)), bool(rng.integers(2))
    theirs = f"adjacent(x, {lit(cells)} + 1, {lit(directions)}, {lit(pairs)}, {lit(include)})"
    ours = f"x.adjacent({cells}, {directions!r}, pairs={pairs}, include={include})"
    return Trial("adjacent", {"x": x}, ours, f"zero_based({theirs})", names=False)


def adjacent_around(rng: Rng) -> Trial:
    x = a_raster(rng, place="degrees", least=5)
    x = replace(x, extent=(-180.0, 180.0, -90.0, 90.0))
    cells = rng.integers(0, int(np.prod(x.values.shape[1:])), 5).tolist()
    directions = pick(rng, ["rook", "queen"])
    r = f"zero_based(adjacent(x, {lit(cells)} + 1, {lit(directions)}))"
    return Trial("adjacent", {"x": x}, f"x.adjacent({cells}, {directions!r})", r, names=False)


def shade(rng: Rng) -> Trial:
    angle, direction = float(rng.integers(10, 80)), float(rng.integers(360))
    normalize = bool(rng.integers(2))
    ours = "x.terrain('slope', unit='radians').shade(x.terrain('aspect', unit='radians'), "
    theirs = "shade(terrain(x, 'slope', unit = 'radians'), terrain(x, 'aspect', unit = 'radians'), "
    return Trial(
        "shade",
        {"x": heights(rng)},
        f"{ours}{angle}, {direction}, normalize={normalize})",
        f"{theirs}{angle}, {direction}, {lit(normalize)})",
        names=False,
    )


QUESTIONS: list[Callable[[Rng], Trial]] = [
    slopes, slopes, slopes, terrain, terrain, several, boundaries, boundaries, cell_size, cell_size, adjacent, shade,
    adjacent_around,
]  # fmt: skip
