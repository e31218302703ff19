"""Values replaced by rule: classify, subst, clamp, cover, ifel, mask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from pyterra import kernels
from pyterra.errors import ArgumentError
from pyterra.expr import Array, Categories, Cells, Layer, Node
from pyterra.raster._build import (
    FLOAT64,
    constants,
    is_raster,
    node_of,
    on_grid,
    per_layer,
    raster,
    recycled,
    same_grid,
)

if TYPE_CHECKING:
    from pyterra.raster.spatraster import SpatRaster

NAN = float("nan")


def _fits(numbers: Sequence[float], dtype: np.dtype[Any]) -> np.dtype[Any]:
    """The dtype, widened where it cannot hold a number exactly that float64 can and that is meant as a code."""
    if dtype == FLOAT64:
        return dtype
    exact = all(v != v or not float(v).is_integer() or float(np.float32(v)) == v for v in numbers)
    return dtype if exact else FLOAT64


@dataclass(frozen=True)
class Intervals:
    """Rows (from, to, becomes)."""

    low: tuple[float, ...]
    high: tuple[float, ...]
    becomes: tuple[float, ...]
    right: bool | None
    include_lowest: bool
    others: float | None
    dtype: np.dtype[Any]

    def __call__(self, block: Array) -> Array:
        out: Array = kernels.classify.intervals(
            block,
            self.low,
            self.high,
            self.becomes,
            right=self.right,
            include_lowest=self.include_lowest,
            others=self.others,
            out_dtype=self.dtype,
        )
        return out


@dataclass(frozen=True)
class Matches:
    """Rows (is, becomes)."""

    is_: tuple[float, ...]
    becomes: tuple[float, ...]
    others: float | None
    others_na: bool
    dtype: np.dtype[Any]

    def __call__(self, block: Array) -> Array:
        out: Array = kernels.classify.is_becomes(
            block, self.is_, self.becomes, others=self.others, others_na=self.others_na, out_dtype=self.dtype
        )
        return out


def _cells(
    inputs: Sequence[Node],
    layers: Sequence[Layer],
    dtype: np.dtype[Any],
    kernel: Any,
    *,
    layerwise: bool = True,
) -> SpatRaster:
    return raster(
        Cells(
            grid=inputs[0].grid,
            layers=tuple(layers),
            dtype=dtype,
            arguments=tuple(inputs),
            kernel=kernel,
            temporaries=8.0 * len(layers),
            layerwise=layerwise,
        )
    )


def classify(
    x: SpatRaster,
    rcl: Any,
    *,
    include_lowest: bool = False,
    right: bool | None = True,
    others: float | None = None,
    brackets: bool = True,
) -> SpatRaster:
    """Values replaced by class.

    Parameters
    ----------
    x : SpatRaster
    rcl : array-like of shape (n, 3) or (n, 2), sequence of numbers, or int
        Rows (from, to, becomes); rows (is, becomes), matched exactly; the cuts between classes; or a number of equal
        classes between the lowest and highest value (this one reads the values). NaN in the first column stands
        for missing.
    include_lowest : bool
        Close the lowest bound too (the highest with ``right=False``).
    right : bool or None
        Intervals are closed on the right (True), on the left (False), or on both sides (None).
    others : float, optional
        For values in no class, which stay as they are by default.
    brackets : bool
        Labels of cuts like ``(0 - 2]`` rather than ``0 - 2``.

    Returns
    -------
    SpatRaster
        Numbers; for cuts a factor with values from 0 and the intervals as labels.

    Notes
    -----
    The first row that holds a value wins among intervals, the last among exact matches. `others` leaves missing
    cells alone with three columns and takes them with two.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast(nrows=1, ncols=4, vals=[1, 2, 3, 4])
    >>> r.classify([[0, 2, 10], [2, 9, 20]]).values(drop=True)
    array([10., 10., 20., 20.])
    >>> r.classify([[3, 30]]).values(drop=True)
    array([ 1.,  2., 30.,  4.])
    """
    node = node_of(x, "classify")
    if isinstance(rcl, Mapping):
        rcl = list(rcl.items())
    if hasattr(rcl, "to_numpy"):
        rcl = rcl.to_numpy()
    table = np.asarray(
        [[NAN if v is None else v for v in row] if isinstance(row, list | tuple) else row for row in rcl]
        if isinstance(rcl, list | tuple)
        else rcl,
        dtype=np.float64,
    )
    if table.size == 0 or (table.ndim == 2 and table.shape[1] > 3) or table.ndim > 2:
        raise ArgumentError(f"classify: rcl must have 3, 2 or 1 columns and rows, got shape {table.shape}")
    if table.ndim == 0 or table.size == 1:
        table, include_lowest = _equal_cuts(x, float(table.ravel()[0])), True
    if table.ndim == 1 or table.shape[1] == 1:
        return _by_cuts(node, np.sort(table.ravel()), include_lowest, right, others, brackets)
    becomes = tuple(table[:, -1].tolist())
    dtype = _fits([*becomes, NAN if others is None else others], node.dtype)
    layers = [_renumbered(layer) for layer in node.layers]
    if table.shape[1] == 2:
        kernel: Any = Matches(tuple(table[:, 0].tolist()), becomes, others, True, dtype)
    else:
        if np.any(table[:, 0] > table[:, 1]):
            raise ArgumentError("classify: in each row 'from' must not be above 'to'")
        kernel = Intervals(
            tuple(table[:, 0].tolist()),
            tuple(table[:, 1].tolist()),
            becomes,
            right,
            include_lowest,
            others,
            dtype,
        )
    return _cells([node], layers, dtype, kernel)


def _renumbered(layer: Layer) -> Layer:
    """A layer with new values: name and time stay."""
    return layer.number()


def _equal_cuts(x: SpatRaster, count: float) -> Any:
    from pyterra.raster.reduce import minmax

    if count < 2 or count != int(count):
        raise ArgumentError(f"classify: the number of classes must be a whole number from 2, got {count:g}")
    limits = minmax(x, compute=True)
    if np.isnan(limits).all():
        raise ArgumentError("classify: equal classes need cells with values, got none; give the cuts")
    return np.linspace(np.nanmin(limits[0]), np.nanmax(limits[1]), int(count) + 1)


def _by_cuts(
    node: Node, cuts: Any, include_lowest: bool, right: bool | None, others: float | None, brackets: bool
) -> SpatRaster:
    low, high = cuts[:-1], cuts[1:]
    if low.size == 0:
        raise ArgumentError("classify: at least two different cuts are needed, got one")
    # What lies outside all classes is missing, or `others` for cells that have a value.
    kernel = Intervals(
        tuple(low.tolist()),
        tuple(high.tolist()),
        tuple(float(i) for i in range(low.size)),
        right,
        include_lowest,
        NAN if others is None else others,
        node.dtype,
    )
    labels = [_interval_label(i, low, high, right, include_lowest, brackets) for i in range(low.size)]
    rows = [(i, label) for i, label in enumerate(labels)]
    layers = [
        replace(layer.as_kind("factor"), categories=Categories(("ID", layer.name), tuple(rows)))
        for layer in node.layers
    ]
    return _cells([node], layers, node.dtype, kernel)


def _interval_label(
    i: int, low: Any, high: Any, right: bool | None, include_lowest: bool, brackets: bool
) -> str:
    text = f"{low[i]:.6g} - {high[i]:.6g}"
    if not brackets:
        return text
    closed_low = right is not True or (include_lowest and i == 0)
    closed_high = right is not False or (include_lowest and i == len(low) - 1)
    return f"{'[' if closed_low else '('}{text}{']' if closed_high else ')'}"


def subst(
    x: SpatRaster, from_: Any, to: Any, *, others: float | None = None, raw: bool = False
) -> SpatRaster:
    """Values replaced one by one.

    Parameters
    ----------
    x : SpatRaster
    from_ : number, str or sequence of them
        Values to replace; labels for factor layers. None or NaN for missing.
    to : number, str or sequence of them, or array-like of shape (n, k)
        What they become (recycled); labels of the same layer for factors. With k columns there are k layers.
    others : float, optional
        For everything else, missing included; by default it stays.
    raw : bool
        For factors: `from_` and `to` are values, not labels.

    Returns
    -------
    SpatRaster

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.rast(nrows=1, ncols=3, vals=[1, 2, 3]).subst([1, 2], [10, 20]).values(drop=True)
    array([10., 20.,  3.])
    """
    node = node_of(x, "subst")
    if not raw:
        from_, to = _from_labels(node, from_, "from_"), _from_labels(node, to, "to")
    keys = per_layer(from_, "subst: from_")
    targets = np.asarray(
        [
            [NAN if v is None else v for v in row]
            if isinstance(row, list | tuple)
            else (NAN if row is None else row)
            for row in to
        ]
        if isinstance(to, list | tuple)
        else (NAN if to is None else to),
        dtype=np.float64,
    )
    columns = targets if targets.ndim == 2 else targets.reshape(-1, 1)
    if len(columns) > len(keys) and len(keys) == 1:
        raise ArgumentError(f"subst: to must not be longer than from_ ({len(keys)}), got {len(columns)}")
    columns = columns[np.arange(len(keys)) % len(columns)]
    numbers = [*columns.ravel().tolist(), NAN if others is None else others]
    dtype = _fits(numbers, node.dtype)
    rules = [Matches(keys, tuple(column.tolist()), others, True, dtype) for column in columns.T]
    if len(rules) == 1:
        keep = not raw and all(layer.kind == "factor" for layer in node.layers)
        layers = [replace(la, range=None, storage=None) if keep else _renumbered(la) for la in node.layers]
        return _cells([node], layers, dtype, rules[0])
    if len(node.layers) > 1:
        raise ArgumentError(f"subst: several columns need a raster with one layer, got {len(node.layers)}")
    layers = [Layer(f"lyr{i + 1}") for i in range(len(rules))]
    return _cells([node], layers, dtype, Several(tuple(rules)), layerwise=False)


@dataclass(frozen=True)
class Several:
    """Several rules for one layer, a layer each."""

    rules: tuple[Matches, ...]

    def __call__(self, block: Array) -> Array:
        return np.concatenate([rule(block) for rule in self.rules])


def _from_labels(node: Node, values: Any, what: str) -> Any:
    """Labels of factor layers turned into their values."""
    items = [values] if isinstance(values, str) else values
    if not isinstance(items, list | tuple | np.ndarray) or not any(isinstance(v, str) for v in items):
        return values
    table = node.layers[0].categories
    if table is None:
        raise ArgumentError(
            f"subst: {what} holds labels, but layer {node.layers[0].name!r} has no categories"
        )
    known = {str(label): value for value, label in table.labels().items()}
    missing = [v for v in items if isinstance(v, str) and v not in known]
    if missing:
        raise ArgumentError(
            f"subst: no category is called {missing[0]!r}; there are {', '.join(map(repr, known))}"
        )
    return [known[v] if isinstance(v, str) else v for v in items]


@dataclass(frozen=True)
class Clamp:
    """Limits per layer, or as further inputs."""

    lower: tuple[float, ...] | None
    """None = the next input."""
    upper: tuple[float, ...] | None
    values: bool
    dtype: np.dtype[Any]

    def __call__(self, block: Array, *limits: Array) -> Array:
        given = list(limits)
        low = _column(self.lower) if self.lower is not None else given.pop(0)
        high = _column(self.upper) if self.upper is not None else given.pop(0)
        with np.errstate(invalid="ignore"):
            if self.values:
                return np.where(block < low, low, np.where(block > high, high, block)).astype(self.dtype)
            return np.where((block < low) | (block > high), np.nan, block)


def _column(numbers: Sequence[float]) -> Array:
    return np.asarray(numbers, dtype=np.float64)[:, None, None]


def clamp(x: SpatRaster, lower: Any = -np.inf, upper: Any = np.inf, *, values: bool = True) -> SpatRaster:
    """Values held between limits.

    Parameters
    ----------
    x : SpatRaster
    lower, upper : number, sequence (one per layer) or SpatRaster
    values : bool
        Values beyond a limit become the limit (True) or missing (False).

    Returns
    -------
    SpatRaster
    """
    node = node_of(x, "clamp")
    inputs: list[Node] = [node]
    sides: list[tuple[float, ...] | None] = []
    for limit, what in ((lower, "lower"), (upper, "upper")):
        if is_raster(limit):
            other = node_of(limit, "clamp")
            grid = node.grid.check_same(other.grid, "clamp")
            inputs.append(recycled(on_grid(other, grid), len(node.layers)))
            sides.append(None)
        else:
            numbers = per_layer(limit, f"clamp: {what}")
            sides.append(tuple(numbers[i % len(numbers)] for i in range(len(node.layers))))
    if sides[0] and sides[1] and any(a > b for a, b in zip(sides[0], sides[1], strict=True)):
        raise ArgumentError(f"clamp: lower must not be above upper, got {lower} and {upper}")
    same = all(s is not None and len(set(s)) == 1 for s in sides)
    lows, highs = (side[:1] if same and side else side for side in sides)
    finite = [v for s in sides if s is not None for v in s if np.isfinite(v)]
    dtype = np.dtype(np.result_type(*(n.dtype for n in inputs)))
    if values:
        dtype = _fits(finite, dtype)
    layers = []
    for layer in node.layers:
        whole = all(v.is_integer() for v in finite) and len(inputs) == 1
        kept = layer.kind if whole or not values else "num"
        layers.append(
            replace(layer, kind=kept, storage=None if values and finite else layer.storage, range=None)
        )
    return _cells(inputs, layers, dtype, Clamp(lows, highs, values, dtype), layerwise=same)


@dataclass(frozen=True)
class Cover:
    """The second input where the first has one of some values."""

    values: tuple[float, ...]

    def __call__(self, block: Array, other: Array) -> Array:
        return np.where(_is_any(block, self.values), other, block)


@dataclass(frozen=True)
class Coalesce:
    """The first layer that has none of some values."""

    values: tuple[float, ...]

    def __call__(self, block: Array) -> Array:
        out = block[0].copy()
        for layer in block[1:]:
            empty = _is_any(out, self.values)
            out[empty] = layer[empty]
        return out[None]


def _is_any(block: Array, values: Sequence[float]) -> Any:
    found: Any = np.zeros(block.shape, dtype=bool)
    for value in values:
        found |= np.isnan(block) if value != value else block == np.float64(value)
    return found


def cover(x: SpatRaster, y: SpatRaster | None = None, *, values: Any = NAN) -> SpatRaster:
    """Missing cells covered by another raster.

    Parameters
    ----------
    x : SpatRaster
    y : SpatRaster, optional
        What shows where `x` has one of `values`. Without it, the result is the first layer of `x` that has a value.
    values : number or sequence
        Values that are covered; missing by default.

    Returns
    -------
    SpatRaster
    """
    node = node_of(x, "cover")
    codes = per_layer(values, "cover: values")
    if y is None:
        layer = replace(
            node.layers[0].number(), categories=node.layers[0].categories, kind=_kept(node.layers[0])
        )
        return _cells([node], [layer], node.dtype, Coalesce(codes), layerwise=False)
    other = node_of(y, "cover")
    grid = node.grid.check_same(other.grid, "cover")
    count = max(len(node.layers), len(other.layers))
    inputs = [recycled(on_grid(n, grid), count) for n in (node, other)]
    layers = [
        replace(la.number(), categories=la.categories, kind=_kept(la), unit=la.unit)
        for la in inputs[0].layers
    ]
    return _cells(inputs, layers, np.dtype(np.result_type(node.dtype, other.dtype)), Cover(codes))


def _kept(layer: Layer) -> Any:
    return "factor" if layer.kind == "factor" else "num"


@dataclass(frozen=True)
class Choose:
    """Yes where the test is 1, no where it is another number, missing where it is missing."""

    def __call__(self, test: Array, yes: Array, no: Array) -> Array:
        out = np.where(test == 1, yes, no)
        out[np.isnan(test)] = np.nan
        return out


def ifel(test: SpatRaster, yes: Any, no: Any) -> SpatRaster:
    """One of two values, by a test.

    Parameters
    ----------
    test : SpatRaster
        True where it is 1; where it is missing the result is missing.
    yes, no : SpatRaster, number or sequence of numbers (one per layer); None for missing

    Returns
    -------
    SpatRaster
        As many layers as the longest of the three.
    """
    nodes = [node_of(test, "ifel")]
    for value in (yes, no):
        if is_raster(value):
            nodes.append(node_of(value, "ifel"))
        else:
            numbers = per_layer(value, "ifel")
            narrow = all(v != v or float(np.float32(v)) == v for v in numbers)
            nodes.append(constants(numbers, nodes[0].grid, np.dtype(np.float32 if narrow else np.float64)))
    grid = same_grid(nodes, "ifel")
    count = max(len(n.layers) for n in nodes)
    inputs = [recycled(on_grid(n, grid), count) for n in nodes]
    dtype = np.dtype(np.result_type(inputs[1].dtype, inputs[2].dtype))
    names = next((n.layers for n in nodes if len(n.layers) == count), nodes[0].layers)
    return _cells(inputs, [layer.number() for layer in names], dtype, Choose())


@dataclass(frozen=True)
class Mask:
    """A value where the mask has one of some values (or has none of them)."""

    values: tuple[float, ...]
    inverse: bool
    update: float
    dtype: np.dtype[Any]

    def __call__(self, block: Array, mask: Array) -> Array:
        hit = _is_any(mask, self.values)
        return np.where(~hit if self.inverse else hit, np.asarray(self.update, self.dtype), block)


def mask(
    x: SpatRaster,
    mask: SpatRaster,
    *,
    inverse: bool = False,
    maskvalues: Any = NAN,
    updatevalue: float | None = None,
) -> SpatRaster:
    """Cells set to missing where a mask is missing.

    Parameters
    ----------
    x : SpatRaster
    mask : SpatRaster
        A mask with more layers than `x` repeats the layers of `x`.
    inverse : bool
        Set the other cells instead.
    maskvalues : number or sequence
        Values of the mask that set cells; missing by default.
    updatevalue : float, optional
        What the cells become; missing by default. Cells that were missing already become it too.

    Returns
    -------
    SpatRaster
        Names, types and categories of `x`.
    """
    node = node_of(x, "mask")
    if not is_raster(mask):
        raise ArgumentError(f"mask: the mask must be a SpatRaster, got {type(mask).__name__}")
    other = node_of(mask, "mask")
    grid = node.grid.check_same(other.grid, "mask")
    count = max(len(node.layers), len(other.layers))
    inputs = [recycled(on_grid(n, grid), count) for n in (node, other)]
    update = NAN if updatevalue is None else float(updatevalue)
    names = (
        node.layers
        if len(node.layers) == count
        else [replace(la, name=f"lyr{i + 1}") for i, la in enumerate(inputs[0].layers)]
    )
    layers = [replace(la, range=None, storage=la.storage if update != update else None) for la in names]
    dtype = _fits([update], node.dtype)
    kernel = Mask(per_layer(maskvalues, "mask: maskvalues"), inverse, update, dtype)
    return _cells(inputs, layers, dtype, kernel)
