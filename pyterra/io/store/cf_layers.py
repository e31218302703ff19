"""What a variable says of its layers: names, times, depths, units, tables of classes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from pyterra.expr import Categories, Layer
from pyterra.expr.layers import Kind
from pyterra.io.store import cf_time
from pyterra.io.store.cf import Labelled, Packing
from pyterra.io.store.cf_grid import Axis, Placed, Variables, near, role_of

BANDS = ("band", "bands", "layer", "layers")
"""Dimensions whose numbers say nothing."""


def layers_of(variable: Labelled, place: Placed, packing: Packing, variables: Variables) -> tuple[Layer, ...]:
    """The layers of a variable: positions along the dimensions that are neither rows nor columns."""
    others = place.others
    sizes = [axis.size for axis in others]
    count = int(np.prod(sizes)) if others else 1
    places = np.indices(sizes).reshape(len(others), count)
    told, plain, name = variable.told, packing.plain, variable.name.rpartition("/")[2]
    names = texts(told.get("layer_names"), count) or _names(name, others, places)
    times = _stamps(_along(variable, "t", others, places, variables))
    heights = _along(variable, "z", others, places, variables) or _counted(others, places)
    depths = _depths(heights)
    depth_name, depth_unit = _called(heights) if depths else ("", "")
    units = texts(told.get("layer_units"), count) or [variable.text("units")] * count
    longs = texts(told.get("long_name"), count)
    tables = _tables(told, count, plain)
    colors = _colors(told, count)
    whole = np.dtype(packing.stored).kind in "iu" and plain
    code = packing.code if plain else None
    return tuple(
        Layer(
            names[i],
            _kind(told, tables[i], whole, variable.dtype),
            storage=packing.stored if plain else "float64",
            nodata=int(code) if whole and code is not None else code,
            categories=tables[i],
            colors=colors[i],
            time=times[i][0] if times else None,
            step=times[i][1] if times else "",
            unit="" if units[i] == "1" else units[i],
            depth=depths[i] if depths else None,
            depth_name=depth_name,
            depth_unit=depth_unit,
            long_name="" if longs else variable.text("long_name"),
            variable=name,
        )
        for i in range(count)
    )


def _kind(told: Mapping[str, Any], table: Categories | None, whole: bool, dtype: np.dtype[Any]) -> Kind:
    if table:
        return "factor"
    asked = "bool" if told.get("dtype") == "bool" or dtype.kind == "b" else str(told.get("values", ""))
    if asked in get_args(Kind) and asked != "factor":
        return asked  # type: ignore[return-value]
    return "int" if whole else "num"


def texts(value: Any, count: int) -> list[str] | None:
    """One text per layer, where that is what an attribute holds."""
    if isinstance(value, str) and count == 1 and value:
        return None
    if isinstance(value, list | tuple | np.ndarray) and len(value) == count:
        return [str(v) for v in value]
    return None


def _names(name: str, others: Sequence[Axis], places: NDArray[Any]) -> list[str]:
    """Names as terra makes them: ``temp``, ``temp_1``, ``temp_depth=5_1``; or those that a coordinate holds."""
    if not others:
        return [name]
    labels = others[0].labels if len(others) == 1 else None
    if labels is not None:
        return [str(label) for label in labels]
    count = places.shape[1]
    steps = [i for i, axis in enumerate(others) if axis.role == "t"]
    values = [axis.labels or (None if axis.name.lower() in BANDS else axis.values) for axis in others]
    if len(others) == 1 and (steps or values[0] is None):
        return [f"{name}_{i + 1}" for i in range(count)] if count > 1 else [name]
    made = []
    for k in range(count):
        parts = [name]
        for i, axis in enumerate(others):
            held = values[i]
            if i not in steps and not (held is None and axis.size == 1):
                value = places[i, k] + 1 if held is None else held[places[i, k]]
                parts.append(f"{axis.name}={value}" if isinstance(value, str) else f"{axis.name}={value:g}")
        parts += [str(places[i, k] + 1) for i in steps]
        made.append("_".join(parts))
    return made


def _along(
    variable: Labelled, role: str, others: Sequence[Axis], places: NDArray[Any], variables: Variables
) -> tuple[Labelled, NDArray[Any]] | None:
    """A coordinate of some role, and its position for each layer: that of a dimension, or one beside them."""
    for i, axis in enumerate(others):
        if axis.role == role and axis.coordinate is not None:
            return axis.coordinate, places[i]
    dims = [axis.name for axis in others]
    for name in variable.text("coordinates").split():
        found = near(variables, name, variable.name)
        if found is not None and role_of(name, found) == role:
            if found.shape in ((), (1,)):
                return found, np.zeros(places.shape[1], int)
            if len(found.dims) == 1 and found.dims[0] in dims:
                return found, places[dims.index(found.dims[0])]
    return None


def _counted(others: Sequence[Axis], places: NDArray[Any]) -> tuple[Labelled, NDArray[Any]] | None:
    """The first coordinate of numbers that are neither times nor bands, such as members of an ensemble, and positions."""
    for axis, at in zip(others, places, strict=True):
        counted = (
            axis.role == "" and axis.values is not None and axis.name.rpartition("/")[2].lower() not in BANDS
        )
        if counted and axis.coordinate is not None:
            return axis.coordinate, at
    return None


def _stamps(found: tuple[Labelled, NDArray[Any]] | None) -> cf_time.Times | None:
    times = times_of(found[0]) if found else None
    return [times[k] for k in found[1]] if times and found else None


def _depths(found: tuple[Labelled, NDArray[Any]] | None) -> list[float] | None:
    if found is None or not found[0].is_numbers:
        return None
    values = np.ravel(found[0].values())
    return [float(values[k]) for k in found[1]]


def _called(found: tuple[Labelled, NDArray[Any]] | None) -> tuple[str, str]:
    """Name and unit of a coordinate of depth; no name for depth itself."""
    if found is None:
        return "", ""
    name = found[0].name.rpartition("/")[2]
    unit = found[0].text("units")
    return "" if name == "depth" else name, "" if unit == "1" else unit


def times_of(coordinate: Labelled) -> cf_time.Times | None:
    """The stamps that a coordinate of time holds."""
    if coordinate.dtype.kind == "M":
        return cf_time.stamped(np.ravel(coordinate.read()))
    if coordinate.dtype.kind == "O":
        dates = np.ravel(coordinate.read())
        return cf_time.from_dates(dates) if all(hasattr(date, "calendar") for date in dates) else None
    if not coordinate.is_numbers:
        return None
    step = coordinate.text("time_step")
    if not step and coordinate.name.rpartition("/")[2].lower() in ("year", "years"):
        step = "" if coordinate.text("units") else "years"
    calendar = coordinate.text("calendar") or "standard"
    return cf_time.decode(np.ravel(coordinate.values()), coordinate.text("units"), calendar, step)


def categories(told: Mapping[str, Any]) -> Categories | None:
    """The table behind values that stand for something."""
    values, meanings = told.get("flag_values"), told.get("flag_meanings")
    if values is None or not isinstance(meanings, str):
        return None
    try:
        codes = [int(v) for v in (values.split(",") if isinstance(values, str) else np.ravel(values))]
    except ValueError:
        return None
    labels = meanings.split()
    if len(codes) != len(labels):
        return None
    return Categories(("value", "label"), tuple(zip(codes, labels, strict=True)))


def _tables(told: Mapping[str, Any], count: int, plain: bool) -> list[Categories | None]:
    own = _listed(told, "layer_categories", count)
    if own is None:
        return [categories(told) if plain else None] * count
    return [
        table and Categories(tuple(table["columns"]), tuple(map(tuple, table["rows"])), table["active"])
        for table in own
    ]


def _colors(told: Mapping[str, Any], count: int) -> list[Any]:
    own = _listed(told, "layer_colors", count)
    if own is None:
        return [None] * count
    return [table and tuple((int(value), tuple(color)) for value, color in table) for table in own]


def _listed(told: Mapping[str, Any], key: str, count: int) -> list[Any] | None:
    """An item per layer of what `told_of` wrote as JSON."""
    try:
        found = json.loads(str(told.get(key, "")))
    except ValueError:
        return None
    return found if isinstance(found, list) and len(found) == count else None


def told_of(layers: Sequence[Layer], dtype: np.dtype[Any]) -> dict[str, Any]:
    """Attributes of a variable from which `layers_of` makes its layers again.

    Names, units and tables that readers other than pyterra do not need stand beside those that CF has words for.
    """
    told: dict[str, Any] = {}
    if len(layers) > 1:
        told["layer_names"] = [layer.name for layer in layers]
    units = [layer.unit for layer in layers]
    if len(set(units)) > 1:
        told["layer_units"] = units
    elif units[0]:
        told["units"] = units[0]
    if layers[0].long_name:
        told["long_name"] = layers[0].long_name
    kinds = {layer.kind for layer in layers}
    if kinds in ({"bool"}, {"int"}):
        told["values"] = kinds.pop()
    tables = [layer.categories for layer in layers]
    first = tables[0]
    if first is not None and all(table == first for table in tables):
        labels = first.labels()
        told["flag_values"] = np.array(list(labels), dtype)
        told["flag_meanings"] = " ".join("_".join(str(v).split()) for v in labels.values())
    if any(tables):
        told["layer_categories"] = json.dumps(
            [t and {"columns": t.columns, "rows": t.rows, "active": t.active} for t in tables],
            default=_number,
        )
    if any(layer.colors for layer in layers):
        told["layer_colors"] = json.dumps([layer.colors for layer in layers])
    return told


def _number(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else str(value)
