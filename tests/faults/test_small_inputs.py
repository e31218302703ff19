"""Small things that real files and scripts bring along."""

import datetime
import warnings
from zoneinfo import ZoneInfo

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
import rasterio.shutil
import shapely

import pyterra as pt
from pyterra.errors import ArgumentError, PyterraWarning, SourceError

TRANSFORM = rasterio.Affine(1.0, 0.0, 0.0, 0.0, -1.0, 4.0)


def write(path, transform=TRANSFORM, count=1, crs="EPSG:4326", tags=None):
    profile = {
        "driver": "GTiff",
        "width": 4,
        "height": 4,
        "count": count,
        "dtype": "float32",
        "transform": transform,
    }
    with rasterio.open(path, "w", **profile, crs=crs) as file:
        file.write(np.arange(16 * count, dtype="float32").reshape(count, 4, 4))
        for i in range(count if tags else 0):
            file.update_tags(i + 1, **tags)
    return path


@pytest.fixture
def r():
    return pt.rast(np.arange(12.0).reshape(3, 2, 2), names=["a", "b", "c"])


# Times


BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("stamps", "zone"),
    [
        ([datetime.datetime(2020, 1, 31, m, tzinfo=BERLIN) for m in (1, 2, 3)], "Europe/Berlin"),
        (pd.date_range("2020-01-31 01:00", periods=3, freq="h", tz="Europe/Berlin"), "Europe/Berlin"),
        (pd.Series(pd.date_range("2020-01-31 00:00", periods=3, freq="h", tz="UTC")), "UTC"),
        (["2020-01-31T01:00:00+01:00", "2020-01-31T01:00Z", "2020-01-31 03:00+01:00"], ""),
        ([datetime.datetime(2020, 1, 31, m) for m in (0, 1, 2)], ""),
    ],
    ids=["datetime", "pandas", "UTC", "text", "no zone"],
)
def test_moments_with_a_zone_are_kept_in_utc(r, tmp_path, stamps, zone):
    r.time = stamps
    assert r.time.astype(str).tolist() == [f"2020-01-31T0{h}:00:00" for h in (0, 1, 2)]
    assert {layer.zone for layer in r._node.layers} == {zone}
    back = r.write_raster(tmp_path / "a.tif")
    assert ({layer.zone for layer in back._node.layers}, back.time.tolist()) == ({zone}, r.time.tolist())
    r.time = ["2020-01-01"] * 3
    assert {layer.zone for layer in r._node.layers} == {""}


def test_milliseconds_stay(r, tmp_path):
    r.time = [f"2020-01-31T00:00:00.{ms}" for ms in ("250", "500", "750")]
    assert r.time[0] == np.datetime64("2020-01-31T00:00:00.250")
    for name in ("a.tif", "a.nc"):
        back = r.write_raster(tmp_path / name) if name[-1] == "f" else r.write_cdf(tmp_path / name)
        assert (back.time == r.time).all()


def test_grib_has_times_and_units(tmp_path):
    tags = {"GRIB_IDS": "CENTER=0 REF_TIME=2020-01-31T06:00:00Z", "GRIB_DISCIPLINE": "0", "GRIB_PDS_PDTN": "0",
            "GRIB_PDS_TEMPLATE_NUMBERS": "0 0 2 0 0 0 0 0 1 0 0 0 0 1 0 0 0 0 0 255 0 0 0 0 0"}  # fmt: skip
    with rasterio.Env():
        rasterio.shutil.copy(
            write(tmp_path / "a.tif", count=2, tags=tags), tmp_path / "a.grb2", driver="GRIB"
        )
    with rasterio.open(tmp_path / "a.grb2") as file:
        seconds, unit = int(file.tags(1)["GRIB_VALID_TIME"].split()[0]), file.tags(1)["GRIB_UNIT"]
    assert unit == "[C]"
    g = pt.rast(tmp_path / "a.grb2")
    assert g.units == ["C", "C"]
    assert g.time.astype("datetime64[s]").astype(int).tolist() == [seconds] * 2
    assert seconds >= 1580450400  # 31 January 2020, 6 o'clock, and the forecast's time


# Names, places


def test_a_name_with_nul_is_refused(r):
    with pytest.raises(ArgumentError, match="NUL"):
        r.names = ["a\0b", "c", "d"]
    with pytest.raises(SourceError, match="NUL"):
        pt.rast("a\0b.tif")
    with pytest.raises(SourceError, match="NUL"):
        pt.vect("a\0b.gpkg")


MARS = {
    33550: (600.0, 600.0, 0.0),
    33922: (0.0, 0.0, 0.0, -1200.0, 1200.0, 0.0),
    34735: (
        1, 1, 0, 20, 1024, 0, 1, 1, 1025, 0, 1, 1, 1026, 34737, 14, 0, 2048, 0, 1, 32767, 2049, 34737, 81, 14, 2050, 0, 1,
        32767, 2054, 0, 1, 9102, 2056, 0, 1, 32767, 2057, 34736, 1, 5, 2059, 34736, 1, 6, 2061, 34736, 1, 7, 3072, 0, 1,
        32767, 3074, 0, 1, 32767, 3075, 0, 1, 7, 3076, 0, 1, 9001, 3080, 34736, 1, 1, 3081, 34736, 1, 0, 3082, 34736,
        1, 3, 3083, 34736, 1, 4, 3092, 34736, 1, 2,
    ),
    34736: (-35.72, 129.45, 0.0, 0.0, 0.0, 3396190.0, 169.89, 0.0),
    34737: "Mercator MARS|GCS Name = GCS_MARS|Datum = D_MARS|Ellipsoid = MARS|Primem = Reference_Meridian||",
}  # fmt: skip
"""Tags of a Mercator that does not start at the equator."""


def test_a_crs_that_proj_does_not_know_is_left_out_with_a_word(tmp_path):
    """GDAL takes it, PROJ cannot write it down, and rasterio fails at whatever it is asked next."""
    image = pytest.importorskip("PIL.Image")
    path = tmp_path / "a.tif"
    image.fromarray(np.arange(16, dtype="uint8").reshape(4, 4)).save(path, tiffinfo=MARS)
    with pytest.warns(PyterraWarning, match=r"a\.tif: the CRS cannot be read and is left out"):
        r = pt.rast(path)
    assert (r.crs, list(r.ext)) == (None, [-1200, 1200, -1200, 1200])
    assert r.to_numpy()[0, 0].tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize("size", [1e-12, -1e-9])
def test_a_rotation_by_nothing_is_none(tmp_path, size):
    path = write(tmp_path / "a.tif", rasterio.Affine(1, size, 0, size, -1, 4))
    assert list(pt.rast(path).ext) == [0, 4, 0, 4]
    with pytest.raises(SourceError, match="is rotated"):
        pt.rast(write(tmp_path / "b.tif", rasterio.Affine(1, 0.01, 0, 0, -1, 4)))


@pytest.mark.parametrize("kind", ["SpatVector", "GeoDataFrame", "GeoSeries"])
def test_a_vector_says_where_a_raster_lies(kind):
    frame = gpd.GeoDataFrame({"n": [1]}, geometry=[shapely.box(100, 0, 130, 20)], crs="EPSG:3035")
    x = {"SpatVector": pt.vect(frame), "GeoDataFrame": frame, "GeoSeries": frame.geometry}[kind]
    r = pt.rast(x)
    assert (r.shape, list(r.ext), r.crs.to_epsg(), r.has_values()) == (
        (1, 10, 10),
        [100, 130, 0, 20],
        3035,
        False,
    )
    assert pt.rast(x, resolution=5).shape == (1, 4, 6)
    assert pt.rast(x, nrows=2, ncols=3, nlyrs=2, crs="EPSG:32631").shape == (2, 2, 3)


# Arguments


@pytest.mark.parametrize(
    "dress", [list, np.array, pd.Series, pd.Index, pd.Categorical], ids=lambda d: d.__name__
)
@pytest.mark.parametrize("keys", [[1, 2, 1], ["x", "y", "x"]], ids=["numbers", "texts"])
def test_groups_of_layers_come_in_any_dress(r, dress, keys):
    made = r.tapp(dress(keys), "sum")
    assert made.names == (["X1", "X2"] if keys[0] == 1 else ["x", "y"])
    assert made.to_numpy()[:, 0, 0].tolist() == [8, 4]


@pytest.mark.parametrize("options", [["COMPRESS=LZW", "TILED=NO"], "COMPRESS=LZW", {"compress": "LZW"}])
def test_options_come_as_gdal_writes_them(r, tmp_path, options):
    r.write_raster(tmp_path / "a.tif", options=options)
    with rasterio.open(tmp_path / "a.tif") as file:
        assert file.compression.name == "lzw"
    with pytest.raises(ArgumentError, match="texts such as 'COMPRESS=LZW'"):
        r.write_raster(tmp_path / "b.tif", options=["LZW"])


def test_options_of_vectors_come_as_gdal_writes_them(tmp_path):
    pt.vect([[1, 2]], crs="EPSG:4326").write_vector(tmp_path / "a.fgb", options=["SPATIAL_INDEX=NO"])
    assert len(pt.vect(tmp_path / "a.fgb")) == 1


def test_a_copy_is_a_handle_of_its_own(r):
    other = r.copy()
    other.names = ["x", "y", "z"]
    other[0, 0] = -1
    assert r.names == ["a", "b", "c"]
    assert r.to_numpy()[0, 0, 0] == 0
    v = pt.vect([[1, 2]], atts={"n": [5]})
    w = v.copy()
    w["n"] = [6]
    assert v["n"].tolist() == [5]


def test_nothing_here_warns_about_zones():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        pt.rast([[1.0]]).set_time([pd.Timestamp("2020-01-01", tz="Asia/Tokyo")])
