"""The workloads, by family."""

from benchmarks.jobs import cells, engine, grids, models, series, stacks, windows

__all__ = ["cells", "engine", "grids", "models", "series", "stacks", "windows"]
