"""Files as sources: what is described, what is refused, what is read."""

import json
import zipfile

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


def test_names_come_from_descriptions_or_the_file(tmp_path):
    path = make(tmp_path / "scene.tif", np.ones((2, 2, 2), "uint8"))
    assert pt.rast(path).names == ["scene_1", "scene_2"]
    assert pt.rast(make(tmp_path / "one.tif", np.ones((2, 2), "uint8"))).names == ["one"]
    with rasterio.open(path, "r+") as f:
        f.descriptions = ("red", "nir")
    assert pt.rast(path).names == ["red", "nir"]
    assert pt.rast(path, lyrs="nir").names == ["nir"]
    assert pt.rast(path, lyrs=[1]).names == ["nir"]


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


def test_archives_datasets_and_relative_paths_are_read(tmp_path, monkeypatch):
    path = make(tmp_path / "f.tif", np.arange(4, dtype="uint8").reshape(2, 2))
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as z:
        z.write(path, "f.tif")
    assert pt.rast(f"/vsizip/{tmp_path}/a.zip/f.tif").to_numpy().sum() == 6
    with rasterio.open(path) as dataset:
        assert pt.rast(dataset).to_numpy().sum() == 6
    monkeypatch.chdir(tmp_path)
    r = pt.rast("f.tif")
    monkeypatch.chdir("/")
    assert r.to_numpy().sum() == 6


def test_a_file_with_south_up_is_read_north_up(tmp_path):
    values = np.arange(6, dtype="uint8").reshape(3, 2)
    path = make(tmp_path / "f.tif", values, transform=Affine(1, 0, 10, 0, 1, 0))
    r = pt.rast(path)
    assert list(r.ext) == [10, 12, 0, 3]
    np.testing.assert_array_equal(r.to_numpy()[0], values[::-1])
    np.testing.assert_array_equal(r[0, :], [[4, 5]])
    assert r.crop(pt.ext(10, 12, 0, 1)).to_numpy()[0].tolist() == [[0, 1]]


def test_scale_offset_and_units_come_along(tmp_path):
    path = make(tmp_path / "f.tif", np.array([[0, 100]], "int16"), nodata=100)
    with rasterio.open(path, "r+") as f:
        f.scales, f.offsets, f.units = (0.1,), (5,), ("K",)
    r = pt.rast(path)
    np.testing.assert_array_equal(r.to_numpy()[0], [[5, NAN]])
    assert r.units == ["K"]
    assert r.is_int() == [False]


@pytest.mark.parametrize(
    ("step", "times", "expected"),
    [
        ("days", ["2020-1-31", "2020-3-1"], np.array(["2020-01-31", "2020-03-01"], "datetime64[D]")),
        (
            "seconds",
            ["2020-1-31 12:0:0", "2020-3-1 0:0:0"],
            np.array(["2020-01-31T12", "2020-03-01T00"], "datetime64[s]"),
        ),
        ("years", ["961070400", "992606400"], np.array([2000.0, 2001.0])),
    ],
)
def test_time_and_units_of_older_terra_are_read(tmp_path, step, times, expected):
    path = make(tmp_path / "f.tif", np.ones((2, 1, 1), "uint8"))
    side = {"time": times, "timestep": step, "unit": ["m", "kg"]}
    (tmp_path / "f.tif.aux.json").write_text(json.dumps(side))
    r = pt.rast(path)
    assert (r.time == expected).all()
    assert r.time_info() == step
    assert r.units == ["m", "kg"]


def test_category_names_and_tables_of_side_files_are_read(tmp_path):
    path = make(tmp_path / "f.tif", np.array([[1, 2]], "uint8"))
    side = tmp_path / "f.tif.aux.xml"
    side.write_text(
        "<PAMDataset><PAMRasterBand band='1'><CategoryNames><Category/><Category>forest</Category>"
        "<Category>grass</Category></CategoryNames></PAMRasterBand></PAMDataset>"
    )
    assert pt.rast(path).levels[0].iloc[:, 1].tolist() == ["forest", "grass"]
    side.write_text("<PAMDataset><PAMRasterBand")
    with pytest.raises(SourceError, match="malformed"):
        pt.rast(path)
    side.write_text("<!DOCTYPE x [<!ENTITY a 'b'>]><PAMDataset/>")
    with pytest.raises(SourceError, match="entities"):
        pt.rast(path)


def test_a_file_without_coordinates_has_cells_of_one(tmp_path):
    path = tmp_path / "plain.tif"
    with pytest.warns(rasterio.errors.NotGeoreferencedWarning):
        make(path, np.ones((2, 3), "uint8"), crs=None, transform=Affine.identity())
    r = pt.rast(path)
    assert list(r.ext) == [0, 3, 0, 2]
    assert r.crs is None


def test_small_reads_of_a_large_file_use_overviews(tmp_path):
    r = pt.rast(np.arange(1_000_000, dtype="float32").reshape(1000, 1000))
    path = tmp_path / "cog.tif"
    r.write_raster(path, format="COG")
    from pyterra.maps.rasters import preview

    values, grid = preview(pt.rast(path) * 2, 10_000)
    assert values.shape == (1, 100, 100)
    assert grid.extent == r.ext
    assert values[0, 50, 50] == pytest.approx(2 * 505_505, rel=0.02)
