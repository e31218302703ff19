"""Vector files that are complete, or not there: written beside the target, read back, renamed."""

from __future__ import annotations

import os
import shutil
import warnings
from pathlib import Path
from typing import Any

from pyterra.errors import ArgumentError, OutputExistsError, PyterraWarning, WriteError
from pyterra.io.parts import Output, flush_to_disk
from pyterra.io.redact import redact
from pyterra.io.vector import PARQUET, layers_of

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
    from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError

    if driver == "Parquet":
        _write_parquet(table, part, path)
        return
    shapes = None if len(table) else _TYPES.get(kind, "Unknown")
    try:
        with warnings.catch_warnings(record=True) as found:
            warnings.simplefilter("always")
            pyogrio.write_dataframe(
                table, part, layer=layer, driver=driver, geometry_type=shapes, layer_options=options
            )
    except (DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError, ValueError) as error:
        raise WriteError(f"write_vector: {path} cannot be written: {redact(str(error))}") from error
    said = dict.fromkeys(str(w.message) for w in found)
    for text in (text for text in said if "'crs' was not provided" not in text):
        warnings.warn(f"write_vector: {text}", PyterraWarning, stacklevel=5)


def _write_parquet(table: Any, part: Path, path: Path) -> None:
    try:
        table.to_parquet(part, index=False)
    except ImportError:
        raise WriteError(
            f"write_vector: {path}: GeoParquet needs pyarrow; install it, or write .gpkg or .fgb"
        ) from None
    except (OSError, ValueError) as error:
        raise WriteError(f"write_vector: {path} cannot be written: {error}") from error


def _check(part: Path, path: Path, driver: str, layer: str, count: int) -> None:
    """Read back how many records the file has."""
    import pyogrio
    from pyogrio.errors import DataLayerError, DataSourceError

    flush_to_disk(part)
    if driver == "Parquet":
        return  # its footer, written last, has the count; a short file does not open
    try:
        named = None if driver == "ESRI Shapefile" or path.suffix.lower() in PARQUET else layer
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
