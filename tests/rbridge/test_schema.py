"""Rasters as headers."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest
import rasterio

import pyterra as pt
from pyterra.errors import ArgumentError
from pyterra.rbridge import from_r, schema, to_r

HELPER = Path(__file__).parents[2] / "r/tests/testthat/helper-round_trip.R"
SEED = int(os.environ.get("PYTERRA_SEED", 20240501))


@pytest.fixture(scope="module")
def r(rsession):
    """Functions of the file with the cases, by name."""
    environment = rsession.call("new.env", parent=rsession.environment)
    rsession.call("sys.source", str(HELPER), envir=environment)
    rsession.call("set.seed", SEED)
    return lambda name, *given, **named: rsession.apply(environment[name], *given, **named)


@pytest.fixture
def labelled_file(tmp_path, rsession, rfun, terra):
    """A file that R wrote, with categories, colours and times."""
    path = tmp_path / "labels.tif"
    rsession.apply(
        rfun(
            """function(path) {
                 r <- terra::rast(nrows = 2, ncols = 2, nlyrs = 2, vals = c(1, 2, 1, 2, 3, 4, 3, 4), crs = "EPSG:3035")
                 levels(r[[1]]) <- data.frame(value = 1:2, what = c("a", "b"))
                 terra::coltab(r, layer = 2) <- data.frame(value = 3:4, col = c("red", "blue"))
                 terra::time(r) <- as.Date("2020-05-01") + 0:1
                 terra::writeRaster(r, path, datatype = "INT1U")
               }"""
        ),
        str(path),
    )
    return path


def test_what_r_would_read_otherwise_travels(rsession, tmp_path):
    path = tmp_path / "small.tif"
    pt.rast(nrows=2, ncols=2, vals=[-3, 1, 2, 3]).write_raster(path, datatype="int8")
    theirs = to_r(pt.rast(path))
    assert rsession.texts(rsession.call("terra::sources", theirs)) == [""]
    assert rsession.doubles(rsession.call("terra::values", theirs))[:, 0].tolist() == [-3, 1, 2, 3]


def test_a_header_of_another_version_is_refused():
    header = {**schema.describe(pt.rast(nrows=1, ncols=1)), "schema": 99}
    with pytest.raises(ArgumentError, match="version 99"):
        schema.from_text(json.dumps(header))


def test_what_python_took_away_from_a_file_is_gone_in_r(rsession, labelled_file):
    r = pt.rast(labelled_file)
    there = to_r(r)
    assert rsession.doubles(rsession.call("terra::is.factor", there))[0] == 1
    r.levels = None
    r.time = None
    there = to_r(r)
    assert rsession.doubles(rsession.call("terra::is.factor", there)).tolist() == [0, 0]
    assert rsession.doubles(rsession.parts(rsession.call("terra::timeInfo", there))[0]).tolist() == [0]
    assert rsession.texts(rsession.call("terra::sources", there)) == [str(labelled_file)]
    assert rsession.doubles(rsession.call("terra::values", there)).tolist() == [
        [1, 3],
        [2, 4],
        [1, 3],
        [2, 4],
    ]


def test_files_with_categories_or_flags_are_not_read(rsession, labelled_file, tmp_path):
    flags = tmp_path / "flags.tif"
    (pt.rast(labelled_file) > 1).write_raster(flags)
    for x in (pt.rast(labelled_file), pt.rast(flags)):
        there = to_r(x)
        assert rsession.doubles(rsession.call("terra::inMemory", there)).any() == 0
        assert rsession.texts(rsession.call("terra::sources", there)) == [x.sources()[0]]


@pytest.mark.filterwarnings("ignore:c. the times of the layers:pyterra.errors.PyterraWarning")
@pytest.mark.parametrize(
    ("other", "step", "times"),
    [
        (("seconds", "2020-01-02 06:00:00"), "seconds", [86400.0 * 18262, 86400.0 * 18263 + 21600]),
        (("years", 2021), "years", [2020.0, 2021.0]),  # as terra 1.9
        (("yearmonths", "2020-03-05"), "yearmonths", [2020.0, 2020 + 2 / 12]),
        (("months", 3), "", None),  # as terra 1.9
        (None, "days", [18262.0, None]),
    ],
)
def test_times_of_different_steps_are_told_in_a_common_one(other, step, times):
    x, y = pt.rast([[1]]).set_time("2020-01-01", "days"), pt.rast([[2]])
    if other is not None:
        y = y.set_time(other[1], other[0])
    told = schema.describe(pt.c(x, y))["layers"]
    assert (told["step"], told["time"]) == (step, times)


@pytest.mark.filterwarnings("ignore:c. the times of the layers:pyterra.errors.PyterraWarning")
def test_layers_with_and_without_time_go_to_r(rsession):
    there = to_r(pt.c(pt.rast([[1]]).set_time("2020-01-01", "days"), pt.rast([[2]])))
    assert rsession.doubles(rsession.call("terra::values", there)).ravel().tolist() == [1, 2]
    # which of them has one then depends on terra: 1.7-3 gives both the same


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")  # when it is written
@pytest.mark.filterwarnings(
    "ignore::pyterra.errors.RWarning"
)  # terra says, in words of its own, that it knows no place
def test_what_arrays_place_stays_placed(rsession, tmp_path):
    lon, lat = np.meshgrid(np.linspace(5, 6, 6), np.linspace(51, 50, 5))
    told = {"SRS": "EPSG:4326", "GEOREFERENCING_CONVENTION": "PIXEL_CENTER"}
    told |= {
        f"{axis}_{key}": value for axis in ("PIXEL", "LINE") for key, value in (("OFFSET", 0), ("STEP", 1))
    }
    told |= {f"{axis}_DATASET": tmp_path / "places.tif" for axis in "XY"} | {"X_BAND": 1, "Y_BAND": 2}
    kind = {"driver": "GTiff", "height": 5, "width": 6, "dtype": "float64"}
    with rasterio.open(tmp_path / "places.tif", "w", count=2, **kind) as file:
        file.write(np.stack([lon, lat]))
    with rasterio.open(tmp_path / "swath.tif", "w", count=1, **kind) as file:
        file.write(np.arange(30.0).reshape(1, 5, 6))
        file.update_tags(ns="GEOLOCATION", **{key: str(value) for key, value in told.items()})
    ours = pt.rast(tmp_path / "swath.tif")
    for theirs in (rsession.call("terra::rast", str(tmp_path / "swath.tif")), to_r(ours)):
        there = from_r(theirs)
        assert there.has_geoloc() == [True]
        found, expected = (raster.project("EPSG:3035").values() for raster in (there, ours))
        np.testing.assert_array_equal(found, expected)
