"""Tables of categories of several layers, or with more columns: categories, add_cats, combine_levels, simplify_levels."""

from __future__ import annotations

from dataclasses import replace
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import numpy as np

from pyterra.errors import ArgumentError
from pyterra.expr import Array, Categories, Layer, Node, relabel
from pyterra.frozen import dataclass
from pyterra.raster.build import cells_raster, layer_positions, node_of, raster
from pyterra.raster.categories import categories as table_of

if TYPE_CHECKING:
    import pandas as pd

    from pyterra.handles.spatraster import SpatRaster


def _layer_at(node: Node, layer: int | str, verb: str) -> int:
    found = layer_positions(node.layers, layer)
    if len(found) != 1:
        raise ArgumentError(f"{verb}: layer must be one layer, got {len(found)} that are named {layer!r}")
    return found[0]


def _changed(node: Node, place: int, layer: Layer) -> SpatRaster:
    layers = list(node.layers)
    layers[place] = layer
    return raster(relabel(node, tuple(layers)))


def categories(
    x: SpatRaster, layer: int | str = 0, value: Any = None, *, active: int | str = 0
) -> SpatRaster:
    """A raster with another table of categories for a layer.

    Parameters
    ----------
    x : SpatRaster
    layer : int or str
    value : DataFrame or {value: label}, optional
        The table: values and columns of labels. None takes the categories away.
    active : int or str
        The column of labels that is shown, by number (0 = the first label) or name.

    Returns
    -------
    SpatRaster
        The layer is called after the active column.

    Raises
    ------
    ArgumentError
        For anything that is no table of categories.

    See Also
    --------
    levels : Gives tables to the raster itself.
    add_cats : Adds columns.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[1, 2]]).categories(0, {1: "wet", 2: "dry"})
    >>> r.levels[0]["category"].tolist()
    ['wet', 'dry']
    """
    node = node_of(x, "categories")
    place = _layer_at(node, layer, "categories")
    old, table = node.layers[place], table_of(value)
    if table is None:
        kind = "int" if old.kind == "factor" else old.kind
        return _changed(node, place, replace(old, kind=kind, categories=None))
    table = _with_active(table, active, "categories")
    return _changed(node, place, replace(old, name=table.label_name, kind="factor", categories=table))


def _with_active(table: Categories, active: int | str, verb: str) -> Categories:
    labels = list(table.columns[1:])
    place = labels.index(active) if active in labels else active
    if isinstance(place, str) or not 0 <= place < len(labels):
        raise ArgumentError(
            f"{verb}: active must be one of {', '.join(labels)}, or its number, got {active!r}"
        )
    return replace(table, active=int(place))


def add_cats(x: SpatRaster, value: pd.DataFrame, *, merge: bool = False, layer: int | str = 0) -> SpatRaster:
    """A raster with more columns in the table of categories of a layer.

    Parameters
    ----------
    x : SpatRaster
    value : DataFrame
        The columns, with a row per category in their order; or with `merge` a first column of values that tells which.
    merge : bool
        Find the rows by value. Categories that `value` does not have get missing labels.
    layer : int or str

    Returns
    -------
    SpatRaster
        The first of the new columns is shown.

    Raises
    ------
    ArgumentError
        Where the layer has no categories, or rows do not fit.

    See Also
    --------
    categories : Gives another table.
    active_cat : Tells the column that is shown.

    Examples
    --------
    >>> import pandas as pd
    >>> import pyterra as pt
    >>> r = pt.rast([[1, 2]]).categories(0, {1: "wet", 2: "dry"})
    >>> r.add_cats(pd.DataFrame({"cost": [5, 7]})).cats()[0].values.tolist()
    [[1, 'wet', 5], [2, 'dry', 7]]
    """
    node = node_of(x, "add_cats")
    place = _layer_at(node, layer, "add_cats")
    table = node.layers[place].categories
    if table is None:
        raise ArgumentError(
            "add_cats: the layer must have categories to add to; give it some with categories()"
        )
    new = [
        tuple(v.item() if isinstance(v, np.generic) else v for v in row)
        for row in value.itertuples(index=False)
    ]
    columns = [str(name) for name in value.columns]
    if merge:
        known, columns = {row[0]: row[1:] for row in new}, columns[1:]
        more = [known.get(row[0], (None,) * len(columns)) for row in table.rows]
    else:
        more = new
    if not columns or len(more) != len(table.rows):
        raise ArgumentError(
            f"add_cats: value must have a column and a row per category ({len(table.rows)}), got {value.shape}; or "
            "give merge=True"
        )
    rows = tuple((*row, *extra) for row, extra in zip(table.rows, more, strict=True))
    made = Categories((*table.columns, *columns), rows, active=len(table.columns) - 1)
    return _changed(node, place, replace(node.layers[place], name=made.label_name, categories=made))


def combine_levels(x: SpatRaster, *, assign: bool = True) -> SpatRaster | pd.DataFrame:
    """All layers with one table of categories, that of all of them together.

    Parameters
    ----------
    x : SpatRaster
    assign : bool
        False: give the table itself.

    Returns
    -------
    SpatRaster or pandas.DataFrame
        The labels are those of the active columns, in the order of the values; layers without categories get the
        table too.

    Raises
    ------
    ArgumentError
        Where no layer has categories, or two have other labels for one value.

    See Also
    --------
    levels : Reads or sets the tables.

    Examples
    --------
    >>> import pyterra as pt
    >>> a, b = pt.rast([[1, 2]]), pt.rast([[2, 3]])
    >>> a.levels, b.levels = {1: "wet", 2: "dry"}, {2: "dry", 3: "ice"}
    >>> pt.c(a, b).combine_levels(assign=False).values.tolist()
    [[1, 'wet'], [2, 'dry'], [3, 'ice']]
    """
    import pandas as pd

    node = node_of(x, "combine_levels")
    tables = [layer.categories for layer in node.layers if layer.categories is not None]
    if not tables:
        raise ArgumentError("combine_levels: a layer must have categories, got none")
    labels: dict[int, Any] = {}
    for table in tables:
        for value, label in table.labels().items():
            if labels.setdefault(value, label) != label:
                raise ArgumentError(
                    f"combine_levels: labels must not differ, got {labels[value]!r} and {label!r} for {value}"
                )
    columns = (tables[0].columns[0], tables[0].label_name)
    rows = tuple(sorted(labels.items(), key=itemgetter(0)))
    if not assign:
        return pd.DataFrame(list(rows), columns=list(columns))
    made = Categories(columns, rows)
    layers = tuple(replace(layer, kind="factor", categories=made) for layer in node.layers)
    return raster(relabel(node, layers))


@dataclass(frozen=True)
class Recoded:
    """Values of a layer in place of others, for each layer."""

    codes: tuple[tuple[tuple[float, float], ...], ...]
    """Pairs of an old and a new value; new ones are no old ones."""

    def __call__(self, block: Array) -> Array:
        out = block.copy()
        for target, layer, pairs in zip(out, block, self.codes, strict=True):
            for old, new in pairs:
                target[layer == old] = new
        return out


def simplify_levels(x: SpatRaster) -> SpatRaster:
    """Categories with the same label as one.

    Parameters
    ----------
    x : SpatRaster

    Returns
    -------
    SpatRaster
        Cells get the first of the values that have their label. Other columns than the active one go.

    See Also
    --------
    droplevels : Takes categories away.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[1, 2, 3]])
    >>> r.levels = {1: "wet", 2: "dry", 3: "wet"}
    >>> r.simplify_levels().values(drop=True).tolist()
    [1.0, 2.0, 1.0]
    """
    node = node_of(x, "simplify_levels")
    layers, codes = [], []
    for layer in node.layers:
        table = layer.categories
        first: dict[Any, int] = {}
        pairs = {}
        for value, label in table.labels().items() if table else ():
            pairs[float(value)] = float(first.setdefault(label, value))
        codes.append(tuple((old, new) for old, new in pairs.items() if old != new))
        if table is not None:
            made = Categories(
                (table.columns[0], table.label_name), tuple((v, label) for label, v in first.items())
            )
            layer = replace(layer, categories=made, range=None)
        layers.append(layer)
    if not any(codes):
        return raster(relabel(node, tuple(layers)))
    return cells_raster([node], layers, node.dtype, Recoded(tuple(codes)), layerwise=False, temporaries=32.0)
