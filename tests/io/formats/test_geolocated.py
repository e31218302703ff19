"""Arrays of coordinates that GDAL's metadata names: where they may lie, and what they must be."""

import numpy as np
import pytest
import rasterio

import pyterra as pt
from pyterra.errors import SourceError

pytestmark = pytest.mark.filterwarnings(
    "ignore::rasterio.errors.NotGeoreferencedWarning"
)  # when they are written
NROW, NCOL = 12, 18
TEMPLATE = {"extent": (4.9, 7.2, 49.3, 50.3), "resolution": 0.02, "crs": "EPSG:4326"}


def write(path, *bands, **told):
    kind = {"driver": "GTiff", "height": len(bands[0]), "width": len(bands[0][0]), "count": len(bands)}
    with rasterio.open(path, "w", dtype="float64", **kind) as file:
        file.write(np.stack(bands))
        if told:
            file.update_tags(ns="GEOLOCATION", **{key: str(value) for key, value in told.items()})
    return path


def places(row, col):
    return 5 + 0.1 * col + 0.02 * row, 50 - 0.05 * row + 0.01 * col


@pytest.fixture
def folder(tmp_path):
    row, col = np.mgrid[0:NROW, 0:NCOL].astype(float)
    write(tmp_path / "xy.tif", *places(row, col))
    write(tmp_path / "corners.tif", *places(row - 0.5, col - 0.5))
    write(tmp_path / "few.tif", *(v[::2, ::2] for v in places(row, col)))
    return tmp_path


def swath(folder, name="xy.tif", **more):
    row, col = np.mgrid[0:NROW, 0:NCOL].astype(float)
    told = {
        "X_DATASET": folder / name,
        "Y_DATASET": folder / name,
        "X_BAND": 1,
        "Y_BAND": 2,
        "SRS": "EPSG:4326",
    }
    return write(folder / "v.tif", row, col, **(told | more))


def seen(path):
    return pt.rast(path).project(pt.rast(**TEMPLATE), "near").to_numpy()


def test_cells_lie_where_the_arrays_say(folder):
    path = swath(folder, GEOREFERENCING_CONVENTION="PIXEL_CENTER")
    r = pt.rast(path)
    assert r.has_geoloc() == [True]
    assert r.geoloc()["x"][0].endswith("xy.tif")
    found = seen(path)
    x, y = places(found[0], found[1])
    there = pt.rast(**TEMPLATE).crds().T.reshape(2, *found.shape[1:])
    inside = ~np.isnan(found[0])
    assert inside.sum() > 1500
    assert (np.abs(x - there[0])[inside] <= 0.061).all()  # half a cell along and half a cell across
    assert (np.abs(y - there[1])[inside] <= 0.031).all()


def test_values_may_stand_for_corners_or_for_some_cells(folder):
    centres = seen(swath(folder, GEOREFERENCING_CONVENTION="PIXEL_CENTER"))
    corners = seen(swath(folder, "corners.tif"))
    few = seen(swath(folder, "few.tif", GEOREFERENCING_CONVENTION="PIXEL_CENTER", PIXEL_STEP=2, LINE_STEP=2))
    for found in (corners, few):
        both = ~np.isnan(found[0]) & ~np.isnan(centres[0])
        assert both.sum() > 0.95 * (~np.isnan(centres[0])).sum()
        assert (found[:, both] == centres[:, both]).mean() > 0.999


def test_the_crs_of_the_arrays_counts(folder):
    row, col = np.mgrid[0:NROW, 0:NCOL].astype(float)
    write(folder / "metres.tif", 4e6 + 1000 * col, 3e6 - 1000 * row)
    told = {"GEOREFERENCING_CONVENTION": "PIXEL_CENTER", "SRS": "EPSG:3035"}
    r = pt.rast(swath(folder, "metres.tif", **told))
    grid = pt.rast(extent=(3999500, 4017500, 2988500, 3000500), resolution=1000, crs="EPSG:3035")
    np.testing.assert_array_equal(r.project(grid, "near").to_numpy(), [row, col])


def test_arrays_elsewhere_need_the_users_word(folder, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (folder / "xy.tif").rename(elsewhere / "xy.tif")
    path = swath(folder, X_DATASET=elsewhere / "xy.tif", Y_DATASET=elsewhere / "xy.tif")
    with pytest.raises(SourceError, match=rf"lies outside .*vrt_roots=\['{elsewhere}'\]"):
        pt.rast(path)
    with pt.options(vrt_roots=[elsewhere]):
        assert pt.rast(path).has_geoloc() == [True]


@pytest.mark.parametrize(
    ("told", "text"),
    [
        ({"X_BAND": 3}, "has no band 3"),
        ({"X_BAND": "one"}, "has no band one"),
        ({"SRS": "nonsense"}, "geolocation cannot be read"),
        ({"PIXEL_STEP": "wide"}, "geolocation cannot be read"),
        ({"PIXEL_STEP": "nan"}, "geolocation cannot be read"),
        ({"LINE_STEP": "0"}, "geolocation cannot be read"),
        ({"X_DATASET": "/vsicurl/http://127.0.0.1:9/x.tif"}, "lies outside"),
    ],
)
def test_what_cannot_place_cells_is_refused(folder, told, text):
    with pytest.raises(SourceError, match=text):
        pt.rast(swath(folder, **told))


def test_arrays_of_two_shapes_are_refused(folder):
    with pytest.raises(SourceError, match="must have one shape"):
        pt.rast(swath(folder, Y_DATASET=folder / "few.tif"))


def test_a_place_beside_the_file_may_be_told_from_there(folder):
    told = {"X_DATASET": "xy.tif", "Y_DATASET": "xy.tif"}
    told |= {f"{axis}_DATASET_RELATIVE_TO_SOURCE": "YES" for axis in "XY"}
    assert pt.rast(swath(folder, **told)).has_geoloc() == [True]
