"""read_rasters: the values of rast(files).to_numpy(), whatever is stored, wherever."""

import numpy as np
import pytest
import rasterio

import pyterra as pt
from pyterra.errors import ArgumentError, GridMismatchError, LayerError, MemoryBudgetError, SourceError
from pyterra.grid import Window

STORED = {
    "uint8": {"dtype": "uint8"},
    "uint8 with a code": {"dtype": "uint8", "nodata": 7},
    "int16 with a code": {"dtype": "int16", "nodata": -32768},
    "int32": {"dtype": "int32", "nodata": -1},
    "float32": {"dtype": "float32", "nodata": np.nan},
    "float32 with a code": {"dtype": "float32", "nodata": -9999},
    "float64": {"dtype": "float64"},
}


def write(path, array, up=False, scale=None, **kind):
    turned = rasterio.Affine(10, 0, 0, 0, 10, 0) if up else rasterio.Affine(10, 0, 0, 0, -10, 500)
    array = array if array.ndim == 3 else array[None]
    size = {"count": len(array), "height": array.shape[1], "width": array.shape[2], "crs": "EPSG:32631"}
    with rasterio.open(path, "w", driver="GTiff", transform=turned, **size, **kind) as file:
        file.write(array.astype(kind["dtype"]))
        if scale:
            file.scales, file.offsets = (scale,) * len(array), (3.0,) * len(array)
    return path


@pytest.fixture
def some(tmp_path):
    def make(count=5, shape=(37, 23), seed=1, **kind):
        rng = np.random.default_rng(seed)
        arrays = rng.integers(0, 12, (count, *shape)).astype(kind["dtype"])
        if kind.get("nodata") is not None:
            arrays[rng.random(arrays.shape) < 0.3] = kind["nodata"]
        return [write(tmp_path / f"{seed}-{i}.tif", array, **kind) for i, array in enumerate(arrays)]

    return make


@pytest.mark.parametrize("stored", STORED)
@pytest.mark.parametrize("more", [{}, {"up": True}, {"scale": 0.5}], ids=str)
def test_values_are_those_of_the_raster(some, stored, more):
    files = some(**STORED[stored], **more)
    expected = pt.rast(files).to_numpy()
    for workers in (1, 3):
        found = pt.read_rasters(files, workers=workers)
        assert found.dtype == expected.dtype
        np.testing.assert_array_equal(found, expected)
    np.testing.assert_array_equal(pt.read_rasters(files, dtype="float64"), expected.astype("float64"))
    window = Window(3, 2, 11, 20)
    found = pt.read_rasters(files, window=window)
    np.testing.assert_array_equal(found, expected[:, 3:14, 2:22])


def test_integers_are_the_stored_numbers(some):
    files = some(dtype="uint8", nodata=7)
    for kind in ("uint8", "int16"):
        found = pt.read_rasters(files, dtype=kind)
        assert found.dtype == kind
        for path, layer in zip(files, found, strict=True):
            with rasterio.open(path) as file:
                np.testing.assert_array_equal(layer, file.read(1))


@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (9, 1)])
def test_small_files_and_files_without_a_value(some, shape):
    files = some(count=2, shape=shape, dtype="float32", nodata=-1)
    np.testing.assert_array_equal(pt.read_rasters(files), pt.rast(files).to_numpy())
    write(files[1], np.full(shape, -1.0), dtype="float32", nodata=-1)
    assert np.isnan(pt.read_rasters(files[1:])).all()


def test_arrays_of_ones_own_are_filled_also_where_they_are_not_contiguous(some):
    files = some(dtype="uint8")
    expected = pt.read_rasters(files, dtype="uint8")
    last = np.zeros((37, 23, 5), "uint8")
    for out in (np.zeros((5, 37, 23), "uint8"), np.moveaxis(last, -1, 0)):
        assert pt.read_rasters(files, out=out) is out
        np.testing.assert_array_equal(out, expected)


def test_one_layer_of_each_file(tmp_path):
    bands = np.arange(24).reshape(2, 3, 4)
    files = [write(tmp_path / f"{i}.tif", bands + i, dtype="int16") for i in range(3)]
    np.testing.assert_array_equal(pt.read_rasters(files, lyr=1), np.stack([bands[1] + i for i in range(3)]))
    with pytest.raises(LayerError, match=r"lyr must be a layer of each file, got 2; .*0\.tif has 2"):
        pt.read_rasters(files, lyr=2)


def test_a_file_that_is_not_there_is_an_error_or_a_missing_layer(some):
    files = some(dtype="uint8")
    expected = pt.read_rasters(files, dtype="float32")
    for place in (0, 3):
        wanted = [*files[:place], files[0].with_name("no.tif"), *files[place:]]
        with pytest.raises(SourceError, match=r"no\.tif does not exist; missing=nan gives it a layer"):
            pt.read_rasters(wanted)
        found = pt.read_rasters(wanted, missing=np.nan)
        assert np.isnan(found[place]).all()
        np.testing.assert_array_equal(np.delete(found, place, 0), expected)
        assert (pt.read_rasters(wanted, dtype="uint8", missing=255)[place] == 255).all()
    for code in (np.nan, 256, 1.5):
        with pytest.raises(ArgumentError, match="missing must be a number that uint8 holds"):
            pt.read_rasters(wanted, dtype="uint8", missing=code)
    with pytest.raises(SourceError, match="none of the files exists"):
        pt.read_rasters(["no.tif", "none.tif"], missing=np.nan)


def test_a_damaged_file_is_no_missing_layer(some):
    files = some(dtype="uint8")
    files[2].write_bytes(b"no raster")
    with pytest.raises(SourceError, match=r"-2\.tif cannot be opened"):
        pt.read_rasters(files, missing=np.nan)


def test_files_that_do_not_fit_are_named(some, tmp_path):
    files = some(dtype="uint8")
    odd = write(tmp_path / "odd.tif", np.zeros((37, 24)), dtype="uint8")
    with pytest.raises(GridMismatchError, match=r"the first, 37 x 23, got 37 x 24 in .*odd\.tif"):
        pt.read_rasters([*files, odd])
    wide = write(tmp_path / "wide.tif", np.zeros((37, 23)), dtype="int32")
    with pytest.raises(
        ArgumentError, match=r"got float32 for .*wide\.tif, which stores int32; use dtype='float64'"
    ):
        pt.read_rasters([*files, wide])
    with pytest.raises(
        ArgumentError, match=r"got uint8 for .*wide\.tif, which stores int32; use dtype='int32'"
    ):
        pt.read_rasters([*files, wide], dtype="uint8")
    assert pt.read_rasters([*files, wide], dtype="float32").dtype == "float32"


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"window": (0, 0, 38, 1)}, "window must lie within 37 x 23 cells"),
        ({"window": (0, 0, 0, 1)}, "window must lie within"),
        ({"window": (1, 2, 3)}, r"window must be four integers \(row, col, nrow, ncol\)"),
        ({"dtype": "complex64"}, "dtype must be a type of numbers"),
        ({"out": np.zeros((5, 37, 22))}, r"out must be a writable array of shape \(file, row, col\)"),
    ],
)
def test_arguments_that_do_not_fit_are_refused(some, more, words):
    with pytest.raises(ArgumentError, match=words):
        pt.read_rasters(some(dtype="uint8"), **more)


def test_files_are_a_list_of_paths(some):
    files = some(dtype="uint8")
    np.testing.assert_array_equal(pt.read_rasters(iter(files)), pt.read_rasters(files))
    for wrong in ("a.tif", [], [1]):
        with pytest.raises(ArgumentError, match="files must be"):
            pt.read_rasters(wrong)


def test_what_does_not_fit_the_memory_is_refused_before_it_is_read(some):
    with pt.options(memory="1KB"), pytest.raises(MemoryBudgetError, match="give a window, a narrower dtype"):
        pt.read_rasters(some(dtype="uint8"))
