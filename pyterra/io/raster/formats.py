"""Which drivers may open a file, by the ending of its name.

GDAL looks at the content of a file to choose a driver, so that the text of a virtual raster or of a web service is taken
for one under any name. Here the name decides: an ending opens with its own drivers and no others, and what has no ending
of the table with drivers of formats that keep everything in one file. No driver of the tables follows names in a file to
other files or to a network, save those whose files are looked at first: virtual rasters (`io/raster/virtual.py`), and
those in `_LINKED` (`io/raster/guard.py`).
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath

VIRTUAL = ".vrt"

_RASTER = {
    "GTiff": ".tif .tiff .gtiff .tf2 .tf8 .btf .ovr .msk",
    "VRT": VIRTUAL,
    "PNG": ".png",
    "JPEG": ".jpg .jpeg .jpe",
    "GIF": ".gif",
    "BIGGIF": ".gif",
    "BMP": ".bmp",
    "WEBP": ".webp",
    "JP2OpenJPEG": ".jp2 .j2k .j2c .jpx .jpc",
    "JP2KAK": ".jp2 .j2k .j2c .jpx .jpc",
    "JP2ECW": ".jp2 .j2k .j2c .jpx .jpc .ecw",
    "ECW": ".ecw",
    "HFA": ".img .rrd .aux",
    "ENVI": ".img .dat .envi .bin .raw .bsq .bil .bip .hyp",
    "EHdr": ".bil .bip .bsq .flt .hdr .img",
    "AAIGrid": ".asc .agr .txt .grd",
    "GRASSASCIIGrid": ".asc .txt",
    "ISG": ".isg .asc",
    "XYZ": ".xyz .txt .csv",
    "RRASTER": ".grd",
    "GSAG": ".grd",
    "GSBG": ".grd",
    "GS7BG": ".grd",
    "NWT_GRD": ".grd .tab",
    "NWT_GRC": ".grc",
    "netCDF": ".nc .nc4 .cdf .netcdf .grd .h5 .hdf5 .he5",
    "HDF5": ".h5 .hdf5 .he5 .hdf",
    "HDF5Image": ".h5 .hdf5 .he5 .hdf",
    "BAG": ".bag",
    "HDF4": ".hdf .hdf4 .h4",
    "HDF4Image": ".hdf .hdf4 .h4",
    "GRIB": ".grib .grib2 .grb .grb2 .grib1 .grb1",
    "GPKG": ".gpkg",
    "MBTiles": ".mbtiles",
    "Zarr": ".zarr",
    "KEA": ".kea",
    "PCRaster": ".map .pcr",
    "SAGA": ".sdat .sg-grd-z",
    "RST": ".rst",
    "SRTMHGT": ".hgt",
    "DTED": ".dt0 .dt1 .dt2",
    "USGSDEM": ".dem",
    "BT": ".bt",
    "GXF": ".gxf",
    "GTX": ".gtx",
    "NTv2": ".gsb .gvb",
    "BYN": ".byn",
    "SIGDEM": ".sigdem",
    "LCP": ".lcp",
    "Terragen": ".ter",
    "ZMap": ".dat .zmap",
    "PNM": ".pnm .pbm .pgm .ppm",
    "SGI": ".rgb",
}
"""Driver -> endings."""
_TEXT_OR_FOLDER = ("VRT", "XYZ", "Zarr", "HDF5", "HDF5Image", "BAG", "KEA")
"""Drivers that are taken for their own endings only."""
_PREFIXES = {
    "GTIFF_DIR": "GTiff",
    "GTIFF_RAW": "GTiff",
    "NETCDF": "netCDF",
    "HDF5": "HDF5Image",
    "BAG": "BAG",
    "HDF4_SDS": "HDF4Image",
    "HDF4_EOS": "HDF4Image",
    "HDF4_GR": "HDF4Image",
    "GPKG": "GPKG",
    "ZARR": "Zarr",
}
"""What stands before the path of one of several rasters in a file -> driver."""
_PACKED = (".gz", ".bz2", ".zst")
PREFIX = re.compile(r"^([A-Za-z][A-Za-z0-9_]+):(?!//)")


_LINKED = ("netCDF", "HDF5", "HDF5Image", "BAG", "KEA", "GPKG", "MBTiles")
"""Drivers of formats in which a file can show another one; where that cannot be looked for, they open nothing."""


def ending(path: str) -> str:
    """The ending that decides, in small letters: without what follows a question mark, and without that of a packer.

    Examples
    --------
    >>> ending("https://example.org/a.TIF?sig=b.c"), ending("/vsigzip/a.asc.gz")
    ('.tif', '.asc')
    """
    name = PurePosixPath(path.partition("?")[0] if "://" in path or path.startswith("/vsi") else path)
    if name.suffix.lower() in _PACKED:
        name = name.with_suffix("")
    return name.suffix.lower()


def raster_drivers(path: str) -> list[str]:
    """Names of the drivers that may open a path; none for the prefix of a web service or the like."""
    prefix = PREFIX.match(path)
    if prefix and not PurePosixPath(path).is_absolute():
        driver = _PREFIXES.get(prefix[1].upper())
        return [driver] if driver else []
    found = [driver for driver, endings in _RASTER.items() if ending(path) in endings.split()]
    found = found or [driver for driver in _RASTER if driver not in _TEXT_OR_FOLDER]
    inside = "://" in path or path.startswith("/vsi")
    return [driver for driver in found if driver not in _LINKED] if inside else found


_VECTOR = {
    "GPKG": ".gpkg",
    "SQLite": ".sqlite .sqlite3 .db",
    "FlatGeobuf": ".fgb",
    "ESRI Shapefile": ".shp .shz .dbf .shx",
    "GeoJSON": ".geojson .json .geojsonl .geojsons .ndjson .jsonl",
    "TopoJSON": ".topojson .json",
    "ESRIJSON": ".json .esrijson",
    "JSONFG": ".json .geojson",
    "GeoJSONSeq": ".geojsonl .geojsons .ndjson .jsonl .geojson .json",
    "CSV": ".csv .tsv .psv .txt",
    "KML": ".kml",
    "LIBKML": ".kml .kmz",
    "GML": ".gml .xml",
    "GPX": ".gpx",
    "OSM": ".osm .pbf",
    "GeoRSS": ".rss .georss .atom",
    "JML": ".jml",
    "DXF": ".dxf",
    "DGN": ".dgn",
    "MapInfo File": ".tab .mif .mid",
    "OGR_GMT": ".gmt",
    "OpenFileGDB": ".gdb",
    "PMTiles": ".pmtiles",
    "MBTiles": ".mbtiles",
    "XLSX": ".xlsx .xlsm",
    "ODS": ".ods",
    "Parquet": ".parquet .geoparquet",
    "Arrow": ".arrow .feather",
    "S57": ".000",
    "MVT": ".mvt .pbf",
}
"""Driver -> endings."""
_PLAIN_VECTOR = (
    "GPKG",
    "SQLite",
    "FlatGeobuf",
    "ESRI Shapefile",
    "GeoJSON",
    "GeoJSONSeq",
    "TopoJSON",
    "OpenFileGDB",
)
"""Drivers for what has no ending of the table: folders, archives, names without one."""


def vector_drivers(path: str) -> list[str]:
    """Names of the drivers that may open a path with tables of geometries."""
    found = [driver for driver, endings in _VECTOR.items() if ending(path) in endings.split()]
    archive = ending(path) in (".zip", ".tar", ".tgz")  # each file in it has been looked at
    return found or list(_VECTOR if archive else _PLAIN_VECTOR)


MARKS = (
    b"<vrtdataset",
    b"<gdal_wm",
    b"<gdaltileindexdataset",
    b"<wms_",
    b"<wmt_ms_",
    b"<wcs_gdal",
    b"<capabilities",
    b"<mrf_meta",
    b"<ogrvrt",
    b"<ogrwfs",
    b"<ogrcsw",
    b"<ogroapif",
    b"gdal_streamed_alg",
    b"pds_version_id",
    b"isiscube",
    b"product_observational",
    b"<dimap_document",
    b"stac_version",
)
"""What drivers look for near the beginning of a file, in small letters, that then lead to other files or a network."""


def leads_elsewhere(start: bytes) -> str:
    """The mark in the beginning of a file by which a driver would follow it elsewhere; nothing for none."""
    lower = start.lower()
    return next((mark.decode() for mark in MARKS if mark in lower), "")
