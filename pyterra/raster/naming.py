"""Names of layers, units, and what else is said of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pyterra.errors import ArgumentError
from pyterra.expr import Layer, relabel
from pyterra.expr.described import Described
from pyterra.io.safe.places import check_no_nul

if TYPE_CHECKING:
    pass


def relayered(x: Described, change: Callable[[int, Layer], Layer]) -> None:
    x._node = relabel(x._node, tuple(change(i, layer) for i, layer in enumerate(x._node.layers)))


def one_per_layer(x: Described, value: Any, what: str) -> list[Any]:
    items = (
        [value] * len(x._node.layers)
        if isinstance(value, str | int | float) or value is None
        else list(value)
    )
    if len(items) != len(x._node.layers):
        raise ArgumentError(f"{what}: must be one per layer ({len(x._node.layers)}), got {len(items)}")
    return items


def names(x: Described) -> list[str]:
    return [layer.name for layer in x._node.layers]


def set_names(x: Described, value: str | Sequence[str]) -> None:
    items = [value] if isinstance(value, str) else list(value)
    items = one_per_layer(x, items, "names")
    check_no_nul("names:", items)
    relayered(x, lambda i, layer: replace(layer, name=str(items[i])))


def units(x: Described) -> list[str]:
    return [layer.unit for layer in x._node.layers]


def set_units(x: Described, value: str | Sequence[str] | None) -> None:
    items = one_per_layer(x, value, "units")
    check_no_nul("units:", items)
    relayered(x, lambda i, layer: replace(layer, unit=str(items[i] or "")))


def long_names(x: Described) -> list[str]:
    return [layer.long_name for layer in x._node.layers]


def set_long_names(x: Described, value: str | Sequence[str]) -> None:
    items = one_per_layer(x, value, "long_names")
    check_no_nul("long_names:", items)
    relayered(x, lambda i, layer: replace(layer, long_name=str(items[i] or "")))


def varnames(x: Described) -> list[str]:
    return [layer.variable for layer in x._node.layers]


def set_varnames(x: Described, value: str | Sequence[str]) -> None:
    items = one_per_layer(x, value, "varnames")
    check_no_nul("varnames:", items)
    relayered(x, lambda i, layer: replace(layer, variable=str(items[i] or "")))


def depth_name(x: Described) -> str:
    return _shared(layer.depth_name or "depth" for layer in x._node.layers)


def set_depth_name(x: Described, value: str) -> None:
    name = _one_text(value, "depth_name")
    relayered(x, lambda i, layer: replace(layer, depth_name="" if name == "depth" else name))


def depth_unit(x: Described) -> str:
    return _shared(layer.depth_unit for layer in x._node.layers)


def set_depth_unit(x: Described, value: str) -> None:
    unit = _one_text(value, "depth_unit")
    relayered(x, lambda i, layer: replace(layer, depth_unit=unit))


def _one_text(value: Any, what: str) -> str:
    if not isinstance(value, str):
        raise ArgumentError(f"{what}: must be one text, got {value!r}")
    check_no_nul(f"{what}:", [value])
    return value


def _shared(texts: Iterable[str]) -> str:
    """What all say; "" where they differ."""
    found = set(texts)
    return found.pop() if len(found) == 1 else ""


def depth(x: Described) -> list[float] | None:
    found = [layer.depth for layer in x._node.layers]
    return None if any(v is None for v in found) else [float(v) for v in found if v is not None]


def set_depth(x: Described, value: float | Sequence[float] | None) -> None:
    items = one_per_layer(x, value, "depth")
    relayered(x, lambda i, layer: replace(layer, depth=None if items[i] is None else float(items[i])))
