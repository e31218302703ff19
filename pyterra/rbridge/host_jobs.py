"""Whole jobs for the R package: `pyterra.workflows`, with reports as lists of numbers and texts.

What they tell while they run goes to stderr, which R shows in its console.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any


def gapfill(inputs: Any, out: str, options: dict[str, Any]) -> dict[str, Any]:
    """Fill a dated stack of files; see `pyterra.workflows.gapfill`."""
    if isinstance(options.get("rule"), list):
        options = {**options, "rule": tuple(options["rule"])}
    report = _workflow("gapfill").gapfill(inputs, out, **options)
    return {
        "paths": [str(path) for path in report.paths],
        "quality": [str(path) for path in report.quality],
        "dates": [str(day) for day in report.dates],
        "layers": list(report.names),
        "before": list(report.before),
        "after": list(report.after),
        "never": report.never,
        "cells": report.cells,
        "text": str(report),
    }


def croplands(inputs: Any, out: str, options: dict[str, Any]) -> dict[str, Any]:
    """Make annual maps of cropland; see `pyterra.workflows.croplands`."""
    return _croplands(_workflow("croplands").croplands(inputs, out, **options))


def croplands_demo(out: str, options: dict[str, Any]) -> dict[str, Any]:
    """Try the croplands job on made input; see `pyterra.workflows.demo`."""
    return _croplands(_workflow("demo").demo(out, say=_say, **options))


def _workflow(name: str) -> Any:
    return import_module(f"pyterra.workflows.{name}")  # a layer above this one: by name, when it is asked for


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _croplands(report: Any) -> dict[str, Any]:
    made = [(name, year, str(path)) for name, years in report.paths.items() for year, path in years.items()]
    resolutions, years, paths = (list(column) for column in zip(*made, strict=True))
    return {
        "out": str(report.out),
        "maps": {"resolution": resolutions, "year": years, "path": paths},
        "pictures": [str(path) for path in report.pictures],
        "catalogue": str(report.catalogue),
        "with_cropland": report.with_cropland,
        "failures": [str(failure) for failure in report.failures],
        "text": report.text.rstrip(),
    }
