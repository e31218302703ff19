"""The workloads, by family."""

from benchmarks.jobs import cells, engine, grids, series, stacks, windows

__all__ = ["cells", "engine", "grids", "series", "stacks", "windows"]
