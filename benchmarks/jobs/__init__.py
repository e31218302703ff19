"""The workloads, by family."""

from benchmarks.jobs import (
    between,
    bridge,
    calls,
    cells,
    engine,
    grids,
    landscape,
    models,
    relief,
    rfunctions,
    series,
    stacks,
    values,
    vectors,
    windows,
)

__all__ = [
    "between",
    "bridge",
    "calls",
    "cells",
    "engine",
    "grids",
    "landscape",
    "models",
    "relief",
    "rfunctions",
    "series",
    "stacks",
    "values",
    "vectors",
    "windows",
]
