"""Vector files: anything that OGR reads, and GeoParquet."""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from typing import Any

from pyterra.cycles import unsearched
from pyterra.errors import SourceError, warn
from pyterra.frozen import dataclass
from pyterra.io.formats import VECTOR, of_the_other_kind
from pyterra.io.formats.names import ending
from pyterra.io.raster.gdal import absolute, check_there, is_plain_file
from pyterra.io.safe import swap
from pyterra.io.vector.fields import as_they_were
from pyterra.io.vector.guard import check_opened, check_vector
from pyterra.redact import redact

PARQUET = (".parquet", ".geoparquet")
_WORDS = {"Point": "points", "LineString": "lines", "Polygon": "polygons"}
"""Kinds of geometries by what is part of OGR's names of types."""


def read_table(
    path: str,
    *,
    layer: str | int | None = None,
    query: str | None = None,
    bounds: tuple[float, float, float, float] | None = None,
    mask: Any = None,
    where: str | None = None,
    skip: int = 0,
    most: int | None = None,
) -> tuple[Any, str]:
    """A GeoDataFrame of a file, and the file's full name.

    Parameters
    ----------
    path : str
        A file, a URL or a ``/vsi...`` path.
    layer : str or int, optional
        By default the first; of GPX the first that has records.
    query : str, optional
        SQL that gives the records.
    bounds : (xmin, ymin, xmax, ymax), optional
        Records whose bounding boxes meet this.
    mask : shapely geometry, optional
        Records that intersect this.
    where : str, optional
        Records of which this is true, in SQL.
    skip, most : int, optional
        How many of these records to leave out, and how many to read at most.

    Raises
    ------
    SourceError
        Where the file or the layer does not exist or cannot be read.
    """
    source = absolute(path, "vect")
    if is_plain_file(source) and ":" not in source:
        swap.look_after(Path(os.path.realpath(source)), "vect")
    check_there(source, "vect")
    if Path(source).suffix.lower() in PARQUET and is_plain_file(source):
        table = _read_parquet(source, layer, query, bounds, mask)
    else:
        table = _read_ogr(
            source, layer, query, bounds, mask, where=where, skip_features=skip, max_features=most
        )
    if not hasattr(table, "crs"):
        raise SourceError(
            f"vect: {redact(source)} has no geometries; read it with pandas and give vect(table, geom=('x', 'y'))"
        )
    return table, source


@dataclass(frozen=True, slots=True)
class FileLayer:
    """What is known of the layer of a file before its records are read."""

    source: str
    """The file's full name."""
    layer: str | int | None
    """The layer that was asked for; None for the first."""
    kind: str
    """points, lines, polygons; none where the file does not say."""
    count: int
    """Number of records."""
    types: dict[str, str]
    """Names of the attributes, and their types as numpy has them."""
    bounds: tuple[float, float, float, float]
    """xmin, ymin, xmax, ymax."""
    crs: str | None
    """As GDAL says it."""


def described(path: str, layer: str | int | None = None) -> FileLayer:
    """What is known of a layer without reading its records, as far as the format tells that.

    Raises
    ------
    SourceError
        Where the file or the layer does not exist or cannot be read, or the file is GeoParquet.
    """
    import pyogrio

    source = absolute(path, "vect")
    if Path(source).suffix.lower() in PARQUET:
        raise SourceError(
            f"vect: {redact(source)}: proxies are for what OGR reads, not for GeoParquet; use vect(path)"
        )
    check_there(source, "vect")
    options = check_vector(source)
    if layer is not None:
        _check_layer(source, layer)
    elif _has_fixed_layers(source):
        layer = _first_with_records(source)
    try:
        told = {"force_feature_count": True, "force_total_bounds": True}
        info = pyogrio.read_info(source, layer=layer, **told, **options)
        check_opened(source, str(info["driver"]))
    except SourceError:
        raise
    except vector_failures(ValueError) as error:
        raise SourceError(f"vect: {redact(source)} cannot be read: {redact(str(error))}") from None
    kind = next((kind for word, kind in _WORDS.items() if word in (info["geometry_type"] or "")), "none")
    types = dict(zip(map(str, info["fields"]), map(str, info["dtypes"]), strict=True))
    xmin, ymin, xmax, ymax = map(float, info["total_bounds"] or (0, 0, 0, 0))
    return FileLayer(source, layer, kind, int(info["features"]), types, (xmin, ymin, xmax, ymax), info["crs"])


def vector_failures(*more: type[Exception]) -> tuple[type[Exception], ...]:
    """What pyogrio raises where OGR fails, and more that an ``except`` is for; some of it is no error of its own kind."""
    from pyogrio._err import CPLE_BaseError, NullPointerError
    from pyogrio.errors import DataLayerError, DataSourceError, FeatureError

    return CPLE_BaseError, NullPointerError, DataLayerError, DataSourceError, FeatureError, *more


def layers_of(path: str) -> list[str]:
    """Names of the layers of a file.

    Raises
    ------
    SourceError
        Where it cannot be opened.
    """
    import pyogrio

    check_vector(path)
    try:
        return [str(name) for name, _ in pyogrio.list_layers(path)]
    except vector_failures() as error:
        raise SourceError(f"vect: {redact(path)} cannot be opened: {redact(str(error))}") from None


def _read_ogr(source: str, layer: Any, query: str | None, bounds: Any, mask: Any, **part: Any) -> Any:
    import pyogrio
    from pyogrio.errors import DataSourceError
    from shapely.errors import GEOSException

    options = check_vector(source)
    if layer is not None:
        _check_layer(source, layer)
    elif query is None and _has_fixed_layers(source):
        layer = _first_with_records(source)
    if bounds is not None and mask is not None:
        from shapely import box, intersection

        bounds, mask = None, intersection(mask, box(*bounds))
    try:
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter(
                "always"
            )  # several layers: the first is meant; fields of odd types become text
            chosen = {"layer": layer, "sql": query, "bbox": bounds, "mask": mask, **part}
            info = pyogrio.read_info(source, layer=layer, **options)
            check_opened(source, str(info["driver"]))
            with unsearched():
                table = pyogrio.read_dataframe(source, **chosen, **options)
            table = as_they_were(
                table, info, lambda name: _as_text(source, layer, info, name, chosen, len(table))
            )
        if any("Measured (M)" in str(one.message) for one in said):
            warn("vect: M coordinates are dropped")
        return _of_its_kind(table, str(info["geometry_type"] or ""))
    except GEOSException as error:
        raise SourceError(_bad_geometry(source, chosen, error)) from None
    except DataSourceError as error:
        told = redact(str(error)).partition("; It might help")[0].rstrip(".")  # a prefix is refused
        raise SourceError(
            f"vect: {redact(source)} cannot be opened: {told}{of_the_other_kind(source, 'vect')}"
        ) from None
    except SourceError:
        raise
    except vector_failures(ValueError) as error:
        told = query or part["where"]
        asked = f" with query {told!r}" if told else ""
        raise SourceError(
            f"vect: {redact(source)} cannot be read{asked}: {redact(str(error))}; it has {_listed(source)}"
        ) from None


def _has_fixed_layers(source: str) -> bool:
    kind = ending(source)
    return any(record.fixed_layers and kind in record.endings for record in VECTOR)


def _first_with_records(source: str) -> str | None:
    """The first layer that has records."""
    import pyogrio

    counted = (
        (name, pyogrio.read_info(source, layer=name, force_feature_count=True)) for name in layers_of(source)
    )
    return next((name for name, info in counted if info["features"]), None)


def _of_its_kind(table: Any, kind: str) -> Any:
    """The table, with empty geometries of the layer's kind where all are missing: nothing else tells it."""
    import shapely

    single = next((name for name in ("LineString", "Polygon") if name in kind), "")
    if not single or not hasattr(table, "crs") or not len(table) or not table.geometry.isna().all():
        return table
    return table.set_geometry([shapely.from_wkt(f"{single.upper()} EMPTY")] * len(table), crs=table.crs)


def _as_text(source: str, layer: Any, info: Any, name: str, chosen: dict[str, Any], count: int) -> Any:
    """A column as text: whole numbers come as floats where some are missing, and large ones lose digits."""
    import pyogrio

    if chosen["sql"] is None:
        asked = f'SELECT CAST("{name}" AS character(32)) AS "{name}" FROM "{info["layer_name"]}"'
        asked += f" WHERE {chosen['where']}" if chosen["where"] else ""
        found = pyogrio.read_dataframe(
            source,
            sql=asked,
            bbox=chosen["bbox"],
            mask=chosen["mask"],
            skip_features=chosen["skip_features"],
            max_features=chosen["max_features"],
            sql_dialect="OGRSQL",
            read_geometry=False,
        )
        if len(found) == count:
            return found[name]
    raise SourceError(
        f"vect: {redact(source)}: column {name!r} has whole numbers beyond 2**53 beside missing values, which a query "
        "cannot give exactly; select text, as with CAST"
    )


def _bad_geometry(source: str, chosen: dict[str, Any], error: Exception) -> str:
    """Which record has the geometry that cannot be made."""
    import numpy as np
    import pyogrio
    import shapely

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        _, _, stored, _ = pyogrio.raw.read(source, columns=[], **chosen)
    made = shapely.from_wkb(stored, on_invalid="ignore")
    bad = shapely.is_missing(made) & np.array([item is not None for item in stored])
    place = f"record {int(np.argmax(bad))}" if bad.any() else "a record"
    return f"vect: {redact(source)}: the geometry of {place} cannot be read: {error}; repair or drop it"


def _listed(source: str) -> str:
    names = layers_of(source)
    return f"layer{'s' if len(names) > 1 else ''} {', '.join(names[:20])}" if names else "no layers"


def _check_layer(source: str, layer: str | int) -> None:
    names = layers_of(source)
    known = 0 <= layer < len(names) if isinstance(layer, int) else layer in names
    if not known:
        raise SourceError(f"vect: {redact(source)} has no layer {layer!r}; it has {_listed(source)}")


def _read_parquet(source: str, layer: Any, query: str | None, bounds: Any, mask: Any) -> Any:
    import geopandas

    if query is not None or layer is not None:
        raise SourceError("vect: GeoParquet has one layer and no SQL; read it and use subset()")
    try:
        with unsearched():
            table = geopandas.read_parquet(source)
    except ImportError:
        raise SourceError("vect: GeoParquet needs pyarrow; install it, or use GPKG or FlatGeobuf") from None
    except (ValueError, OSError) as error:
        raise SourceError(f"vect: {source} cannot be read as GeoParquet: {error}") from None
    if bounds is not None:
        table = table.cx[bounds[0] : bounds[2], bounds[1] : bounds[3]]
    if mask is not None:
        table = table[table.intersects(mask)]
    return table
