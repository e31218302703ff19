"""Where pyterra differs from terra on purpose: mostly from 1.7-3, where newer versions do, or where terra is wrong.

Where R can be asked for the right answer in another way, the questions do so (`terra.R`):

=================  ====================================================================================================
remainder          ``%%`` and ``%/%`` follow R (the sign of the divisor, floor); 1.7-3 gave C's fmod and truncation
logic              ``NA & TRUE`` is NA; 1.7-3 gave 0
ifel               a missing test gives a missing cell; 1.7-3 gave one of the values
crop               ``extend=TRUE`` gives the extent asked for; 1.7-3 kept all of x
extend             four numbers are cells left, right, below and above; 1.7-3 took them for an extent
merge              missing cells are filled from the next raster; 1.7-3 left them missing
resample, project  GDAL takes a cell that is missing in one layer only for valid in all: layers are asked one by one.
                   Beyond the edge of the source, and for a grid that reaches over it, GDAL repeats edge cells and picks
                   another width of kernel by chance of its windows: grids lie inside, or cover the same ground. The
                   width of cubicspline for larger cells is rounded by GDAL (0.5 %), that of lanczos differs: not asked
which, cells       positions count from 0; outside is -1
distance           between cells of the plane is asked of all pairs: 1.7-3 looks along rows and columns, and takes the
                   width of a cell for its height. To polygons and lines it takes vertices only: not asked
extract, zonal     of polygons that hold no centre 1.7-3 takes the cells of the vertices: only others are asked for. A sum
                   of no values is missing. On lon/lat terra measures fractions on the sphere: not asked
rasterize          where polygons overlap, touches=TRUE of 1.7-3 does not draw the last on top: one polygon is asked for
interp_idw         maxPoints of 1.7-3 is of no order, and leaves cells out: not asked
std                is asked for as a function of R where 1.7-3 does not know the name
=================  ====================================================================================================

The others are told by the table below.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyproj
from live.session import ErrorAnswer, VectorAnswer
from live.trial import Given, Trial


@dataclass(frozen=True)
class Known:
    """A difference that is meant."""

    verb: str
    applies: Callable[[Trial, Any], bool]
    """Whether a trial, with terra's answer, is such a case."""
    reason: str
    before: str = ""
    """The version of terra from which on it is no difference any more."""


def _says(text: str) -> Callable[[Trial, Any], bool]:
    return lambda trial, answer: isinstance(answer, ErrorAnswer) and text in answer.message


def _asks(*texts: str) -> Callable[[Trial, Any], bool]:
    return lambda trial, answer: all(text in trial.py for text in texts)


def _narrow(trial: Trial, answer: Any) -> bool:
    """Whether a raster, given or taken, has one row or column."""
    shapes = [given.values.shape for given in trial.inputs.values() if isinstance(given, Given)]
    return any(1 in shape[1:] for shape in [*shapes, getattr(answer, "shape", ())])


def _both(*tests: Callable[[Trial, Any], bool]) -> Callable[[Trial, Any], bool]:
    return lambda trial, answer: all(test(trial, answer) for test in tests)


def _infinite(trial: Trial, answer: Any) -> bool:
    return bool(np.isinf(answer.values).any())


def _fewer_columns(trial: Trial, answer: Any) -> bool:
    names = {name for given in trial.inputs.values() for name in getattr(given, "atts", {})}
    return isinstance(answer, VectorAnswer) and len(answer.columns) < len(names)


def _lonlat(trial: Trial, answer: Any) -> bool:
    return any(given.place == "degrees" for given in trial.inputs.values())


NEARLY = 0.02
"""How much less steep, of itself, a way may be that terra takes: rows and diagonals are measured otherwise there."""


def _nearly_as_steep(trial: Trial, answer: Any) -> bool:
    """Whether all ways that differ fall about as much, on the ellipsoid."""
    geod = pyproj.Geod(ellps="WGS84")
    given = trial.inputs["x"]
    z, (xmin, xmax, ymin, ymax) = given.values[0], given.extent
    nrow, ncol = z.shape
    padded, zero = np.pad(z, 1, constant_values=np.nan), np.zeros(nrow)
    wide, half = (xmax - xmin) / ncol, (ymax - ymin) / nrow / 2
    y = ymax - (2 * np.arange(nrow) + 1) * half
    along, down = geod.inv(zero, y, zero + wide, y)[2], geod.inv(zero, y - half, zero, y + half)[2]
    falls = {0.0: np.zeros(z.shape)}
    for k, (i, j) in enumerate([(0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1), (-1, 0), (-1, 1)]):
        there = padded[1 + i : 1 + i + nrow, 1 + j : 1 + j + ncol]
        falls[float(1 << k)] = (z - there) / np.hypot(j * along, i * down)[:, None]
    ours, theirs = (np.asarray(v, float).reshape(z.shape) for v in (trial.ours().to_numpy(), answer.values))
    for cell in np.argwhere((ours != theirs) & ~np.isnan(ours) & ~np.isnan(theirs)).tolist():
        a, b = (falls[float(v[tuple(cell)])][tuple(cell)] for v in (ours, theirs))
        if not abs(a - b) <= NEARLY * max(a, b):
            return False
    return True


def _flags(trial: Trial, answer: Any) -> bool:
    return any(getattr(given, "kind", "") == "bool" for given in trial.inputs.values())


def _points(trial: Trial, answer: Any) -> bool:
    return "MULTIPOINT" in str(trial)


STATISTICS = {"summary": "", "app": "'", "focal": "'", "aggregate": "'"}
"""Verbs that take a statistic, and the quotation mark around its name."""

KNOWN = [
    *(
        Known(
            verb,
            _asks(f"{mark}any"),
            "with a missing value any() is missing, without any value 0; 1.7-3: 1, missing",
        )
        for verb, mark in STATISTICS.items()
    ),
    *(
        Known(verb, _asks(f"{mark}all", "na_rm=False"), "a false value makes all() false, wherever it stands")
        for verb, mark in STATISTICS.items()
    ),
    *(
        Known(
            verb,
            _asks(f"{mark}modal"),
            "1.7-3 has no na.rm in modal: a missing value counts like another value",
        )
        for verb, mark in STATISTICS.items()
    ),
    Known("aggregate", _asks("'all'", "na_rm=True"), "all() without any value is missing; 1.7-3 gave 1"),
    Known("aggregate", _asks("'prod'", "na_rm=True"), "a product of no values is missing; 1.7-3 gave 1"),
    Known(
        "app",
        _both(_asks("np.array"), _narrow),
        "1.7-3 lays out several values of a function by rows instead of layers where there is one column",
    ),
    Known("cover", _asks("values=[0, nan]"), "all of several values are covered; 1.7-3 looked for NA alone"),
    Known(
        "crop",
        _both(_asks("snap='in'"), _narrow),
        "where no whole cell lies inside, the one at the middle; terra takes a corner's",
    ),
    Known(
        "disagg",
        _both(_asks("'bilinear'"), _narrow),
        "one row or column is interpolated along; GDAL repeats its cells",
    ),
    Known(
        "buffer", _says("no locations"), "without anything to go to, nothing is within reach; 1.7-3 refuses"
    ),
    Known(
        "distance", _says("no locations"), "without anything to go to, distances are missing; 1.7-3 refuses"
    ),
    Known("distance", _says("CRS not defined"), "without a CRS coordinates are planar; 1.7-3 refuses"),
    Known("focal", _says("weights other than 0, 1, or NA"), "1.7-3 refuses na.rm with weights"),
    Known("global_", _both(_asks("'rms'"), _infinite), "one cell has no rms of n - 1 = 0; terra gives Inf"),
    Known("global_", _says("could not find function"), "1.7-3 does not know std here"),
    Known("zonal", _asks("'prod'", "na_rm=True"), "a product of no values is missing; R's is 1"),
    Known("patches", _both(_asks("patches(8"), _narrow), "1.7-3 joins cells of one column that do not touch"),
    *(
        Known(verb, _fewer_columns, "1.7-3 drops the columns of a side of which nothing is left")
        for verb in ("symdif", "cover", "union")
    ),
    Known(
        "rotate", _says("same geometry type"), "1.7-3 fails where nothing is left on one side", before="1.8"
    ),
    Known(
        "rotate",
        _asks("shift(175).rotate(180, split=True)"),
        "what ends before the meridian stays where it is",
    ),
    Known(
        "mask",
        _both(_asks("updatevalue"), _flags),
        "a layer of true and false that gets another number holds numbers; 1.9 makes it true",
    ),
    Known("spin", _lonlat, "on the ellipsoid; 1.7-3 turns degrees as if they were plane", before="1.8"),
    Known("geom", _points, "each point is a part; in 1.7-3 all points of a geometry are one", before="1.8"),
    Known("match", _narrow, "layer after layer; terra mixes up the layers of one row or column"),
    Known(
        "terrain",
        lambda trial, answer: (
            _says("nrow(w) > 2 * nrow(x)")(trial, answer) or _says("ncol(w) > 2 * ncol(x)")(trial, answer)
        ),
        "of one row or column; there terra refuses windows, by which it is asked for pits",
    ),
    Known(
        "terrain",
        _both(_asks("'flowdir'"), _lonlat, _nearly_as_steep),
        "of nearly equal slopes the steeper one on the ellipsoid; terra measures rows as at the equator",
    ),
    Known(
        "layer_cor", _says("no complete element pairs"), "missing, where no cell has all layers; R refuses"
    ),
    Known("crop", _says("replacement has 1 rows, data has 0"), "terra 1.9 joins no records of nothing"),
    Known("trim", _says("invalid extent"), "padding ends at the edge of the raster; 1.7-3 fails"),
]


def known(trial: Trial, answer: Any, version: str) -> str | None:
    """The reason why a difference from a version of terra is meant, or None."""
    return next(
        (
            k.reason
            for k in KNOWN
            if k.verb == trial.verb
            and (not k.before or _numbers(version) < _numbers(k.before))
            and k.applies(trial, answer)
        ),
        None,
    )


def _numbers(version: str) -> list[int]:
    return [int(part) for part in version.split(".")]
