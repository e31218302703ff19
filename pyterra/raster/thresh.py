"""thresh: layers divided in two at a number that follows from their values."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from pyterra.arguments import choice
from pyterra.expr import Array
from pyterra.frozen import dataclass
from pyterra.grid import Window
from pyterra.raster.build import FLOAT32, node_of, number, raster
from pyterra.raster.surveys import OfSample, column, sample_of, sweep
from pyterra.run import to_array

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster

CLASSES = 256
"""Classes of equal width in which values are counted."""


def otsu(values: Array) -> float:
    """The middle of the last of `CLASSES` classes of the lower group, where the two groups differ most."""
    low, high = values.min(), values.max()
    if low == high:
        return float(low)
    counts, edges = np.histogram(values, CLASSES, (low, high))
    middles = (edges[:-1] + edges[1:]) / 2
    below, sums = np.cumsum(counts), np.cumsum(counts * middles)
    above = below[-1] - below
    with np.errstate(all="ignore"):
        apart = sums / below - (sums[-1] - sums) / above
        between = np.where(above > 0, below * above * apart * apart, 0.0)
    return float(middles[np.argmax(between)])


METHODS: dict[str, Callable[[Array], float]] = {
    "mean": lambda values: float(values.mean()),
    "median": lambda values: float(np.median(values)),
    "otsu": otsu,
}


@dataclass(frozen=True)
class Thresholds(OfSample):
    """Whether values are above a number."""

    method: str = "otsu"
    combine: bool = False

    def told(self, values: list[Array]) -> list[float]:
        """The number for each layer."""
        if self.combine:
            values = [np.concatenate(values)] * len(values)
        return [METHODS[self.method](layer) if layer.size else float("nan") for layer in values]

    def values(self, block: Array, window: Window, state: list[float]) -> Array:
        """1, 0 or NaN."""
        return np.where(np.isnan(block), np.nan, block > column(state))


def thresh(
    x: SpatRaster,
    method: Literal["mean", "median", "otsu"] = "otsu",
    *,
    maxcell: float = 1_000_000,
    combine: bool = False,
    as_raster: bool = True,
) -> SpatRaster | NDArray[np.float64]:
    """Layers divided in two at a threshold that is computed from their values.

    Parameters
    ----------
    x : SpatRaster
    method : {"mean", "median", "otsu"}
        How the threshold is found. Otsu's method takes the one for which the means of the two groups differ most, seen
        together with how many cells there are in each.
    maxcell : int
        It is computed from a regular sample of at most so many cells.
    combine : bool
        Compute one threshold from the values of all layers.
    as_raster : bool
        False: give the thresholds themselves. This reads the values.

    Returns
    -------
    SpatRaster or ndarray of float64
        A bool raster: 1 above the threshold, else 0; missing stays missing. Or one number for each layer, or one with
        `combine`.

    See Also
    --------
    classify : Takes limits of your own.

    References
    ----------
    Otsu, N. (1979). A threshold selection method from gray-level histograms. IEEE Transactions on Systems, Man, and
    Cybernetics 9, 62-66.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[1, 2, 2, 8, 9]])
    >>> r.thresh().values(drop=True).tolist()
    [0.0, 0.0, 0.0, 1.0, 1.0]
    >>> r.thresh("mean", as_raster=False).tolist()
    [4.4]
    """
    node = node_of(x, "thresh")
    kernel = Thresholds(method=choice(method, tuple(METHODS), "thresh: method"), combine=combine)
    sample = sample_of(node, number(maxcell, "thresh: maxcell"))
    if not as_raster:
        values = to_array(sample or node, own=False).reshape(len(node.layers), -1).astype(np.float64)
        found = kernel.told([layer[~np.isnan(layer)] for layer in values])
        return np.array(found[:1] if combine else found)
    layers = tuple(layer.as_kind("bool") for layer in node.layers)
    return raster(sweep(node, layers, kernel, sample=sample, dtype=FLOAT32))
