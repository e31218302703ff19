"""Files as sources: what is read of them."""

import numpy as np
import pytest
import rasterio
from rasterio.transform import Affine, from_origin

import pyterra as pt
from pyterra.errors import GridMismatchError, SourceError

NAN = np.nan


def make(path, values, **options):
    values = np.asarray(values)
    values = values[None] if values.ndim == 2 else values
    profile = {"driver": "GTiff", "count": len(values), "height": values.shape[1], "width": values.shape[2]}
    profile |= {"dtype": values.dtype, "crs": "EPSG:3035", "transform": from_origin(0, values.shape[1], 1, 1)}
    with rasterio.open(path, "w", **(profile | options)) as f:
        f.write(values)
    return path


@pytest.mark.parametrize(
    ("dtype", "nodata", "block"),
    [("uint8", 7, "float32"), ("int16", -1, "float32"), ("int32", -5, "float64"), ("float32", -9999, "float32"),
     ("float64", NAN, "float64"), ("uint16", None, "float32")],
)  # fmt: skip
def test_codes_become_missing_and_types_stay_exact(tmp_path, dtype, nodata, block):
    values = np.arange(12).reshape(3, 4).astype(dtype)
    if nodata is not None and nodata == nodata:
        values[0, 0] = nodata
    r = pt.rast(make(tmp_path / "f.tif", values, nodata=nodata))
    assert r.dtype == block
    expected = values.astype(float)
    expected[expected == nodata] = NAN
    np.testing.assert_array_equal(r.to_numpy()[0], expected)


def test_the_float_code_that_text_cannot_tell_is_missing(tmp_path):
    lowest = np.float32(-3.4e38)
    values = np.array([[lowest, 1]], "float32")
    r = pt.rast(make(tmp_path / "f.tif", values, nodata=float(lowest)))
    np.testing.assert_array_equal(r.to_numpy()[0], [[NAN, 1]])


def test_many_files_are_layers_and_a_pattern_is_sorted(tmp_path):
    for i in (2, 0, 1):
        make(tmp_path / f"d{i}.tif", np.full((2, 2), i, "uint8"))
    r = pt.rast(str(tmp_path / "d*.tif"))
    assert r.names == ["d0", "d1", "d2"]
    assert r.to_numpy()[:, 0, 0].tolist() == [0, 1, 2]
    assert pt.rast([tmp_path / "d2.tif", tmp_path / "d0.tif"]).names == ["d2", "d0"]
    make(tmp_path / "d9.tif", np.ones((3, 2), "uint8"))
    with pytest.raises(GridMismatchError, match=r"d9\.tif"):
        pt.rast(str(tmp_path / "d*.tif"))
    with pytest.raises(SourceError, match="no file matches"):
        pt.rast(str(tmp_path / "x*.tif"))


def test_a_file_with_south_up_is_read_north_up(tmp_path):
    values = np.arange(6, dtype="uint8").reshape(3, 2)
    path = make(tmp_path / "f.tif", values, transform=Affine(1, 0, 10, 0, 1, 0))
    r = pt.rast(path)
    assert list(r.ext) == [10, 12, 0, 3]
    np.testing.assert_array_equal(r.to_numpy()[0], values[::-1])
    np.testing.assert_array_equal(r[0, :], [[4, 5]])
    assert r.crop(pt.ext(10, 12, 0, 1)).to_numpy()[0].tolist() == [[0, 1]]
