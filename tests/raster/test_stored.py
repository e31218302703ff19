"""Which numbers stand for the values of a raster in a file: types, and codes for missing."""

import numpy as np
import pytest
import rasterio

import pyterra as pt
from pyterra.errors import ArgumentError

NAN = np.nan


def stored(path, band=1):
    with rasterio.open(path) as f:
        return f.read(band)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "r.tif"


def changed(r, value):
    out = r.subset(slice(None))
    out[0, 0] = value
    return out


@pytest.mark.parametrize(
    ("make", "dtype", "nodata"),
    [
        (lambda r: r > 0, "uint8", 255),
        (lambda r: r, "int16", None),
        (lambda r: r.crop(pt.ext(0, 1, 0, 1)), "int16", None),
        (lambda r: r * 2, "int32", -(2**31)),
        (lambda r: r / 2, "float32", NAN),
        (lambda r: r / 10, "float32", NAN),
        (lambda r: r.classify([[1, 16_777_217]]), "float64", NAN),
        (lambda r: r.subst(1, 16_777_217), "float64", NAN),
        (lambda r: (r > 0).ifel(16_777_217, 0.5), "float64", NAN),
        (lambda r: changed(r / 2, 16_777_217), "float64", NAN),
        (lambda r: (r > 0).mask(r > 1, maskvalues=0, updatevalue=0.1), "float32", NAN),
        (lambda r: (r > 0).mask(r > 1, maskvalues=0, updatevalue=7), "int32", -(2**31)),
        (lambda r: changed(r, 0.5), "float32", NAN),
        (lambda r: r.patches(), "float64", NAN),
        (lambda r: pt.rast(np.array([[1 / 3, 2], [3, 4]])), "float64", NAN),
        (lambda r: changed(pt.rast(np.array([[1 / 3, 2], [3, 4]])), 7), "float64", NAN),
        (lambda r: pt.rast(np.array([[1 / 3, 2], [3, 4]])).sqrt(), "float32", NAN),
        (lambda r: pt.c(r / 2, pt.rast(np.array([[1 / 3, 2], [3, 4]]))), "float64", NAN),
    ],
)
def test_the_default_type_holds_what_was_kept_and_float32_what_was_computed(path, make, dtype, nodata):
    r = pt.rast(np.array([[1, 2], [3, -4]], "int16"))
    expected = make(r)
    back = expected.write_raster(path)
    with rasterio.open(path) as f:
        assert f.dtypes[0] == dtype
        assert f.nodata == nodata or (f.nodata != f.nodata and nodata != nodata)
    np.testing.assert_array_equal(back.to_numpy(), expected.to_numpy().astype(dtype))


def test_terras_type_names_are_known_and_others_refused(path):
    pt.rast([[1.0, 2.0]]).write_raster(path, datatype="INT2U")
    assert stored(path).dtype == np.uint16
    with pytest.raises(ArgumentError, match="INT1U"):
        pt.rast([[1.0]]).write_raster(path, True, datatype="complex64")


@pytest.mark.parametrize("format", ["GTiff", "COG"])
@pytest.mark.parametrize(
    ("dtype", "code"),
    [("uint8", 255), ("int8", -128), ("uint16", 65535), ("int16", -32768), ("int32", -(2**31)), ("uint32", 2**32 - 1),
     ("int64", -(2**63)), ("uint64", 2**64 - 1)],
)  # fmt: skip
def test_whole_numbers_without_a_code_get_one_where_cells_are_missing(path, dtype, code, format):
    r = pt.rast(np.full((2, 530, 540), 7, dtype), crs="EPSG:3035")
    plain = r.write_raster(path.with_stem("plain"), format=format)
    with rasterio.open(path.with_stem("plain")) as file:
        assert file.nodata is None
    wide = plain.crop(r.ext + 1, extend=True)
    back = wide.write_raster(path, format=format)
    assert stored(path)[[0, 1], [0, 1]].tolist() == [code, 7]
    assert np.isnan(back.to_numpy()).sum() == 2 * (532 * 542 - 530 * 540)
    np.testing.assert_array_equal(back.to_numpy(), wide.to_numpy())
    if dtype[-2:] != "64":
        with rasterio.open(path) as file:
            assert file.nodata == code


@pytest.mark.parametrize(
    ("dtype", "nodata"), [("uint8", 300), ("uint8", -1), ("int16", 0.5), ("float32", 1e300)]
)
def test_a_code_that_the_type_cannot_hold_is_refused(path, dtype, nodata):
    with pytest.raises(ArgumentError, match="nodata"):
        pt.rast([[1.0]]).write_raster(path, datatype=dtype, nodata=nodata)


def test_values_merged_from_files_of_float64_stay_float64(tmp_path):
    halves = [
        pt.rast([[1 / 3, NAN]], xmin=i, xmax=i + 2, ymin=0, ymax=1, crs="EPSG:3035").write_raster(
            tmp_path / f"{i}.tif", datatype="float64"
        )
        for i in (0, 2)
    ]
    back = pt.merge(*halves).write_raster(tmp_path / "merged.tif")
    assert back.to_numpy()[0, 0, [0, 2]].tolist() == [1 / 3, 1 / 3]


@pytest.mark.parametrize("dtype", ["uint32", "int64", "uint64"])
def test_whole_numbers_made_of_large_ones_are_written_as_they_are(tmp_path, dtype):
    r = pt.rast(np.array([[1, 2**32 - 1]], dtype))
    back = (r + 1).write_raster(tmp_path / "a.tif")
    assert back.values(drop=True).tolist() == [2, 2**32]
    assert back._node.layers[0].storage == "float64"
