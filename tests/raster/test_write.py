"""write_raster: what stands in the file, and what is refused."""

import numpy as np
import pandas as pd
import pytest
import rasterio

import pyterra as pt
from pyterra.errors import ArgumentError, OutputExistsError, SinkError

NAN = np.nan


def stored(path, band=1):
    with rasterio.open(path) as f:
        return f.read(band)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "r.tif"


def test_scale_and_offset_come_back(path):
    r = pt.rast(np.array([[-1.0, 0.25, NAN]]))
    back = r.write_raster(path, datatype="int16", scale=0.01, offset=1)
    assert stored(path).tolist() == [[-200, -75, -32768]]
    np.testing.assert_allclose(back.to_numpy(), r.to_numpy(), atol=1e-12)
    np.testing.assert_allclose(back.minmax().ravel(), [-1, 0.25])


@pytest.mark.parametrize("times", [1, 700])
@pytest.mark.parametrize("format", ["GTiff", "COG"])
def test_metadata_come_back(path, format, times):
    values = np.arange(8.0).reshape(2, 2, 2).repeat(times, axis=1).repeat(times, axis=2)
    r = pt.rast(values, names=["a", "b"], units=["m", "K"], crs="EPSG:3035")
    r.time = ["2020-01-31", "2021-02-28"]
    r.long_names = ["height above", "warmth"]
    back = r.write_raster(path, tags={"AUTHOR": "me"}, format=format)
    assert (back.names, back.units, back.long_names) == (r.names, r.units, r.long_names)
    assert (back.time == r.time).all()
    assert back.time_info() == "days"
    assert back.crs == r.crs
    assert back.minmax().tolist() == [[0, 4], [3, 7]]
    with rasterio.open(path) as f:
        assert f.tags()["AUTHOR"] == "me"
        assert float(f.tags(1)["STATISTICS_MEAN"]) == 1.5
        assert float(f.tags(1)["STATISTICS_STDDEV"]) == pytest.approx(np.std([0, 1, 2, 3]))


@pytest.mark.parametrize("step", ["years", "yearmonths", "seconds", "raw"])
def test_steps_of_time_come_back(path, step):
    r = pt.rast(np.ones((2, 1, 1)))
    stamps = {"seconds": ["2020-01-31T10:00:00", "2020-01-31T10:00:01"], "raw": [1.5, 2.5]}
    r = r.set_time(stamps.get(step, ["2020-01-31", "2021-02-28"]), step)
    back = r.write_raster(path)
    assert back.time_info() == step
    assert (back.time == r.time).all()


@pytest.mark.parametrize("side", [2, 1300])
@pytest.mark.parametrize("format", ["GTiff", "COG"])
def test_categories_and_colours_come_back(path, format, side):
    s = pt.rast(np.resize(np.array([1, 2, 2, 3], "uint8"), (side, side)), crs="EPSG:3035")
    s.levels = pd.DataFrame(
        {"id": [1, 2, 3], "cover": ["forest", "grass & herbs", "sea <deep>"], "ha": [1.5, 2.0, 3.0]}
    )
    s.colors = {1: (0, 100, 0), 2: (200, 200, 0), 3: (0, 0, 200)}
    back = s.write_raster(path, format=format)
    assert back.is_factor() == [True]
    assert back.cats()[0].to_dict("list") == s.cats()[0].to_dict("list")
    assert back.colors[0][3] == (0, 0, 200, 255)
    assert back.names == ["cover"]
    with rasterio.open(path) as file:
        assert file.colormap(1)[1] == (0, 100, 0, 255)
    np.testing.assert_array_equal(stored(path), s.to_numpy()[0])


def test_colours_of_classes_are_kept_as_bytes_or_a_warning_says_that_they_are_not(path):
    r = pt.rast(np.array([[1, 2], [3, np.nan]]))
    r.levels = pd.DataFrame({"id": [1, 2, 3], "cover": ["a", "b", "c"]})
    r.colors = {1: (255, 0, 0), 2: (0, 255, 0), 3: (0, 0, 255)}
    back = r.write_raster(path)
    assert stored(path).dtype == np.uint8
    assert [back.colors[0][i][:3] for i in (1, 2, 3)] == [(255, 0, 0), (0, 255, 0), (0, 0, 255)]
    with pytest.warns(
        pt.errors.PyterraWarning, match="one layer of uint8 or uint16, got 2 of uint8; those of cover, c"
    ):
        assert pt.c(r, r).write_raster(path, True).colors == [None, None]
    with pytest.warns(pt.errors.PyterraWarning, match="got 1 of int32; those of cover are lost"):
        r.write_raster(path, True, datatype="int32")
    many = pt.rast(np.array([[1, 300]]))
    many.levels = {1: "a", 300: "b"}
    many.write_raster(path, True)
    assert stored(path).dtype != np.uint8


def test_bool_comes_back_as_bool(path):
    assert (pt.rast([[1.0, 5.0]]) > 2).write_raster(path).is_bool() == [True]


def test_existing_files_and_missing_folders_are_refused_at_once(tmp_path, path):
    from pyterra.run import Forbidden, use_executor

    r = pt.rast([[1.0]])
    r.write_raster(path)
    with use_executor(Forbidden()):
        with pytest.raises(OutputExistsError, match="overwrite"):
            r.write_raster(path)
        with pytest.raises(SinkError):
            r.write_raster(tmp_path / "no" / "r.tif")
        with pytest.raises(ArgumentError, match=r"\.tif"):
            r.write_raster(tmp_path / "r.png")
        with pytest.raises(ArgumentError, match=r"JPEG must end in \.jpg"):
            r.write_raster(tmp_path / "r2.tif", format="JPEG")
        with pytest.raises(ArgumentError, match="scale"):
            r.write_raster(tmp_path / "r2.tif", scale=0)


def test_the_bytes_do_not_depend_on_workers(tmp_path):
    rng = np.random.default_rng(5)
    r = pt.rast(rng.integers(0, 50, (2, 1100, 900)).astype("uint8")).write_raster(
        tmp_path / "in.tif", nodata=255
    )
    files = []
    for i, options in enumerate([{"workers": 1}, {"workers": 2}, {"workers": 2, "executor": "processes"}]):
        with pt.options(**options):
            (r.focal(3, "mean") * 2).write_raster(tmp_path / f"{i}.tif")
        files.append((tmp_path / f"{i}.tif").read_bytes())
    assert files[0] == files[1] == files[2]


def test_wide_integers_are_exact(path):
    values = np.array([[2**31 - 1, -(2**31) + 1, 16_777_217]], "int32")
    assert pt.rast(values).write_raster(path).to_numpy()[0].tolist() == values.tolist()
    assert stored(path).tolist() == values.tolist()
