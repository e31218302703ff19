"""fdr: which probabilities of a map are small enough, when so many were looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from pyterra.arguments import choice
from pyterra.errors import ArgumentError
from pyterra.expr import Array, Node
from pyterra.frozen import dataclass
from pyterra.grid import Window
from pyterra.raster.build import FLOAT32, node_of, raster
from pyterra.raster.surveys import column, sweep

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster

SHIFT = 44
"""Bits of a double that are left out of the number of its class: classes are a 256th of their own size wide."""
CLASSES = (0x3FF0000000000000 >> SHIFT) + 1
"""Classes of the numbers from 0 to 1."""


@dataclass(frozen=True)
class Known:
    """What is known of the probabilities of each layer so far."""

    counts: NDArray[np.int64]
    """How many lie in each class, of shape (layer, class)."""
    wanted: tuple[int, ...]
    """Class of each layer whose numbers are wanted next; -1 where the limit is known."""
    limits: tuple[float, ...]
    """The largest probability of each layer that is small enough; below 0 where none is."""


@dataclass(frozen=True)
class SmallEnough:
    """The rule of Benjamini and Hochberg: the largest p with ``p <= rank / n level``, and all that are smaller."""

    level: float
    dependent: bool
    temporaries: float = 24.0
    strip_cells: ClassVar[int] = 1 << 20

    def begin(self, node: Node, strips: Sequence[Window]) -> None:
        """Nothing is known."""

    def survey(self, block: Array, window: Window, state: Known | None) -> Any:
        """How many lie in each class, or the numbers of one class."""
        layers = [layer[~np.isnan(layer)].astype(np.float64) for layer in block]
        if state is None:
            return np.stack([np.bincount(_classes(p), minlength=CLASSES) for p in layers])
        return [p[_classes(p) == k] if k >= 0 else p[:0] for p, k in zip(layers, state.wanted, strict=True)]

    def update(
        self, state: Known | None, found: Sequence[tuple[Window, Any]]
    ) -> tuple[Known, Sequence[Window]]:
        """The limits, once no class is left that may hold them."""
        if state is None:
            counts = np.sum([part for _, part in found], axis=0)
            wanted = tuple(self._next(row, CLASSES) for row in counts)
            known = Known(counts, wanted, (-1.0,) * len(counts))
        else:
            values = [
                np.sort(np.concatenate(parts)) for parts in zip(*(part for _, part in found), strict=True)
            ]
            limits, following = list(state.limits), list(state.wanted)
            for i, k in enumerate(state.wanted):
                if k < 0:
                    continue
                row = state.counts[i]
                ranks = row[:k].sum() + 1 + np.arange(values[i].size)
                small = np.flatnonzero(values[i] <= ranks * self._step(row))
                limits[i] = float(values[i][small[-1]]) if small.size else -1.0
                following[i] = -1 if small.size else self._next(row, k)
            known = Known(state.counts, tuple(following), tuple(limits))
        again = any(k >= 0 for k in known.wanted)
        return known, [window for window, _ in found] if again else ()

    def values(self, block: Array, window: Window, state: Known) -> Array:
        """1 where a probability is small enough, else 0."""
        return np.where(np.isnan(block), np.nan, block <= column(state.limits)).astype(np.float32)

    def _step(self, row: NDArray[np.int64]) -> float:
        """What the limit rises by with each rank."""
        n = int(row.sum())
        return self.level / n / (_harmonic(n) if self.dependent else 1.0)

    def _next(self, row: NDArray[np.int64], below: int) -> int:
        """The highest class below another that may hold the limit; -1 where none may."""
        step = self._step(row) if row.any() else 0.0
        able = (row > 0) & (_lowest() <= np.cumsum(row) * step)
        able[below:] = False
        found = np.flatnonzero(able)
        return int(found[-1]) if found.size else -1


def _classes(p: Array) -> NDArray[np.int64]:
    return np.clip(p, 0.0, 1.0).view(np.int64) >> SHIFT


def _lowest() -> NDArray[np.float64]:
    """The lowest number of each class."""
    return (np.arange(CLASSES, dtype=np.int64) << SHIFT).view(np.float64)


def _harmonic(n: int) -> float:
    """1 + 1/2 + ... + 1/n."""
    if n < 10_000:
        return float(np.sum(1 / np.arange(1, n + 1)))
    return float(np.log(n) + np.euler_gamma + 1 / (2 * n))


def fdr(x: SpatRaster, level: float = 0.05, method: Literal["bh", "by"] = "bh") -> SpatRaster:
    """Where probabilities are so small that among those that are taken only a share is there by chance.

    Parameters
    ----------
    x : SpatRaster
        Probabilities, 0 to 1, such as the layer ``p`` of `trend`. Each layer is a map of its own.
    level : float
        The share (the false discovery rate), above 0 and below 1.
    method : {"bh", "by"}
        Of Benjamini and Hochberg, for cells that do not depend on each other or do so positively, as neighbours do; of
        Benjamini and Yekutieli, for any dependence.

    Returns
    -------
    SpatRaster
        1 where the probability is small enough, else 0; missing where it is missing.

    Raises
    ------
    ArgumentError
        Where an argument is not allowed.

    See Also
    --------
    trend : Gives the probabilities.

    Notes
    -----
    The values are passed over three times: to count them in classes, to look at the class with the limit, and to
    compare. The limit is exact, however large the map; it equals that of R's ``p.adjust(p, "BH") <= level``.

    References
    ----------
    Benjamini and Hochberg (1995): Controlling the false discovery rate. Benjamini and Yekutieli (2001): The control of
    the false discovery rate in multiple testing under dependency.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.rast([[0.001, 0.02, 0.04, 0.9]]).fdr().values(drop=True).tolist()
    [1.0, 1.0, 0.0, 0.0]
    """
    node = node_of(x, "fdr")
    if not 0 < level < 1:
        raise ArgumentError(f"fdr: level must lie between 0 and 1, got {level}")
    method = choice(method, ("bh", "by"), "fdr: method")
    layers = tuple(replace(layer.number(), kind="bool") for layer in node.layers)
    return raster(sweep(node, layers, SmallEnough(float(level), method == "by"), dtype=FLOAT32))
