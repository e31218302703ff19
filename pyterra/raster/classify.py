"""classify and subst: values replaced by tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from pyterra import kernels
from pyterra.errors import ArgumentError
from pyterra.expr import Array, Categories, Layer, Node
from pyterra.frozen import dataclass
from pyterra.raster.build import cells_raster, exact_dtype, mixed, node_of, numbers_of, per_layer

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike

    from pyterra.handles.spatraster import SpatRaster
    from pyterra.types import Labels

NAN = float("nan")


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


def classify(
    x: SpatRaster,
    rcl: ArrayLike | pd.DataFrame | Mapping[float, float] | Sequence[Any],
    *,
    include_lowest: bool = False,
    right: bool | None = True,
    others: float | None = None,
    brackets: bool = True,
) -> SpatRaster:
    """Values replaced by those of the classes in which they lie.

    Parameters
    ----------
    x : SpatRaster
    rcl : array-like of shape (n, 3) or (n, 2), sequence of numbers, or int
        Rows (from, to, becomes); rows (is, becomes), matched exactly; the cuts between classes; or a number of equal
        classes between the lowest and highest value (this one reads the values). NaN in the first column stands
        for missing.
    include_lowest : bool
        Close the lowest bound too, or with ``right=False`` the highest.
    right : bool or None
        Intervals are closed on the right (True), on the left (False), or on both sides (None).
    others : float, optional
        What values in no class become; by default they stay as they are.
    brackets : bool
        Write the labels of cuts as ``(0 - 2]`` rather than ``0 - 2``.

    Returns
    -------
    SpatRaster
        Numbers; for cuts a factor with values from 0 and the intervals as labels.

    See Also
    --------
    subst : Replaces single values.
    clamp : Holds values between limits.
    ifel : Chooses between two values by a test.

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
    rows: Any = list(rcl.items()) if isinstance(rcl, Mapping) else rcl
    if hasattr(rows, "to_numpy"):  # as an array of its own types: times and texts are no numbers
        rows = rows.to_numpy()
    table = numbers_of(rows, "classify: rcl")
    if (table.ndim == 2 and table.shape[1] > 3) or table.ndim > 2:
        raise ArgumentError(f"classify: rcl must have 3, 2 or 1 columns and rows, got shape {table.shape}")
    if table.ndim == 0 or table.size == 1:
        if not np.isfinite(table).all():
            raise ArgumentError("classify: a single number of classes must not be missing")
        table, include_lowest = _equal_cuts(x, float(table.ravel()[0])), True
    if table.ndim == 1 or table.shape[1] == 1:
        return _by_cuts(node, np.sort(table.ravel()), include_lowest, right, others, brackets)
    becomes = tuple(table[:, -1].tolist())
    dtype = exact_dtype([*becomes, NAN if others is None else others], node.dtype)
    layers = [mixed(_renumbered(layer), becomes, [layer]) for layer in node.layers]
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
    return cells_raster([node], layers, dtype, kernel)


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
    return cells_raster([node], layers, node.dtype, kernel)


def _interval_label(
    i: int, low: Any, high: Any, right: bool | None, include_lowest: bool, brackets: bool
) -> str:
    text = f"{_decimal(low[i])} - {_decimal(high[i])}"
    if not brackets:
        return text
    closed_low = right is not True or (include_lowest and i == 0)
    closed_high = right is not False or (include_lowest and i == len(low) - 1)
    return f"{'[' if closed_low else '('}{text}{']' if closed_high else ')'}"


def _decimal(number: float) -> str:
    """A number with six decimals at most, as in terra, so that no digit before the point is lost."""
    text = f"{number:.6f}" if number == 0 or abs(number) >= 1e-3 else f"{number:.6g}"
    return text.rstrip("0").rstrip(".") if "." in text and "e" not in text else text


def subst(
    x: SpatRaster, from_: Labels, to: Labels | None, *, others: float | None = None, raw: bool = False
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
        What all other cells become, missing ones included; by default they stay as they are.
    raw : bool
        Take `from_` and `to` as values of a factor, not as labels.

    Returns
    -------
    SpatRaster
        Names of `x`, where there is one layer for each of its layers, and the categories, where they are factors.

    See Also
    --------
    classify : Replaces ranges of values.
    cover : Fills missing cells from another raster.

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
    targets = numbers_of(NAN if to is None else to, "subst: to")
    columns = targets if targets.ndim == 2 else targets.reshape(-1, 1)
    if len(columns) > len(keys) and len(keys) == 1:
        raise ArgumentError(f"subst: to must not be longer than from_ ({len(keys)}), got {len(columns)}")
    columns = columns[np.arange(len(keys)) % len(columns)]
    numbers = [*columns.ravel().tolist(), NAN if others is None else others]
    dtype = exact_dtype(numbers, node.dtype)
    rules = [Matches(keys, tuple(column.tolist()), others, True, dtype) for column in columns.T]
    if len(rules) == 1:
        keep = all(layer.kind == "factor" for layer in node.layers)
        layers = [mixed(la if keep else _renumbered(la), numbers, [la]) for la in node.layers]
        return cells_raster([node], layers, dtype, rules[0])
    if len(node.layers) > 1:
        raise ArgumentError(f"subst: several columns need a raster with one layer, got {len(node.layers)}")
    layers = [mixed(Layer(f"lyr{i + 1}"), numbers, node.layers) for i in range(len(rules))]
    return cells_raster([node], layers, dtype, Several(tuple(rules)), layerwise=False)


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
