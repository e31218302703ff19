"""Objects of xarray as nodes, by the rules for NetCDF. xarray itself is not imported: whoever has an object has it.

What an object says in its attributes holds for its values as they are; what it says in its encoding was applied when
it was read, and only codes for missing still count.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from pyterra.errors import SourceChangedError, SourceError
from pyterra.expr import Array, Layer, Node, Read, join
from pyterra.expr.layers import block_dtype
from pyterra.frozen import dataclass
from pyterra.io.array import ArraySource
from pyterra.io.safe.fingerprint import Fingerprint, change, fingerprint
from pyterra.io.store.cf import Labelled, Packing, packing_of, plain_attributes
from pyterra.io.store.cf_grid import Placed, placed, placed_by_arrays
from pyterra.io.store.cf_layers import layers_of
from pyterra.io.store.cf_source import CfSource, Key, arrangement
from pyterra.io.store.netcdf_read import rasters_among
from pyterra.packages import uuid

_CODES = ("_FillValue", "missing_value", "nodata", "nodatavals", "fill_value")
"""Where xarray, rioxarray and rasterio keep codes for missing."""
_PER_BAND = {"nodatavals": "_FillValue", "scales": "scale_factor", "offsets": "add_offset"}
"""Attributes with one number per band, and what they mean."""
_EPSG = ("epsg", "proj:epsg", "proj:code")
"""Coordinates that hold the CRS, as stackstac and odc-stac write them."""


def xarray_node(x: Any) -> Node:
    """The layers of a DataArray, or of all variables of a Dataset that share a grid.

    Raises
    ------
    SourceError
        Where it has no rows and columns, or they are not evenly spaced.
    """
    if not hasattr(x, "data_vars"):
        return join(_nodes(x.astype(np.float64) if x.dtype in (np.float16, np.longdouble) else x))
    variables = _variables(x)
    names = [name for name in rasters_among(variables) if name in {str(key) for key in x.data_vars}]
    if not names:
        raise SourceError(
            f"rast: the Dataset must have a variable with rows and columns, it has {', '.join(map(str, x.data_vars))}"
        )
    nodes: list[Read] = []
    for name in names:
        nodes += _nodes(x[name])
        if not nodes[-1].grid.same_cells(nodes[0].grid):
            raise SourceError(
                f"rast: the variables of a Dataset must share a grid to be one raster, got {names[0]} and {name}; "
                "take them one by one"
            )
    return join(nodes)


def _nodes(x: Any) -> list[Read]:
    """A node for the array, or for each band where bands differ in codes or scale."""
    bands = _band_dimension(x)
    uneven = [key for key in _PER_BAND if len({repr(v) for v in np.ravel(x.attrs.get(key, ())).tolist()}) > 1]
    if bands is None or not uneven:
        return [_node(x)]
    names = [layer.name for layer in _node(x).layers]
    made = []
    for i, name in enumerate(names):
        part = x.isel({bands: [i]})
        part.attrs = {
            key: (value[i] if key in _PER_BAND and np.size(value) == len(names) else value)
            for key, value in x.attrs.items()
        }
        node = _node(part)
        made.append(replace(node, layers=(replace(node.layers[0], name=name),)))
    return made


def _band_dimension(x: Any) -> Any:
    sizes = dict(zip(x.dims, x.shape, strict=True))
    counts = {np.size(x.attrs[key]) for key in _PER_BAND if key in x.attrs}
    return next((dim for dim in x.dims[:-2] if sizes[dim] in counts), None)


def _node(x: Any) -> Read:
    variable = _labelled(x)
    variables = {**_variables(x), variable.name: variable}
    where = f"rast: {variable.name or 'the DataArray'}"
    if not variable.is_numbers or 0 in variable.shape:
        raise SourceError(f"{where} must hold numbers, got {variable.dtype} of shape {variable.shape}")
    place = placed_by_arrays(
        placed(variable, variables, where),
        lambda array, place: _read(x.coords[array.name], array, place, variables),
        uuid.uuid4(),
    )
    _check_coordinates(place, where)
    return _read(x, variable, place, variables)


def _read(x: Any, variable: Labelled, place: Placed, variables: Mapping[str, Labelled]) -> Read:
    packing = packing_of(variable)
    layers = layers_of(variable, place, packing, variables)
    if not variable.name:
        layers = _unnamed(layers)
    source = _source(x, place, packing)
    return Read(
        grid=place.grid,
        layers=layers,
        dtype=block_dtype([packing.stored if packing.plain else "float64"]),
        source=source,
        bands=tuple(range(len(layers))),
    )


def _unnamed(layers: Sequence[Layer]) -> tuple[Layer, ...]:
    """Plain names where the array has none; those that a coordinate gives stay."""
    given = all(layer.name and not layer.name.startswith("_") for layer in layers)
    return tuple(layer if given else replace(layer, name=f"lyr.{i + 1}") for i, layer in enumerate(layers))


def _check_coordinates(place: Placed, where: str) -> None:
    """Raise where nothing tells where cells lie, or how large they are."""
    if place.told_by_transform or place.arrays is not None:
        return
    for axis, bounded in zip((place.axes[place.y], place.axes[place.x]), place.bounded, strict=True):
        if axis.values is None:
            raise SourceError(
                f"{where}: dimension {axis.name!r} needs coordinates, or a GeoTransform beside them"
            )
        if axis.size == 1 and not bounded:
            raise SourceError(
                f"{where}: one {axis.name} coordinate does not tell the cell size; give bounds or a GeoTransform"
            )


# As labelled variables


def _variables(x: Any) -> dict[str, Labelled]:
    """Coordinates, and the variables of a Dataset, by name."""
    found = {str(name): _plain_labelled(str(name), value.variable) for name, value in x.coords.items()}
    if hasattr(x, "data_vars"):
        found |= {
            str(name): _plain_labelled(str(name), value.variable) for name, value in x.data_vars.items()
        }
    return found


def _plain_labelled(name: str, variable: Any) -> Labelled:
    told = plain_attributes(variable.attrs)
    told.setdefault("_NoFill", "true")
    return Labelled(
        name,
        tuple(str(dim) for dim in variable.dims),
        tuple(variable.shape),
        _dtype(variable),
        told,
        partial(_values, variable),
    )


def _dtype(variable: Any) -> np.dtype[Any]:
    try:
        return np.dtype(variable.dtype)
    except TypeError:  # pandas' own types, such as text
        return np.dtype(object)


def _values(variable: Any) -> Any:
    return np.asarray(variable.values)


def _labelled(x: Any) -> Labelled:
    """The array itself, with what its attributes, its encoding and its coordinates say of it."""
    plain = _plain_labelled("" if x.name is None else str(x.name), x.variable)
    told = {**plain.told, **_codes(x), **_scaling(x)}
    mapping = x.attrs.get("grid_mapping", x.encoding.get("grid_mapping", ""))
    told["grid_mapping"] = str(mapping)
    told["coordinates"] = " ".join(str(name) for name in x.coords if name not in x.dims)
    for name in _EPSG:
        if name in x.coords and x.coords[name].size == 1 and "crs" not in told:
            told["crs"] = x.coords[name].values.reshape(-1)[0]
    if "name" in x.coords and x.coords["name"].dtype.kind in "OUT":
        names = np.ravel(x.coords["name"].values).tolist()
        told.setdefault("layer_names", [str(v) for v in names])
    elif isinstance(x.attrs.get("long_name"), list | tuple):
        told.setdefault("layer_names", [str(v) for v in x.attrs["long_name"]])
    return replace(plain, told=told)


def _codes(x: Any) -> dict[str, Any]:
    """Codes for missing, from wherever they are kept."""
    found: list[Any] = []
    sources: list[Mapping[str, Any]] = [x.attrs]
    if not _was_unpacked(x):
        sources.append(x.encoding)
    for source in sources:
        for key in _CODES:
            for value in np.ravel(source.get(key, ())).tolist():
                if value is not None and not isinstance(value, str) and value not in found:
                    found.append(value)
    return {"_FillValue": found[0], "missing_value": found[1:]} if found else {}


def _scaling(x: Any) -> dict[str, Any]:
    """Scale, offset and limits, where they still have to be applied."""
    told: dict[str, Any] = {}
    stored = x.dtype.kind in "iu" and np.dtype(x.encoding.get("dtype", x.dtype)) == x.dtype
    for several, key in (("scales", "scale_factor"), ("offsets", "add_offset")):
        if several in x.attrs and key not in x.attrs:
            told[key] = np.ravel(x.attrs[several])[0]
        if stored and key in x.encoding and key not in x.attrs:
            told[key] = x.encoding[key]
    if _was_unpacked(x):
        scale, offset = (float(x.encoding.get(key, d)) for key, d in (("scale_factor", 1), ("add_offset", 0)))
        for key in ("valid_min", "valid_max", "valid_range"):
            if key in x.attrs and np.asarray(x.attrs[key]).dtype.kind in "iu":
                told[key] = np.asarray(x.attrs[key], np.float64) * scale + offset
    return told


def _was_unpacked(x: Any) -> bool:
    """Whether the values are what scale and offset in the encoding have made."""
    return x.dtype.kind == "f" and ("scale_factor" in x.encoding or "add_offset" in x.encoding)


# Values


@dataclass(frozen=True, kw_only=True, eq=False)
class XarraySource(CfSource):
    """An array that is not in memory: of Dask, or one that xarray reads when it is asked for."""

    variable: Any
    """A Variable of xarray."""
    path: str
    """The file it comes from; ``""`` where that is not known."""
    state: Fingerprint | None
    """What tells whether that file is still the same."""

    @property
    def name(self) -> str:
        """The file, where it is known."""
        return self.path

    def is_unchanged(self) -> bool:
        """Whether the file, where it is known, is the one that was there."""
        return self.state is None or change(self.path, self.state) is None

    @contextmanager
    def taking(self) -> Iterator[Callable[[Key], Array]]:
        """What computes or reads a part of the array."""
        what = None if self.state is None else change(self.path, self.state)
        if what is not None:
            raise SourceChangedError(f"read: {what} since the raster was defined; open it again")
        yield lambda key: np.asarray(self.variable[key].values)


def _source(x: Any, place: Placed, packing: Packing) -> ArraySource | XarraySource:
    variable = x.variable
    order = arrangement(place)
    if variable._in_memory:
        stored = np.asarray(variable.values)
        out = np.empty((max(1, int(np.prod(order.others))), *order.shape), stored.dtype)
        whole = place.grid.window
        order.read(lambda key: stored[key], tuple(range(len(out))), whole, out)
        dtype = block_dtype([packing.stored if packing.plain else "float64"])
        changes = packing.codes or not packing.plain or packing.low is not None or packing.high is not None
        return ArraySource(packing.values(out, dtype) if changes else out)
    path = str(x.encoding.get("source", ""))
    chunks = variable.chunks
    tile = (
        (int(chunks[place.y][0]), int(chunks[place.x][0]))
        if chunks
        else (min(order.shape[0], 256), order.shape[1])
    )
    return XarraySource(
        arrangement=order,
        packing=packing,
        tile=tile,
        variable=variable,
        path=path,
        state=fingerprint(path) if path else None,
    )
