"""Formats of rasters: how each is opened and written.

No driver of the table follows names in a file to other files or to a network, save those whose files are looked at first:
virtual rasters (`io/raster/virtual.py`), and those that are `linked` (`io/raster/guard.py`). Where several write the same
ending, the first does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from pyterra.io.formats.names import VIRTUAL
from pyterra.io.formats.record import RasterFormat

_WHOLE = ("uint8", "int8", "uint16", "int16", "uint32", "int32")
_MOST = (*_WHOLE, "float32", "float64")
_ALL = (*_WHOLE, "uint64", "int64", "float32", "float64")
_BYTES = ("uint8",)


def _netcdf(path: str, subds: Any) -> Any:
    from pyterra.io.store.netcdf_read import netcdf_node

    return netcdf_node(path, subds)


def _reversible(options: Mapping[str, str]) -> bool:
    return options.get("REVERSIBLE", "").upper() == "YES" and options.get("QUALITY") == "100"


def _without_loss(options: Mapping[str, str]) -> bool:
    return options.get("LOSSLESS", "").upper() in ("YES", "TRUE", "1", "ON")


def _all_digits(options: Mapping[str, str]) -> bool:
    return not any("PRECISION" in name or "DIGITS" in name for name in options)


def _only(endings: str, **more: Any) -> dict[str, Any]:
    """What a format has that is only opened."""
    return {"endings": tuple(endings.split()), **more}


def _copied(endings: str, written: str, types: tuple[str, ...], **more: Any) -> dict[str, Any]:
    """What a format has that GDAL copies from a GeoTIFF; those of `written` are among its endings."""
    return {
        "endings": tuple(endings.split()),
        "written": tuple(written.split()),
        "types": types,
        "made": "copied",
        **more,
    }


def _worlds(letters: str, name: str) -> tuple[str, ...]:
    """Endings of the files that tell the place of a picture."""
    return f".{letters}", f".{name}w", ".wld"


def _without(*endings: str) -> Callable[[Path], None]:
    """What removes files of some endings beside one."""

    def forget(path: Path) -> None:
        for ending in endings:
            path.with_suffix(ending).unlink(missing_ok=True)

    return forget


def _without_range(path: Path) -> None:
    """Take the least and greatest values out of a header."""
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(line for line in lines if not line.startswith((b"minvalue=", b"maxvalue="))))


_TIFF: dict[str, Any] = {"written": (".tif", ".tiff"), "types": _ALL}
_JPEG2000 = ".jp2 .j2k .j2c .jpx .jpc"

RASTER: tuple[RasterFormat, ...] = (
    RasterFormat(
        name="GTiff", **_only(".tif .tiff .gtiff .tf2 .tf8 .btf .ovr .msk"), **_TIFF,
        made="in place", prefixes=("GTIFF_DIR", "GTIFF_RAW"), forget=_without(),
    ),
    RasterFormat(name="COG", **_only(""), **_TIFF, made="cog", any_name=False),
    RasterFormat(
        name="VRT", **_only(VIRTUAL), any_name=False, made="virtual", written=(VIRTUAL,), types=_ALL,
    ),
    RasterFormat(
        name="netCDF", **_only(".nc .nc4 .cdf .netcdf"), linked=True, prefixes=("NETCDF",), load=_netcdf,
        made="netcdf", written=(".nc", ".nc4", ".cdf", ".netcdf"), types=_ALL,
    ),
    RasterFormat(name="netCDF", **_only(".grd .h5 .hdf5 .he5"), linked=True),
    RasterFormat(
        name="PNG", **_copied(".png", ".png", ("uint8", "uint16")), layers=(1, 2, 3, 4), beside=_worlds("pgw", "png"),
    ),
    RasterFormat(
        name="JPEG", **_copied(".jpg .jpeg .jpe", ".jpg .jpeg", _BYTES), layers=(1, 3), missing=False,
        lossless=lambda options: False, beside=(*_worlds("jgw", "jpg"), ".jpegw"),
    ),
    RasterFormat(name="GIF", **_copied(".gif", ".gif", _BYTES), layers=(1,), beside=_worlds("gfw", "gif")),
    RasterFormat(name="BIGGIF", **_only(".gif")),
    RasterFormat(name="BMP", **_copied(".bmp", ".bmp", _BYTES), layers=(1, 3), beside=_worlds("bpw", "bmp")),
    RasterFormat(
        name="WEBP", **_copied(".webp", ".webp", _BYTES), layers=(3,), options=lambda dtype: {"LOSSLESS": "YES"},
        lossless=_without_loss, beside=_worlds("wpw", "webp"),
    ),
    RasterFormat(
        name="JP2OpenJPEG", **_copied(_JPEG2000, ".jp2 .j2k", ("uint8", "uint16", "int16")),
        options=lambda dtype: {"QUALITY": "100", "REVERSIBLE": "YES", "YCC": "NO"},
        lossless=_reversible, beside=_worlds("j2w", "jp2"),
    ),
    RasterFormat(name="JP2KAK", **_only(_JPEG2000)),
    RasterFormat(name="JP2ECW", **_only(f"{_JPEG2000} .ecw")),
    RasterFormat(name="ECW", **_only(".ecw")),
    RasterFormat(name="HFA", **_copied(".img .rrd .aux", ".img", _MOST), beside=(".ige", ".rrd"), forget=_without()),
    RasterFormat(
        name="EHdr", **_copied(".bil .bip .bsq .flt .hdr .img", ".bil .flt", (*_WHOLE[:4], "int32", "float32")),
        codes={"int32": -9999999}, beside=(".hdr", ".prj", ".stx", ".clr"), forget=_without(".stx"),
    ),
    RasterFormat(
        name="ENVI",
        **_copied(
            ".img .dat .envi .bin .raw .bsq .bil .bip .hyp", ".envi .dat",
            ("uint8", "uint16", "int16", "uint32", "int32", "float32", "float64"),
        ),
        beside=(".hdr", ".sta"), forget=_without(".sta"),
    ),
    RasterFormat(name="RRASTER", **_copied(".grd", ".grd", _MOST), beside=(".gri",), forget=_without_range),
    RasterFormat(
        name="AAIGrid", **_copied(".asc .agr .txt .grd", ".asc", ("uint8", "uint16", "int16", "int32", "float32")),
        layers=(1,), lossless=_all_digits, beside=(".prj",),
    ),
    RasterFormat(name="GRASSASCIIGrid", **_only(".asc .txt")),
    RasterFormat(name="ISG", **_only(".isg .asc")),
    RasterFormat(
        name="XYZ", **_copied(".xyz .txt .csv", ".xyz", ("uint8", "int16", "int32", "float32")), any_name=False,
        layers=(1,), missing=False, lossless=_all_digits,
    ),
    RasterFormat(name="GSAG", **_only(".grd")),
    RasterFormat(
        name="GSBG", **_copied(".grd", ".grd", ("uint8", "int8", "uint16", "int16", "float32")), layers=(1,),
    ),
    RasterFormat(name="GS7BG", **_copied(".grd", ".grd", _MOST), layers=(1,)),
    RasterFormat(name="NWT_GRD", **_only(".grd .tab")),
    RasterFormat(name="NWT_GRC", **_only(".grc")),
    RasterFormat(name="HDF5", **_only(".h5 .hdf5 .he5 .hdf"), any_name=False, linked=True),
    RasterFormat(
        name="HDF5Image", **_only(".h5 .hdf5 .he5 .hdf"), any_name=False, linked=True, prefixes=("HDF5",),
    ),
    RasterFormat(name="BAG", **_only(".bag"), any_name=False, linked=True, prefixes=("BAG",)),
    RasterFormat(name="HDF4", **_only(".hdf .hdf4 .h4")),
    RasterFormat(
        name="HDF4Image", **_only(".hdf .hdf4 .h4"), prefixes=("HDF4_SDS", "HDF4_EOS", "HDF4_GR"),
    ),
    RasterFormat(name="GRIB", **_only(".grib .grib2 .grb .grb2 .grib1 .grb1")),
    RasterFormat(
        name="GPKG", **_copied(".gpkg", ".gpkg", ("uint8", "uint16", "int16", "float32")), linked=True,
        prefixes=("GPKG",), layers=(1, 2, 3, 4),
        options=lambda dtype: {"TILE_FORMAT": "PNG"} if dtype == "uint8" else {},
        lossless=lambda options: options.get("TILE_FORMAT", "AUTO").upper() in ("AUTO", "PNG", "TIFF"),
    ),
    RasterFormat(name="MBTiles", **_only(".mbtiles"), linked=True),
    RasterFormat(name="Zarr", **_only(".zarr"), any_name=False, prefixes=("ZARR",)),
    RasterFormat(name="KEA", **_only(".kea"), any_name=False, linked=True),
    RasterFormat(
        name="PCRaster", **_copied(".map .pcr", ".map", ("int32", "float32")), layers=(1,), coded=True,
    ),
    RasterFormat(
        name="SAGA",
        **_copied(
            ".sdat .sg-grd-z", ".sdat", ("uint8", "uint16", "int16", "uint32", "int32", "float32", "float64"),
        ),
        layers=(1,), coded=True, beside=(".sgrd", ".prj", ".mgrd"), forget=_without(),
    ),
    RasterFormat(
        name="RST", **_copied(".rst", ".rst", ("uint8", "int16", "float32")), layers=(1,),
        beside=(".rdc", ".ref", ".smp"), forget=_without(".smp"),
    ),
    RasterFormat(name="SRTMHGT", **_only(".hgt")),
    RasterFormat(name="DTED", **_only(".dt0 .dt1 .dt2")),
    RasterFormat(name="USGSDEM", **_only(".dem")),
    RasterFormat(name="BT", **_copied(".bt", ".bt", ("int16", "int32", "float32")), layers=(1,), beside=(".prj",)),
    RasterFormat(name="GXF", **_only(".gxf")),
    RasterFormat(name="GTX", **_copied(".gtx", ".gtx", ("float32",)), layers=(1,)),
    RasterFormat(name="NTv2", **_only(".gsb .gvb")),
    RasterFormat(name="BYN", **_only(".byn")),
    RasterFormat(name="SIGDEM", **_only(".sigdem")),
    RasterFormat(name="LCP", **_only(".lcp")),
    RasterFormat(name="Terragen", **_only(".ter")),
    RasterFormat(name="ZMap", **_only(".dat .zmap")),
    RasterFormat(name="PNM", **_only(".pnm .pbm .pgm .ppm")),
    RasterFormat(name="SGI", **_copied(".rgb", ".rgb", _BYTES)),
)  # fmt: skip
