"""What a file says of its grid and its layers."""

import json

import numpy as np
import pytest
import rasterio
from rasterio.transform import Affine, from_origin

import pyterra as pt

NAN = np.nan


def make(path, values, **options):
    values = np.asarray(values)
    values = values[None] if values.ndim == 2 else values
    profile = {"driver": "GTiff", "count": len(values), "height": values.shape[1], "width": values.shape[2]}
    profile |= {"dtype": values.dtype, "crs": "EPSG:3035", "transform": from_origin(0, values.shape[1], 1, 1)}
    with rasterio.open(path, "w", **(profile | options)) as f:
        f.write(values)
    return path


def test_names_come_from_descriptions_or_the_file(tmp_path):
    path = make(tmp_path / "scene.tif", np.ones((2, 2, 2), "uint8"))
    assert pt.rast(path).names == ["scene_1", "scene_2"]
    assert pt.rast(make(tmp_path / "one.tif", np.ones((2, 2), "uint8"))).names == ["one"]
    with rasterio.open(path, "r+") as f:
        f.descriptions = ("red", "nir")
    assert pt.rast(path).names == ["red", "nir"]
    assert pt.rast(path, lyrs="nir").names == ["nir"]
    assert pt.rast(path, lyrs=[1]).names == ["nir"]


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


def test_a_file_without_coordinates_has_cells_of_one(tmp_path):
    path = tmp_path / "plain.tif"
    with pytest.warns(rasterio.errors.NotGeoreferencedWarning):
        make(path, np.ones((2, 3), "uint8"), crs=None, transform=Affine.identity())
    r = pt.rast(path)
    assert list(r.ext) == [0, 3, 0, 2]
    assert r.crs is None
