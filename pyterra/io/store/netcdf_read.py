"""NetCDF files as nodes: the variables that are rasters, on one grid, as layers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pyterra.errors import LayerError, SourceError, near_names, warn
from pyterra.expr import Node, Read, join
from pyterra.expr.layers import block_dtype
from pyterra.io.formats.names import data_sets_asked
from pyterra.io.raster.guard import check_tile
from pyterra.io.safe.aside import aside
from pyterra.io.safe.fingerprint import Fingerprint, fingerprint
from pyterra.io.store.cf import Labelled, packing_of
from pyterra.io.store.cf_grid import Placed, axes_of, has_rows_and_columns, placed, placed_by_arrays
from pyterra.io.store.cf_layers import layers_of
from pyterra.io.store.cf_source import arrangement
from pyterra.io.store.netcdf import NetcdfSource, named_variable, tile_of, variables_of

_HELPERS = ("bounds", "climatology", "grid_mapping", "coordinates")
"""Attributes that name variables which describe this one."""


def netcdf_node(path: str, subds: str | int | Sequence[str | int] | None = None) -> Node:
    """The variables of a file as layers; nothing of their values is read.

    Raises
    ------
    SourceError
        Where it is no NetCDF file, or its cells are no even rows and columns.
    LayerError
        Where a variable that was asked for is not there; near matches are named.
    """
    name, named = named_variable(path)
    subds = named if subds is None else subds
    state = _state(name)
    with aside() as call:
        nodes, left = call(_described, name, subds, state)
    if left:
        warn(
            f"rast: {name}: {', '.join(left)} lie on another grid than {nodes[0].source.variable} and were left out; "  # type: ignore[attr-defined]
            "take them with subds="
        )
    return join(nodes)


def variable_names(path: str) -> list[str]:
    """Variables of a file that have rows and columns.

    Raises
    ------
    SourceError
        Where it is no NetCDF file.
    """
    name, named = named_variable(path)
    _state(name)
    with aside() as call:
        return [named] if named is not None else call(_names_in, name)


def _names_in(path: str) -> list[str]:
    with variables_of(path) as variables:
        return rasters_among(variables)


def _described(
    path: str, subds: str | int | Sequence[str | int] | None, state: Fingerprint
) -> tuple[list[Read], list[str]]:
    with variables_of(path) as variables:
        wanted = _wanted(variables, subds, path)
        return _on_one_grid(path, wanted, variables, state, chosen=subds is not None)


def _state(name: str) -> Fingerprint:
    state = fingerprint(name)
    if state is None:
        raise SourceError(f"rast: {name} does not exist or cannot be opened")
    return state


def _on_one_grid(
    path: str, wanted: Sequence[str], variables: Mapping[str, Labelled], state: Fingerprint, *, chosen: bool
) -> tuple[list[Read], list[str]]:
    """Nodes of variables that share the first one's grid, and the names of those that do not."""
    nodes: list[Read] = []
    left: list[str] = []
    first_error: SourceError | None = None
    for name in wanted:
        try:
            node = _variable_node(path, variables[name], variables, state)
        except SourceError as error:
            if chosen:
                raise
            first_error = first_error or error
            left.append(name)
            continue
        if nodes and not node.grid.same_cells(nodes[0].grid):
            if chosen:
                raise SourceError(
                    f"rast: the variables of {path} must share a grid to be one raster, got {wanted[0]} and {name}; "
                    "take them one by one with subds="
                )
            left.append(name)
        else:
            nodes.append(node)
    if not nodes and first_error is not None:
        raise first_error
    return nodes, left


def _wanted(variables: Mapping[str, Labelled], subds: Any, path: str) -> list[str]:
    found = rasters_among(variables)
    if not found and subds is None:
        raise SourceError(
            f"rast: {path} has no variable with rows and columns; it has {', '.join(variables)}"
        )
    if subds is None:  # the first tells the grid: one of which rows and columns are known
        return sorted(found, key=lambda name: not has_rows_and_columns(variables[name], variables))
    chosen = []
    for item in data_sets_asked(subds):
        if isinstance(item, str) and item.strip("/") in variables:
            chosen.append(item.strip("/"))
        elif isinstance(item, int) and 0 <= item < len(found):
            chosen.append(found[item])
        else:
            raise LayerError(f"rast: {path} has no variable {item!r}{near_names(item, found)}")
    return chosen


def rasters_among(variables: Mapping[str, Labelled]) -> list[str]:
    """Variables with rows and columns that describe no other variable, in the order of the file."""
    helpers: set[str] = set()
    for variable in variables.values():
        group = variable.name.rpartition("/")[0]
        for key in _HELPERS:
            for name in variable.text(key).replace(":", " ").split():
                helpers |= {name, f"{group}/{name}"} if group else {name}
    flat = [
        name
        for name, variable in variables.items()
        if len(variable.dims) >= 2 and variable.is_numbers and name not in helpers
    ]
    roles = {name: [axis.role for axis in axes_of(variables[name], variables)] for name in flat}
    told = any(_told(found) for found in roles.values())
    return [name for name in flat if _told(roles[name]) or _may_be(roles[name], lone=not told)]


def _told(roles: Sequence[str]) -> bool:
    """Whether dimensions are told to be rows and columns."""
    return roles.count("x") == 1 and roles.count("y") == 1


def _may_be(roles: Sequence[str], *, lone: bool) -> bool:
    """Whether they may be; beside variables that are told, one of the two is rather a table such as bounds."""
    free = [role for role in roles if role not in ("x", "y", "t")]
    known = len({"x", "y"} & set(roles))
    return len(free) + known >= 2 and (lone or known == 0)


def _variable_node(
    path: str, variable: Labelled, variables: Mapping[str, Labelled], state: Fingerprint
) -> Read:
    where = f"rast: {path}: {variable.name}"
    if len(variable.dims) < 2 or not variable.is_numbers or 0 in variable.shape:
        raise SourceError(f"{where} has no rows and columns of numbers")
    _check_tiles(path, variable)
    place = placed_by_arrays(
        placed(variable, variables, where),
        lambda array, place: _read(path, array, place, variables, state),
        path,
        state,
    )
    for array in place.arrays or ():
        _check_tiles(path, array)
    return _read(path, variable, place, variables, state)


def _check_tiles(path: str, variable: Labelled) -> None:
    check_tile(f"{path}: {variable.name}", variable.chunks or (), variable.dtype.itemsize)


def _read(
    path: str, variable: Labelled, place: Placed, variables: Mapping[str, Labelled], state: Fingerprint
) -> Read:
    packing = packing_of(variable)
    source = NetcdfSource(
        arrangement=arrangement(place),
        packing=packing,
        tile=tile_of(variable, (place.y, place.x), (place.grid.nrow, place.grid.ncol)),
        path=path,
        variable=variable.name,
        state=state,
    )
    layers = layers_of(variable, place, packing, variables)
    return Read(
        grid=place.grid,
        layers=layers,
        dtype=block_dtype([packing.stored if packing.plain else "float64"]),
        source=source,
        bands=tuple(range(len(layers))),
    )
