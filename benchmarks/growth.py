"""How cost grows: with cells, with layers, with files, with threads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

import pyterra as pt
from benchmarks.data import Data, surface
from benchmarks.job import LZW
from benchmarks.timing import clock

SAMPLES = 3


@dataclass(frozen=True)
class Point:
    """What one size cost."""

    grows: str
    """With what: cells, layers, files or threads."""
    work: str
    """What was done."""
    size: float
    """Millions of cells, or how many layers, files or threads."""
    cpu: float
    """Seconds of CPU time, median."""
    wall: float
    """Seconds on the clock, median."""


def growth(data: Data) -> list[Point]:
    """All that is on the page."""
    return [*_cells(data), *_layers(data), *_files(data), *_threads(data)]


def as_json(points: list[Point]) -> list[dict[str, Any]]:
    """The points as they are kept in a file."""
    return [asdict(point) for point in points]


def _timed(grows: str, work: str, size: float, call: Callable[[], Any]) -> Point:
    call()
    samples = [clock(call) for _ in range(SAMPLES)]
    return Point(grows, work, size, median(s.cpu for s in samples), median(s.wall for s in samples))


def _cells(data: Data) -> list[Point]:
    points = []
    for share in (8, 4, 2, 1):
        side = data.sizes.large // share
        layer = pt.rast(surface(side, 3)).compute()
        path, out = data.output("cells"), data.output("focal")
        layer.write_raster(path, overwrite=True, options=LZW)
        size = side * side / 1e6

        def to_file(path: Path = path, out: Path = out) -> None:
            pt.rast(path).focal(3, "mean", na_rm=True).write_raster(out, overwrite=True, options=LZW)

        points += [
            _timed(
                "cells", "focal mean 3 x 3, in memory", size, lambda x=layer: x.focal(3, "mean").compute()
            ),
            _timed("cells", "focal mean 3 x 3, file to file", size, to_file),
        ]
    return points


def _layers(data: Data) -> list[Point]:
    side, points = data.sizes.middle // 2, []
    one = surface(side, 4)
    for count in (6, 12, 24, 48, 96):
        stack = pt.c(*(pt.rast(one + i) for i in range(count))).compute()
        for fun in ("mean", "median"):
            call = lambda x=stack, f=fun: x.app(f).compute()  # noqa: E731
            points.append(_timed("layers", f"{fun} of layers, in memory", count, call))
    return points


def _files(data: Data) -> list[Point]:
    return [
        _timed("files", "read_rasters", count, lambda n=count: pt.read_rasters(data.files[:n], dtype="uint8"))
        for count in (10, 25, 50, 100)
    ]


def _threads(data: Data) -> list[Point]:
    hills, target = pt.rast(data.hills).compute(), pt.rast(data.degrees)
    out = data.output("threads")

    def index() -> None:
        red, nir = pt.rast(data.red), pt.rast(data.nir)
        ((nir - red) / (nir + red)).write_raster(out, overwrite=True, options=LZW)

    def projected() -> None:
        pt.rast(data.hills).project(target, "bilinear").write_raster(out, overwrite=True, options=LZW)

    works = {
        "focal median 11 x 11, in memory": lambda: hills.focal(11, "median", na_rm=True).compute(),
        "vegetation index, file to file": index,
        "project, file to file": projected,
    }
    points = []
    for work, call in works.items():
        for count in (1, 2):
            with pt.options(workers=count):
                points.append(_timed("threads", work, count, call))
    return points
