"""Kinds of values, categories and colours of layers."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from numbers import Integral
from typing import TYPE_CHECKING, Any

import numpy as np

from pyterra.arguments import choice
from pyterra.errors import ArgumentError, near_names
from pyterra.expr import Categories, Layer, relabel
from pyterra.expr.described import Described
from pyterra.raster.build import raster
from pyterra.raster.naming import one_per_layer, relayered

if TYPE_CHECKING:
    import pandas as pd

    from pyterra.handles.spatraster import SpatRaster

_HEXADECIMAL = re.compile("#[0-9a-fA-F]{6}([0-9a-fA-F]{2})?")


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


def is_num(x: SpatRaster) -> list[bool]:
    """Whether the values of each layer are plain numbers.

    Returns
    -------
    list of bool
        One per layer; False for whole numbers, for true and false, and for categories.

    See Also
    --------
    is_int, is_bool, is_factor : Ask for the other kinds.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[1.5, 2.5]])
    >>> r.is_num(), r.as_int().is_num()
    ([True], [False])
    """
    return [layer.kind == "num" for layer in x._node.layers]


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


def has_colors(x: SpatRaster) -> list[bool]:
    """Whether each layer has a colour table.

    Returns
    -------
    list of bool
        One per layer.

    See Also
    --------
    colors : Reads or sets colour tables.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[1, 2]])
    >>> r.colors = {1: (255, 0, 0)}
    >>> r.has_colors()
    [True]
    """
    return [layer.colors is not None for layer in x._node.layers]


CHANNELS = {
    "rgb": ("red", "green", "blue", "alpha"),
    "hsv": ("hue", "saturation", "value"),
    "hsi": ("hue", "saturation", "intensity"),
    "hsl": ("hue", "saturation", "lightness"),
}
"""What layers that make a picture together stand for, by the kind of colours."""


def picture(x: Described, kind: str = "rgb") -> list[int] | None:
    """The layers that make a picture together, in the order of `CHANNELS`; None where they do not."""
    found = [layer.channel for layer in x._node.layers]
    order = [found.index(name) for name in CHANNELS[kind] if found.count(name) == 1]
    return (
        order if len(order) >= 3 and order == [found.index(n) for n in CHANNELS[kind][: len(order)]] else None
    )


def rgb(x: Described) -> list[int] | None:
    return next((order for kind in CHANNELS if (order := picture(x, kind))), None)


def set_channels(x: Described, value: Sequence[int] | None, kind: str = "rgb") -> None:
    channels = CHANNELS[choice(kind, tuple(CHANNELS), "rgb: type")]
    layers = [] if value is None else [int(i) for i in value]
    count = len(x._node.layers)
    if value is not None and not 3 <= len(layers) <= len(channels):
        most = f"or {len(channels)} " if len(channels) > 3 else ""
        raise ArgumentError(f"rgb: must be 3 {most}layers, got {len(layers)}; None for no picture")
    if len(set(layers)) < len(layers) or not all(0 <= i < count for i in layers):
        raise ArgumentError(f"rgb: must be different numbers of layers, 0 to {count - 1}, got {layers}")
    told = dict(zip(layers, channels, strict=False))
    relayered(x, lambda i, layer: replace(layer, channel=told.get(i, "")))


def set_rgb(x: SpatRaster, value: Sequence[int] | None, type: str = "rgb") -> SpatRaster:
    """A raster whose layers make a picture together.

    Parameters
    ----------
    x : SpatRaster
    value : sequence of int or None
        The layers of red, green and blue, and of alpha where there is one; or of hue, saturation and the third. None:
        the layers make no picture.
    type : {"rgb", "hsv", "hsi", "hsl"}
        What the layers stand for.

    Returns
    -------
    SpatRaster

    See Also
    --------
    rgb : The same as a property.
    has_rgb : Says whether there is a picture.
    plot_rgb : Shows it.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[[1]], [[2]], [[3]]]).set_rgb([2, 1, 0])
    >>> r.rgb
    [2, 1, 0]
    """
    out = raster(x._node)
    set_channels(out, value, type)
    return out


def has_rgb(x: SpatRaster, strict: bool = True) -> bool:
    """Whether layers make a picture together.

    Parameters
    ----------
    x : SpatRaster
    strict : bool
        Only red, green and blue count; otherwise hue, saturation and a third do too.

    Returns
    -------
    bool

    See Also
    --------
    rgb : Says which layers, and sets them.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[[1]], [[2]], [[3]]])
    >>> r.has_rgb(), r.set_rgb([0, 1, 2]).has_rgb()
    (False, True)
    """
    return (picture(x) if strict else rgb(x)) is not None


def colors(x: Described) -> list[dict[int, tuple[int, int, int, int]] | None]:
    return [None if layer.colors is None else dict(layer.colors) for layer in x._node.layers]


def set_colors(x: Described, value: Any, named: Callable[[str], tuple[int, ...]]) -> None:
    """Give colour tables: {value or label: colour} for the first layer, a list of them for all, None to remove.

    A colour is (red, green, blue[, alpha]) of 0 to 255, or a text of which `named` makes such numbers.
    """
    tables = list(value) if isinstance(value, list | tuple) else [value]

    def change(i: int, layer: Layer) -> Layer:
        if i >= len(tables):
            return layer
        table = tables[i]
        if table is None:
            return replace(layer, colors=None)
        if not isinstance(table, Mapping):
            raise ArgumentError(
                f"colors: a layer must have {{value or label: colour}} or None, got {table!r}"
            )
        entries = {
            value: _channels(color, named) for key, color in table.items() for value in _values(key, layer)
        }
        return replace(layer, colors=tuple(sorted(entries.items())))

    relayered(x, change)


def _values(key: Any, layer: Layer) -> list[int]:
    """The values of the classes that have a label, or the one value that is told."""
    if isinstance(key, str):
        labels = layer.categories.labels() if layer.categories else {}
        found = [int(value) for value, label in labels.items() if label == key]
        if not found:
            hint = near_names(key, labels.values())
            raise ArgumentError(f"colors: a text must be a label of layer {layer.name!r}, got {key!r}{hint}")
        return found
    if not isinstance(key, float | Integral | np.floating) or not float(key).is_integer():
        raise ArgumentError(f"colors: a value must be a whole number or a label, got {key!r}")
    return [int(float(key))]


def _channels(color: Any, named: Callable[[str], tuple[int, ...]]) -> tuple[int, int, int, int]:
    """Red, green, blue and opacity of a colour, from 0 to 255."""
    if isinstance(color, str):
        parts = named(color)
    else:
        parts = tuple(int(c) for c in color) if isinstance(color, Sequence | np.ndarray) else ()
    if len(parts) not in (3, 4) or not all(0 <= c <= 255 for c in parts):
        raise ArgumentError(
            "colors: a colour must be 3 or 4 numbers from 0 to 255, a name, '#rrggbb' or '#rrggbbaa', "
            f"got {color!r}"
        )
    red, green, blue, alpha = (*parts, 255)[:4]
    return red, green, blue, alpha


def hexadecimal(color: str) -> tuple[int, ...] | None:
    """Red, green, blue and opacity, 0 to 255, of ``#rrggbb`` or ``#rrggbbaa``; None for what is not written so."""
    return tuple(bytes.fromhex(f"{color[1:]}ff"[:8])) if _HEXADECIMAL.fullmatch(color) else None
