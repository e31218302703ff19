"""numpy's elementwise functions of rasters: ``np.sqrt(r)``, ``np.hypot(a, b)`` give rasters, computed when wanted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from pyterra.errors import ArgumentError
from pyterra.expr import Array, Cells
from pyterra.frozen import dataclass
from pyterra.raster import math as _math
from pyterra.raster.arith import binary
from pyterra.raster.build import (
    FLOAT64,
    is_raster,
    node_of,
    on_grid,
    per_layer,
    raster,
    recycled,
    same_grid,
)

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster

_OPERATORS: dict[np.ufunc, str] = {
    np.add: "+", np.subtract: "-", np.multiply: "*", np.true_divide: "/", np.floor_divide: "//", np.remainder: "%",
    np.power: "^", np.float_power: "^", np.arctan2: "atan2", np.equal: "==", np.not_equal: "!=", np.less: "<",
    np.less_equal: "<=", np.greater: ">", np.greater_equal: ">=", np.logical_and: "&", np.logical_or: "|",
    np.logical_xor: "xor", np.bitwise_and: "&", np.bitwise_or: "|", np.bitwise_xor: "xor",
}  # fmt: skip
_VERBS: dict[np.ufunc, Any] = {
    np.isnan: _math.is_na,
    np.isfinite: _math.is_finite,
    np.isinf: _math.is_infinite,
    np.logical_not: _math.logical_not,
    np.invert: _math.logical_not,
}
_CONTAINERS = (int, float, bool, list, tuple, np.ndarray, np.number, np.bool_)


@dataclass(frozen=True)
class OfNumpy:
    """A function of numpy's, or made like one, of the values of a cell."""

    function: Any
    part: int
    """Which of its results."""
    numbers: tuple[tuple[float, ...] | None, ...]
    """Operands that are no rasters, one number per layer; None where a raster stands."""

    def __call__(self, *blocks: Array) -> Array:
        given = iter(blocks)
        operands = [
            np.asarray(numbers)[:, None, None] if numbers is not None else np.asarray(next(given), np.float64)
            for numbers in self.numbers
        ]
        with np.errstate(all="ignore"):
            results = self.function(*operands)
        out = results[self.part] if self.function.nout > 1 else results
        if out.dtype.kind != "b":
            return np.asarray(out, np.float64)
        missing = np.logical_or.reduce(np.broadcast_arrays(*map(np.isnan, operands)))
        return np.where(missing, np.nan, out)


def array_ufunc(ufunc: np.ufunc, method: str, inputs: Sequence[Any], options: dict[str, Any]) -> Any:
    """What `numpy` calls for a function of rasters; NotImplemented where another operand may know better.

    Raises
    ------
    ArgumentError
        Where the function is not elementwise, or an option such as ``out=`` is given.
    """
    inputs = [x.item() if isinstance(x, np.ndarray) and x.ndim == 0 else x for x in inputs]
    if not all(is_raster(x) or isinstance(x, _CONTAINERS) for x in inputs):
        return NotImplemented
    name = f"np.{ufunc.__name__}"
    if method != "__call__" or ufunc.signature is not None:
        raise ArgumentError(
            f"{name}: of rasters only functions cell by cell can be taken, got {method}; use app() or global_()"
        )
    if options:
        raise ArgumentError(
            f"{name}: a raster takes no {', '.join(options)}; the result is a new raster, write_raster() sets its type"
        )
    if ufunc in _OPERATORS:
        return _operator(inputs[0], inputs[1], _OPERATORS[ufunc])
    if ufunc is np.divmod:
        return _operator(inputs[0], inputs[1], "//"), _operator(inputs[0], inputs[1], "%")
    if ufunc in _VERBS:
        return _VERBS[ufunc](inputs[0])
    known = _math.named(ufunc)
    if known is not None:
        return _math.math(inputs[0], known)
    parts = tuple(_applied(ufunc, part, inputs, name) for part in range(ufunc.nout))
    return parts if ufunc.nout > 1 else parts[0]


def _operator(x: Any, y: Any, op: str) -> SpatRaster:
    return binary(x, y, op) if is_raster(x) else binary(y, x, op, reverse=True)


def _applied(ufunc: np.ufunc, part: int, inputs: Sequence[Any], name: str) -> SpatRaster:
    takes = {kinds.partition("->")[0] for kinds in ufunc.types}
    if "d" * ufunc.nin not in takes and takes != {"O" * ufunc.nin}:
        raise ArgumentError(f"{name}: must take real numbers, got a function of {ufunc.types[0]}; use app()")
    nodes = [node_of(x, name) for x in inputs if is_raster(x)]
    grid = same_grid(nodes, name)
    given = [None if is_raster(x) else per_layer(x, f"{name}: the other operand") for x in inputs]
    count = max(*(len(node.layers) for node in nodes), *(len(v) for v in given if v is not None), 1)
    numbers = tuple(v and tuple(v[i % len(v)] for i in range(count)) for v in given)
    first = nodes[0].layers
    layers = [
        replace(first[i % len(first)].number(), name=first[i].name if len(first) == count else f"lyr{i + 1}")
        for i in range(count)
    ]
    return raster(
        Cells(
            grid=grid,
            layers=tuple(layers),
            dtype=FLOAT64,
            arguments=tuple(recycled(on_grid(node, grid), count) for node in nodes),
            kernel=OfNumpy(ufunc, part, numbers),
            temporaries=(8.0 * (len(inputs) + ufunc.nout) + 2) * count,
            layerwise=all(v is None or len(set(map(repr, v))) == 1 for v in numbers),
        )
    )
