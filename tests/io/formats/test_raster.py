"""Every format of rasters that is written: what comes back, and what is refused before anything is computed."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import rasterio

import pyterra as pt
from pyterra.errors import (
    ArgumentError,
    OutputExistsError,
    PyterraWarning,
    ValueRangeError,
)
from pyterra.io import formats
from pyterra.run import Forbidden, use_executor

COPIED = [record for record in formats.RASTER if record.made == "copied"]
KEPT = [(record, dtype) for record in COPIED for dtype in record.types]
PLACE = {"extent": (500_000, 500_090, 4_000_000, 4_000_060), "crs": "EPSG:32631"}


def name_of(part):
    return getattr(part, "name", part)


def raster(values, **more):
    place = PLACE | more
    return pt.rast(np.asarray(values), extent=pt.ext(*place.pop("extent")), **place)


def some_values(record, dtype, missing=True):
    """Two rows of three numbers per layer, fractions where there are any, one missing where the format can say so."""
    count = record.layers[0] if record.layers else 2
    whole = np.array([[1, 2, 3], [4, 50, 100]])
    numbers = (whole / 3 if dtype[0] == "f" else whole).astype(dtype).astype(float)
    if missing and record.missing:
        numbers[0, 1] = np.nan
    return np.stack([numbers + (i if dtype[0] != "f" else 0) for i in range(count)])


def read_by_rasterio(path, driver):
    with rasterio.open(path, driver=driver) as file:
        return file.read(masked=True), file.transform, file.crs, file.descriptions


@pytest.mark.parametrize(("record", "dtype"), KEPT, ids=name_of)
def test_what_a_format_says_that_it_holds_comes_back(tmp_path, record, dtype):
    if record.name == "GTX":
        pytest.skip("for lon/lat alone")
    values = some_values(record, dtype)
    r = raster(values, names=[f"layer {i}" for i in range(len(values))])
    path = tmp_path / f"a{record.written[0]}"
    back = r.write_raster(path, format=record.name, datatype=dtype)
    lossless = record.lossless(record.options(dtype))
    if lossless:
        np.testing.assert_array_equal(back.to_numpy(), values)
    assert back.to_numpy().shape == values.shape
    assert back.names == r.names
    assert back.crs.equals(r.crs, ignore_axis_order=True)
    assert list(back.ext) == pytest.approx(list(r.ext), abs=1e-6)
    again = pt.rast(str(path), mask=False)
    np.testing.assert_array_equal(again.to_numpy(), back.to_numpy())
    if record.name == "XYZ":  # rasterio gives its drivers no side files
        return
    found, transform, crs, names = read_by_rasterio(path, record.name)
    if lossless:
        np.testing.assert_array_equal(np.ma.filled(found.astype(float), np.nan), values)
    assert transform.almost_equals(rasterio.Affine(30, 0, 500_000, 0, -30, 4_000_060))
    assert crs.to_epsg() == 32631
    assert list(names) == r.names or record.name == "GPKG"


@pytest.mark.parametrize("record", [r for r in formats.RASTER if r.written], ids=name_of)
def test_what_is_written_under_an_ending_is_read_under_it(record):
    for ending in record.written:
        driver = {"COG": "GTiff"}.get(record.name, record.name)
        assert driver in formats.raster_drivers(f"/a/b{ending}")
        first = formats.raster_format(f"/a/b{ending}", None, "write_raster")
        assert first.written
        assert formats.raster_format(f"/a/b{ending}", record.name.lower(), "write_raster") is record


@pytest.mark.parametrize("ending", [".png", ".img", ".asc", ".bil", ".sdat", ".bt"])
def test_names_times_units_and_classes_come_back(tmp_path, ending):
    dtype = "int16" if ending == ".bt" else "uint8"
    r = raster(np.array([[1, 2, 2], [1, 1, 2]], dtype), time=["2020-03-01"], units="m")
    r.levels = pd.DataFrame({"value": [1, 2], "kind": ["wood", "water & reed"]})
    r.names = "cover"
    back = r.write_raster(tmp_path / f"a{ending}")
    assert (back.names, back.units) == (["cover"], ["m"])
    assert [str(t) for t in back.time] == [str(t) for t in r.time]
    assert back.levels[0]["kind"].tolist() == ["wood", "water & reed"]


@pytest.mark.parametrize("ending", [".asc", ".sdat", ".bil", ".bt"])
def test_a_crs_whose_axes_begin_with_northing_comes_back_from_a_prj_file(tmp_path, ending):
    r = raster(np.ones((1, 2, 3), "float32"), crs="EPSG:3035")
    back = r.write_raster(tmp_path / f"a{ending}")
    assert (back + r).to_numpy().tolist() == [[[2, 2, 2], [2, 2, 2]]]


def test_scale_offset_and_tags_come_back(tmp_path):
    r = raster([[0.5, 1.0, np.nan], [2.0, 2.5, 3.0]])
    back = r.write_raster(
        tmp_path / "a.png", datatype="uint8", scale=0.5, offset=-1, tags={"made by": "hand"}
    )
    np.testing.assert_array_equal(back.to_numpy(), r.to_numpy())
    with rasterio.open(tmp_path / "a.png") as file:
        assert file.read(1).tolist() == [[3, 4, 255], [6, 7, 8]]
        assert file.tags()["made by"] == "hand"


@pytest.mark.parametrize(
    ("given", "ending", "stored"),
    [("uint8", ".map", "int32"), ("uint8", ".bt", "int16"), ("int8", ".asc", "int16"), ("uint16", ".png", "uint16")],
)  # fmt: skip
def test_the_narrowest_type_that_holds_all_values_is_taken(tmp_path, given, ending, stored):
    r = raster(np.array([[1, 2, 3], [4, 5, 6]], given))
    back = r.write_raster(tmp_path / f"a{ending}")
    np.testing.assert_array_equal(back.to_numpy(), r.to_numpy())
    with rasterio.open(tmp_path / f"a{ending}") as file:
        assert file.dtypes[0] == ("int32" if ending == ".asc" else stored)  # text has whole numbers alone


ONE, THREE = np.ones((1, 2, 3), "uint8"), np.ones((3, 2, 3), "uint8")
REFUSED = {
    "no such ending": (ONE, "a.foo", {}, r"must end in one of .*\.tif .*\.img .*got 'a.foo'"),
    "what xarray writes": (ONE, "a.zarr", {}, r"got 'a.zarr'; write x.to_xarray\(\).to_zarr\('a.zarr'\)"),
    "no such format": (ONE, "a.tif", {"format": "Foo"}, r"must be one of GTiff, COG, .*got 'Foo'"),
    "another ending": (ONE, "a.img", {"format": "gtiff"}, r"GTiff must end in \.tif or \.tiff, got 'a.img'"),
    "a format that is only read": (ONE, "a.hgt", {}, "must end in"),
    "too many layers": (THREE, "a.asc", {}, r"AAIGrid holds 1 layer, got 3; choose layers"),
    "layers of pictures": (np.ones((2, 2, 3), "uint8"), "a.jpg", {}, r"JPEG holds 1 or 3 layers, got 2"),
    "a type": (ONE, "a.png", {"datatype": "float32"}, r"PNG holds uint8, uint16, got float32; give one of them"),
    "the type that keeps all": (np.ones((1, 2, 3)), "a.asc", {}, r"AAIGrid holds .*float32, got float64"),
    "missing cells": (ONE, "a.jpg", {"nodata": 255}, "JPEG has no code for missing, got nodata=255"),
    "no code": (ONE, "a.sdat", {"nodata": None}, "SAGA must have a code for missing"),
    "a code": (np.ones((1, 2, 3), "int32"), "a.bil", {"nodata": -(2**31)}, "EHdr cannot hold this raster"),
    "layers of one type": (np.ones((2, 2, 3), "uint16"), "a.gpkg", {}, "GPKG cannot hold this raster"),
    "options": (ONE, "a.nc", {"options": {"A": "b"}}, "NetCDF has no options"),
    "a virtual one of what is in memory": (ONE, "a.vrt", {}, "whole layers of files"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_a_format_cannot_hold_is_said_before_anything_is_computed(tmp_path, monkeypatch, case):
    values, name, how, message = REFUSED[case]
    monkeypatch.chdir(tmp_path)
    with use_executor(Forbidden()), pytest.raises(ArgumentError, match=message):
        raster(values).write_raster(name, **how)
    assert list(tmp_path.iterdir()) == []


def test_a_driver_that_this_gdal_lacks_is_said_in_words(tmp_path, monkeypatch):
    lacking = replace(
        formats.raster_format("a.png", None, ""), name="JP2KAK", endings=(".foo",), written=(".foo",)
    )
    monkeypatch.setattr(formats, "RASTER", (lacking,))
    with (
        use_executor(Forbidden()),
        pytest.raises(ArgumentError, match=r"GDAL .* here has no driver JP2KAK; write"),
    ):
        raster(ONE).write_raster(tmp_path / "a.foo")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("ending", "what"), [(".grd", "times, units"), (".gtx", "the CRS .*UTM zone 31N.*, which comes back as lon/lat")]
)  # fmt: skip
def test_what_a_format_loses_of_the_layers_is_said_before_anything_is_computed(tmp_path, ending, what):
    r = raster(np.ones((1, 2, 3), "float32"), units="m", time=["2020-03-01"])
    with (
        use_executor(Forbidden()),
        pytest.warns(PyterraWarning, match=f"does not keep {what}"),
        pytest.raises(AssertionError, match="was computed"),
    ):
        (r + 1 if ending == ".gtx" else r).write_raster(tmp_path / f"a{ending}")


def test_missing_cells_that_a_picture_cannot_tell_are_an_error_with_their_place(tmp_path):
    r = raster([[1, np.nan, 3], [4, 5, 6]], names="x")
    for ending, dtype in ((".jpg", "uint8"), (".xyz", "float32")):
        with pytest.raises(ValueRangeError, match=r"layer 'x', rows 0:2.*1 cells are missing.*fill them"):
            r.write_raster(tmp_path / f"a{ending}", datatype=dtype)
    assert list(tmp_path.iterdir()) == []


def test_a_value_that_stands_for_missing_in_the_format_is_refused(tmp_path):
    with pytest.raises(ValueRangeError, match="code for missing"):
        raster(np.array([[255, 1, 2], [3, 4, 5]], "uint8")).write_raster(tmp_path / "a.sdat")
    assert list(tmp_path.iterdir()) == []


def test_options_of_the_driver_are_taken(tmp_path):
    values = np.random.default_rng(1).integers(0, 255, (1, 64, 64)).astype("uint8")
    r = raster(values)
    exact = r.write_raster(tmp_path / "a.jp2")
    np.testing.assert_array_equal(exact.to_numpy(), values)
    lossy = r.write_raster(tmp_path / "b.jp2", options=["QUALITY=5"])
    assert (tmp_path / "b.jp2").stat().st_size < (tmp_path / "a.jp2").stat().st_size / 2
    assert 0 < np.abs(lossy.to_numpy() - values).max() < 255


def test_files_beside_that_belong_to_others_are_left(tmp_path):
    raster(ONE).write_raster(tmp_path / "a.bil")
    before = (tmp_path / "a.hdr").read_bytes()
    with (
        use_executor(Forbidden()),
        pytest.raises(OutputExistsError, match=r"a\.hdr, which would belong to a\.envi"),
    ):
        raster(ONE).write_raster(tmp_path / "a.envi")
    assert (tmp_path / "a.hdr").read_bytes() == before
    assert not (tmp_path / "a.envi").exists()


def test_what_belonged_to_the_old_file_goes_with_it(tmp_path):
    path = tmp_path / "a.png"
    r = raster(np.array([[1, 2, 2], [1, 1, 2]], "uint8"))
    r.levels = pd.DataFrame({"value": [1, 2], "kind": ["wood", "water"]})
    r.write_raster(path)
    (tmp_path / "a.pgw").write_text("1\n0\n0\n-1\n0\n0\n")
    back = pt.rast(np.array([[7, 7], [8, 8]], "uint8")).write_raster(path, overwrite=True)
    assert back.levels == [None]
    assert list(back.ext) == [0, 2, 0, 2]
    assert not (tmp_path / "a.pgw").exists()


def test_a_raster_may_replace_its_own_source(tmp_path):
    path = tmp_path / "a.grd"
    raster(np.array([[1, 2, 3], [4, 5, 6]], "int16")).write_raster(path)
    back = (pt.rast(path) * 2).write_raster(path, overwrite=True)
    assert back.to_numpy().tolist() == [[[2, 4, 6], [8, 10, 12]]]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.grd", "a.grd.aux.xml", "a.gri"]


def test_netcdf_is_written_as_by_write_cdf(tmp_path):
    r = raster(np.array([[1, np.nan, 3], [4, 5, 6]], "float32"), names="height", units="m")
    back = r.write_raster(tmp_path / "a.nc", tags={"title": "hills"})
    np.testing.assert_array_equal(back.to_numpy(), r.to_numpy())
    assert (back.names, back.units) == (["height"], ["m"])
    with pytest.raises(OutputExistsError):
        r.write_raster(tmp_path / "a.nc")
    whole = r.write_raster(tmp_path / "b.nc", datatype="INT2S", nodata=-1)
    assert whole.to_numpy()[0].tolist()[1] == [4, 5, 6]
