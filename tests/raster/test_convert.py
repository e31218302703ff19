"""To xarray and back, and from tables of points."""

import numpy as np
import pandas as pd
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError

xarray = pytest.importorskip("xarray")


@pytest.fixture
def r():
    values = np.arange(24.0).reshape(2, 3, 4)
    values[1, 0, 0] = np.nan
    return pt.rast(
        values, extent=(10, 50, 0, 30), crs="EPSG:3035", names=["a", "b"], time=["2020-01-01", "2021-01-01"]
    )


def test_coordinates_are_the_centres_of_cells(r):
    array = r.to_xarray()
    assert array["x"].values.tolist() == [15, 25, 35, 45]
    assert array["y"].values.tolist() == [25, 15, 5]
    assert array["time"].values.astype("datetime64[D]").astype(str).tolist() == ["2020-01-01", "2021-01-01"]


def test_there_and_back_is_the_same_raster(r):
    back = pt.rast(r.to_xarray())
    np.testing.assert_array_equal(back.to_numpy(), r.to_numpy())
    assert back.ext == r.ext
    assert back.names == r.names
    assert back.time.tolist() == r.time.tolist()
    assert back.crs.equals(r.crs, ignore_axis_order=True)


def test_north_is_up_whatever_the_order_of_y(r):
    flipped = r.to_xarray().isel(y=slice(None, None, -1))
    np.testing.assert_array_equal(pt.rast(flipped).to_numpy(), r.to_numpy())


def test_uneven_coordinates_are_an_error():
    array = xarray.DataArray(
        np.zeros((2, 3)), dims=("y", "x"), coords={"y": [1.0, 0.0], "x": [0.0, 1.0, 5.0]}
    )
    with pytest.raises(ArgumentError, match="evenly spaced"):
        pt.rast(array)


def test_a_table_of_centres_becomes_a_raster_with_gaps():
    table = pd.DataFrame({"x": [0.5, 1.5, 0.5], "y": [1.5, 1.5, 0.5], "height": [1.0, 2.0, 3.0]})
    made = pt.rast(table, type="xyz")
    np.testing.assert_array_equal(made.to_numpy(), [[[1, 2], [3, np.nan]]])
    assert made.names == ["height"]
    assert list(made.ext) == [0, 2, 0, 2]


def test_numpy_takes_a_raster_and_hands_arithmetic_over(r):
    assert np.asarray(r).shape == (2, 3, 4)
    assert isinstance(np.array([1.0, 2.0]) * r, pt.SpatRaster)
