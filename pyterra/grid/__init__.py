"""Georeferenced grids: where the cells are. No pixel is known here."""

from pyterra.grid.grid import Grid
from pyterra.grid.window import Window

__all__ = ["Grid", "Window"]
