"""Names of layers, units, and what else is said of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pyterra.errors import ArgumentError
from pyterra.expr import Layer, relabel
from pyterra.expr.described import Described
from pyterra.expr.layers import common_tags
from pyterra.io.raster.tags import is_free
from pyterra.io.safe.places import check_plain
from pyterra.raster.build import layer_positions, raster

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster


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
    check_plain("names:", items)
    relayered(x, lambda i, layer: replace(layer, name=str(items[i])))


def units(x: Described) -> list[str]:
    return [layer.unit for layer in x._node.layers]


def set_units(x: Described, value: str | Sequence[str] | None) -> None:
    items = one_per_layer(x, value, "units")
    check_plain("units:", items)
    relayered(x, lambda i, layer: replace(layer, unit=str(items[i] or "")))


def long_names(x: Described) -> list[str]:
    return [layer.long_name for layer in x._node.layers]


def set_long_names(x: Described, value: str | Sequence[str]) -> None:
    items = one_per_layer(x, value, "long_names")
    check_plain("long_names:", items)
    relayered(x, lambda i, layer: replace(layer, long_name=str(items[i] or "")))


def varnames(x: Described) -> list[str]:
    return [layer.variable for layer in x._node.layers]


def set_varnames(x: Described, value: str | Sequence[str]) -> None:
    items = one_per_layer(x, value, "varnames")
    check_plain("varnames:", items)
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


def metags(x: SpatRaster, layer: int | str | None = None, *, domain: str | None = "") -> dict[str, str]:
    """What files say of a raster beside what pyterra reads: names and texts.

    Parameters
    ----------
    x : SpatRaster
    layer : int or str, optional
        The layer that is asked for; by default what is said of all layers together.
    domain : str, optional
        What is said of all layers may stand in domains of its own; the plain one is "". None asks for all of them, where
        names of others than the plain one are ``"domain:name"``.

    Returns
    -------
    dict of str
        Where layers come of several files, that on which these agree.

    See Also
    --------
    set_metags : Says more.
    long_names, units : What is said of layers in words of their own.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[1, 2]]).set_metags({"author": "me"}).set_metags({"id": "7"}, domain="STORE")
    >>> r.metags(), r.metags(domain="STORE"), r.metags(domain=None)
    ({'author': 'me'}, {'id': '7'}, {'author': 'me', 'STORE:id': '7'})
    """
    layers = x._node.layers
    if layer is not None:
        _no_domain(domain, "metags")
        return dict(layers[_one_layer(x, layer)].tags)
    told = common_tags(layers)
    if domain is None:
        return {f"{of}:{key}" if of else key: text for (of, key), text in told.items()}
    return {key: text for (of, key), text in told.items() if of == domain}


def set_metags(
    x: SpatRaster,
    value: Mapping[str, str | None] | None,
    layer: int | str | None = None,
    *,
    domain: str = "",
) -> SpatRaster:
    """A raster of which more is said; GeoTIFFs keep it, as do verbs that choose, move or mask values.

    Parameters
    ----------
    x : SpatRaster
    value : mapping of str, or None
        Names and texts, which are added to those that are there; a text that is None takes its name away. None takes all
        away, or all of the domain that is named.
    layer : int or str, optional
        The layer that it is said of; by default all together.
    domain : str
        Where it stands in the file; "" is the plain domain. Layers have no other.

    Returns
    -------
    SpatRaster

    Raises
    ------
    ArgumentError
        Where a name or a text is no text, or the domain one that GDAL has for itself, such as ``IMAGE_STRUCTURE``.

    See Also
    --------
    metags : Gives them.
    write_raster : Its `tags` are those of a file alone.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[[1]], [[2]]]).set_metags({"band": "red"}, layer=0)
    >>> r.metags(), r.metags(layer=0)
    ({}, {'band': 'red'})
    """
    given = None if value is None else _texts(value)
    if not is_free(_one_text(domain, "set_metags: domain")):
        raise ArgumentError(
            f"set_metags: domain must be none of those that GDAL has for itself, got {domain!r}"
        )
    out = raster(x._node)
    if layer is None:
        told: dict[tuple[str, str], str | None] = {**common_tags(x._node.layers)}
        if given is None:
            told = {of: text for of, text in told.items() if domain and of[0] != domain}
        told |= {(domain, key): text for key, text in (given or {}).items()}
        shared = tuple((of, text) for of, text in told.items() if text is not None)
        relayered(out, lambda i, old: replace(old, shared_tags=shared))
    else:
        _no_domain(domain, "set_metags")
        at = _one_layer(x, layer)
        own = {} if given is None else {**dict(x._node.layers[at].tags), **given}
        tags = tuple((key, text) for key, text in own.items() if text is not None)
        relayered(out, lambda i, old: replace(old, tags=tags) if i == at else old)
    return out


def _no_domain(domain: str | None, verb: str) -> None:
    if domain:
        raise ArgumentError(f"{verb}: domain is for what is said of all layers, got {domain!r} and a layer")


def _texts(value: Any) -> dict[str, str | None]:
    """Names and texts, or None in place of a text."""
    pairs = value.items() if isinstance(value, Mapping) else [(value, "")]
    odd = [v for pair in pairs for v in pair if v is not None and not isinstance(v, str)]
    if odd or not isinstance(value, Mapping) or None in value:
        raise ArgumentError(f"set_metags: value must be a mapping of texts, got {odd[0] if odd else value!r}")
    check_plain("set_metags:", [text for pair in value.items() for text in pair if text is not None])
    return dict(value)


def _one_layer(x: SpatRaster, layer: int | str) -> int:
    found = layer_positions(x._node.layers, layer)
    if len(found) != 1:
        raise ArgumentError(f"metags: layer must be one layer, got {layer!r}")
    return found[0]


def _one_text(value: Any, what: str) -> str:
    if not isinstance(value, str):
        raise ArgumentError(f"{what}: must be one text, got {value!r}")
    check_plain(f"{what}:", [value])
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
