"""What verbs that scale or divide the values of a raster must know of all of them: surveys for `Sweep`."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from pyterra import kernels
from pyterra.expr import Array, Layers, Node, Sweep
from pyterra.frozen import dataclass
from pyterra.grid import Window
from pyterra.raster.build import FLOAT64
from pyterra.raster.sample import sides_of, thinned

if TYPE_CHECKING:
    from pyterra.kernels.reduce import Moments


@dataclass(frozen=True)
class Survey:
    """A method that begins with nothing known, and looks at all values once."""

    temporaries: float = 16.0
    strip_cells: ClassVar[int] = 1 << 20

    def begin(self, node: Node, strips: Sequence[Window]) -> Any:
        """Nothing is known."""


@dataclass(frozen=True)
class OfMoments(Survey):
    """A method that must know counts, sums and extremes of layers, which rows tell, whatever the strips."""

    def survey(self, block: Array, window: Window, state: Any) -> Moments:
        """Of every row of every layer, shape (layer, row)."""
        rows = kernels.reduce.moments(block.reshape(-1, block.shape[2]))
        return _each(rows, lambda values: values.reshape(block.shape[:2]))

    def update(self, state: Any, found: Sequence[tuple[Window, Moments]]) -> tuple[Any, Sequence[Window]]:
        """What follows from those of the layers."""
        parts = [part for _, part in found]
        return self.told(_of_layers(_together(parts))), ()

    @abstractmethod
    def told(self, known: Moments) -> Any:
        """What must be known, from the moments of the layers."""


def _each(parts: Moments, change: Any) -> Moments:
    return type(parts)(*(change(getattr(parts, field.name)) for field in fields(parts)))


def _together(parts: Sequence[Moments]) -> Moments:
    """Those of all rows, from those of strips."""
    kind = type(parts[0])
    names = [field.name for field in fields(kind)]
    return kind(*(np.concatenate([getattr(part, name) for part in parts], axis=1) for name in names))


def _of_layers(rows: Moments) -> Moments:
    """Those of whole layers: rows are merged in pairs, pairs in pairs, and so on."""
    while (count := rows.count.shape[1]) > 1:
        half = count // 2
        left, right, last = (
            _part(rows, *at) for at in ((0, 2 * half, 2), (1, 2 * half, 2), (2 * half, count, 1))
        )
        rows = _together([kernels.reduce.merge_moments(left, right), last])
    return _each(rows, lambda values: values[:, 0])


def _part(rows: Moments, start: int, stop: int, step: int) -> Moments:
    return _each(rows, lambda values: values[:, start:stop:step])


@dataclass(frozen=True)
class OfExtremes(Survey):
    """A method that must know the lowest and the highest value of layers; NaN where all are missing."""

    def survey(self, block: Array, window: Window, state: Any) -> Array:
        """Of every layer, shape (2, layer)."""
        layers = block.reshape(len(block), -1)
        return np.stack([np.fmin.reduce(layers, axis=1), np.fmax.reduce(layers, axis=1)]).astype(np.float64)

    def update(self, state: Any, found: Sequence[tuple[Window, Array]]) -> tuple[Any, Sequence[Window]]:
        """What follows from those of the layers."""
        parts = np.stack([part for _, part in found])
        return self.told(np.fmin.reduce(parts[:, 0]), np.fmax.reduce(parts[:, 1])), ()

    @abstractmethod
    def told(self, low: Array, high: Array) -> Any:
        """What must be known, from the extremes of the layers."""


@dataclass(frozen=True)
class OfSample(Survey):
    """A method that must know values of layers, all of them or a sample."""

    def survey(self, block: Array, window: Window, state: Any) -> Array:
        """The values."""
        return block.reshape(len(block), -1).astype(np.float64)

    def update(self, state: Any, found: Sequence[tuple[Window, Array]]) -> tuple[Any, Sequence[Window]]:
        """What follows from the values of the layers, without those that are missing."""
        values = np.concatenate([part for _, part in found], axis=1)
        return self.told([layer[~np.isnan(layer)] for layer in values]), ()

    @abstractmethod
    def told(self, values: list[Array]) -> Any:
        """What must be known, from the values of each layer."""


def sweep(
    node: Node, layers: Layers, method: Any, *, sample: Node | None = None, dtype: Any = FLOAT64
) -> Sweep:
    """A node whose values follow from their own cells and from a survey of all of them, or of a sample."""
    return Sweep(
        grid=node.grid,
        layers=layers,
        dtype=dtype,
        argument=node,
        method=method,
        cellwise=True,
        told_by=sample,
    )


def sample_of(node: Node, maxcell: float) -> Node | None:
    """A regular sample of at most so many cells; None where there are no more."""
    if node.grid.cells <= maxcell:
        return None
    return thinned(node, node.grid.window, sides_of(maxcell, node.grid.window), exact=True)._node


def column(numbers: Any) -> Array:
    """One number per layer, beside blocks."""
    return np.asarray(numbers, np.float64)[:, None, None]
