"""Formats of vectors: how each is opened and written. Where several write the same ending, the first does."""

from __future__ import annotations

from pyterra.io.formats.record import Records, VectorFormat


def _e(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _gpkg(records: Records) -> dict[str, str]:
    own = {}
    if records.has("fid"):
        own["FID"] = records.free(("ogc_fid", *(f"fid_{i}" for i in range(1000))))
    if records.has("geom"):
        own["GEOMETRY_NAME"] = records.free(("geometry", "the_geom", "shape", "wkb_geometry"))
    return own


def _sqlite(records: Records) -> dict[str, str]:
    own = {"LAUNDER": "NO"}
    if records.has("geometry"):
        own["GEOMETRY_NAME"] = records.free(("geom", "the_geom", "shape", "wkb_geometry"))
    return own


def _csv(records: Records) -> dict[str, str]:
    return {"GEOMETRY": "AS_WKT", "CREATE_CSVT": "YES"}


def _tab(records: Records) -> dict[str, str]:
    xmin, ymin, xmax, ymax = records.bounds
    if xmin != xmin:
        return {}
    more = (
        max(xmax - xmin, ymax - ymin, abs(xmin) * 1e-9, abs(ymin) * 1e-9, 1e-9) * 1e-3
    )  # edges would be outside
    return {"BOUNDS": ",".join(f"{v:.17g}" for v in (xmin - more, ymin - more, xmax + more, ymax + more))}


def _flatgeobuf(records: Records) -> dict[str, str]:
    return {"SPATIAL_INDEX": "NO"} if records.missing else {}  # an index takes no missing geometries


def _geojson(records: Records) -> dict[str, str]:
    return {"SIGNIFICANT_FIGURES": "17", "AUTODETECT_JSON_STRINGS": "YES" if records.json else "NO"}


VECTOR: tuple[VectorFormat, ...] = (
    VectorFormat(
        name="GPKG", endings=_e(".gpkg"), any_name=True, written=_e(".gpkg"), exact=True, binary=True, one_type=True,
        several_layers=True, inserts=True, caseless=True, options=_gpkg, stale=("-journal", "-wal", "-shm"),
    ),
    VectorFormat(
        name="SQLite", endings=_e(".sqlite .sqlite3 .db"), any_name=True, written=_e(".sqlite .sqlite3 .db"),
        exact=True, binary=True, one_type=True, several_layers=True, caseless=True, options=_sqlite,
        stale=("-journal", "-wal", "-shm"),
    ),
    VectorFormat(
        name="FlatGeobuf", endings=_e(".fgb"), any_name=True, written=_e(".fgb"), exact=True, binary=True,
        one_type=True, reordered=True, options=_flatgeobuf,
    ),
    VectorFormat(
        name="ESRI Shapefile", endings=_e(".shp .shz .dbf .shx"), any_name=True, written=_e(".shp"),
        aliases=("shapefile",), binary=True, one_type=True, dates_only=True, renames=True,
        beside=_e(".shx .dbf .prj .cpg"), stale=_e(".qix .sbn .sbx .fix .qpj .cst"),
    ),
    VectorFormat(
        name="GeoJSON", endings=_e(".geojson .json .geojsonl .geojsons .ndjson .jsonl"), any_name=True,
        written=_e(".geojson .json"), lonlat=True, options=_geojson,
    ),
    VectorFormat(name="TopoJSON", endings=_e(".topojson .json"), any_name=True),
    VectorFormat(name="ESRIJSON", endings=_e(".json .esrijson")),
    VectorFormat(name="JSONFG", endings=_e(".json .geojson"), written=_e(".json")),
    VectorFormat(
        name="GeoJSONSeq", endings=_e(".geojsonl .geojsons .ndjson .jsonl .geojson .json"), any_name=True,
        written=_e(".geojsonl"), lonlat=True, options=lambda records: {"COORDINATE_PRECISION": "17"},
    ),
    VectorFormat(
        name="CSV", endings=_e(".csv .tsv .psv .txt"), written=_e(".csv"), options=_csv, beside=_e(".csvt .prj"),
    ),
    VectorFormat(
        name="KML", endings=_e(".kml"), written=_e(".kml"), several_layers=True, caseless=True, lonlat=True,
    ),
    VectorFormat(
        name="LIBKML", endings=_e(".kml .kmz"), written=_e(".kmz"), caseless=True, lonlat=True, all_heights=True,
    ),
    VectorFormat(
        name="GML", endings=_e(".gml .xml"), written=_e(".gml"), several_layers=True, caseless=True,
        beside=_e(".xsd .gfs"),
    ),
    VectorFormat(
        name="GPX", endings=_e(".gpx"), written=_e(".gpx"), one_type=True, lonlat=True, fixed_layers=True,
        kinds=("points", "lines"),
    ),
    VectorFormat(name="OSM", endings=_e(".osm .pbf")),
    VectorFormat(name="GeoRSS", endings=_e(".rss .georss .atom")),
    VectorFormat(name="JML", endings=_e(".jml")),
    VectorFormat(name="DXF", endings=_e(".dxf")),
    VectorFormat(name="DGN", endings=_e(".dgn")),
    VectorFormat(
        name="MapInfo File", endings=_e(".mif .mid"), written=_e(".mif"), aliases=("mapinfo",), renames=True,
        heights=False, beside=_e(".mid"),
    ),
    VectorFormat(
        name="MapInfo File", endings=_e(".tab"), written=_e(".tab"), aliases=("mapinfo",), renames=True, rounding=2e-9,
        heights=False, options=_tab, beside=_e(".dat .map .id .ind"),
    ),
    VectorFormat(name="OGR_GMT", endings=_e(".gmt"), written=_e(".gmt"), one_type=True),
    VectorFormat(name="OpenFileGDB", endings=_e(".gdb"), any_name=True),
    VectorFormat(name="PMTiles", endings=_e(".pmtiles")),
    VectorFormat(name="MBTiles", endings=_e(".mbtiles")),
    VectorFormat(name="XLSX", endings=_e(".xlsx .xlsm")),
    VectorFormat(name="ODS", endings=_e(".ods")),
    VectorFormat(
        name="Parquet", endings=_e(".parquet .geoparquet"), written=_e(".parquet .geoparquet"),
        aliases=("geoparquet",), exact=True, binary=True,
    ),
    VectorFormat(name="Arrow", endings=_e(".arrow .feather")),
    VectorFormat(name="S57", endings=_e(".000")),
    VectorFormat(name="MVT", endings=_e(".mvt .pbf")),
)  # fmt: skip
