"""Geometry and metadata of a raster. Setting anything rebinds the node of that one raster; nodes never change."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from pyterra.errors import ArgumentError, GridMismatchError
from pyterra.expr import Categories, Layer, Node, Read, relabel
from pyterra.expr.described import Described
from pyterra.expr.layers import numbered
from pyterra.expr.times import common_step, in_step
from pyterra.grid import Grid
from pyterra.grid.crs import parse_crs, same_crs, to_pyproj
from pyterra.grid.extent import Extent
from pyterra.io.safe.places import check_no_nul
from pyterra.raster._build import cell_size, extent_of, raster, skeleton
from pyterra.raster._place import relocate

if TYPE_CHECKING:
    import pandas as pd
    import pyproj

    from pyterra.handles.spatraster import SpatRaster

TimeStep = Literal["seconds", "days", "months", "years", "yearmonths", "raw"]
_WITH_ZONE = re.compile(r"\d{1,2}:\d\d.*([Zz]|[+-]\d\d:?(\d\d)?)$")
_TIME_STEPS = ("seconds", "days", "months", "years", "yearmonths", "raw")

# Geometry


def nrow(x: Described) -> int:
    return x._node.grid.nrow


def ncol(x: Described) -> int:
    return x._node.grid.ncol


def nlyr(x: Described) -> int:
    return len(x._node.layers)


def ncell(x: Described) -> int:
    return x._node.grid.cells


def shape(x: Described) -> tuple[int, int, int]:
    return len(x._node.layers), x._node.grid.nrow, x._node.grid.ncol


def dtype(x: Described) -> np.dtype[Any]:
    return x._node.dtype


def set_nrow(x: Described, value: int) -> None:
    set_dim(x, (value, ncol(x)))


def set_ncol(x: Described, value: int) -> None:
    set_dim(x, (nrow(x), value))


def set_nlyr(x: Described, value: int) -> None:
    set_dim(x, (nrow(x), ncol(x), value))


def dim(x: Described) -> tuple[int, int, int]:
    return x._node.grid.nrow, x._node.grid.ncol, len(x._node.layers)


def set_dim(x: Described, value: Sequence[int]) -> None:
    """Other numbers of rows, columns and layers in the same extent, without values, as terra does."""
    sizes = list(value)
    if len(sizes) not in (2, 3) or any(isinstance(n, bool) or int(n) != n or n < 1 for n in sizes):
        raise ArgumentError(f"dim: rows, columns and layers must be whole numbers above 0, got {value}")
    old = x._node.grid
    layers = x._node.layers
    if len(sizes) == 3 and sizes[2] != len(layers):
        layers = numbered(int(sizes[2]))
    plain = tuple(Layer(layer.name, time=layer.time, step=layer.step) for layer in layers)
    x._node = skeleton(Grid(old.extent, int(sizes[0]), int(sizes[1]), old.crs), plain)


def res(x: Described) -> tuple[float, float]:
    return x._node.grid.xres, x._node.grid.yres


def xres(x: Described) -> float:
    return x._node.grid.xres


def yres(x: Described) -> float:
    return x._node.grid.yres


def xmin(x: Described) -> float:
    return x._node.grid.extent.xmin


def xmax(x: Described) -> float:
    return x._node.grid.extent.xmax


def ymin(x: Described) -> float:
    return x._node.grid.extent.ymin


def ymax(x: Described) -> float:
    return x._node.grid.extent.ymax


def origin(x: Described) -> tuple[float, float]:
    """Coordinates of the cell corner closest to (0, 0)."""
    grid = x._node.grid
    found = []
    for start, size in ((grid.extent.xmin, grid.xres), (grid.extent.ymax, grid.yres)):
        rest = float(np.fmod(start, size))
        if abs(rest) > size / 2:
            rest -= float(np.copysign(size, rest))
        found.append(0.0 if abs(rest) < 1e-12 * size else rest)
    return found[0], found[1]


def set_res(x: Described, value: float | tuple[float, float]) -> None:
    """Keep the lower left corner, move the far edges to whole cells, and drop the values, as terra does."""
    old = x._node.grid
    grid = Grid.from_resolution(old.extent, *cell_size(value, "res:"), crs=old.crs)
    x._node = skeleton(grid, x._node.layers)


def _moved(x: Described, extent: Extent) -> None:
    x._node = relocate(x._node, replace(x._node.grid, extent=extent))


def set_ext(x: Described, value: Any) -> None:
    _moved(x, extent_of(value))


def set_xmin(x: Described, value: float) -> None:
    e = x._node.grid.extent
    _moved(x, Extent(value, e.xmax, e.ymin, e.ymax))


def set_xmax(x: Described, value: float) -> None:
    e = x._node.grid.extent
    _moved(x, Extent(e.xmin, value, e.ymin, e.ymax))


def set_ymin(x: Described, value: float) -> None:
    e = x._node.grid.extent
    _moved(x, Extent(e.xmin, e.xmax, value, e.ymax))


def set_ymax(x: Described, value: float) -> None:
    e = x._node.grid.extent
    _moved(x, Extent(e.xmin, e.xmax, e.ymin, value))


def crs(x: Described) -> pyproj.CRS | None:
    wkt = x._node.grid.crs
    return to_pyproj(wkt) if wkt else None


def set_crs(x: Described, value: Any) -> None:
    x._node = relocate(x._node, x._node.grid.with_crs(parse_crs(value)))


def is_lonlat(x: SpatRaster) -> bool:
    """Whether the CRS has longitude and latitude in degrees. A raster without CRS gives False."""
    return x._node.grid.is_lonlat


def compare_geom(
    x: SpatRaster,
    y: SpatRaster,
    *,
    lyrs: bool = False,
    crs: bool = True,
    stop_on_error: bool = True,
    tolerance: float = 0.1,
) -> bool:
    """Whether two rasters share extent, rows, columns and CRS.

    Parameters
    ----------
    x, y : SpatRaster
    lyrs : bool
        Compare the number of layers too.
    crs : bool
        Compare the coordinate reference systems.
    stop_on_error : bool
        Raise instead of giving False.
    tolerance : float
        Share of a cell by which extents may differ.

    Raises
    ------
    GridMismatchError
        Where they differ and `stop_on_error` is set.
    """
    a, b = x._node.grid, y._node.grid
    problems = []
    if a.nrow != b.nrow or a.ncol != b.ncol:
        problems.append(f"rows and columns differ: {a.nrow} x {a.ncol} and {b.nrow} x {b.ncol}")
    elif not a.same_cells(b, tolerance):
        problems.append(f"extents differ: {a.extent} and {b.extent}")
    if crs and not same_crs(a.crs, b.crs):
        problems.append("coordinate reference systems differ")
    if lyrs and len(x) != len(y):
        problems.append(f"numbers of layers differ: {len(x)} and {len(y)}")
    if problems and stop_on_error:
        raise GridMismatchError("compare_geom: " + "; ".join(problems))
    return not problems


def copy(x: SpatRaster) -> SpatRaster:
    """Another handle on the same values: what is set on one (names, CRS, cells) does not reach the other.

    Returns
    -------
    SpatRaster

    Examples
    --------
    >>> import pyterra as pt
    >>> a = pt.rast([[1, 2]], names="a")
    >>> b = a.copy()
    >>> b.names = "b"
    >>> a.names
    ['a']
    """
    return raster(x._node)


def sources(x: SpatRaster) -> list[str]:
    """Files behind the raster, in the order of first use; ``""`` stands for memory."""
    from pyterra.io.raster.raster_file import FileSource
    from pyterra.io.store.netcdf import NetcdfSource

    found: dict[str, None] = {}
    seen: set[Node] = set()
    stack = [x._node]
    while stack:
        node = stack.pop()
        if node in seen:
            continue
        seen.add(node)
        if isinstance(node, Read):
            file = isinstance(node.source, FileSource | NetcdfSource)
            found[str(getattr(node.source, "name", "")) if file else ""] = None
        stack.extend(reversed(node.inputs))
    return list(found)


# Layers


def _relayer(x: Described, change: Callable[[int, Layer], Layer]) -> None:
    x._node = relabel(x._node, tuple(change(i, layer) for i, layer in enumerate(x._node.layers)))


def _one_per_layer(x: Described, value: Any, what: str) -> list[Any]:
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
    items = _one_per_layer(x, items, "names")
    check_no_nul("names:", items)
    _relayer(x, lambda i, layer: replace(layer, name=str(items[i])))


def units(x: Described) -> list[str]:
    return [layer.unit for layer in x._node.layers]


def set_units(x: Described, value: str | Sequence[str] | None) -> None:
    items = _one_per_layer(x, value, "units")
    check_no_nul("units:", items)
    _relayer(x, lambda i, layer: replace(layer, unit=str(items[i] or "")))


def long_names(x: Described) -> list[str]:
    return [layer.long_name for layer in x._node.layers]


def set_long_names(x: Described, value: str | Sequence[str]) -> None:
    items = _one_per_layer(x, value, "long_names")
    check_no_nul("long_names:", items)
    _relayer(x, lambda i, layer: replace(layer, long_name=str(items[i] or "")))


def depth(x: Described) -> list[float] | None:
    found = [layer.depth for layer in x._node.layers]
    return None if any(v is None for v in found) else [float(v) for v in found if v is not None]


def set_depth(x: Described, value: float | Sequence[float] | None) -> None:
    items = _one_per_layer(x, value, "depth")
    _relayer(x, lambda i, layer: replace(layer, depth=None if items[i] is None else float(items[i])))


# Time


def time(x: Described) -> NDArray[Any] | None:
    step = common_step(x._node.layers)
    if not step:
        return None
    stamps = [in_step(layer, step) for layer in x._node.layers]
    precise = any(isinstance(stamp, np.datetime64) and stamp.dtype == "datetime64[ms]" for stamp in stamps)
    dates = {"seconds": "datetime64[ms]" if precise else "datetime64[s]", "days": "datetime64[D]"}
    return np.array(stamps, dtype=dates.get(step, "float64"))


def has_time(x: SpatRaster) -> bool:
    """Whether every layer has a time, and all can be told in one step."""
    return time(x) is not None


def time_info(x: SpatRaster) -> str:
    """Step of the time: ``seconds``, ``days``, ``months``, ``years``, ``yearmonths``, ``raw``, or ``""`` = no time."""
    return common_step(x._node.layers)


def set_time_of(x: Described, value: Any) -> None:
    x._node = _timed(x._node, value, None)


def set_time(x: SpatRaster, time: Any, step: TimeStep | None = None) -> SpatRaster:
    """A raster whose layers have times.

    Parameters
    ----------
    x : SpatRaster
    time : sequence of date, datetime, datetime64, text (ISO 8601) or number; None removes the time
        One per layer. Moments with a zone are kept in UTC, and the zone beside them.
    step : {"seconds", "days", "months", "years", "yearmonths", "raw"}, optional
        What the stamps mean. By default days for dates, seconds for stamps with a time of day, raw for numbers.

    Returns
    -------
    SpatRaster

    Raises
    ------
    ArgumentError
        Where there is not one stamp per layer, or one cannot be read.
    """
    return raster(_timed(x._node, time, step))


def _timed(node: Node, time: Any, step: str | None) -> Node:
    if step is not None and step not in _TIME_STEPS:
        raise ArgumentError(f"time: step must be one of {', '.join(_TIME_STEPS)}, got {step!r}")
    if time is None:
        layers = tuple(replace(layer, time=None, step="", zone="") for layer in node.layers)
        return relabel(node, layers)
    items = list(time) if not isinstance(time, str | int | float | np.datetime64) else [time]
    if len(items) != len(node.layers):
        raise ArgumentError(f"time: must be one per layer ({len(node.layers)}), got {len(items)}")
    stamps, found = parse_times(items, step)
    zone = _zone_of(items) if found == "seconds" else ""
    layers = tuple(
        replace(la, time=t, step=found, zone=zone) for la, t in zip(node.layers, stamps, strict=True)
    )
    return relabel(node, layers)


def _zone_of(items: Sequence[Any]) -> str:
    """The name of the time zone that all stamps have; nothing for hours ahead of UTC, which are no zone."""
    zones = {getattr(v, "tzinfo", None) for v in items}
    zone = zones.pop() if len(zones) == 1 else None
    name = getattr(zone, "key", None) or getattr(zone, "zone", None) or (str(zone) if zone else "")
    return str(name) if name == "UTC" or "/" in str(name) else ""


def _in_utc(value: Any) -> Any:
    """A stamp as numpy reads it: without a zone, in UTC."""
    if isinstance(value, str) and _WITH_ZONE.search(value.strip()):
        value = datetime.fromisoformat(value.strip())
    if getattr(value, "tzinfo", None) is not None:
        value = value.astimezone(UTC).replace(tzinfo=None)
    return getattr(value, "isoformat", lambda: value)()


def parse_times(items: Sequence[Any], step: str | None) -> tuple[list[np.datetime64 | float], str]:
    """Time stamps of one kind from dates, texts or numbers, with their step."""
    if all(isinstance(v, int | float | np.integer | np.floating) for v in items):
        if step in ("days", "seconds"):
            whole = np.array([int(v) for v in items])
            return list(whole.astype("datetime64[D]" if step == "days" else "datetime64[s]")), step
        return [float(v) for v in items], step or "raw"
    try:
        fine = np.array([np.datetime64(_in_utc(v), "ms") for v in items])
    except (ValueError, TypeError) as error:
        raise ArgumentError(
            f"time: stamps must be dates such as '2020-01-31' or numbers, got {items[0]!r} ({error})"
        ) from None
    seconds = fine.astype("datetime64[s]")
    stamps = seconds if (seconds == fine).all() or step not in (None, "seconds") else fine
    if np.isnat(stamps).any():
        raise ArgumentError("time: every layer needs a time, got a missing one")
    whole_days = (stamps == stamps.astype("datetime64[D]")).all() and not any(
        hasattr(v, "hour") for v in items
    )
    step = step or ("days" if whole_days else "seconds")
    if step == "years":
        return [float(s.astype("datetime64[Y]").astype(int) + 1970) for s in stamps], step
    if step == "months":
        return [float(s.astype("datetime64[M]").astype(int) % 12 + 1) for s in stamps], step
    if step == "yearmonths":
        return [float(s.astype("datetime64[M]").astype(int) / 12 + 1970) for s in stamps], step
    return [s.astype("datetime64[D]") if step == "days" else s for s in stamps], step


# Categories and colours


def is_factor(x: SpatRaster) -> list[bool]:
    """Per layer: whether it has categories."""
    return [layer.kind == "factor" for layer in x._node.layers]


def is_int(x: SpatRaster) -> list[bool]:
    """Per layer: whether its values are flagged as whole numbers."""
    return [layer.kind == "int" for layer in x._node.layers]


def is_bool(x: SpatRaster) -> list[bool]:
    """Per layer: whether its values are flagged as true or false."""
    return [layer.kind == "bool" for layer in x._node.layers]


def as_factor(x: SpatRaster) -> SpatRaster:
    """A raster whose layers without categories get one category per value found (this reads the values)."""
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
    """Per layer: the whole table of categories, or None."""
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

    _relayer(x, change)


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
    items = _one_per_layer(x, value, "active_cat")

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

    _relayer(x, change)


def colors(x: Described) -> list[dict[int, tuple[int, int, int, int]] | None]:
    return [None if layer.colors is None else dict(layer.colors) for layer in x._node.layers]


def set_colors(x: Described, value: Any) -> None:
    """Give colour tables: {value: (red, green, blue[, alpha])} for the first layer, a list for all, None to remove."""
    tables = list(value) if isinstance(value, list | tuple) else [value]

    def change(i: int, layer: Layer) -> Layer:
        if i >= len(tables):
            return layer
        table = tables[i]
        if table is None:
            return replace(layer, colors=None)
        entries = []
        for key, color in table.items():
            parts = tuple(int(c) for c in color)
            if len(parts) not in (3, 4) or not all(0 <= c <= 255 for c in parts):
                raise ArgumentError(f"colors: a colour must be 3 or 4 numbers from 0 to 255, got {color}")
            entries.append((int(key), (*parts, 255)[:4]))
        return replace(layer, colors=tuple(sorted(entries)))  # type: ignore[arg-type]

    _relayer(x, change)
