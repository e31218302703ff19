"""patches: connected cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np

from pyterra import kernels
from pyterra.errors import ArgumentError
from pyterra.expr import Array, Layer, Node, Sweep
from pyterra.frozen import dataclass
from pyterra.grid import Window
from pyterra.raster.build import FLOAT64, node_of, raster

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster


@dataclass(frozen=True)
class Patches:
    """Strips label their own cells and tell the labels of their outermost rows."""

    eight: bool
    by_value: bool
    zero_missing: bool
    wrap: bool

    temporaries: float = 24.0
    strip_cells: ClassVar[int] = 512 * 1024

    def begin(self, node: Node, strips: Sequence[Window]) -> Any:
        """Per layer: first row of a strip -> numbers of its labels."""
        return []

    def survey(self, block: Array, window: Window, state: Any) -> Any:
        """Per layer: number of labels, labels and values of the first and the last row."""
        found = []
        for layer in block:
            first, runs, labels, count = self._joined_runs(layer)
            own = np.arange(count, dtype=np.int32)
            outer = np.empty((2, layer.shape[1]), np.int32)
            for row, of_row in zip(outer, (first[:2], first[-2:]), strict=True):
                kernels.patches.put_runs(of_row, runs, labels, own, -1, row[None])
            found.append((count, outer.astype(np.int64), layer[[0, -1]].copy()))
        return found

    def update(self, state: Any, found: Sequence[tuple[Window, Any]]) -> tuple[Any, Sequence[Window]]:
        """Labels joined where strips touch, and numbered."""
        rows = [window.row for window, _ in found]
        layers = zip(*(part for _, part in found), strict=True)
        return [dict(zip(rows, self._numbers(parts), strict=True)) for parts in layers], ()

    def _numbers(self, parts: Sequence[Any]) -> list[Any]:
        """Numbers of the labels of each strip of one layer, in the order of their first cells."""
        offsets = np.concatenate([[0], np.cumsum(np.asarray([part[0] for part in parts], np.int64))])
        parent = np.arange(offsets[-1])
        for i, ((_, upper, above), (_, lower, below)) in enumerate(pairwise(parts)):
            kernels.patches.join_rows(
                parent,
                np.where(upper[1] < 0, -1, upper[1] + offsets[i]),
                np.where(lower[0] < 0, -1, lower[0] + offsets[i + 1]),
                above[1],
                below[0],
                self.eight,
                self.by_value,
                self.wrap,
            )
        numbers = kernels.patches.final_numbers(parent)
        return [numbers[a:b] for a, b in pairwise(offsets)]

    def values(self, block: Array, window: Window, state: Any) -> Array:
        """Numbers of the patches of one strip."""
        out = np.empty(block.shape)
        for layer, numbers, values in zip(block, state, out, strict=True):
            first, runs, labels, _ = self._joined_runs(layer)
            kernels.patches.put_runs(first, runs, labels, numbers[window.row], np.nan, values)
        return out

    def labels(self, layer: Array) -> tuple[Array, int]:
        """The label of each cell of a strip, -1 for none, and how many there are."""
        return kernels.patches.label(np.ascontiguousarray(layer), *self._rules)

    def _joined_runs(self, layer: Array) -> Any:
        return kernels.patches.joined_runs(np.ascontiguousarray(layer), *self._rules)

    @property
    def _rules(self) -> tuple[bool, bool, bool, bool]:
        return self.eight, self.by_value, self.zero_missing, self.wrap


def patches(
    x: SpatRaster,
    directions: Literal[4, 8] = 4,
    *,
    values: bool = False,
    zero_as_na: bool = False,
    allow_gaps: bool = True,
) -> SpatRaster:
    """Numbers of groups of connected cells that have a value.

    Parameters
    ----------
    x : SpatRaster
    directions : {4, 8}
        The neighbours of a cell share an edge with it (4), or an edge or a corner (8).
    values : bool
        Connect only cells of equal value.
    zero_as_na : bool
        Take 0 for missing. Does not count with `values`.
    allow_gaps : bool
        As in terra; numbers never have gaps here.

    Returns
    -------
    SpatRaster
        1, 2, ... in the order of the first cell of each patch; layer by layer. Of one layer it is called ``patches``,
        with `values` as the layer.

    See Also
    --------
    as_polygons : Joins cells of equal value to polygons.
    freq : Counts the cells of each patch.

    Notes
    -----
    On a global lon/lat raster the last column is next to the first. The raster is passed over twice, in strips of
    rows; the first pass keeps the labels of the outermost rows of each strip, and one number per label.

    References
    ----------
    Rosenfeld, A. and Pfaltz, J. L. (1966). Sequential operations in digital picture processing. Journal of the ACM 13,
    471-494.

    Examples
    --------
    >>> import numpy as np
    >>> import pyterra as pt
    >>> r = pt.rast(nrows=1, ncols=4, xmin=0, xmax=4, ymin=0, ymax=1, vals=[5, np.nan, 7, 8])
    >>> r.patches().values(drop=True)
    array([ 1., nan,  2.,  2.])
    """
    node = node_of(x, "patches")
    if directions not in (4, 8):
        raise ArgumentError(f"patches: directions must be 4 or 8, got {directions!r}")
    method = Patches(directions == 8, bool(values), bool(zero_as_na) and not values, node.grid.is_global)
    count = len(node.layers)
    layers = (
        tuple(Layer("patches", storage="float64") for _ in range(count))
        if count == 1 and not values
        else tuple(replace(la.number(), storage="float64") for la in node.layers)
    )
    return raster(Sweep(grid=node.grid, layers=layers, dtype=FLOAT64, argument=node, method=method))
