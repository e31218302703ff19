"""Small steps that every family of verbs takes: checking inputs, recycling layers, wrapping nodes."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any, TypeGuard

import numpy as np
from numpy.typing import NDArray

from pyterra.errors import ArgumentError, ExtentError, LayerError, NoValuesError, near_names
from pyterra.expr import Cells, Constant, Layer, Node, Read, Stack, select
from pyterra.expr.described import Described
from pyterra.expr.layers import EXACT_IN_FLOAT32
from pyterra.grid import Grid
from pyterra.grid.extent import Extent

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster

FLOAT32, FLOAT64 = np.dtype(np.float32), np.dtype(np.float64)
EXACT_INTEGERS = frozenset({"bool", "int8", "uint8", "int16", "uint16"})
"""Storage types whose sums and differences of a few terms stay exact in float32."""


def raster(node: Node) -> SpatRaster:
    """A handle on a node."""
    from pyterra.handles.spatraster import SpatRaster

    return SpatRaster(node)


def renamed(x: SpatRaster, names: Sequence[str] | None) -> SpatRaster:
    """A raster that nobody else holds yet, with other names where any are given."""
    if names is not None:
        x.names = names
    return x


def is_raster(value: object) -> TypeGuard[SpatRaster]:
    """Whether a value is a SpatRaster."""
    return isinstance(value, Described)


def skeleton(grid: Grid, layers: Sequence[Layer]) -> Constant:
    """A grid with layers that have no values yet."""
    return Constant(
        grid=grid,
        layers=tuple(layers),
        dtype=FLOAT32,
        numbers=(float("nan"),) * len(layers),
        skeleton=True,
    )


def node_of(x: Any, verb: str) -> Node:
    """The node of a raster that has values.

    Raises
    ------
    ArgumentError
        For anything but a SpatRaster.
    NoValuesError
        For a raster without values.
    """
    node = geometry_of(x, verb)
    if not x.has_values():
        raise NoValuesError(f"{verb}: the raster must have cell values; set them with .values or init()")
    return node


def one_layer(x: Any, verb: str, what: str = "") -> Node:
    """The node of a raster that has values in one layer; `what` names it where it is not the object of the verb.

    Raises
    ------
    ArgumentError
        For several layers.
    """
    node = node_of(x, f"{verb}: {what}" if what else verb)
    if len(node.layers) != 1:
        raise ArgumentError(
            f"{verb}: {what or 'the raster'} must have one layer, got {len(node.layers)}; choose one, as with r[0]"
        )
    return node


def geometry_of(x: Any, verb: str) -> Node:
    """The node of a raster, whether it has values or not.

    Raises
    ------
    ArgumentError
        For anything but a SpatRaster.
    """
    if not is_raster(x):
        raise ArgumentError(f"{verb}: must be a SpatRaster, got {type(x).__name__}; make one with rast()")
    node: Node = x._node
    return node


def same_grid(nodes: Sequence[Node], verb: str) -> Grid:
    """The grid that all nodes share, with the CRS that is known."""
    grid = nodes[0].grid
    for node in nodes[1:]:
        grid = grid.check_same(node.grid, verb)
    return grid


def on_grid(node: Node, grid: Grid) -> Node:
    """The node under a grid that has the same cells (CRS or last digits may differ)."""
    return node if node.grid == grid else replace(node, grid=grid)


def recycled(node: Node, count: int) -> Node:
    """The layers repeated to a count."""
    n = len(node.layers)
    return node if n == count else select(node, [i % n for i in range(count)])


def widened(node: Node, dtype: np.dtype[Any]) -> Node:
    """The same values in blocks of another dtype."""
    if node.dtype == dtype:
        return node
    if isinstance(node, Read | Constant):
        return replace(node, dtype=dtype)
    picks = tuple((0, i) for i in range(len(node.layers)))
    return Stack(grid=node.grid, layers=node.layers, dtype=dtype, arguments=(node,), picks=picks)


def per_layer(value: Any, what: str) -> tuple[float, ...]:
    """A number, or one number per layer, as a tuple.

    Raises
    ------
    ArgumentError
        For anything else.
    """
    if isinstance(value, Real | np.bool_ | np.number):
        return (float(value),)
    if value is None:
        return (float("nan"),)
    if isinstance(value, list | tuple | range) or (isinstance(value, np.ndarray) and value.ndim == 1):
        if len(value) == 0:
            raise ArgumentError(f"{what}: must be a number or one number per layer, got nothing")
        value = np.ma.filled(value.astype(float), np.nan) if isinstance(value, np.ma.MaskedArray) else value
        try:
            return tuple(float("nan") if v is None else float(v) for v in value)
        except (TypeError, ValueError):
            raise ArgumentError(f"{what}: must be numbers, got {list(value)}") from None
    raise ArgumentError(f"{what}: must be a number or one number per layer, got {type(value).__name__}")


def _no_number(value: Any) -> Any:
    """The first value that is no number; None where all are."""
    if isinstance(value, list | tuple | np.ndarray):
        return next((odd for v in value if (odd := _no_number(v)) is not None), None)
    return None if value is None or isinstance(value, Real | np.number) else value


def numbers_of(value: Any, what: str) -> NDArray[np.float64]:
    """An array of float64 of numbers, or of rows of numbers; None is missing, and so is what is masked.

    Raises
    ------
    ArgumentError
        For text, for nothing, and for rows that are not equally long.
    """
    rows = value
    if isinstance(value, np.ma.MaskedArray) and value.dtype.kind in "biuf":
        value = rows = np.ma.filled(value.astype(np.float64), np.nan)
    if isinstance(value, list | tuple):
        missing = float("nan")
        rows = [
            [missing if v is None else v for v in row] if isinstance(row, list | tuple) else row
            for row in value
        ]
        rows = [missing if row is None else row for row in rows]
    try:
        found = np.asarray(rows, dtype=np.float64)
    except (TypeError, ValueError):
        found = None
    if found is None or getattr(value, "dtype", found.dtype).kind not in "biufO":  # times are no numbers
        odd = _no_number(value)
        kind = "rows of several lengths" if odd is None else type(odd).__name__
        raise ArgumentError(f"{what} must be numbers, got {repr(str(odd)) if isinstance(odd, str) else kind}")
    if value is None or found.size == 0:
        raise ArgumentError(f"{what} must be numbers, got {'None' if value is None else 'nothing'}")
    return found


def number(value: Any, what: str) -> float:
    """A single number.

    Raises
    ------
    ArgumentError
        For anything else.
    """
    if isinstance(value, Real | np.bool_ | np.number):
        return float(value)
    raise ArgumentError(f"{what} must be a number, got {value!r}")


def cell_size(value: Any, what: str) -> tuple[float, float]:
    """Width and height of cells from one or two numbers.

    Raises
    ------
    ArgumentError
        Where they are not above 0.
    """
    given = np.asarray(value, np.float64).ravel() if np.ndim(value) < 2 else np.empty(0)
    if given.size not in (1, 2) or not (np.isfinite(given) & (given > 0)).all():
        raise ArgumentError(f"{what} must be one or two numbers above 0, got {value!r:.60}")
    return float(given[0]), float(given[-1])


def constants(numbers: Sequence[float], grid: Grid, dtype: np.dtype[Any] = FLOAT64) -> Constant:
    """One layer per number."""
    layers = tuple(Layer(f"lyr.{i + 1}") for i in range(len(numbers)))
    return Constant(grid=grid, layers=layers, dtype=dtype, numbers=tuple(numbers))


def exact_dtype(numbers: Sequence[float], dtype: np.dtype[Any]) -> np.dtype[Any]:
    """The dtype, widened where it cannot hold one of the numbers exactly."""
    with np.errstate(over="ignore"):
        exact = dtype == FLOAT64 or all(v != v or float(np.float32(v)) == v for v in numbers)
    return dtype if exact else FLOAT64


def mixed(layer: Layer, numbers: Any = (), others: Sequence[Layer] = ()) -> Layer:
    """The layer once some of its values are those numbers, or of those layers: its type, and what a file needs."""
    given = np.asarray(numbers, np.float64).ravel()
    given = given[~np.isnan(given)]
    codes = given[given == np.round(given)]
    kind = layer.kind
    if kind in ("int", "bool") and (codes.size < given.size or any(la.kind == "num" for la in others)):
        kind = "num"
    elif kind == "bool" and not (np.isin(given, (0, 1)).all() and all(la.kind == "bool" for la in others)):
        kind = "int"
    storages = [la.storage for la in (layer, *others) if la.storage is not None]
    with np.errstate(over="ignore"):
        large = bool((codes.astype(np.float32) != codes).any())
    wide = large or any(name not in EXACT_IN_FLOAT32 for name in storages)
    return replace(layer, kind=kind, storage="float64" if wide else None, range=None)


def cells_raster(
    inputs: Sequence[Node],
    layers: Sequence[Layer],
    dtype: np.dtype[Any],
    kernel: Any,
    *,
    layerwise: bool = True,
    temporaries: float | None = None,
    at_most: float = math.inf,
) -> SpatRaster:
    """A raster of one `Cells` node over inputs that share a grid; by default 8 bytes per layer are needed beside."""
    return raster(
        Cells(
            grid=inputs[0].grid,
            layers=tuple(layers),
            dtype=dtype,
            arguments=tuple(inputs),
            kernel=kernel,
            temporaries=8.0 * len(layers) if temporaries is None else temporaries,
            at_most=at_most,
            layerwise=layerwise,
        )
    )


def layer_positions(layers: Sequence[Layer], index: Any) -> list[int]:
    """Positions of the layers meant by numbers, names, a slice, or a boolean per layer.

    Raises
    ------
    LayerError
        Where one does not exist; near matches are named.
    """
    names = [layer.name for layer in layers]
    if isinstance(index, slice):
        if any(end is not None and end < 0 for end in (index.start, index.stop)):
            raise LayerError(
                f"layers: as an argument, numbers are counted from 0, never from the end, got {index}; r[-1] is the last"
            )
        return list(range(len(names))[index])
    if isinstance(index, str | Integral):
        index = [index]
    if not isinstance(index, Iterable):
        raise LayerError(f"layers: must be named by text or number, got {type(index).__name__}")
    items = list(index)
    if items and all(isinstance(i, bool | np.bool_) for i in items):
        if len(items) != len(names):
            raise LayerError(f"layers: a boolean per layer must have length {len(names)}, got {len(items)}")
        return [i for i, wanted in enumerate(items) if wanted]
    found: list[int] = []
    for item in items:
        found += _positions_of(names, item)
    return found


def _positions_of(names: list[str], item: Any) -> list[int]:
    if isinstance(item, str):
        places = [i for i, name in enumerate(names) if name == item]
        if places:
            return places
        raise LayerError(f"layers: no layer is named {item!r}{near_names(item, names)}")
    if isinstance(item, Integral):
        number = int(item)
        if 0 <= number < len(names):
            return [number]
        hint = "; cells by number are r.extract(cells)" if number >= 0 else ""
        raise LayerError(f"layers: numbers go from 0 to {len(names) - 1}, got {number}{hint}")
    raise LayerError(f"layers: must be named by text or number, got {type(item).__name__}")


def extent_of(value: Any) -> Extent:
    """The extent of anything that has one."""
    if isinstance(value, Extent):
        return value
    if is_raster(value):
        extent: Extent = value._node.grid.extent
        return extent
    if isinstance(getattr(value, "ext", None), Extent):
        return Extent(*value.ext)
    if isinstance(value, Mapping):
        return Extent(*(value[k] for k in ("xmin", "xmax", "ymin", "ymax")))
    for name in ("total_bounds", "bounds"):
        bounds = getattr(value, name, None)
        if bounds is not None and not callable(bounds):
            left, bottom, right, top = (float(v) for v in bounds)
            return Extent(left, right, bottom, top)
    if all(hasattr(value, side) for side in ("left", "right", "bottom", "top")):
        return Extent(value.left, value.right, value.bottom, value.top)
    if isinstance(value, Sequence | np.ndarray) and not isinstance(value, str) and len(value) == 4:
        return Extent(*(float(v) for v in value))
    raise ExtentError(f"ext: must be four numbers (xmin, xmax, ymin, ymax) or have an extent, got {value!r}")
