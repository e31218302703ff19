"""How values become stored numbers, and which code stands for missing."""

import numpy as np
import pytest
import rasterio

import pyterra as pt
from pyterra.errors import ValueRangeError

NAN = np.nan


def stored(path, band=1):
    with rasterio.open(path) as f:
        return f.read(band)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "r.tif"


def test_integers_are_rounded_half_away_from_zero(path):
    pt.rast([[0.5, 1.5, 2.5, -0.5, -1.5, 2.4999]]).write_raster(path, datatype="int16")
    assert stored(path).tolist() == [[1, 2, 3, -1, -2, 2]]


def test_values_out_of_range_are_an_error_that_says_where(path):
    r = pt.rast(np.array([[1.0, 300.0], [-1.0, NAN]]), names="height")
    with pytest.raises(ValueRangeError, match=r"300.*2 cells.*'height'.*rows 0:2"):
        r.write_raster(path, datatype="uint8")
    assert not path.exists()
    assert list(path.parent.iterdir()) == []
    r.write_raster(path, datatype="uint8", out_of_range="clip")
    assert stored(path).tolist() == [[1, 254], [0, 255]]
    back = r.write_raster(path, True, datatype="uint8", out_of_range="na")
    np.testing.assert_array_equal(back.to_numpy()[0], [[1, NAN], [NAN, NAN]])


def test_a_value_that_means_missing_is_an_error(path):
    with pytest.raises(ValueRangeError, match="code for missing"):
        pt.rast([[255.0]]).write_raster(path, datatype="uint8")
    assert pt.rast([[255.0]]).write_raster(path, datatype="uint8", nodata=0).to_numpy().item() == 255


def test_missing_cells_need_a_code(path):
    r = pt.rast(np.array([[1, 2]], "uint8"))
    r = r.crop(r.ext + 1, extend=True)
    with pytest.raises(ValueRangeError, match="give nodata="):
        r.write_raster(path, nodata=None)
    np.testing.assert_array_equal(r.write_raster(path, nodata=255).to_numpy(), r.to_numpy())


def test_the_code_taken_for_missing_is_no_value_of_another_block(path):
    values = np.full((600, 600), 7, "uint8")
    values[599, 599] = 255
    r = pt.rast(values)
    assert r.write_raster(path).to_numpy()[0, 599, 599] == 255
    with pytest.raises(ValueRangeError, match="give another nodata= or a wider datatype"):
        r.crop(pt.ext(-1, 600, 0, 601), extend=True).write_raster(path, overwrite=True)
    assert stored(path)[599, 599] == 255
