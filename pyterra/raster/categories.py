"""Kinds of values, categories and colours of layers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from pyterra.errors import ArgumentError
from pyterra.expr import Categories, Layer, relabel
from pyterra.expr.described import Described
from pyterra.raster.build import raster
from pyterra.raster.naming import one_per_layer, relayered

if TYPE_CHECKING:
    import pandas as pd

    from pyterra.handles.spatraster import SpatRaster


def is_factor(x: SpatRaster) -> list[bool]:
    """Whether each layer has categories.

    Returns
    -------
    list of bool
        One per layer.

    See Also
    --------
    as_factor : Gives a layer categories.
    levels : Reads or sets categories.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[1, 2, 2]])
    >>> r.is_factor(), r.as_factor().is_factor()
    ([False], [True])
    """
    return [layer.kind == "factor" for layer in x._node.layers]


def is_int(x: SpatRaster) -> list[bool]:
    """Whether the values of each layer are flagged as whole numbers.

    Returns
    -------
    list of bool
        One per layer.

    See Also
    --------
    as_int : Cuts values to whole numbers.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[1.5, 2.5]])
    >>> r.is_int(), r.as_int().is_int()
    ([False], [True])
    """
    return [layer.kind == "int" for layer in x._node.layers]


def is_bool(x: SpatRaster) -> list[bool]:
    """Whether the values of each layer are flagged as true or false.

    Returns
    -------
    list of bool
        One per layer.

    See Also
    --------
    as_bool : Makes such values.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[1, 2, 3]])
    >>> r.is_bool(), (r > 1).is_bool()
    ([False], [True])
    """
    return [layer.kind == "bool" for layer in x._node.layers]


def as_factor(x: SpatRaster) -> SpatRaster:
    """A raster whose layers without categories get one category per value found. This reads the values.

    Parameters
    ----------
    x : SpatRaster

    Returns
    -------
    SpatRaster
        Labels are the values, rounded to whole numbers, as text.

    See Also
    --------
    levels : Reads or gives tables of categories.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[5, 7, 7]], names="class").as_factor()
    >>> r.cats()[0].values.tolist()
    [[5, '5'], [7, '7']]
    """
    from pyterra.raster.tables import unique_values

    layers = list(x._node.layers)
    for i, layer in enumerate(layers):
        if layer.categories is None:
            found = [int(v) for v in unique_values(x[i], digits=0)]
            table = Categories(("ID", layer.name), tuple((v, str(v)) for v in found))
            layers[i] = replace(layer, kind="factor", categories=table)
    return raster(relabel(x._node, tuple(layers)))


def _frame(table: Categories | None, whole: bool) -> pd.DataFrame | None:
    import pandas as pd

    if table is None:
        return None
    frame = pd.DataFrame([list(row) for row in table.rows], columns=list(table.columns))
    return frame if whole else frame.iloc[:, [0, table.active + 1]]


def levels(x: Described) -> list[pd.DataFrame | None]:
    return [_frame(layer.categories, whole=False) for layer in x._node.layers]


def cats(x: SpatRaster) -> list[pd.DataFrame | None]:
    """The tables of categories of the layers, with all their columns.

    Returns
    -------
    list of pandas.DataFrame or None
        One per layer; None where a layer has no categories.

    See Also
    --------
    levels : Gives the values and the active labels alone.
    active_cat : Says which column is active.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[1, 2]], names="cover")
    >>> r.levels = {1: "water", 2: "forest"}
    >>> r.cats()[0].values.tolist()
    [[1, 'water'], [2, 'forest']]
    """
    return [_frame(layer.categories, whole=True) for layer in x._node.layers]


def set_levels(x: Described, value: Any) -> None:
    """Give tables of categories: a DataFrame or {value: label} for the first layer, a list for all, None to remove."""
    tables = list(value) if isinstance(value, list | tuple) else [value]
    if len(tables) > len(x._node.layers):
        raise ArgumentError(f"levels: at most one table per layer ({len(x._node.layers)}), got {len(tables)}")

    def change(i: int, layer: Layer) -> Layer:
        if i >= len(tables):
            return layer
        table = categories(tables[i])
        if table is None:
            return replace(layer, kind="int" if layer.kind == "factor" else layer.kind, categories=None)
        return replace(layer, name=table.label_name, kind="factor", categories=table)

    relayered(x, change)


def categories(value: Any) -> Categories | None:
    if value is None or isinstance(value, Categories):
        return value
    if isinstance(value, Mapping):
        rows = [(key, label) for key, label in value.items()]
        columns: tuple[str, ...] = ("ID", "category")
    elif hasattr(value, "itertuples"):
        rows = [tuple(row) for row in value.itertuples(index=False)]
        columns = tuple(str(c) for c in value.columns)
    else:
        raise ArgumentError(f"levels: must be a DataFrame, a dict or None, got {type(value).__name__}")
    if len(columns) < 2 or not rows:
        raise ArgumentError("levels: a table needs a column of values, a column of labels, and rows")
    try:
        keys = [int(row[0]) for row in rows]
    except (TypeError, ValueError):
        raise ArgumentError(f"levels: the first column must hold whole numbers, got {rows[0][0]!r}") from None
    if any(float(row[0]) != key for row, key in zip(rows, keys, strict=True)):
        raise ArgumentError("levels: the first column must hold whole numbers")
    if len(set(keys)) < len(keys):
        raise ArgumentError("levels: a value may have one row only")
    plain = (tuple(v.item() if isinstance(v, np.generic) else v for v in row) for row in rows)
    return Categories(columns, tuple((key, *row[1:]) for key, row in zip(keys, plain, strict=True)))


def active_cat(x: Described) -> list[int | None]:
    return [None if layer.categories is None else layer.categories.active for layer in x._node.layers]


def set_active_cat(x: Described, value: Any) -> None:
    """Choose the label column, by number (0 = the first label) or name."""
    items = one_per_layer(x, value, "active_cat")

    def change(i: int, layer: Layer) -> Layer:
        table, item = layer.categories, items[i]
        if table is None or item is None:
            return layer
        labels = list(table.columns[1:])
        if isinstance(item, str):
            if item not in labels:
                raise ArgumentError(f"active_cat: must be one of {', '.join(labels)}, got {item!r}")
            item = labels.index(item)
        if not 0 <= item < len(labels):
            raise ArgumentError(f"active_cat: must lie between 0 and {len(labels) - 1}, got {item}")
        table = replace(table, active=int(item))
        return replace(layer, categories=table, name=table.label_name)

    relayered(x, change)


def colors(x: Described) -> list[dict[int, tuple[int, int, int, int]] | None]:
    return [None if layer.colors is None else dict(layer.colors) for layer in x._node.layers]


def set_colors(x: Described, value: Any) -> None:
    """Give colour tables: {value: (red, green, blue[, alpha])} for the first layer, a list for all, None to remove."""
    tables = list(value) if isinstance(value, list | tuple) else [value]

    def change(i: int, layer: Layer) -> Layer:
        if i >= len(tables):
            return layer
        table = tables[i]
        if table is None:
            return replace(layer, colors=None)
        entries = []
        for key, color in table.items():
            parts = tuple(int(c) for c in color)
            if len(parts) not in (3, 4) or not all(0 <= c <= 255 for c in parts):
                raise ArgumentError(f"colors: a colour must be 3 or 4 numbers from 0 to 255, got {color}")
            entries.append((int(key), (*parts, 255)[:4]))
        return replace(layer, colors=tuple(sorted(entries)))  # type: ignore[arg-type]

    relayered(x, change)
