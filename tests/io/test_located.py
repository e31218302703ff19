"""Arrays of coordinates: read when they are wanted, the same for all who hold them."""

import pickle

import numpy as np
import pytest

import pyterra as pt
from pyterra.io.located import ReadArrays


@pytest.fixture
def arrays(tmp_path):
    lon, lat = np.meshgrid([5.0, 6, 7], [51.0, 50])
    lat[0, 0] = np.nan
    nodes = [
        pt.rast(values, names=name).write_raster(tmp_path / f"{name}.tif")._node
        for name, values in (("lon", lon), ("lat", lat))
    ]
    return ReadArrays("a", *nodes)


def test_values_are_in_double_precision_and_missing_as_nan(arrays):
    x, y = arrays.values()
    assert (x.dtype, y.dtype) == (np.float64, np.float64)
    np.testing.assert_array_equal(x, [[5, 6, 7], [5, 6, 7]])
    np.testing.assert_array_equal(y, [[np.nan, 51, 51], [50, 50, 50]])


def test_they_are_told_by_their_files_and_by_their_token(arrays):
    there = pickle.loads(pickle.dumps(arrays))
    assert (there, hash(there)) == (arrays, hash(arrays))
    assert ReadArrays("b", arrays.x, arrays.y) != arrays
    assert [name.rpartition("/")[2] for name in arrays.names] == ["lon.tif", "lat.tif"]
    assert arrays.size == 6
