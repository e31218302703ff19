"""64-bit integers beyond 2^53: exact from file to file, refused where float64 would round them."""

import numpy as np
import pytest
import rasterio
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import pyterra as pt
from pyterra.errors import ValueRangeError

VALUES = {
    "int64": [2**53 + 1, -(2**53) - 1, 2**63 - 1, -(2**63) + 1, 0, -1],
    "uint64": [2**53 + 1, 2**64 - 2, 2**63, 7, 0, 2**60 + 1],
}


def write(path, array, nodata=None):
    profile = {
        "driver": "GTiff",
        "dtype": array.dtype.name,
        "count": len(array),
        "height": array.shape[1],
        "width": array.shape[2],
        "crs": "EPSG:3035",
        "transform": Affine(10, 0, 0, 0, -10, 100),
        "nodata": nodata,
    }
    with rasterio.open(path, "w", **profile) as dataset:
        dataset.write(array)
    return path


def stored(path):
    with rasterio.open(path) as dataset:
        return dataset.read()


@pytest.fixture(params=["int64", "uint64"])
def array(request):
    return np.array(VALUES[request.param], request.param).reshape(2, 1, 3)


@pytest.fixture(params=["file", "memory"])
def wide(request, tmp_path, array):
    return (
        pt.rast(write(tmp_path / "in.tif", array))
        if request.param == "file"
        else pt.rast(array, crs="EPSG:3035")
    )


@pytest.mark.parametrize("format", ["GTiff", "COG"])
def test_whole_numbers_beyond_float64_are_copied_exactly(tmp_path, array, wide, format):
    back = wide.write_raster(tmp_path / "out.tif", format=format)
    assert stored(tmp_path / "out.tif").tolist() == array.tolist()
    again = back.write_raster(tmp_path / "again.tif")
    assert stored(tmp_path / "again.tif").tolist() == array.tolist()
    assert again.shape == wide.shape


@pytest.mark.parametrize(
    ("move", "expected"),
    [
        (lambda r: r[[1, 0]], lambda a: a[::-1]),
        (lambda r: pt.c(r, r), lambda a: np.concatenate([a, a])),
        (lambda r: r.flip("horizontal"), lambda a: a[:, :, ::-1]),
        (lambda r: r.t(), lambda a: a.transpose(0, 2, 1)),
        (lambda r: r.crop(pt.ext(r.xmin, r.xmin + 2 * r.res[0], r.ymin, r.ymax)), lambda a: a[:, :, :2]),
        (lambda r: r.shift(5, 5), lambda a: a),
    ],
)
def test_cells_that_are_only_moved_stay_exact(tmp_path, array, wide, move, expected):
    move(wide).write_raster(tmp_path / "out.tif")
    assert stored(tmp_path / "out.tif").tolist() == expected(array).tolist()


@pytest.mark.parametrize(
    "compute",
    [
        lambda r: r.values(),
        lambda r: r.to_numpy(),
        lambda r: (r + 1).to_numpy(),
        lambda r: (r == 2**53).to_numpy(),
        lambda r: r.unique(),
        lambda r: r.freq(),
        lambda r: r.global_("sum"),
        lambda r: r.minmax(),
        lambda r: r.extract([0]),
        lambda r: r[0, 0],
        lambda r: r.aggregate(2, "max", na_rm=True).to_numpy(),
        lambda r: r.classify([[0, 1]]).to_numpy(),
        lambda r: (r * 1).compute(),
    ],
)
def test_where_a_verb_would_compute_with_them_it_is_said(wide, compute):
    with pytest.raises(ValueRangeError, match=r"beyond 2\^53 cannot be computed with exactly, got .*layer"):
        compute(wide)


@pytest.mark.parametrize("code", [7, -9])
def test_which_cells_are_missing_is_known_of_any_whole_number(tmp_path, code):
    array = np.array([[[2**60 + 1, -1, 5], [code, 2**63 - 1, 2**53 + 1]]], "int64")
    r = pt.rast(write(tmp_path / "in.tif", array, code))
    expected = [[0, 0, 0], [1, 0, 0]]
    assert r.is_na().to_numpy()[0].tolist() == expected
    assert (~r.not_na()).to_numpy()[0].tolist() == expected
    assert r.extend(1).is_na().to_numpy()[0, 1:-1, 1:-1].tolist() == expected
    assert r.is_na().spat_sample(6, "regular", as_raster=True).to_numpy()[0].tolist() == expected
    with pytest.raises(ValueRangeError, match=r"beyond 2\^53"):
        (r + 1).is_na().to_numpy()


def test_another_type_of_file_does_not_take_them(tmp_path, wide):
    with pytest.raises(ValueRangeError, match=r"beyond 2\^53"):
        wide.write_raster(tmp_path / "out.tif", datatype="float64")
    assert not (tmp_path / "out.tif").exists()


def test_up_to_2_to_the_53_all_is_as_ever(tmp_path):
    array = np.array([[[2**53, -(2**53), 5]]], "int64")
    r = pt.rast(write(tmp_path / "in.tif", array))
    assert r.values(drop=True).tolist() == [2.0**53, -(2.0**53), 5.0]
    (r.abs() - 1).write_raster(tmp_path / "out.tif", datatype="int64")
    assert stored(tmp_path / "out.tif").tolist() == [[[2**53 - 1, 2**53 - 1, 4]]]


@pytest.mark.parametrize("code", [-(2**63), 2**53 + 3, -9])
def test_codes_for_missing_stay_missing(tmp_path, code):
    array = np.array([[[2**60 + 1, code, 3]]], "int64")
    r = pt.rast(array).write_raster(tmp_path / "in.tif", nodata=code, out_of_range="na")
    r.write_raster(tmp_path / "same.tif")
    assert stored(tmp_path / "same.tif").tolist() == array.tolist()
    r.write_raster(tmp_path / "other.tif", nodata=-77)
    assert stored(tmp_path / "other.tif").tolist() == [[[2**60 + 1, -77, 3]]]
    with pytest.raises(ValueRangeError, match="are missing but int64 has no code"):
        r.write_raster(tmp_path / "none.tif", nodata=None)
    with pytest.raises(ValueRangeError, match="which is the code for missing"):
        r.write_raster(tmp_path / "taken.tif", nodata=3)
    small = pt.rast(np.array([[[4, code, 3]]], "int64"))
    small = small.write_raster(tmp_path / "small.tif", nodata=code, out_of_range="na")
    assert small.values(drop=True).tolist()[::2] == [4.0, 3.0]
    assert np.isnan(small.values(drop=True)[1])


def test_cells_beyond_the_raster_are_missing(tmp_path):
    array = np.array([[[2**60 + 1, 2**60 + 2]]], "int64")
    r = pt.rast(write(tmp_path / "in.tif", array, -9))
    r.extend((0, 1)).write_raster(tmp_path / "out.tif", datatype="int64", nodata=-9)
    assert stored(tmp_path / "out.tif").tolist() == [[[-9, 2**60 + 1, 2**60 + 2, -9]]]
    with pytest.raises(ValueRangeError, match=r"beyond 2\^53"):
        r.extend((0, 1), fill=7).write_raster(tmp_path / "filled.tif", overwrite=True)


@settings(max_examples=25, deadline=None)
@given(
    arrays("int64", (1, 3, 4), elements=st.integers(-(2**63) + 1, 2**63 - 1))
    | arrays("uint64", (1, 3, 4), elements=st.integers(0, 2**64 - 2))
)
def test_any_whole_numbers_go_from_memory_to_a_file_and_back(tmp_path_factory, array):
    path = tmp_path_factory.mktemp("w") / "a.tif"
    pt.rast(array).write_raster(path, nodata=None)
    assert stored(path).tolist() == array.tolist()


def test_in_netcdf_too_what_float64_would_round_is_refused_and_codes_are_missing(tmp_path):
    xr = pytest.importorskip("xarray")
    axes = {"y": [1.0, 0.0], "x": [0.0, 1.0]}
    for value, path in ((2**53 + 1, tmp_path / "wide.nc"), (2**53, tmp_path / "exact.nc")):
        numbers = xr.DataArray(np.array([[value, -(2**63)], [1, 2]]), dims=("y", "x"), coords=axes)
        numbers.attrs["_FillValue"] = np.int64(-(2**63))
        numbers.to_dataset(name="v").to_netcdf(path)
    with pytest.raises(ValueRangeError, match=r"beyond 2\^53 .*wide\.nc"):
        pt.rast(tmp_path / "wide.nc").values()
    found = pt.rast(tmp_path / "exact.nc").values(drop=True)
    np.testing.assert_array_equal(found, [2.0**53, np.nan, 1, 2])
