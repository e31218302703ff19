"""The same expression on a grid of fewer cells: for maps and previews, which read overviews instead of everything."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from pyterra.expr.kinds import Cells, Constant, Halo, Init, Read, Regrid, Stack
from pyterra.expr.node import Array, Node
from pyterra.expr.source import Fetched
from pyterra.grid import Grid, Window
from pyterra.grid.extent import Extent


def coarse_grid(grid: Grid, factor: int) -> Grid:
    """Every `factor`-th row and column; the extent grows where the numbers do not divide."""
    nrow, ncol = -(-grid.nrow // factor), -(-grid.ncol // factor)
    e = grid.extent
    xmax = e.xmin + ncol * factor * grid.xres
    return Grid(Extent(e.xmin, xmax, e.ymax - nrow * factor * grid.yres, e.ymax), nrow, ncol, grid.crs)


def coarsen(node: Node, factor: int) -> Node:
    """A preview of a node: about one cell in `factor` per side.

    Files are read at reduced resolution, functions of one cell are exact for the cells that are read, neighbourhoods
    look at coarse neighbours. Where the geometry does not allow that, cells are picked from the full result.
    """
    return node if factor <= 1 else _coarsen(node, factor, {})


def _coarsen(node: Node, factor: int, done: dict[Node, Node]) -> Node:
    if node not in done:
        done[node] = _one(node, factor, done)
    return done[node]


def _one(node: Node, factor: int, done: dict[Node, Node]) -> Node:
    grid = coarse_grid(node.grid, factor)
    if isinstance(node, Constant | Init):
        return replace(node, grid=grid)
    if isinstance(node, Read):
        return replace(node, grid=grid, source=Reduced(node.source, factor, (node.grid.nrow, node.grid.ncol)))
    if isinstance(node, Cells | Stack):
        return replace(node, grid=grid, arguments=tuple(_coarsen(a, factor, done) for a in node.arguments))
    if isinstance(node, Halo):
        rows, cols = node.rows, node.cols
        if rows * 2 <= grid.nrow and cols * 2 <= grid.ncol:
            kernel = node.kernel.on(grid) if hasattr(node.kernel, "on") else node.kernel
            return replace(node, grid=grid, argument=_coarsen(node.argument, factor, done), kernel=kernel)
    if isinstance(node, Regrid) and hasattr(node.method, "between"):
        inputs = tuple(_coarsen(a, _own_factor(node.grid, a.grid, factor), done) for a in node.arguments)
        method = node.method.between(inputs[0].grid, grid)
        return replace(node, grid=grid, arguments=inputs, method=method, tile=None)
    return Regrid(
        grid=grid,
        layers=node.layers,
        dtype=node.dtype,
        arguments=(node,),
        method=Pick(factor, (node.grid.nrow, node.grid.ncol)),
    )


def _own_factor(target: Grid, source: Grid, factor: int) -> int:
    """The factor for an input whose cells are of another size: as many cells as the preview can show."""
    ratio = (source.cells / target.cells) ** 0.5
    return max(1, int(factor * min(1.0, ratio))) if ratio < 1 else factor


@dataclass(frozen=True, eq=False)
class Reduced:
    """A source at reduced resolution."""

    source: Any
    factor: int
    size: tuple[int, int]
    """Rows and columns at full resolution."""

    tile: None = None

    @property
    def stored_bytes(self) -> int:
        """Bytes of one stored value."""
        return int(self.source.stored_bytes)

    def fetched(self, bands: tuple[int, ...], window: Window) -> Fetched:
        """Values of a window of the coarse grid.

        The last row and column may stand for fewer cells: they are read by themselves, so that what is picked
        elsewhere does not depend on the window.
        """
        return Fetched(window, (), partial(self._values, bands))

    def _values(
        self, bands: tuple[int, ...], arrays: tuple[Array, ...], window: Window, dtype: np.dtype[Any]
    ) -> Array:
        out = np.empty((len(bands), window.nrow, window.ncol), dtype)
        for part in self._parts(window):
            rows, cols = part.slices_in(window)
            out[:, rows, cols] = self.read_reduced(bands, part, (part.nrow, part.ncol), dtype)
        return out

    def _parts(self, window: Window) -> list[Window]:
        full = Window(0, 0, self.size[0] // self.factor, self.size[1] // self.factor)
        rows = _cut(window.row, window.row_stop, full.nrow)
        cols = _cut(window.col, window.col_stop, full.ncol)
        return [Window(row, col, nrow, ncol) for row, nrow in rows for col, ncol in cols]

    def is_unchanged(self) -> bool:
        """Whether the fine one is."""
        return self.source.is_unchanged()

    def read_reduced(
        self, bands: tuple[int, ...], window: Window, shape: tuple[int, int], dtype: np.dtype[Any]
    ) -> Array:
        """Values of a window of the coarse grid at a further reduced resolution."""
        f = self.factor
        fine = Window(window.row * f, window.col * f, window.nrow * f, window.ncol * f)
        inside = fine.intersection(Window(0, 0, *self.size))
        assert inside is not None
        out: Array = self.source.read_reduced(bands, inside, shape, dtype)
        return out


def _cut(start: int, stop: int, at: int) -> list[tuple[int, int]]:
    """Start and length of what lies before and after a cut."""
    parts = [(start, min(stop, at) - start), (max(start, at), stop - max(start, at))]
    return [(first, length) for first, length in parts if length > 0]


@dataclass(frozen=True)
class Pick:
    """The cell in the middle of every group of `factor` x `factor`."""

    factor: int
    size: tuple[int, int]

    def windows(self, window: Window) -> tuple[Window | None, ...]:
        f = self.factor
        return (
            Window(window.row * f, window.col * f, window.nrow * f, window.ncol * f).intersection(
                Window(0, 0, *self.size)
            ),
        )

    def apply(
        self,
        arrays: tuple[Array | None, ...],
        windows: tuple[Window | None, ...],
        window: Window,
        nlyr: int,
        dtype: np.dtype[Any],
    ) -> Array:
        array = arrays[0]
        assert array is not None
        rows = np.minimum(np.arange(window.nrow) * self.factor + self.factor // 2, array.shape[1] - 1)
        cols = np.minimum(np.arange(window.ncol) * self.factor + self.factor // 2, array.shape[2] - 1)
        return np.ascontiguousarray(array[:, rows[:, None], cols[None, :]])

    def scratch(self, window: Window, nlyr: int) -> int:
        return window.cells * nlyr * 8  # picked cells come layer last and are copied
