"""Vector files that are complete, or not there: written beside the target, read back, renamed."""

from __future__ import annotations

import os
import shutil
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pyterra.errors import ArgumentError, OutputExistsError, PyterraWarning, WriteError
from pyterra.io.parts import Output, flush_to_disk
from pyterra.io.redact import redact
from pyterra.io.vector import layers_of
from pyterra.io.vector_fields import fields_of

DRIVERS = {
    ".gpkg": "GPKG",
    ".fgb": "FlatGeobuf",
    ".shp": "ESRI Shapefile",
    ".geojson": "GeoJSON",
    ".json": "GeoJSON",
    ".geojsonl": "GeoJSONSeq",
    ".gml": "GML",
    ".kml": "KML",
    ".gpx": "GPX",
    ".parquet": "Parquet",
    ".geoparquet": "Parquet",
}
"""Endings of files and their formats."""
SHAPEFILE_PARTS = (".shx", ".dbf", ".prj", ".cpg")
_STALE = {
    "ESRI Shapefile": (".qix", ".sbn", ".sbx", ".fix", ".qpj", ".cst"),
    "GPKG": ("-journal", "-wal", "-shm"),
}
"""What readers and writers of an older file may have left, which would be taken for part of the new one."""
_ONE_TYPE = ("GPKG", "FlatGeobuf", "ESRI Shapefile")
"""Formats whose layers have geometries of one type."""
_SEVERAL_LAYERS = ("GPKG", "SQLite", "KML", "GML")
_LONLAT = ("GeoJSON", "GeoJSONSeq", "KML", "LIBKML", "GPX")
_TYPES = {"points": "Point", "lines": "LineString", "polygons": "Polygon"}


def driver_of(path: str, filetype: str | None) -> str:
    """OGR's name of a format.

    Raises
    ------
    ArgumentError
        For an ending that no format is known by.
    """
    ending = Path(path).suffix.lower()
    if filetype is not None:
        return {"shapefile": "ESRI Shapefile", "geoparquet": "Parquet"}.get(filetype.lower(), filetype)
    if ending not in DRIVERS:
        raise ArgumentError(
            f"write_vector: the file must end in one of {', '.join(DRIVERS)}, got {path!r}; or give filetype="
        )
    return DRIVERS[ending]


def write_table(
    table: Any,
    path: str,
    *,
    driver: str,
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
    path, driver, layer : str
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
    with Output(path, overwrite=overwrite or insert) as output:
        say_crs(table.crs, driver, output.path)
        existing = insert and output.path.exists()
        if existing and layer in layers_of(str(output.path)) and not overwrite:
            raise OutputExistsError(
                f"write_vector: {output.path} has a layer {layer!r} already; pass overwrite=True, or another layer"
            )
        part = output.part(output.path.suffix)
        try:
            if existing:
                shutil.copyfile(output.path, part)
            _write(table, part, output.path, driver, layer, kind, options)
            _check(part, output.path, driver, layer, len(table))
            _publish(output, part, driver)
        finally:
            if driver == "ESRI Shapefile":
                for ending in SHAPEFILE_PARTS:
                    part.with_suffix(ending).unlink(missing_ok=True)
        return output.path


def _write(
    table: Any, part: Path, path: Path, driver: str, layer: str, kind: str, options: dict[str, str]
) -> None:
    import pyogrio
    import shapely
    from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError

    if driver == "Parquet":
        _write_parquet(table, part, path)
        return
    shapes = table.geometry.to_numpy()
    missing = shapely.is_missing(shapes) | shapely.is_empty(shapes)  # an empty one stands for none
    names = [name for name in table.columns if name != table.geometry.name]
    fields = fields_of(table, names, path, dates=driver == "ESRI Shapefile")
    shape, promoted = _shape(shapes[~missing], kind, driver)
    try:
        with warnings.catch_warnings(record=True) as found:
            warnings.simplefilter("always")
            pyogrio.raw.write(
                part,
                np.where(missing, None, shapely.to_wkb(shapes)),
                [field.values for field in fields],
                [field.name for field in fields],
                field_mask=[field.missing for field in fields],
                gdal_tz_offsets={f.name: f.offsets for f in fields if f.offsets is not None},
                layer=layer,
                driver=driver,
                geometry_type=shape,
                promote_to_multi=promoted,
                crs=_crs(table.crs),
                layer_options=_options(driver, names, bool(missing.any()), options),
            )
    except (DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError, ValueError) as error:
        raise WriteError(f"write_vector: {path} cannot be written: {redact(str(error))}") from error
    said = dict.fromkeys(str(w.message) for w in found)
    known = ("'crs' was not provided", "No SRS set on layer")  # said by say_crs, or meant
    for text in (text for text in said if not any(part in text for part in known)):
        warnings.warn(f"write_vector: {text}", PyterraWarning, stacklevel=5)


def _shape(shapes: Any, kind: str, driver: str) -> tuple[str, bool]:
    """The type of a layer's geometries, and whether single ones become multiple for it."""
    import shapely

    single = _TYPES.get(kind, "Unknown")
    types = {str(shapely.GeometryType(i).name) for i in np.unique(shapely.get_type_id(shapes)).tolist()}
    if len(types) <= 1:
        several = any(name.startswith("MULTI") for name in types)
        return (f"Multi{single}" if several else single), False
    return (f"Multi{single}", True) if driver in _ONE_TYPE else ("Unknown", False)


def _crs(crs: Any) -> str | None:
    if crs is None:
        return None
    code = crs.to_epsg()
    return f"EPSG:{code}" if code else str(crs.to_wkt("WKT1_GDAL"))


def _options(driver: str, names: Sequence[str], missing: bool, given: dict[str, str]) -> dict[str, str]:
    """Options of the layer, with those that the records ask for."""
    own: dict[str, str] = {}
    if driver == "FlatGeobuf" and missing:
        own["SPATIAL_INDEX"] = "NO"  # an index takes no missing geometries
    if driver == "GPKG" and "fid" in {name.lower() for name in names}:
        taken = {name.lower() for name in names}
        own["FID"] = next(
            name for name in ("ogc_fid", *(f"fid_{i}" for i in range(1000))) if name not in taken
        )
    return own | given


def say_crs(crs: Any, driver: str, path: Any) -> None:
    """Warn where a format that is meant for lon/lat WGS 84 cannot keep a CRS as it is."""
    if driver not in _LONLAT:
        return
    if crs is None:
        text = f"the vector has no CRS, and {driver} will be taken for lon/lat WGS 84"
    elif not crs.equals("OGC:CRS84", ignore_axis_order=True) and not crs.equals(
        "EPSG:4326", ignore_axis_order=True
    ):
        became = (
            "written beside it, which many readers do not look at" if driver == "GeoJSON" else "transformed"
        )
        text = f"{driver} is for lon/lat WGS 84; the CRS {crs.name} is {became}"
    else:
        return
    warnings.warn(f"write_vector: {path}: {text}; project('EPSG:4326') first", PyterraWarning, stacklevel=4)


def _write_parquet(table: Any, part: Path, path: Path) -> None:
    import shapely

    shapes = table.geometry.to_numpy()
    if shapely.is_empty(shapes).any():
        table = table.set_geometry(np.where(shapely.is_empty(shapes), None, shapes), crs=table.crs)
    try:
        table.to_parquet(part, index=False)
    except ImportError:
        raise WriteError(
            f"write_vector: {path}: GeoParquet needs pyarrow; install it, or write .gpkg or .fgb"
        ) from None
    except (OSError, ValueError, TypeError) as error:
        raise WriteError(f"write_vector: {path} cannot be written: {error}") from error


def _check(part: Path, path: Path, driver: str, layer: str, count: int) -> None:
    """Read back how many records the file has."""
    import pyogrio
    from pyogrio.errors import DataLayerError, DataSourceError

    flush_to_disk(part)
    if driver == "Parquet":
        return  # its footer, written last, has the count; a short file does not open
    try:
        named = layer if driver in _SEVERAL_LAYERS else None  # others call their only layer as they like
        found = pyogrio.read_info(part, layer=named, force_feature_count=True)["features"]
    except (DataLayerError, DataSourceError) as error:
        raise WriteError(f"write_vector: {path} cannot be read back: {redact(str(error))}") from error
    if found != count:
        raise WriteError(f"write_vector: {path}: {count} records were written and {found} read back")


def _publish(output: Output, part: Path, driver: str) -> None:
    stale = _STALE.get(driver, ())
    beside = [output.path.with_suffix(end) if end[0] == "." else Path(f"{output.path}{end}") for end in stale]
    for old in beside:
        old.unlink(missing_ok=True)
    if driver == "ESRI Shapefile":
        # Without its .shp a shapefile does not open: a crash in between loses the old one, it never mixes the two.
        output.path.unlink(missing_ok=True)
        for ending in SHAPEFILE_PARTS:
            made, target = part.with_suffix(ending), output.path.with_suffix(ending)
            if made.exists():
                flush_to_disk(made)
                os.replace(made, target)
            else:
                target.unlink(missing_ok=True)
    output.publish(part)
