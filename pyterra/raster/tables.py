"""Tables of values: what freq counts, crosstab, unique. Counted block by block."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from pyterra import kernels
from pyterra.errors import ArgumentError
from pyterra.expr import Array, Cells, Layer, Node, Reduce, join, select
from pyterra.frozen import dataclass
from pyterra.grid import Window
from pyterra.plan import Gathering
from pyterra.raster.build import FLOAT64, node_of, number, on_grid, raster
from pyterra.raster.reduce import FEWER_VALUES, VALUE_BYTES, counts_of
from pyterra.run import reduce

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from pyterra.handles.spatraster import SpatRaster


def labels_of(layer: Layer, values: Any) -> list[Any]:
    """Labels of a factor layer's values, the values of others; a value without a label stays."""
    if layer.categories is None:
        return [float(v) for v in values]
    known = layer.categories.labels()
    found, places = np.unique(np.asarray(values, np.float64), return_inverse=True)
    labels = [known.get(int(v), float(v)) if v == v else float("nan") for v in found]
    return [labels[place] for place in places]


def _whole(labels: list[Any]) -> list[Any]:
    """Labels as integers where all of them are whole numbers, so that a table reads 1 and not 1.0."""
    whole = all(isinstance(label, float) and label.is_integer() for label in labels)
    return [int(label) for label in labels] if whole else labels


def unique_names(names: Sequence[str]) -> list[str]:
    """Names made different by ``.1``, ``.2`` and so on, as R does."""
    taken, out = set(names), []
    seen: set[str] = set()
    for name in names:
        label, number = name, 0
        while label in seen or (number and label in taken):
            number += 1
            label = f"{name}.{number}"
        seen.add(label)
        out.append(label)
    return out


@dataclass(frozen=True)
class CountCombinations:
    """Combinations of the layers of a block; the last layer may hold weights."""

    digits: int | None = None
    weighted: bool = False

    def __call__(self, block: Array, window: Window) -> Any:
        flat = block.reshape(len(block), -1)
        weights = flat[-1] if self.weighted else None
        keys = flat[:-1] if self.weighted else flat
        if self.digits is not None:
            keys = rounded(keys, self.digits)
        return kernels.zones.combinations_of(keys, weights)


def rounded(values: Array, digits: int) -> Array:
    """Values rounded to decimals, half away from zero."""
    scaled = values.astype(np.float64) * 10.0**digits
    return np.trunc(scaled + np.copysign(0.5, scaled)) / 10.0**digits


def _merge(a: Any, b: Any) -> Any:
    return kernels.zones.merge_combinations(a, b)


def _same(partial: Any) -> Any:
    return partial


def _number_of_rows(found: Any) -> int:
    return len(found.rows)


def combinations(node: Node, verb: str, digits: int | None = None, weights: Node | None = None) -> Any:
    """`kernels.zones.Combinations` of the layers of a node, with sums of weights."""
    both = node if weights is None else join([node, weights])
    count = len(both.layers)
    return reduce(
        Reduce(
            node=both,
            chunk=CountCombinations(digits, weights is not None),
            combine=_merge,
            finalise=_same,
            count=_number_of_rows,
            temporaries=32.0 * count,
        ),
        what=Gathering(verb, "combinations of values", VALUE_BYTES + 80.0 * count, FEWER_VALUES),
    )


def counted(node: Node, digits: int | None, value: Any, bylayer: bool) -> pd.DataFrame:
    """How often each value of each layer occurs, or one value."""
    import pandas as pd

    found = counts_of(node, digits, "freq")
    if value is not None:
        return _freq_of(node, found, value, bylayer)
    if not bylayer:
        return _counts(node.layers[0], *kernels.reduce.merge_counts(found))
    parts = [_counts(layer, *pair) for layer, pair in zip(node.layers, found, strict=True)]
    return pd.concat([part.assign(layer=i) for i, part in enumerate(parts)], ignore_index=True)


def laid_out(table: pd.DataFrame, layers: Sequence[Layer], usenames: bool, wide: bool) -> pd.DataFrame:
    """The columns in their order, layers by name where asked for, values as columns where asked for."""
    order = [name for name in ("layer", "value", "count", "zone") if name in table]
    table = table[order]
    if usenames and "layer" in table:
        table = table.assign(layer=[layers[i].name for i in table["layer"]])
    return _widened(table) if wide else table


def _counts(layer: Layer, values: Any, counts: Any) -> pd.DataFrame:
    import pandas as pd

    valid = ~np.isnan(values)
    return pd.DataFrame({"value": labels_of(layer, values[valid]), "count": counts[valid]})


def number_of(layer: Layer, value: Any) -> float:
    """The value behind a label; infinite, which no whole number is, where there is none."""
    if not isinstance(value, str):
        return number(value, "a value")
    table = layer.categories
    found = [v for v, label in table.labels().items() if label == value] if table else []
    return float(found[0]) if found else float("inf")


def hits(values: Any, number: float) -> Any:
    """Where values are a number; NaN is one here."""
    return np.isnan(values) if number != number else values == number


def _freq_of(node: Node, counted: list[tuple[Any, Any]], value: Any, bylayer: bool) -> pd.DataFrame:
    import pandas as pd

    numbers = [number_of(layer, value) for layer in node.layers]
    found = [int(counts[hits(values, n)].sum()) for n, (values, counts) in zip(numbers, counted, strict=True)]
    if bylayer:
        return pd.DataFrame({"layer": range(len(found)), "value": [value] * len(found), "count": found})
    return pd.DataFrame({"value": [value], "count": [sum(found)]})


def counted_in_zones(
    node: Node, zones: SpatRaster, digits: int | None, value: Any, bylayer: bool
) -> pd.DataFrame:
    """How often each value occurs in each zone of a raster; one value also where it does not."""
    zone = zone_node(zones, node, "freq")
    parts = []
    for i, layer in enumerate(node.layers):
        found = combinations(join([with_digits(select(node, [i]), digits), zone]), "freq")
        values, places, counts = found.rows[:, 0], found.rows[:, 1], found.count
        known = ~np.isnan(places)
        if value is None:
            known &= ~np.isnan(values)
        else:
            counts = np.where(hits(values, number_of(layer, value)), counts, 0)
        parts.append((places[known], values[known], counts[known]))
    table = in_zones(node.layers, parts, value, bylayer)
    return table.assign(zone=labels_of(zone.layers[0], table["zone"]))


def in_zones(
    layers: Sequence[Layer], parts: Sequence[tuple[Any, Any, Any]], value: Any, bylayer: bool
) -> pd.DataFrame:
    """A table of zones, values and counts of each layer; the counts of one value are summed in each zone."""
    import pandas as pd

    tables = []
    for i, (layer, (places, values, counts)) in enumerate(zip(layers, parts, strict=True)):
        if value is not None:
            zones, place = np.unique(places, return_inverse=True)
            counts = np.bincount(place, counts, minlength=zones.size).astype(np.int64)
            told = [value] * zones.size
        else:
            order = np.argsort(places, kind="stable")
            zones, told, counts = places[order], labels_of(layer, values[order]), counts[order]
        tables.append(pd.DataFrame({"layer": i, "value": told, "count": counts, "zone": zones}))
    table = pd.concat(tables, ignore_index=True)
    if bylayer:
        return table
    keys = ["value", "zone"]
    joined: pd.DataFrame = table.groupby(keys, sort=False, dropna=False)["count"].sum().reset_index()
    return joined


def with_digits(node: Node, digits: int | None) -> Node:
    """The node with values rounded."""
    if digits is None:
        return node
    kernel = Rounded(digits)
    return Cells(
        grid=node.grid,
        layers=node.layers,
        dtype=FLOAT64,
        arguments=(node,),
        kernel=kernel,
        temporaries=24.0 * len(node.layers),
        layerwise=True,
    )


@dataclass(frozen=True)
class Rounded:
    """Values rounded to decimals."""

    digits: int

    def __call__(self, block: Array) -> Array:
        return rounded(block, self.digits)


def zone_node(zones: Any, node: Node, verb: str) -> Node:
    """The node of a raster of one layer of zones, on the grid of another."""
    zone = node_of(zones, f"{verb}: zones")
    if len(zone.layers) != 1:
        raise ArgumentError(f"{verb}: zones must have one layer, got {len(zone.layers)}; take one of them")
    return on_grid(zone, node.grid.check_same(zone.grid, verb))


def _widened(table: pd.DataFrame) -> pd.DataFrame:
    """A column per value."""
    keys = [name for name in ("layer", "zone") if name in table]
    columns = list(dict.fromkeys(table["value"]))
    if not keys:
        return table.set_index("value")["count"].to_frame().T.reset_index(drop=True)[columns]
    out = table.pivot_table(index=keys, columns="value", values="count", fill_value=0, sort=False)[columns]
    out.columns.name = None
    return out.astype("int64").reset_index()


def crosstab(
    x: SpatRaster, *, digits: int | None = 0, long: bool = False, use_na: bool = False
) -> pd.DataFrame:
    """How often values of the layers occur together.

    Parameters
    ----------
    x : SpatRaster
        Two layers or more.
    digits : int or None
        Decimals to which values are rounded first (half away from zero); None does not round.
    long : bool
        Give a row per combination that occurs, with its count ``n``.
    use_na : bool
        Count missing cells too.

    Returns
    -------
    pandas.DataFrame
        Rows are the values of the first layer, columns those of the others (several levels of columns for more than
        one); labels for factors, in the order of their values; integers where all values are whole.

    Raises
    ------
    ArgumentError
        Where `x` has one layer.

    See Also
    --------
    freq : Counts the values of each layer.
    concats : Makes a layer of the pairs.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[[1, 1, 2]], [[5, 6, 6]]], names=["a", "b"])
    >>> r.crosstab().values.tolist()
    [[1, 1], [0, 1]]
    """
    import pandas as pd

    node = node_of(x, "crosstab")
    if len(node.layers) < 2:
        raise ArgumentError("crosstab: x must have two layers or more, got 1")
    found = combinations(node, "crosstab", digits)
    keep = slice(None) if use_na else ~np.isnan(found.rows).any(axis=1)
    rows, count = found.rows[keep], found.count[keep]
    names = unique_names([layer.name for layer in node.layers])
    if long:
        columns = {
            name: labels_of(layer, rows[:, i])
            for i, (name, layer) in enumerate(zip(names, node.layers, strict=True))
        }
        return pd.DataFrame({**columns, "n": count})
    levels = [np.unique(rows[:, i]) for i in range(len(names))]
    shape = [len(level) for level in levels]
    advice = "ask for a table of the combinations there are with long=True"
    Gathering("crosstab", "cells of the table", 16.0, advice).check(math.prod(shape))
    cube = np.zeros(shape, np.int64)
    places = tuple(np.searchsorted(level, rows[:, i]) for i, level in enumerate(levels))
    cube[places] = count
    axes = [
        pd.Index(_whole(labels_of(la, level)), name=n)
        for la, level, n in zip(node.layers, levels, names, strict=True)
    ]
    columns_axis = axes[1] if len(axes) == 2 else pd.MultiIndex.from_product(axes[1:])
    return pd.DataFrame(cube.reshape(len(levels[0]), len(columns_axis)), index=axes[0], columns=columns_axis)


def unique_values(x: SpatRaster, *, digits: int | None = None) -> Any:
    """Different values of the first layer, ascending, without missing."""
    values = counts_of(node_of(x, "unique"), digits, "unique")[0][0]
    return np.asarray(values[~np.isnan(values)])


def unique(
    x: SpatRaster,
    *,
    incomparables: bool = False,
    digits: int | None = None,
    na_rm: bool = True,
    as_raster: bool = False,
) -> pd.DataFrame | list[NDArray[Any]] | SpatRaster:
    """Different values, or combinations of values across layers.

    Parameters
    ----------
    x : SpatRaster
    incomparables : bool
        Give the different values of each layer by itself instead of combinations.
    digits : int, optional
        Decimals to which values are rounded first.
    na_rm : bool
        Leave out combinations with a missing value.
    as_raster : bool
        Give a factor layer that numbers the combinations, with a table of them. One layer stays as it is.

    Returns
    -------
    pandas.DataFrame, list of ndarray or SpatRaster
        Combinations in ascending order, a column per layer (labels for factors); or with `incomparables` an array
        per layer; or with `as_raster` a factor layer of numbers from 0.

    See Also
    --------
    freq : Counts the values.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.rast([[3, 1, 3]]).unique()["lyr.1"].tolist()
    [1.0, 3.0]
    """
    import pandas as pd

    node = node_of(x, "unique")
    if as_raster and len(node.layers) == 1:
        return raster(node if digits is None else with_digits(node, digits))
    if incomparables:
        arrays = [v[~np.isnan(v)] if na_rm else v for v, _ in counts_of(node, digits, "unique")]
        return [np.asarray(labels_of(la, a)) for la, a in zip(node.layers, arrays, strict=True)]
    if len(node.layers) == 1:
        rows = counts_of(node, digits, "unique")[0][0][:, None]
    else:
        rows = combinations(node, "unique", digits).rows
    missing = np.isnan(rows)
    if na_rm or as_raster:
        rows = rows[~missing.any(axis=1)]
    if as_raster:
        return _numbered(node, rows, digits)
    frame = pd.DataFrame(rows, columns=[la.name for la in node.layers])
    for i, layer in enumerate(node.layers):
        if layer.categories is not None:
            frame.isetitem(i, labels_of(layer, rows[:, i]))
    return frame


@dataclass(frozen=True)
class Numbers:
    """The number of the combination of the layers at a cell, from 0; NaN for one that is not listed."""

    rows: tuple[tuple[float, ...], ...]
    digits: int | None

    def __call__(self, block: Array) -> Array:
        flat = block.reshape(len(block), -1)
        flat = flat.astype(np.float64) if self.digits is None else rounded(flat, self.digits)
        known = np.array(self.rows)
        number = np.zeros(flat.shape[1], np.int64)
        inside = np.ones(flat.shape[1], bool)
        keys = np.zeros(len(known), np.int64)
        for i, layer in enumerate(flat):
            levels = np.unique(known[:, i])
            place = np.minimum(np.searchsorted(levels, layer), levels.size - 1)
            inside &= levels[place] == layer
            number = number * levels.size + place
            keys = keys * levels.size + np.searchsorted(levels, known[:, i])
            seen, keys = np.unique(keys, return_inverse=True)  # so that numbers stay small
            place = np.minimum(np.searchsorted(seen, number), seen.size - 1)
            inside &= seen[place] == number
            number = place
        return np.where(inside, number.astype(np.float64), np.nan).reshape(1, *block.shape[1:])


def _numbered(node: Node, rows: Any, digits: int | None) -> SpatRaster:
    import pandas as pd

    from pyterra.raster.categories import categories

    names = unique_names(["ID", "label", *(layer.name for layer in node.layers)])[2:]
    columns = {n: labels_of(la, rows[:, i]) for i, (n, la) in enumerate(zip(names, node.layers, strict=True))}
    label = [
        "_".join(f"{v:.15g}" if isinstance(v, float) else str(v) for v in row)
        for row in zip(*columns.values(), strict=True)
    ]
    table = pd.DataFrame({"ID": np.arange(len(rows)), "label": label, **columns})
    layer = Layer("label", "factor", categories=categories(table))
    return raster(
        Cells(
            grid=node.grid,
            layers=(layer,),
            dtype=FLOAT64,
            arguments=(node,),
            kernel=Numbers(tuple(map(tuple, rows.tolist())), digits),
            temporaries=64.0 + 16.0 * len(names),
            layerwise=False,
        )
    )
