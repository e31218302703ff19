"""What is so of cells: comparisons and tests as words, and tests of all layers of a cell."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

import numpy as np

from pyterra.arguments import choice
from pyterra.errors import ArgumentError
from pyterra.expr import Array, Layer
from pyterra.frozen import dataclass
from pyterra.raster import math as _math
from pyterra.raster.arith import COMPARISONS, binary
from pyterra.raster.build import FLOAT32, cells_raster, node_of, renamed
from pyterra.raster.summary import statistic
from pyterra.raster.told import told
from pyterra.statistics.table import means

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster
    from pyterra.types import Numbers

Comparison = Literal["==", "!=", "<", "<=", ">", ">="]


@dataclass(frozen=True)
class Missing:
    """Whether any, all or none of the layers of a cell are missing."""

    which: Literal["any", "all", "none"]

    def __call__(self, block: Array) -> Array:
        found: Array = np.isnan(block[:1])
        join = np.logical_and if self.which == "all" else np.logical_or
        for layer in block[1:]:
            join(found, np.isnan(layer), out=found)
        return ~found if self.which == "none" else found


def _missing(x: SpatRaster, verb: str, which: Literal["any", "all", "none"], false_na: bool) -> SpatRaster:
    node = node_of(x, verb)
    kernel = Missing(which)
    name = node.layers[0].name if len(node.layers) == 1 else "lyr1"
    here = cells_raster(
        [node], [Layer(name, "bool")], FLOAT32, kernel, layerwise=False, temporaries=len(node.layers) + 4.0
    )
    return told(here, false_na)


def any_na(x: SpatRaster) -> SpatRaster:
    """Whether any layer of each cell is missing.

    Parameters
    ----------
    x : SpatRaster

    Returns
    -------
    SpatRaster
        One bool layer: 1 where it is so, else 0.

    See Also
    --------
    no_na : Is the opposite.
    count_na : Counts the missing layers.

    Examples
    --------
    >>> import pyterra as pt
    >>> nan = float("nan")
    >>> pt.rast([[[1, nan, nan]], [[2, 5, nan]]]).any_na().values(drop=True).tolist()
    [0.0, 1.0, 1.0]
    """
    return _missing(x, "any_na", "any", False)


def all_na(x: SpatRaster, *, false_na: bool = False) -> SpatRaster:
    """Whether all layers of each cell are missing.

    Parameters
    ----------
    x : SpatRaster
    false_na : bool
        Give missing where it is not so, instead of 0.

    Returns
    -------
    SpatRaster
        One bool layer: 1 where it is so, else 0.

    See Also
    --------
    any_na : Asks for one that is missing.

    Examples
    --------
    >>> import pyterra as pt
    >>> nan = float("nan")
    >>> pt.rast([[[1, nan, nan]], [[2, 5, nan]]]).all_na().values(drop=True).tolist()
    [0.0, 0.0, 1.0]
    """
    return _missing(x, "all_na", "all", false_na)


def no_na(x: SpatRaster, *, false_na: bool = False) -> SpatRaster:
    """Whether no layer of each cell is missing.

    Parameters
    ----------
    x : SpatRaster
    false_na : bool
        Give missing where one is, instead of 0.

    Returns
    -------
    SpatRaster
        One bool layer: 1 where it is so, else 0.

    See Also
    --------
    any_na : Is the opposite.
    not_na : Asks layer by layer.

    Examples
    --------
    >>> import pyterra as pt
    >>> nan = float("nan")
    >>> r = pt.rast([[[1, nan, nan]], [[2, 5, nan]]])
    >>> r.no_na().values(drop=True).tolist()
    [1.0, 0.0, 0.0]
    >>> r.no_na(false_na=True).values(drop=True).tolist()
    [1.0, nan, nan]
    """
    return _missing(x, "no_na", "none", false_na)


@means("count_na")
def count_na(x: SpatRaster, n: int = 0) -> SpatRaster:
    """How many layers of each cell are missing, or whether so many are.

    Parameters
    ----------
    x : SpatRaster
    n : int
        Above 0: whether at least `n` layers are missing.

    Returns
    -------
    SpatRaster
        One layer of counts, from 0 to the number of layers; with `n` a bool layer.

    See Also
    --------
    is_na : Tells missing cells layer by layer.
    any_na : Tells whether there are any.

    Examples
    --------
    >>> import pyterra as pt
    >>> nan = float("nan")
    >>> r = pt.rast([[[1, nan, 3]], [[4, nan, nan]]])
    >>> r.count_na().values(drop=True).tolist()
    [0.0, 2.0, 1.0]
    >>> r.count_na(2).values(drop=True).tolist()
    [0.0, 1.0, 0.0]
    """
    if n < 0:
        raise ArgumentError(f"count_na: n must be 0 or above, got {n}")
    counts = renamed(statistic(x, "count_na"), ["lyr1"] if x.nlyr > 1 else x.names)
    return counts >= n if n else counts


@means("which")
def which_lyr(x: SpatRaster) -> SpatRaster:
    """The first layer that is true, that is, not 0, at each cell.

    Parameters
    ----------
    x : SpatRaster

    Returns
    -------
    SpatRaster
        Numbers of layers, from 0; missing where none is true. Missing layers are not true.

    See Also
    --------
    which_max : Finds the layer with the highest value.
    any : Tells whether any layer is true.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[[0, 1, 0]], [[5, 1, 0]]])
    >>> r.which_lyr().values(drop=True).tolist()
    [1.0, 0.0, nan]
    """
    return statistic(x, "which", na_rm=True)


def compare(x: SpatRaster, y: Numbers, oper: Comparison, *, false_na: bool = False) -> SpatRaster:
    """A comparison, cell by cell, by the name of its operator.

    Parameters
    ----------
    x : SpatRaster
    y : SpatRaster, number or sequence of numbers (one per layer)
    oper : {"==", "!=", "<", "<=", ">", ">="}
    false_na : bool
        Give missing where it is not so, instead of 0.

    Returns
    -------
    SpatRaster
        A bool raster, as ``x == y`` gives.

    Raises
    ------
    ArgumentError
        For another operator.

    See Also
    --------
    logic : Asks about one raster.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[1, 5, float("nan")]])
    >>> r.compare(3, ">").values(drop=True).tolist()
    [0.0, 1.0, nan]
    >>> r.compare(3, ">", false_na=True).values(drop=True).tolist()
    [nan, 1.0, nan]
    """
    return told(binary(x, y, choice(oper, tuple(COMPARISONS), "compare: oper")), false_na)


_TESTS: dict[str, Callable[[SpatRaster], SpatRaster]] = {
    "!": _math.logical_not,
    "is_na": _math.is_na,
    "not_na": _math.not_na,
    "all_na": all_na,
    "any_na": any_na,
    "none_na": no_na,
    "is_infinite": _math.is_infinite,
    "is_finite": _math.is_finite,
    "is_true": _math.as_bool,
    "is_false": lambda x: binary(x, 1, "!="),
}


def logic(x: SpatRaster, oper: str, *, false_na: bool = False) -> SpatRaster:
    """A test of the values, by its name.

    Parameters
    ----------
    x : SpatRaster
    oper : {"!", "is_na", "not_na", "is_finite", "is_infinite", "is_true", "is_false", "any_na", "all_na", "none_na"}
        True is 1, whatever else a value may be is false; ``!`` takes 0 alone for false. The last three look at all
        layers of a cell.
    false_na : bool
        Give missing where it is not so, instead of 0.

    Returns
    -------
    SpatRaster
        A bool raster, with as many layers as `x`, or one.

    Raises
    ------
    ArgumentError
        For another name.

    See Also
    --------
    compare : Compares two rasters.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[0, 1, 2, float("nan")]])
    >>> r.logic("is_false").values(drop=True).tolist()
    [1.0, 0.0, 1.0, nan]
    >>> r.logic("is_na", false_na=True).values(drop=True).tolist()
    [nan, nan, nan, 1.0]
    """
    return told(_TESTS[choice(oper, tuple(_TESTS), "logic: oper")](x), false_na)
