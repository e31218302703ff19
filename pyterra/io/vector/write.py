"""Vector files that are complete, or not there: written beside the target, read back, renamed."""

from __future__ import annotations

import os
import re
import shutil
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyterra.errors import (
    OutputExistsError,
    PyterraError,
    SinkError,
    SourceError,
    WriteError,
    warn,
)
from pyterra.io.formats.record import Records, VectorFormat
from pyterra.io.safe import swap
from pyterra.io.safe.parts import Output, flush_to_disk
from pyterra.io.safe.places import path_text
from pyterra.io.vector.check import compared
from pyterra.io.vector.fields import fields_of, json_like, parquet_types
from pyterra.io.vector.read import layers_of, read_table, vector_failures
from pyterra.redact import redact

_ROUNDING = re.compile("PRECISION|FIGURES|RESOLUTION|RFC7946", re.IGNORECASE)
"""Options that ask for fewer digits of coordinates."""
_TYPES = {"points": "Point", "lines": "LineString", "polygons": "Polygon"}


def write_table(
    table: Any,
    path: str,
    *,
    record: VectorFormat,
    layer: str,
    kind: str,
    insert: bool,
    overwrite: bool,
    options: dict[str, str],
) -> Path:
    """Write a GeoDataFrame and return the real path; the path holds what it held before or the whole result.

    Parameters
    ----------
    table : GeoDataFrame
    path, layer : str
    record : VectorFormat
    kind : str
        points, lines or polygons.
    insert : bool
        Put a layer into a file that may have others.
    overwrite : bool
        Replace a file, or with `insert` a layer.
    options : dict
        Options of the layer, as the format's driver takes them.

    Raises
    ------
    OutputExistsError, OutputLockedError, WriteError
    """
    swap.look_after(Path(os.path.realpath(path_text(path, "write_vector", SinkError))), "write_vector")
    with Output(path, overwrite=overwrite or insert) as output:
        swap.complete(output.path)
        say_crs(table.crs, record, output.path)
        existing = insert and output.path.exists()
        if existing and layer in layers_of(str(output.path)) and not overwrite:
            raise OutputExistsError(
                f"write_vector: {output.path} has a layer {layer!r} already; pass overwrite=True, or another layer"
            )
        try:
            part = output.folder() / output.path.name  # some formats keep names of files
            table = _as_kept(table, record, options)
            if existing:
                _copy(output.path, part)
            _write(table, part, output.path, record, layer, kind, options)
            _check(table, part, output.path, record, layer, options)
            output.check_beside(path.name for path in part.parent.iterdir() if path != part)
            swap.publish(output, part, (*record.beside, *record.stale))
        except OSError as error:
            if isinstance(error, PyterraError):
                raise
            text = f"cannot be written: {error.strerror or error}"
            raise WriteError(f"write_vector: {output.path} {text}") from error
        return output.path


def _as_kept(table: Any, record: VectorFormat, options: dict[str, str]) -> Any:
    """The table in the CRS of the format, and without heights where it has none."""
    import shapely

    if not record.heights and shapely.has_z(table.geometry.to_numpy()).any():
        warn(f"write_vector: {record} holds no heights; they are dropped")
        table = table.set_geometry(shapely.force_2d(table.geometry.to_numpy()), crs=table.crs)
    asked = record.name != "GeoJSON" or options.get("RFC7946", "").upper() in ("YES", "TRUE", "ON")
    return table.to_crs("OGC:CRS84") if record.lonlat and asked and table.crs is not None else table


def _copy(path: Path, part: Path) -> None:
    """Copy a file, with what SQLite has not yet moved into it."""
    for ending in ("", "-wal", "-journal"):
        if os.path.exists(f"{path}{ending}"):
            shutil.copyfile(f"{path}{ending}", f"{part}{ending}")


def _write(
    table: Any, part: Path, path: Path, record: VectorFormat, layer: str, kind: str, options: dict[str, str]
) -> None:
    import pyogrio
    import shapely
    from pyogrio.errors import FieldError, GeometryError

    if record.name == "Parquet":
        _write_parquet(table, part, path)
        return
    shapes = table.geometry.to_numpy()
    missing = shapely.is_missing(shapes) | shapely.is_empty(shapes)  # an empty one stands for none
    names = [name for name in table.columns if name != table.geometry.name]
    _check_names(names, record, path)
    stored: NDArray[Any] = shapely.to_wkb(shapes)
    stored[missing] = None
    fields = fields_of(table, names, path, dates=record.dates_only)
    shape, promoted = _shape(shapes[~missing], kind, record)
    try:
        with warnings.catch_warnings(record=True) as found:
            warnings.simplefilter("always")
            pyogrio.raw.write(
                part,
                stored.view(_Asked),
                [field.values for field in fields],
                [field.name for field in fields],
                field_mask=[field.missing for field in fields],
                gdal_tz_offsets={f.name: f.offsets for f in fields if f.offsets is not None},
                layer=layer,
                driver=record.name,
                geometry_type=shape,
                promote_to_multi=promoted,
                crs=_crs(table.crs),
                layer_options=_options(table, record, names, bool(missing.any()), options),
            )
    except vector_failures(FieldError, GeometryError, ValueError) as error:
        text = redact(str(error)).replace(str(part), str(path))
        raise WriteError(f"write_vector: {path} cannot be written: {text}") from error
    said = dict.fromkeys(str(w.message) for w in found)
    known = ("'crs' was not provided", "No SRS set on layer")  # said by say_crs, or meant
    for text in (text for text in said if not any(part in text for part in known)):
        text = text.replace(str(part), str(path))
        warn(f"write_vector: {text}")


class _Asked(np.ndarray):
    """Geometries that Python hands over: else nothing of Python runs in the loop over the records, nor hears Ctrl-C."""

    def __getitem__(self, key: Any) -> Any:
        return super().__getitem__(key)


def _check_names(names: Sequence[str], record: VectorFormat, path: Path) -> None:
    known: dict[str, str] = {}
    for name in names if record.caseless else ():
        if known.setdefault(name.lower(), name) != name:
            raise WriteError(
                f"write_vector: {path}: {record} does not tell the columns {known[name.lower()]!r} and {name!r} apart; "
                "rename one of them"
            )


def _shape(shapes: Any, kind: str, record: VectorFormat) -> tuple[str, bool]:
    """The type of a layer's geometries, and whether single ones become multiple for it."""
    import shapely

    single = _TYPES.get(kind, "Unknown")
    height = " Z" if single != "Unknown" and shapely.has_z(shapes).any() else ""
    types = {str(shapely.GeometryType(i).name) for i in np.unique(shapely.get_type_id(shapes)).tolist()}
    if len(types) <= 1:
        several = any(name.startswith("MULTI") for name in types)
        return (f"Multi{single}" if several else single) + height, False
    return (f"Multi{single}{height}", True) if record.one_type else ("Unknown", False)


def _crs(crs: Any) -> str | None:
    if crs is None:
        return None
    code = crs.to_epsg()
    return f"EPSG:{code}" if code else str(crs.to_wkt("WKT1_GDAL"))


def _options(
    table: Any, record: VectorFormat, names: Sequence[str], missing: bool, given: dict[str, str]
) -> dict[str, str]:
    """Options of the layer, with those that the records ask for."""
    json = any(json_like(table[name]) for name in names)
    bounds: Any = tuple(float(v) for v in table.total_bounds)
    own = dict(record.options(Records(tuple(names), missing, json, bounds)))
    if any(_ROUNDING.search(name) for name in given):
        own = {name: value for name, value in own.items() if not _ROUNDING.search(name)}
    return own | given


def say_crs(crs: Any, record: VectorFormat, path: Any) -> None:
    """Warn where a format that is meant for lon/lat WGS 84 cannot keep a CRS as it is."""
    if not record.lonlat:
        return
    if crs is None:
        text = f"the vector has no CRS, and {record} will be taken for lon/lat WGS 84"
    elif not crs.equals("OGC:CRS84", ignore_axis_order=True) and not crs.equals(
        "EPSG:4326", ignore_axis_order=True
    ):
        became = (
            "written beside it, which many readers do not look at"
            if record.name == "GeoJSON"
            else "transformed"
        )
        text = f"{record} is for lon/lat WGS 84; the CRS {crs.name} is {became}"
    else:
        return
    warn(f"write_vector: {path}: {text}; project('EPSG:4326') first")


def _write_parquet(table: Any, part: Path, path: Path) -> None:
    import shapely

    shapes = table.geometry.to_numpy()
    if shapely.is_empty(shapes).any():
        table = table.set_geometry(np.where(shapely.is_empty(shapes), None, shapes), crs=table.crs)
    try:
        table = parquet_types(table, path)
        table.to_parquet(part, index=False)
    except ImportError:
        raise WriteError(
            f"write_vector: {path}: GeoParquet needs pyarrow; install it, or write .gpkg or .fgb"
        ) from None
    except WriteError:
        raise
    except (OSError, ValueError, TypeError, NotImplementedError) as error:
        raise WriteError(f"write_vector: {path} cannot be written: {error}") from error


def _check(
    table: Any, part: Path, path: Path, record: VectorFormat, layer: str, options: dict[str, str]
) -> None:
    """Read the file back as it will be read, and compare it with what was written."""
    flush_to_disk(part)
    named = layer if record.several_layers else None  # others call their only layer as they like
    try:
        found, _ = read_table(str(part), layer=named)
        losses = compared(table, found, record, exactly=not any(_ROUNDING.search(name) for name in options))
    except (WriteError, SourceError) as error:
        text = str(error).removeprefix("vect: ").replace(str(part), "the file")
        raise WriteError(f"write_vector: {path}: {text}; nothing was replaced") from None
    if losses:
        told = "; ".join(f"column {loss.column!r}: {loss.how}" for loss in losses)
        warn(f"write_vector: {path}: {record} changes {told}")
