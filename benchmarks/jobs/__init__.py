"""The workloads, by family."""

from benchmarks.jobs import between, cells, engine, grids, landscape, models, series, stacks, vectors, windows

__all__ = [
    "between",
    "cells",
    "engine",
    "grids",
    "landscape",
    "models",
    "series",
    "stacks",
    "vectors",
    "windows",
]
