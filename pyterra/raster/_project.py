"""Values on a grid of another CRS: the geometry behind `project`."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from pyterra import kernels
from pyterra.expr import Array, ManyInputs, Thinned
from pyterra.frozen import dataclass
from pyterra.grid import Grid, Window
from pyterra.grid.crs import transformer, turn_of
from pyterra.kernels.outlines import Pieces, Sphere
from pyterra.raster._geolocated import locate
from pyterra.raster._pieces import Cutter
from pyterra.raster._resample import (
    AREA,
    bytes_in_float64,
    bytes_joined,
    preview_factor,
    span_of_rows,
    turn_beyond,
)

LATTICE = 16
"""Cells between two positions that are transformed exactly."""
LATTICE_ERROR = 1e-4
"""Cells of the source by which an interpolated position may be off; beyond it, and beside such, cells are transformed."""
SURVEY = 33
"""Places per side of a grid that are looked at to know what a projection does to it."""
TORN = 8.0
"""Times the usual size of a footprint beyond which one is looked at: it may be torn apart, or close to a pole."""
FEW = 10_000
"""Cells of a target that may be so large that all of a map lies within one, and none of its corners."""
POINT = 1e-3
"""Cells within which the ends of all meridians lie where a pole is a point of a map, and not a line."""
AT_ONCE = 64
"""Squares that are transformed cell by cell together, so that what that needs beside its result stays small."""
REMEMBERED = 2
"""Windows whose positions a thread remembers: a block is planned for, asked for its inputs, and computed."""
SQUARES = 2048
"""Squares whose cells were transformed one by one that a thread keeps, of a projection."""

_local = threading.local()


def _remembered(key: Any, make: Callable[[], Any], kind: str = "windows") -> Any:
    """What this thread made for a key a moment ago, or makes now."""
    known: OrderedDict[Any, Any] = _local.__dict__.setdefault(kind, OrderedDict())
    if key not in known:
        known[key] = make()
        while len(known) > REMEMBERED:
            known.popitem(last=False)
    known.move_to_end(key)
    return known[key]


@dataclass(frozen=True)
class Project(ManyInputs):
    """Values at the cells of a grid of another CRS; given its input twice, for either side of a seam."""

    source: Grid
    target: Grid
    method: str
    size: tuple[float, float] = (1.0, 1.0)
    """Rows and columns of the source to a cell, usually."""
    folds: bool = False
    """Whether the target reaches beyond the map, where a projection gives places that lie elsewhere on it."""
    poles: tuple[tuple[float, float, float], ...] = ()
    """North and south pole of the source: row there, and place in the target (row, column).

    A row infinitely far away, and no place, where the pole is no point of the target.
    """
    weight: float = 1.0
    """What sums are multiplied by: cells of a preview stand for others."""

    @classmethod
    def of(cls, source: Grid, target: Grid, method: str) -> Project:
        """With all that is to be known of two grids beforehand."""
        how = cls(source, target, method)
        how = replace(how, folds=how._folds_back())
        return replace(how, size=how._usual_size(), poles=how._find_poles())

    def input_factor(self, factor: int) -> int | None:
        return preview_factor(factor, self.size)

    def coarser(self, inputs: Sequence[Thinned], result: Thinned) -> ManyInputs:
        weight = self.weight * (inputs[0].factor / result.factor) ** 2
        return replace(Project.of(inputs[0].grid, result.grid, self.method), weight=weight)

    @property
    def scale(self) -> tuple[float, float]:
        """Widening of kernels where cells become larger: one for all of the map, so that it does not depend on blocks."""
        return kernels.sample.kernel_scale(self.size[0]), kernels.sample.kernel_scale(self.size[1])

    # Positions

    def exact(self, rows: Array, cols: Array) -> Array:
        """Positions in the source, shape (2, ...), of fractional rows and columns of the target; NaN where undefined."""
        x = self.target.extent.xmin + cols * self.target.xres
        y = self.target.extent.ymax - rows * self.target.yres
        x, y = (np.ravel(v) for v in np.broadcast_arrays(x, y))
        found = self._in_source(x, y)
        found[:, ~np.isfinite(found).all(axis=0)] = np.nan
        if self.folds:
            found[:, self._off_the_map(x, y)] = np.nan
        found[1] = self.source.turn.home(found[1])
        return found.reshape(2, *np.broadcast_shapes(np.shape(rows), np.shape(cols)))

    def _in_source(self, x: Array, y: Array) -> Array:
        """Positions in the source, shape (2, n), of places in the target's CRS."""
        told = self.source.geolocation
        there = transformer(self.target.crs, told.crs if told else self.source.crs).transform(x, y)
        if told:
            return locate(told, *there)
        return np.stack(
            [
                (self.source.extent.ymax - np.asarray(there[1])) / self.source.yres,
                (np.asarray(there[0]) - self.source.extent.xmin) / self.source.xres,
            ]
        )

    def _off_the_map(self, x: Array, y: Array) -> Array:
        """Whether the place on the earth that a projection gives lies elsewhere on its map."""
        to_degrees = transformer(self.target.crs, "")
        lon, lat = to_degrees.transform(x, y)
        back_x, back_y = to_degrees.transform(lon, lat, direction="INVERSE")
        turn = turn_of(self.target.crs)
        with np.errstate(invalid="ignore"):
            aside = np.abs(back_x - x)
            aside = np.abs(aside - turn * np.rint(aside / turn)) if turn else aside
            near = (aside < self.target.xres / 10) & (np.abs(back_y - y) < self.target.yres / 10)
        return np.asarray(~near)

    def _survey(self, shift: tuple[float, float] = (0.0, 0.0)) -> tuple[Array, Array]:
        """Rows and columns of places all over the target, from edge to edge."""
        rows = np.linspace(0, self.target.nrow, SURVEY) + shift[0]
        cols = np.linspace(0, self.target.ncol, SURVEY) + shift[1]
        return rows[:, None], cols[None, :]

    def _folds_back(self) -> bool:
        if self.target.is_lonlat:
            return False
        rows, cols = np.broadcast_arrays(*self._survey())
        x = self.target.extent.xmin + cols.ravel() * self.target.xres
        y = self.target.extent.ymax - rows.ravel() * self.target.yres
        return bool(self._off_the_map(x, y).any())

    def _usual_size(self) -> tuple[float, float]:
        """What cells all over the target span in the source, where they lie in it: the lower quartile.

        Kernels are widened by it. The median widened those of a map of the world (Robinson, 2 degrees) by 1.12, which
        made a smooth field five times worse, for the sake of the many cells that are narrow towards the poles.
        """
        here, right, down = (
            self.exact(*self._survey(shift)) for shift in ((0.0, 0.0), (0.0, 1.0), (1.0, 0.0))
        )
        steps = [self.source.turn.steps(np.stack([there[1], here[1]]), 0)[0] for there in (right, down)]
        with np.errstate(invalid="ignore"):
            inside = (here >= 0).all(axis=0) & (here[0] <= self.source.nrow) & (here[1] <= self.source.ncol)
            sizes = np.stack([np.hypot(right[0] - here[0], down[0] - here[0]), np.hypot(*steps)])[:, inside]
        sizes = sizes[:, np.isfinite(sizes).all(axis=0)]
        return (
            (float(np.quantile(sizes[0], 0.25)), float(np.quantile(sizes[1], 0.25)))
            if sizes.size
            else (1.0, 1.0)
        )

    def _find_poles(self) -> tuple[tuple[float, float, float], ...]:
        source, target = self.source, self.target
        if source.turn.period == np.inf:
            return ()
        quarter, lon = turn_of(source.crs) / 4, np.linspace(0, 270, 4)
        found = []
        for sign in (1.0, -1.0):
            x, y = lon / 90 * quarter, np.full(4, sign * quarter)
            if not source.is_lonlat:
                x, y = transformer(source.crs, "").transform(
                    lon, np.full(4, sign * 90.0), direction="INVERSE"
                )
            x, y = (np.where(np.isfinite(v), v, np.nan) for v in (x, y))
            there_x, there_y = transformer(target.crs, source.crs).transform(x, y, direction="INVERSE")
            rows, cols = (
                (target.extent.ymax - there_y) / target.yres,
                (there_x - target.extent.xmin) / target.xres,
            )
            rows, cols = (np.where(np.isfinite(v), v, np.nan) for v in (rows, cols))
            apart = target.turn.steps(np.stack([cols, np.full(4, cols[0])]), 0)[0]
            if np.isfinite(rows).all() and max(np.ptp(rows), apart.max()) < POINT:
                found.append(((source.extent.ymax - y[0]) / source.yres, rows[0], cols[0]))
            else:
                found.append((-sign * np.inf, np.nan, np.nan))
        return tuple(found)

    def positions(self, window: Window, half: float = 0.5) -> Array:
        """Positions in the source of the centres (or, at 0.0, upper left corners) of cells, shape (2, row, col).

        A lattice is transformed exactly and interpolated, in squares that lie at fixed places of the target and pass a
        test; those that do not, and the squares beside them, are transformed cell by cell. So a position does not
        depend on the window.
        """
        n = LATTICE
        nodes, bad, row, col = self._lattice(window, half)
        nrow, ncol = bad.shape
        begin, shape = (row * n, col * n), (nrow * n, ncol * n)
        found = kernels.lattice.interpolate(nodes[:, 1:-1, 1:-1], n, begin, shape)
        squares = found.reshape(2, nrow, n, ncol, n).transpose(1, 3, 0, 2, 4)
        places = np.argwhere(bad)
        for k in range(0, len(places), AT_ONCE):
            i, j = places[k : k + AT_ONCE].T
            squares[i, j] = self._exact_squares(i + row, j + col, half)
        inside = window.slices_in(Window(*begin, *shape))
        return np.ascontiguousarray(found[:, *inside])

    def _lattice(self, window: Window, half: float) -> tuple[Array, Array, int, int]:
        """Positions of the nodes of the squares over a window, and of two more squares on each side; which are bad; and
        the first square."""
        return _remembered((self, window, half), lambda: self._find_lattice(window, half), "lattices")

    def _find_lattice(self, window: Window, half: float) -> tuple[Array, Array, int, int]:
        n = LATTICE
        row, col = window.row // n, window.col // n
        nrow, ncol = -(-window.row_stop // n) - row, -(-window.col_stop // n) - col
        nodes = self.exact(
            (np.arange(row - 2, row + nrow + 3) * n + half)[:, None],
            (np.arange(col - 2, col + ncol + 3) * n + half)[None, :],
        )
        return nodes, self._bad_squares(nodes, row, col, half), row, col

    def _exact_squares(self, rows: Array, cols: Array, half: float) -> Array:
        """Positions of all cells of some squares of the lattice, shape (square, 2, row, col).

        They are kept: who plans blocks asks for them, too, and blocks share squares.
        """
        known = _remembered((self, half), dict, "squares")
        keys = list(zip(rows.tolist(), cols.tolist(), strict=True))
        new = [k for k, key in enumerate(keys) if key not in known]
        held = {key: known[key] for key in keys if key in known}
        if new:
            inner = np.arange(LATTICE) + half
            y, x = (v[new, None] * LATTICE + inner for v in (rows, cols))
            found = self.exact(y[:, :, None], x[:, None, :]).transpose(1, 0, 2, 3)
            held.update(zip((keys[k] for k in new), found, strict=True))
            if len(known) + len(new) > SQUARES:
                known.clear()
            known.update((keys[k], held[keys[k]]) for k in new)
        return np.stack([held[key] for key in keys])

    def _bad_squares(self, nodes: Array, row: int, col: int, half: float) -> Array:
        """Whether squares must be transformed cell by cell: they, or ones beside them, fail a test in the middle."""
        nrow, ncol = nodes.shape[1] - 3, nodes.shape[2] - 3
        middle = LATTICE // 2 + half
        truth = self.exact(
            ((np.arange(nrow) + row - 1) * LATTICE + middle)[:, None],
            ((np.arange(ncol) + col - 1) * LATTICE + middle)[None, :],
        )
        with np.errstate(invalid="ignore"):
            bad = ~(np.abs(truth - kernels.lattice.middles(nodes)) <= LATTICE_ERROR).all(axis=0)
        if self.target.cells > FEW:
            bad &= ~(np.isnan(truth[0]) & kernels.lattice.all_missing(nodes[0]))
        beside = bad[:, :-2] | bad[:, 1:-1] | bad[:, 2:]
        return np.asarray(beside[:-2] | beside[1:-1] | beside[2:])

    # Footprints

    def _cut(self, window: Window) -> tuple[Array, Pieces]:
        """Positions of the corners of cells, and the footprints of those for which corners do not do."""
        wide = self.positions(Window(window.row - 1, window.col - 1, window.nrow + 3, window.ncol + 3), 0.0)
        limit = max(1.0, TORN * self.size[0]), max(1.0, TORN * self.size[1])
        turn = self.source.turn
        odd = kernels.torn.odd_cells(wide, limit, turn.period, self.target.cells <= FEW)
        pieces = Cutter(self.exact, limit, turn.period)(odd, (window.row, window.col))
        return np.ascontiguousarray(wide[:, 1:-1, 1:-1]), pieces

    @property
    def _sphere(self) -> Sphere:
        turn = self.source.turn
        north, south = (pole[0] for pole in self.poles) if self.poles else (-np.inf, np.inf)
        return Sphere(turn.ncol, turn.period, turn.closed, north, south)

    # What a regrid asks

    def _found(self, window: Window) -> tuple[Array, Pieces | None]:
        """Positions of centres; or corners, and pieces of the footprints for which corners do not do."""
        return _remembered((self, window), lambda: self._find(window))

    def _find(self, window: Window) -> tuple[Array, Pieces | None]:
        return self._cut(window) if self.method in AREA else (self.positions(window), None)

    def _span(self, window: Window) -> tuple[tuple[int, int], tuple[int, int]]:
        """The rows and columns of the source behind a window."""
        return _remembered((self, window), lambda: self._find_span(window), "spans")

    def _find_span(self, window: Window) -> tuple[tuple[int, int], tuple[int, int]]:
        if self.method in AREA:
            corners, pieces = self._found(window)
            assert pieces is not None
            return self._span_of_footprints(window, corners, pieces)
        rows, cols = self._ends(window)
        if not np.isfinite(rows).any():
            return (0, 0), (0, 0)
        reach = [kernels.sample.reach(self.method, scale) for scale in self.scale]
        span = span_of_rows(np.nanmin(rows), np.nanmax(rows), reach[0] + 1.0, self.source)
        return span, self.source.turn.span(cols, reach[1] + 1.0)

    def _ends(self, window: Window) -> tuple[Array, Array]:
        """Rows and columns of the source between which the centres of all cells lie.

        Those of nodes, and by how much what is interpolated between them may pass them; who plans blocks asks for many
        windows, for which all positions would take a quarter of the time of a projection.
        """
        nodes, bad, _, _ = self._lattice(window, 0.5)
        period, inner = self.source.turn.period, (slice(None), slice(2, -2), slice(2, -2))
        if not bad.any():  # then all nodes of the window are somewhere, or none is
            if period < np.inf:
                turns = np.rint((nodes[1] - nodes[inner][1, 0, 0]) / period)
                nodes = np.stack([nodes[0], nodes[1] - period * turns])
            seen = nodes[inner].reshape(2, -1)
            if not np.isfinite(seen).any():
                return seen[0], seen[1]
            if np.ptp(seen[1]) <= period / 2:
                slack = sum(np.nanmax(np.abs(np.diff(nodes, 2, axis=k)), axis=(1, 2)) for k in (1, 2)) / 8
                rows, cols = np.stack([seen.min(axis=1) - slack, seen.max(axis=1) + slack], axis=1)
                return rows, self.source.turn.home(cols)
        rows, cols = self._found(window)[0]
        return rows, cols

    def _span_of_footprints(
        self, window: Window, corners: Array, pieces: Pieces
    ) -> tuple[tuple[int, int], tuple[int, int]]:
        rows, cols = (
            np.r_[corners[0].ravel(), pieces.rows.ravel()],
            np.r_[corners[1].ravel(), pieces.cols.ravel()],
        )
        inside = [
            np.clip(row, -1.0, self.source.nrow + 1.0)
            for row, i, j in self.poles
            if self._is_near(window.widened(1, 1), i, j)
        ]
        if not inside and not np.isfinite(rows).any():
            return (0, 0), (0, 0)
        rows, turn = np.r_[rows, inside], self.source.turn
        span = (0, turn.ncol) if inside else turn.span(cols, 1.0, beyond=False)
        if span[0] >= 0 and turn.period < np.inf:
            steps = (
                np.diff(v, axis=axis) for v, axis in ((corners[1], 0), (corners[1], 1), (pieces.cols, 0))
            )
            if any((np.abs(step) > turn.period / 2).any() for step in steps):
                span = (0, turn.ncol)  # some footprint reaches over the seam
        return span_of_rows(np.nanmin(rows), np.nanmax(rows), 1.0, self.source), span

    def _is_near(self, window: Window, row: float, col: float) -> bool:
        """Whether a place of the target, which may be told a turn away, lies in a window."""
        turn = self.target.turn.period
        cols = (col, col - turn, col + turn)
        return window.row <= row <= window.row_stop and any(window.col <= c <= window.col_stop for c in cols)

    def windows(self, window: Window) -> tuple[Window | None, ...]:
        return self.source.turn.windows(*self._span(window))

    def apply(
        self,
        arrays: tuple[Array | None, ...],
        windows: tuple[Window | None, ...],
        window: Window,
        nlyr: int,
        dtype: np.dtype[Any],
    ) -> Array:
        if arrays[0] is None:
            return np.full((nlyr, window.nrow, window.ncol), np.nan, dtype)
        (y, x), pieces = self._found(window)
        rows, cols = self._span(window)
        block = self.source.turn.joined(arrays, cols)
        origin = (rows[0], cols[0])
        if self.method in AREA:
            out: Array = kernels.footprint.footprint_stat(
                block, y, x, self.method, origin=origin, sphere=self._sphere, pieces=pieces, out_dtype=dtype
            )
            if self.method == "sum" and self.weight != 1:
                out *= self.weight
            return out
        turn = turn_beyond(self.source.turn, cols)
        return kernels.sample.sample(
            block, y, x, self.method, origin=origin, turn=turn, scale=self.scale, out_dtype=dtype
        )

    def scratch(self, window: Window, nlyr: int) -> int:
        cells = (window.nrow + 2 * LATTICE) * (window.ncol + 2 * LATTICE)
        rows, cols = self._span(window)
        own = 16 * (2 + REMEMBERED) * cells + 160 * LATTICE**2 * AT_ONCE
        own += 16 * min(SQUARES * LATTICE**2, cells)
        wide = bytes_in_float64(self.method, window, rows, cols, nlyr)
        return own + wide + bytes_joined(self.source.turn, rows, cols, nlyr)
