"""Where geometries lie: what masks are made of."""

from __future__ import annotations

from typing import Any

import numpy as np

from pyterra.between.burned import points_burner, shapes_burner
from pyterra.between.fields import one_group
from pyterra.between.geoms import geoms_on
from pyterra.between.shapes import Rule
from pyterra.expr import Init, Layer
from pyterra.grid import Grid
from pyterra.raster.build import FLOAT32
from pyterra.statistics import TABLE

NAN = float("nan")


def presence(value: Any, grid: Grid, verb: str, *, touches: bool) -> Init:
    """1 where geometries (or an extent) lie, missing elsewhere."""
    geoms, _, kind = geoms_on(value, grid, verb)
    ones, groups, last = np.ones(len(geoms)), one_group(len(geoms)), TABLE["last"]
    if kind == "points":
        kernel: Any = points_burner(geoms, grid, ones, groups, last, NAN)
    else:
        polygon = kind == "polygons"
        rule: Rule = "touch" if touches else "centre" if polygon else "path"
        kernel = shapes_burner(geoms, grid, ones, groups, last, NAN, rule, polygon=polygon)
    return Init(grid=grid, layers=(Layer("layer"),), dtype=FLOAT32, kernel=kernel, temporaries=52.0)
