"""What a variable says of its layers: names, times, depths, units, tables of classes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from pyterra.expr import Categories, Layer
from pyterra.expr.layers import Kind
from pyterra.io import cf_time
from pyterra.io.cf import Labelled, Packing
from pyterra.io.cf_grid import Axis, Placed, Variables, near, role_of


def layers_of(variable: Labelled, place: Placed, packing: Packing, variables: Variables) -> tuple[Layer, ...]:
    """The layers of a variable: positions along the dimensions that are neither rows nor columns."""
    others = place.others
    sizes = [axis.size for axis in others]
    count = int(np.prod(sizes)) if others else 1
    places = np.indices(sizes).reshape(len(others), count)
    told, plain, name = variable.told, packing.plain, variable.name.rpartition("/")[2]
    names = texts(told.get("layer_names"), count) or _names(name, others, places)
    times = _stamps(others, places) or _scalar_stamp(variable, variables, count)
    depths = _depths(others, places)
    units = texts(told.get("layer_units"), count) or [variable.text("units")] * count
    longs = texts(told.get("long_name"), count)
    table = categories(told) if plain else None
    colors = color_table(told)
    whole = np.dtype(packing.stored).kind in "iu" and plain
    code = packing.code if plain else None
    return tuple(
        Layer(
            names[i],
            _kind(told, table, whole, variable.dtype),
            storage=packing.stored if plain else "float64",
            nodata=int(code) if whole and code is not None else code,
            categories=table,
            colors=colors,
            time=times[i][0] if times else None,
            step=times[i][1] if times else "",
            unit="" if units[i] == "1" else units[i],
            depth=depths[i] if depths else None,
            long_name="" if longs else variable.text("long_name"),
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
    values = [axis.labels or axis.values for axis in others]
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


def _stamps(others: Sequence[Axis], places: NDArray[Any]) -> cf_time.Times | None:
    for i, axis in enumerate(others):
        if axis.role == "t" and axis.coordinate is not None:
            times = times_of(axis.coordinate)
            return [times[k] for k in places[i]] if times else None
    return None


def _scalar_stamp(variable: Labelled, variables: Variables, count: int) -> cf_time.Times | None:
    """The time that all layers share, where a coordinate without a dimension tells it."""
    for name in variable.text("coordinates").split():
        found = near(variables, name, variable.name)
        if found is not None and found.shape in ((), (1,)) and role_of(name, found) == "t":
            times = times_of(found)
            return times * count if times else None
    return None


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


def _depths(others: Sequence[Axis], places: NDArray[Any]) -> list[float] | None:
    for i, axis in enumerate(others):
        if axis.role == "z":
            values = axis.values
            return None if values is None else [float(values[k]) for k in places[i]]
    return None


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


def color_table(told: Mapping[str, Any]) -> tuple[tuple[int, tuple[int, int, int, int]], ...] | None:
    """The colours of classes: one ``#rrggbb`` or ``#rrggbbaa`` for each of `flag_values`."""
    colors, values = told.get("flag_colors"), told.get("flag_values")
    if not isinstance(colors, str) or values is None or isinstance(values, str):
        return None
    codes, found = [int(v) for v in np.ravel(values)], colors.split()
    try:
        parts = [bytes.fromhex(color.lstrip("#")) for color in found]
    except ValueError:
        return None
    if len(codes) != len(parts) or any(len(part) not in (3, 4) for part in parts):
        return None
    return tuple(
        (code, (part[0], part[1], part[2], part[3] if len(part) == 4 else 255))
        for code, part in zip(codes, parts, strict=True)
    )
