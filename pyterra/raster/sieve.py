"""sieve: small groups of equal cells become what lies beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from pyterra import kernels
from pyterra.errors import ArgumentError
from pyterra.expr import Array, Node, Sweep
from pyterra.frozen import dataclass
from pyterra.grid import Window
from pyterra.raster.build import node_of, number, raster
from pyterra.raster.patches import Patches

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster


@dataclass(frozen=True, eq=False)
class Joined:
    """What is known of the patches of one layer."""

    numbers: dict[int, NDArray[np.int64]]
    """Per strip, by its first row: the patch of each of its labels."""
    sizes: NDArray[np.int64]
    """Cells of each patch."""
    values: NDArray[np.float64]
    """Value of each patch; in the end the value that its cells get."""
    borders: tuple[tuple[int, Array], ...]
    """First row of each strip but the first, and the patches in it and in the row above."""


@dataclass(frozen=True)
class Sieve:
    """Strips label their cells and tell their sizes; once those are known, what lies beside small patches."""

    patches: Patches
    threshold: int

    temporaries: float = 48.0
    strip_cells: ClassVar[int] = 512 * 1024

    def begin(self, node: Node, strips: Sequence[Window]) -> Any:
        """Nothing is known."""
        return None

    def survey(self, block: Array, window: Window, state: Any) -> Any:
        """At first per layer what patches tell, with sizes and values; then the largest patch beside each label."""
        found: list[Any] = []
        for k, layer in enumerate(_rounded(block)):
            labels, count = self.patches.labels(layer)
            if state is None:
                kept = labels >= 0
                values = np.empty(count)
                values[labels[kept]] = layer[kept]
                sizes = np.bincount(labels[kept], minlength=count)
                edges = labels[[0, -1]].astype(np.int64), layer[[0, -1]].copy()
                found.append((count, *edges, sizes, values))
            else:
                found.append(self._beside(labels, state[k].numbers[window.row], window.row, state[k].sizes))
        return found

    def _beside(
        self, labels: Array, numbers: NDArray[np.int64], top: int, sizes: NDArray[np.int64], begin: int = 0
    ) -> tuple[NDArray[np.int64], ...]:
        """Small patches that have a neighbour, the largest of those, and when it was met.

        Labels beside each other have other values, so they are other patches whatever lies beyond the strip.
        """
        best, first = np.full(numbers.size, -1, np.int64), np.empty(numbers.size, np.int64)
        eight, wrap, own = self.patches.eight, self.patches.wrap, sizes[numbers]
        kernels.patches.largest_beside(labels, top, begin, own, self.threshold, eight, wrap, best, first)
        small = np.flatnonzero(best >= 0)
        return numbers[small], numbers[best[small]], first[small]

    def update(self, state: Any, found: Sequence[tuple[Window, Any]]) -> tuple[Any, Sequence[Window]]:
        """First the patches of the whole raster; then what becomes of them."""
        windows = [window for window, _ in found]
        layers = list(zip(*(part for _, part in found), strict=True))
        if state is None:
            return [self._joined(windows, parts) for parts in layers], windows
        return [self._settled(known, parts) for known, parts in zip(state, layers, strict=True)], ()

    def _joined(self, windows: Sequence[Window], parts: Sequence[Any]) -> Joined:
        numbers = [part - 1 for part in self.patches._numbers([part[:3] for part in parts])]
        count = max((int(part.max()) + 1 for part in numbers if part.size), default=0)
        sizes, values = np.zeros(count, np.int64), np.empty(count)
        for own, part in zip(numbers, parts, strict=True):
            np.add.at(sizes, own, part[3])
            values[own] = part[4]
        edges = [
            np.where(part[1] < 0, -1, own[np.maximum(part[1], 0)]) if own.size else part[1]
            for own, part in zip(numbers, parts, strict=True)
        ]
        borders = [
            (window.row, np.stack([upper[1], lower[0]]))
            for window, (upper, lower) in zip(windows[1:], pairwise(edges), strict=True)
        ]
        rows = [window.row for window in windows]
        return Joined(dict(zip(rows, numbers, strict=True)), sizes, values, tuple(borders))

    def _settled(self, known: Joined, parts: Sequence[Any]) -> Joined:
        """The patches with the values that their cells get."""
        found, count = list(parts), known.sizes.size
        for row, edge in known.borders:
            present, labels = np.unique(edge, return_inverse=True)
            gone = int((present < 0).sum())
            labels = labels.reshape(edge.shape) - gone
            found.append(self._beside(labels, present[gone:], row - 1, known.sizes, 1))
        ends, most, first = np.arange(count), np.zeros(count, np.int64), np.empty(count, np.int64)
        for patch, beside, when in found:
            kernels.patches.keep_largest(patch, beside, when, known.sizes, ends, most, first)
        del most, first
        large = kernels.patches.followed(ends, known.sizes, self.threshold)
        values = np.where(large < 0, known.values, known.values[large])
        return replace(known, values=values, borders=())

    def values(self, block: Array, window: Window, state: Any) -> Array:
        """Values of one strip."""
        out = np.empty(block.shape, block.dtype)
        for known, layer, values in zip(state, _rounded(block), out, strict=True):
            labels, _ = self.patches.labels(layer)
            table = np.append(known.values[known.numbers[window.row]], np.nan).astype(block.dtype)
            np.take(table, labels, out=values, mode="wrap")  # -1, for none, is the last
        return out


def _rounded(block: Array) -> Array:
    return np.copysign(np.floor(np.abs(block) + 0.5), block)


def sieve(x: SpatRaster, threshold: int, directions: Literal[4, 8] = 8) -> SpatRaster:
    """Small groups of cells of equal value become what the largest group beside them is.

    Parameters
    ----------
    x : SpatRaster
        Whole numbers or classes; other numbers are rounded, halves away from zero.
    threshold : int
        Groups of fewer cells give way; at least 2.
    directions : {4, 8}
        The neighbours of a cell share an edge with it (4), or an edge or a corner (8).

    Returns
    -------
    SpatRaster
        Layer by layer; categories stay.

    Raises
    ------
    ArgumentError
        For another threshold, or other directions.

    See Also
    --------
    patches : Numbers of groups of cells.
    focal : With ``"modal"``, the commonest value around each cell.

    Notes
    -----
    A small group takes the value of the largest group beside it; where that is small as well, of the largest beside
    that, and so on. Where this leads to no large one, it stays as it is. Of groups of equal size, the one that is met
    first counts, row by row. Missing cells stay, and are beside nothing. On a global lon/lat raster the last column is
    next to the first. The raster is passed over three times, in strips of rows; what is kept is a few numbers for each
    group.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[1, 1, 1, 2], [1, 3, 1, 2], [1, 1, 2, 2]])
    >>> r.sieve(2).to_numpy()[0].astype(int).tolist()
    [[1, 1, 1, 2], [1, 1, 1, 2], [1, 1, 2, 2]]
    """
    node = node_of(x, "sieve")
    least = number(threshold, "sieve: threshold")
    if not (least >= 2 and least == int(least)):
        raise ArgumentError(f"sieve: threshold must be a whole number of at least 2, got {threshold}")
    if directions not in (4, 8):
        raise ArgumentError(f"sieve: directions must be 4 or 8, got {directions!r}")
    method = Sieve(Patches(directions == 8, True, False, node.grid.is_global), int(least))
    return raster(Sweep(grid=node.grid, layers=node.layers, dtype=node.dtype, argument=node, method=method))
