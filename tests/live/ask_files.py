"""Questions about verbs of terra 1.9 that change files or make them; 1.7-3 is asked for the same by what it has."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from live.ask_between import numbers
from live.trial import Trial, lit, py

Rng = np.random.Generator


def new_file(name: str = "a.tif") -> Path:
    """A path in a folder of its own."""
    return Path(tempfile.mkdtemp(prefix="pyterra-live-")) / name


def updated_cells(rng: Rng) -> Trial:
    x = numbers(rng)
    nlyr, nrow, ncol = x.values.shape
    cells = rng.permutation(nrow * ncol)[: rng.integers(1, 5)]
    layers = rng.permutation(nlyr)[: rng.integers(1, nlyr + 1)]
    count = int(rng.choice([1, len(cells), len(cells) * len(layers)]))
    values = np.round(rng.normal(0, 50, count), 2)
    if count == 1:
        each = np.full((len(layers), len(cells)), values[0])
    else:
        each = np.broadcast_to(values.reshape(-1, len(cells)), (len(layers), len(cells)))
    told = f"cells = {lit(cells + 1)}, values = {lit(values)}, layer = {lit(layers + 1)}"
    by_hand = "; ".join(
        f"x[[{layer + 1}]][{lit(cells + 1)}] <- {lit(own)}" for layer, own in zip(layers, each, strict=True)
    )
    return Trial(
        "update",
        {"x": x},
        "x.write_raster(new_file(), datatype='float64')"
        f".update(cells={py(cells)}, values={py(values)}, layer={py(layers)})",
        "if (exists('chunk', asNamespace('terra'))) {"
        f"f <- tempfile(fileext = '.tif'); update(writeRaster(x, f, datatype = 'FLT8S'), {told}); rast(f) + 0"
        f"}} else {{{by_hand}; x + 0}}",
        more={"new_file": new_file},
    )


def updated_names(rng: Rng) -> Trial:
    x = numbers(rng, place="metres")
    name, extent = f"n{rng.integers(99)}", [float(v) for v in (1, rng.integers(2, 9), -5, rng.integers(9))]

    def described(x: Any) -> Any:
        made = x.write_raster(new_file(), datatype="float64")
        made.names, made.ext, made.crs = [f"{name}_{i}" for i in range(len(x))], extent, "EPSG:3857"
        return pt_rast(made.update(names=True, extent=True, crs=True).sources()[0])

    return Trial(
        "update",
        {"x": x},
        "described(x)",
        f"{{f <- tempfile(fileext = '.tif'); y <- writeRaster(x, f, datatype = 'FLT8S'); names(y) <- paste0('{name}_', "
        f"seq_len(nlyr(y)) - 1); ext(y) <- {lit(extent)}; crs(y) <- 'EPSG:3857'; "
        "update(y, names = TRUE, extent = TRUE, crs = TRUE); rast(f) + 0}",
        more={"described": described},
    )


def pt_rast(path: str) -> Any:
    import pyterra as pt

    return pt.rast(path)


QUESTIONS: list[Callable[[Rng], Trial]] = [*[updated_cells] * 3, *[updated_names] * 2]
