"""Verbs of categories: droplevels, catalyze, concats; and is_in, which takes labels too."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from pyterra.errors import ArgumentError
from pyterra.expr import Array, Categories, Cells, Layer, Node, join, relabel
from pyterra.expr.layers import numbered
from pyterra.frozen import dataclass
from pyterra.raster.build import FLOAT64, cells_raster, is_raster, node_of, on_grid, raster
from pyterra.raster.reduce import counts_of
from pyterra.raster.tables import number_of

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster
    from pyterra.types import Labels


@dataclass(frozen=True)
class OnlyKnown:
    """Values that are among some, per layer; others become missing."""

    values: tuple[tuple[float, ...] | None, ...]

    def __call__(self, block: Array) -> Array:
        out = block.copy()
        for layer, known in zip(out, self.values, strict=True):
            if known is not None:
                layer[~np.isin(layer, known)] = np.nan
        return out


def droplevels(x: SpatRaster, level: Labels | None = None, layer: int | str | None = None) -> SpatRaster:
    """A raster without categories that do not occur, or without given ones.

    Parameters
    ----------
    x : SpatRaster
    level : number, label or sequence of them, optional
        Categories to drop; their cells become missing. By default those that no cell has (this reads the values).
    layer : int or str, optional
        Only this layer.

    Returns
    -------
    SpatRaster

    See Also
    --------
    levels : Reads or sets the categories.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[1, 1, 2]])
    >>> r.levels = {1: "water", 2: "forest", 3: "city"}
    >>> r.droplevels().cats()[0]["category"].tolist()
    ['water', 'forest']
    """
    from pyterra.raster.build import layer_positions

    node = node_of(x, "droplevels")
    chosen = range(len(node.layers)) if layer is None else layer_positions(node.layers, layer)
    layers: list[Layer] = list(node.layers)
    gone: list[tuple[float, ...] | None] = [None] * len(layers)
    counted = counts_of(node, None, "droplevels") if level is None else None
    for i in chosen:
        table = layers[i].categories
        if table is None:
            continue
        if counted is not None:
            present = set(counted[i][0].tolist())
            rows = tuple(row for row in table.rows if row[0] in present)
        else:
            drop = {number_of(layers[i], item) for item in listed(level)}
            rows = tuple(row for row in table.rows if row[0] not in drop)
            gone[i] = tuple(float(row[0]) for row in rows)
        layers[i] = replace(layers[i], categories=replace(table, rows=rows) if rows else None)
        if not rows:
            layers[i] = replace(layers[i], kind="int")
    if all(kept is None for kept in gone):
        return raster(relabel(node, tuple(layers)))
    plain = tuple(la.without_range() for la in layers)
    return cells_raster([node], plain, node.dtype, OnlyKnown(tuple(gone)), layerwise=False)


def listed(value: Any) -> list[Any]:
    """A list of one value or label, or of several."""
    return [value] if isinstance(value, str) or np.ndim(value) == 0 else list(value)


@dataclass(frozen=True)
class LookedUp:
    """Numbers that stand for the values of a layer, in layers; a value without any stays."""

    keys: tuple[float, ...]
    numbers: tuple[tuple[float, ...], ...]

    def __call__(self, block: Array) -> Array:
        order = np.argsort(self.keys)
        keys, flat = np.array(self.keys)[order], block[0].astype(np.float64)
        place = np.minimum(np.searchsorted(keys, flat), keys.size - 1)
        known = keys[place] == flat
        return np.stack([np.where(known, np.array(column)[order][place], flat) for column in self.numbers])


def catalyze(x: SpatRaster) -> SpatRaster:
    """A numeric layer for each column of the tables of categories.

    Parameters
    ----------
    x : SpatRaster

    Returns
    -------
    SpatRaster
        A layer per column, which has the name of the column. Text that consists of numbers becomes these numbers;
        other text becomes the number of the label in alphabetical order, counted from 1. Layers without categories
        stay as they are.

    See Also
    --------
    cats : Gives the tables themselves.

    Examples
    --------
    >>> import pandas as pd
    >>> import pyterra as pt
    >>> r = pt.rast([[1, 2]])
    >>> r.levels = pd.DataFrame({"ID": [1, 2], "kind": ["b", "a"], "cost": [5.5, 6.5]})
    >>> r.catalyze().to_numpy()[:, 0].tolist()
    [[2.0, 1.0], [5.5, 6.5]]
    """
    node = node_of(x, "catalyze")
    parts = []
    for layer, one in zip(node.layers, x, strict=True):
        table = layer.categories
        if table is None:
            parts.append(one._node)
            continue
        numbers = tuple(
            _as_numbers([row[i + 1] for row in table.rows]) for i in range(len(table.columns) - 1)
        )
        kernel = LookedUp(tuple(float(row[0]) for row in table.rows), numbers)
        names = tuple(replace(layer.number(), name=name) for name in table.columns[1:])
        parts.append(
            cells_raster([one._node], names, FLOAT64, kernel, layerwise=False, temporaries=64.0)._node
        )
    return raster(join(parts))


def as_numeric(x: SpatRaster, index: int | str | None = None) -> SpatRaster:
    """Plain numbers in place of categories.

    Parameters
    ----------
    x : SpatRaster
    index : int or str, optional
        The column of labels that gives the numbers, by number (0 = the first label) or name. By default the active one
        where that is not the first and holds numbers, else the values of the cells.

    Returns
    -------
    SpatRaster
        Names of `x`, but those of columns that were taken. Values of cells keep their colours.

    Raises
    ------
    ArgumentError
        Where there is no such column.

    See Also
    --------
    catalyze : Gives a layer for each column.

    Examples
    --------
    >>> import pandas as pd
    >>> import pyterra as pt
    >>> r = pt.rast([[1, 2]])
    >>> r.levels = pd.DataFrame({"ID": [1, 2], "kind": ["b", "a"], "cost": [5.5, 6.5]})
    >>> r.as_numeric("cost").values(drop=True).tolist()
    [5.5, 6.5]
    >>> r.as_numeric().values(drop=True).tolist()
    [1.0, 2.0]
    """
    node = node_of(x, "as_numeric")
    parts = []
    for layer, one in zip(node.layers, x, strict=True):
        table = layer.categories
        place = None if table is None else _numbers_column(table, index)
        if place is None:
            plain = replace(layer, kind="num", categories=None)
            parts.append(relabel(one._node, (plain,)))
        else:
            parts.append(catalyze(one)[place]._node)
    return raster(join(parts))


def _numbers_column(table: Categories, index: int | str | None) -> int | None:
    """The column that gives the numbers; None for the values themselves."""
    labels = list(table.columns[1:])
    if index is None:
        active = [row[table.active + 1] for row in table.rows]
        return table.active if table.active and all(isinstance(v, int | float) for v in active) else None
    place = labels.index(index) if index in labels else index
    if isinstance(place, str) or not 0 <= place < len(labels):
        raise ArgumentError(
            f"as_numeric: index must be one of {', '.join(labels)}, or its number, got {index!r}"
        )
    return place


def _parsed(labels: Sequence[Any]) -> tuple[float, ...] | None:
    """The numbers that all texts are written as; None where some are words."""
    try:
        return tuple(float("nan") if v is None else float(v) for v in labels)
    except ValueError:
        return None


def _as_numbers(labels: Sequence[Any]) -> tuple[float, ...]:
    if (numbers := _parsed(labels)) is not None:
        return numbers
    known = sorted({str(v) for v in labels})
    return tuple(float(known.index(str(v)) + 1) for v in labels)


@dataclass(frozen=True)
class Paired:
    """The number of the pair of categories at a cell, from 0; missing where one has none."""

    first: tuple[float, ...]
    second: tuple[float, ...]

    def __call__(self, a: Array, b: Array) -> Array:
        number, known = np.zeros(a.shape), np.ones(a.shape, bool)
        for block, keys in ((a, self.first), (b, self.second)):
            order = np.argsort(keys)
            ordered = np.array(keys)[order]
            place = np.minimum(np.searchsorted(ordered, block), ordered.size - 1)
            known &= ordered[place] == block
            number = number * len(keys) + order[place]
        return np.where(known, number, np.nan)


def concats(x: SpatRaster, y: SpatRaster) -> SpatRaster:
    """Every pair of a category of one layer and a category of another as a category of its own.

    Parameters
    ----------
    x, y : SpatRaster
        One factor layer each.

    Returns
    -------
    SpatRaster
        A factor layer with numbers from 0 and labels such as ``forest_dry``.

    Raises
    ------
    ArgumentError
        Where one of them has several layers, or no categories.

    See Also
    --------
    crosstab : Counts the pairs.

    Examples
    --------
    >>> import pyterra as pt
    >>> cover, soil = pt.rast([[1, 2]], names="cover"), pt.rast([[1, 1]], names="soil")
    >>> cover.levels = {1: "field", 2: "forest"}
    >>> soil.levels = {1: "dry", 2: "wet"}
    >>> pairs = cover.concats(soil)
    >>> pairs.levels[0].iloc[:, 1].tolist()
    ['field_dry', 'field_wet', 'forest_dry', 'forest_wet']
    >>> pairs.values(drop=True).tolist()
    [0.0, 2.0]
    """
    nodes = [node_of(x, "concats"), node_of(y, "concats: y")]
    grid = nodes[0].grid.check_same(nodes[1].grid, "concats")
    tables = []
    for node in nodes:
        table = node.layers[0].categories if len(node.layers) == 1 else None
        if table is None:
            raise ArgumentError("concats: x and y must have one layer each, with categories; use as_factor()")
        tables.append(table)
    labels = [list(table.labels().values()) for table in tables]
    rows = tuple((i, f"{a}_{b}") for i, (a, b) in enumerate(itertools.product(*labels)))
    name = "_".join(table.label_name for table in tables)
    layer = Layer(name, "factor", categories=Categories(("ID", name), rows))
    keys = [tuple(float(row[0]) for row in table.rows) for table in tables]
    return cells_raster(
        [on_grid(node, grid) for node in nodes],
        (layer,),
        FLOAT64,
        Paired(keys[0], keys[1]),
        layerwise=False,
        temporaries=64.0,
    )


@dataclass(frozen=True)
class Contained:
    """1 where a value is among some, else 0."""

    values: tuple[tuple[float, ...], ...]
    missing: bool
    """Whether missing is one of them."""

    def __call__(self, block: Array) -> Array:
        out = np.empty(block.shape, block.dtype)
        for target, layer, known in zip(out, block, self.values, strict=True):
            target[:] = np.isin(layer.astype(np.float64), known)
            if self.missing:
                target[np.isnan(layer)] = 1
        return out


def _items(node: Node, table: Any, verb: str) -> list[Any]:
    """Values and labels of a table in which those of layers are looked up."""
    items = listed(table)
    if is_raster(table) or not items:
        raise ArgumentError(f"{verb}: table must hold values or labels")
    if any(isinstance(v, str) for v in items) and not any(layer.categories for layer in node.layers):
        raise ArgumentError(f"{verb}: labels are found among categories, and no layer has any; give numbers")
    return items


def is_in(x: SpatRaster, table: Labels) -> SpatRaster:
    """Whether each value is among those of a table, as terra's ``%in%``.

    Parameters
    ----------
    x : SpatRaster
    table : number, label or sequence of them
        Labels for factor layers; None or NaN for missing.

    Returns
    -------
    SpatRaster
        A bool raster; missing cells are 0 unless `table` holds a missing one.

    See Also
    --------
    subst : Replaces values.
    match : Tells the place in the table.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.rast([[1, 2, 3]]).is_in([1, 3]).values(drop=True).tolist()
    [1.0, 0.0, 1.0]
    """
    node = node_of(x, "is_in")
    items = _items(node, table, "is_in")
    missing = any(v is None or v != v for v in items)
    given = [v for v in items if v is not None and v == v]
    values = tuple(tuple(number_of(layer, v) for v in given) for layer in node.layers)
    return raster(
        Cells(
            grid=node.grid,
            layers=tuple(layer.as_kind("bool") for layer in node.layers),
            dtype=node.dtype,
            arguments=(node,),
            kernel=Contained(values, missing),
            temporaries=48.0,
            layerwise=len(set(values)) == 1,
        )
    )


@dataclass(frozen=True)
class PlaceIn:
    """The place of each value in a table, one per layer; NaN in it stands for missing."""

    tables: tuple[tuple[float, ...], ...]
    places: tuple[tuple[int, ...], ...]
    nomatch: float

    def __call__(self, block: Array) -> Array:
        out = np.empty(block.shape, np.float64)
        for target, layer, table, places in zip(out, block, self.tables, self.places, strict=True):
            keys, first = np.unique(table, return_index=True)  # NaN comes last, and once
            place = np.minimum(np.searchsorted(keys, layer.astype(np.float64)), max(keys.size - 1, 0))
            if not keys.size:
                target[...] = self.nomatch
                continue
            here = (keys[place] == layer) | (np.isnan(layer) & np.isnan(keys[-1]))
            target[...] = np.where(here, np.asarray(places)[first][place], self.nomatch)
        return out


def match(
    x: SpatRaster, table: Labels, *, nomatch: float | None = None, incomparables: Labels = None
) -> SpatRaster:
    """Where each value stands first in a table.

    Parameters
    ----------
    x : SpatRaster
    table : number, label or sequence of them
        Labels for factor layers; None or NaN for missing.
    nomatch : int, optional
        What values that are not in the table become; missing by default.
    incomparables : number, label or sequence of them, optional
        Values of the table that do not count.

    Returns
    -------
    SpatRaster
        Places, from 0.

    Raises
    ------
    ArgumentError
        For labels where no layer has categories.

    See Also
    --------
    is_in : Tells whether it is in the table at all.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.rast([[3, 1, 8]]).match([1, 2, 3], nomatch=-1).values(drop=True).tolist()
    [2.0, 0.0, -1.0]
    """
    node = node_of(x, "match")
    items = _items(node, table, "match")
    odd = [] if incomparables is None else listed(incomparables)
    wanted = [(i, v) for i, v in enumerate(items) if v not in odd]
    tables = []
    for layer in node.layers:
        given = ((i, None if v is None or v != v else number_of(layer, v)) for i, v in wanted)
        tables.append([(i, float("nan") if v is None else float(v)) for i, v in given])
    kernel = PlaceIn(
        tuple(tuple(v for _, v in one) for one in tables),
        tuple(tuple(i for i, _ in one) for one in tables),
        float("nan") if nomatch is None else float(int(nomatch)),
    )
    return cells_raster(
        [node], numbered(len(node.layers)), FLOAT64, kernel, layerwise=False, temporaries=64.0
    )
