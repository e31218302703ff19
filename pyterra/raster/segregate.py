"""segregate: a layer for each class; split: groups of layers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from pyterra import kernels
from pyterra.errors import ArgumentError
from pyterra.expr import Array, Layer
from pyterra.frozen import dataclass
from pyterra.raster.build import FLOAT32, cells_raster, exact_dtype, one_layer
from pyterra.raster.indexing import subset
from pyterra.raster.levels import listed
from pyterra.raster.tables import number_of, unique_values

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster
    from pyterra.types import Labels


@dataclass(frozen=True)
class Segregated:
    """A layer for each class: 1, or the class itself, where a cell has it."""

    classes: tuple[float, ...]
    keep: bool
    other: float
    digits: int | None
    """Decimals to which values are rounded first."""
    dtype: np.dtype[Any]

    def __call__(self, block: Array) -> Array:
        values = block[0] if self.digits is None else kernels.reduce.rounded(block[0], self.digits)
        out = np.empty((len(self.classes), *values.shape), self.dtype)
        missing = np.isnan(values)
        for target, value in zip(out, self.classes, strict=True):
            target[...] = np.where(values == value, value if self.keep else 1.0, self.other)
            target[missing] = np.nan
        return out


def segregate(
    x: SpatRaster,
    classes: Labels = None,
    *,
    keep: bool = False,
    other: float | None = 0,
    round: bool = False,
    digits: int = 0,
) -> SpatRaster:
    """A layer for each class of a layer, that tells where the class is (one-hot or dummy encoding).

    Parameters
    ----------
    x : SpatRaster
        One layer.
    classes : number, label or sequence of them, optional
        The classes, by value, or by label of a factor. By default all that there are; this reads the values.
    keep : bool
        Give the value of the class where it is, instead of 1.
    other : number, optional
        Value of the other cells; None for missing.
    round : bool
        Round values first.
    digits : int
        To how many decimals.

    Returns
    -------
    SpatRaster
        A layer per class, in ascending order, called after its value. Missing cells are missing in all.

    Raises
    ------
    ArgumentError
        Where `x` has several layers.

    See Also
    --------
    classify : Gives classes.
    split : Makes groups of layers.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[1, 2, 5]]).segregate()
    >>> r.names, r[2].values(drop=True).tolist()
    (['1', '2', '5'], [0.0, 0.0, 1.0])
    >>> pt.rast([[1, 2, 5]]).segregate([5], keep=True, other=None).values(drop=True).tolist()
    [nan, nan, 5.0]
    """
    node = one_layer(x, "segregate")
    if classes is None:
        found = unique_values(x, digits=digits if round else None)
    else:
        found = [number_of(node.layers[0], item) for item in listed(classes)]
    wanted = sorted({float(v) for v in found if v == v})
    if not wanted or not np.isfinite(wanted).all():
        raise ArgumentError(f"segregate: classes must be values or labels of x, got {classes!r}")
    beside = float("nan") if other is None else float(other)
    dtype = exact_dtype([beside, *(wanted if keep else ())], FLOAT32)
    kernel = Segregated(tuple(wanted), keep, beside, digits if round else None, dtype)
    layers = [Layer(f"{value:.15g}") for value in wanted]
    return cells_raster([node], layers, dtype, kernel, layerwise=False, temporaries=32.0)


def split(x: SpatRaster, f: Sequence[Any] | ArrayLike) -> list[SpatRaster]:
    """A raster for each group of layers.

    Parameters
    ----------
    x : SpatRaster
    f : sequence, one per layer
        What tells the group of a layer: numbers or texts.

    Returns
    -------
    list of SpatRaster
        In the order in which the groups come first.

    Raises
    ------
    ArgumentError
        Where there is not one for each layer.

    See Also
    --------
    segregate : Makes a layer for each class of cells.
    tapp : Takes a statistic of each group.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast(nrows=1, ncols=1, nlyrs=3, vals=[1, 2, 3], names=["a", "b", "c"])
    >>> [part.names for part in r.split(["wet", "dry", "wet"])]
    [['a', 'c'], ['b']]
    """
    groups = np.asarray(f).ravel().tolist() if not isinstance(f, str) else [f]
    if len(groups) != len(x):
        raise ArgumentError(f"split: f must be one per layer ({len(x)}), got {len(groups)}")
    return [subset(x, [i for i, g in enumerate(groups) if g == group]) for group in dict.fromkeys(groups)]
