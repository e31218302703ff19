"""Rasters of numpy arrays and of several files in whatever dress."""

import pathlib
import pickle
import warnings

import numpy as np
import pandas as pd
import pytest
import rasterio
from rasterio.enums import ColorInterp

import pyterra as pt
from pyterra.errors import PyterraWarning

TRANSFORM = rasterio.Affine(1.0, 0.0, 0.0, 0.0, -1.0, 8.0)
VALUES = np.arange(64, dtype="int16").reshape(8, 8)


def write(path, *bands, **more):
    bands = bands or (VALUES,)
    profile = {
        "driver": "GTiff", "width": bands[0].shape[1], "height": bands[0].shape[0], "count": len(bands),
        "dtype": bands[0].dtype, "crs": "EPSG:4326", "transform": TRANSFORM, **more,
    }  # fmt: skip
    with rasterio.open(path, "w", **profile) as file:
        file.write(np.stack(bands))
    return path


# Arrays


@pytest.mark.parametrize("dtype", ["int16", "uint8", "bool", "int32", "float32", "float64"])
def test_masked_arrays_keep_their_mask(dtype):
    masked = np.ma.array(np.array([[1, 0, 1]], dtype), mask=[[False, True, False]])
    grid = {"nrows": 1, "ncols": 3, "xmin": 0, "xmax": 3, "ymin": 0, "ymax": 1}
    assigned = pt.rast(**grid).set_values(masked)
    for r in (
        pt.rast(masked),
        pt.rast(masked[None]),
        pt.rast([masked, masked])[1],
        pt.rast(**grid, vals=masked),
        assigned,
    ):
        assert np.array_equal(r.to_numpy()[0, 0], [1, np.nan, 1], equal_nan=True)
    plain = pt.rast(masked.data)
    assert pt.rast(masked)._node.layers[0].kind == plain._node.layers[0].kind
    assert pt.rast(masked).dtype == plain.dtype


def test_a_masked_raster_is_written_in_its_type(tmp_path):
    masked = np.ma.array(np.array([[1, 7, 3]], "int16"), mask=[[False, True, False]])
    pt.rast(masked).write_raster(tmp_path / "a.tif")
    with rasterio.open(tmp_path / "a.tif") as file:
        assert file.dtypes == ("int16",)
        assert file.read(1, masked=True).mask.tolist() == [[False, True, False]]


def test_what_pandas_says_is_missing_is_missing():
    values = pd.Series([1, None, 3], dtype="Int64")
    r = pt.rast(nrows=1, ncols=3, vals=values)
    assert np.array_equal(r.values(drop=True), [1, np.nan, 3], equal_nan=True)


@pytest.mark.parametrize("dress", [lambda v: v, pd.Series], ids=["Categorical", "Series"])
def test_a_categorical_is_classes(dress):
    values = dress(pd.Categorical(["b", None, "a", "b"], categories=["a", "b"]))
    r = pt.rast(nrows=2, ncols=2, vals=values)
    assert r.is_factor() == [True]
    assert r.levels[0].to_numpy().tolist() == [[1, "a"], [2, "b"]]
    assert np.array_equal(r.values(drop=True), [2, np.nan, 1, 2], equal_nan=True)


# Datasets


def test_bands_of_several_types_are_read_together(tmp_path):
    write(tmp_path / "a.tif", VALUES.astype("uint8"))
    write(tmp_path / "b.tif", VALUES / 3 - 1, dtype="float64", nodata=-1.0)
    bands = "".join(
        f"<VRTRasterBand dataType='{kind}' band='{i + 1}'>{extra}<SimpleSource><SourceFilename relativeToVRT='1'>"
        f"{name}.tif</SourceFilename><SourceBand>1</SourceBand></SimpleSource></VRTRasterBand>"
        for i, (name, kind, extra) in enumerate(
            [("a", "Byte", ""), ("b", "Float64", "<NoDataValue>-1</NoDataValue>"), ("a", "Byte", "")]
        )
    )
    path = tmp_path / "c.vrt"
    path.write_text(
        f"<VRTDataset rasterXSize='8' rasterYSize='8'><GeoTransform>0,1,0,8,0,-1</GeoTransform>{bands}</VRTDataset>"
    )
    r = pt.rast(path)
    expected = np.stack([VALUES, np.where(VALUES == 0, np.nan, VALUES / 3 - 1), VALUES])
    assert np.array_equal(r.to_numpy(), expected, equal_nan=True)
    assert np.array_equal((r[[2, 1]] + 0).to_numpy(), expected[[2, 1]], equal_nan=True)


# Masks


def hidden(path, alpha=False):
    bands = (VALUES.astype("uint8"),) * (1 + alpha)
    profile = {
        "driver": "GTiff",
        "width": 8,
        "height": 8,
        "count": len(bands),
        "dtype": "uint8",
        "transform": TRANSFORM,
    }
    cover = np.where(VALUES % 2, 255, 0).astype("uint8")
    with rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True), rasterio.open(path, "w", **profile) as file:
        file.write(bands[0], 1)
        if alpha:
            file.colorinterp = (ColorInterp.gray, ColorInterp.alpha)
            file.write(cover, 2)
        else:
            file.write_mask(cover)
    return path


@pytest.mark.parametrize("alpha", [False, True], ids=["mask", "alpha band"])
def test_hidden_cells_are_missing_on_request(tmp_path, alpha):
    path = hidden(tmp_path / "a.tif", alpha)
    with pytest.warns(PyterraWarning, match=r"(a mask|an alpha band), which is not applied"):
        assert pt.rast(path).to_numpy()[0, 0, 0] == 0
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert pt.rast(path, mask=False).to_numpy()[0, 0, 2] == 2
        r = pt.rast(path, mask=True)
    expected = np.where(VALUES % 2, VALUES, np.nan)
    assert np.array_equal(r.to_numpy()[0], expected, equal_nan=True)
    classified = r.classify([[0, 100, 5]])
    assert np.array_equal(classified.to_numpy()[0], np.where(VALUES % 2, 5, np.nan), equal_nan=True)
    assert np.array_equal(r[0:2, 0:2][0], expected[:2, :2], equal_nan=True)


# Several files


@pytest.mark.parametrize(
    "dress",
    [
        list,
        tuple,
        iter,
        pd.Series,
        pd.Index,
        np.array,
        lambda v: dict.fromkeys(v, 1).keys(),
        lambda v: (p for p in v),
    ],
    ids=["list", "tuple", "iterator", "Series", "Index", "array", "keys", "generator"],
)
@pytest.mark.parametrize("kind", [str, pathlib.Path])
def test_paths_come_in_any_dress(tmp_path, dress, kind):
    paths = [kind(write(tmp_path / f"{name}.tif")) for name in "ba"]
    assert pt.rast(dress(paths)).names == ["b", "a"]
    assert pt.sds(dress(paths)).names == pt.sprc(dress(paths)).names == ["b", "a"]


def test_what_has_no_order_is_no_list_of_files():
    with pytest.raises(pt.errors.ArgumentError, match=r"must be a path.*got set"):
        pt.rast({"a.tif", "b.tif"})


def test_a_series_of_numbers_is_no_list_of_files():
    with pytest.raises(pt.errors.ArgumentError, match="numbers in shape"):
        pt.rast(pd.Series([1.0, 2.0]))


@pytest.fixture
def r():
    return pt.rast(
        np.arange(24.0).reshape(2, 3, 4), names=["red", "nir"], extent=(0, 4, 0, 3), crs="EPSG:3035"
    )


def test_rasters_over_files_pickle_small(tmp_path, r):
    file = pt.rast(np.random.default_rng(1).random((1, 500, 500))).write_raster(tmp_path / "f.tif")
    data = pickle.dumps(file.focal(3).app("max") + 1)
    assert len(data) < 10_000
    again = pickle.loads(data)
    assert again.to_numpy().tobytes() == (file.focal(3).app("max") + 1).to_numpy().tobytes()
