"""The workloads, by family."""

from benchmarks.jobs import (
    between,
    bridge,
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
