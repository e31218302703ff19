"""Times, units and tags of GeoTIFFs: every form that terra writes is read, before 1.8 and in 1.9."""

import json
import subprocess

import numpy as np
import pytest
import rasterio
from live.session import find_terra

import pyterra as pt
from pyterra.errors import PyterraWarning
from pyterra.io.raster.stamps import format_time, parse_time


def make(path, count=1, band_tags=(), **tags):
    profile = {
        "driver": "GTiff", "width": 2, "height": 2, "count": count, "dtype": "int16", "crs": "EPSG:32631",
        "transform": rasterio.Affine(10, 0, 5e5, 0, -10, 6e6),
    }  # fmt: skip
    with rasterio.open(path, "w", **profile) as file:
        file.write(np.arange(4 * count, dtype="int16").reshape(count, 2, 2))
        file.update_tags(**tags)
        for i, own in enumerate(band_tags):
            file.update_tags(i + 1, **own)
    return path


FORMS = [
    # terra before 1.8: day and month without zeros, January 1 as month 13, years and months as seconds
    ("2019-1-31", "days", np.datetime64("2019-01-31"), "days"),
    ("2018-13-1", "days", np.datetime64("2019-01-01"), "days"),
    ("2018-13-1 6:0:0", "seconds", np.datetime64("2019-01-01T06:00:00"), "seconds"),
    ("1850-1-15", "days", np.datetime64("1850-01-15"), "days"),
    ("992606400", "years", 2001.0, "years"),
    ("1252800", "months", 1.0, "months"),
    ("982238400", "yearmonths", 2001 + 1 / 12, "yearmonths"),
    ("3", "raw", 3.0, "raw"),
    # terra 1.9: zeros for what a step does not have
    ("2019-01-01", "", np.datetime64("2019-01-01"), "days"),
    ("2001-00-00", "", 2001.0, "years"),
    ("0000-12-00", "", 12.0, "months"),
    ("2001-02-00", "", 2001 + 1 / 12, "yearmonths"),
    ("2019-01-31T01:02:03zUTC", "", np.datetime64("2019-01-31T01:02:03"), "seconds"),
    ("2.5", "", 2.5, "raw"),
    # others
    ("2019-01-31T01:02:03Z", "", np.datetime64("2019-01-31T01:02:03"), "seconds"),
    ("2019-01-31 01:02:03+02:00", "", np.datetime64("2019-01-30T23:02:03"), "seconds"),
    ("2019-01-31 01:02:03.25", "", np.datetime64("2019-01-31T01:02:03.250"), "seconds"),
]


@pytest.mark.parametrize(("text", "step", "stamp", "expected"), FORMS)
def test_every_form_of_a_time_is_read(text, step, stamp, expected):
    assert parse_time(text, step) == (stamp, expected, "UTC" if text.endswith("zUTC") else "")


@pytest.mark.parametrize("text", ["", "NA", "2019-14-01", "2019-02-30", "0000-00-00", "yesterday"])
def test_what_is_no_time_is_an_error(text):
    with pytest.raises(ValueError, match=r"no time|[Dd]ay|month|Month"):
        parse_time(text)


@pytest.mark.parametrize(
    ("stamp", "step"),
    [
        (2001.0, "years"), (2001.5, "years"), (12.0, "months"), (2001 + 11 / 12, "yearmonths"), (2.5, "raw"),
        (-44.0, "years"),
        (np.datetime64("2019-01-31"), "days"), (np.datetime64("2019-01-31T01:02:03"), "seconds"),
        (np.datetime64("2019-01-31T01:02:03.250"), "seconds"),
    ],
)  # fmt: skip
def test_what_is_written_is_read(stamp, step):
    assert parse_time(format_time(stamp, step), step)[:2] == (
        pytest.approx(stamp) if step[0] == "y" else stamp,
        step,
    )


def test_zones_and_units_of_terra_are_read(tmp_path):
    tags = [
        {"DATE_TIME": "2019-01-31T00:02:03zEurope/Berlin", "UNIT": "m"},
        {"DATE_TIME": "2019-02-01T00:00:00zEurope/Berlin"},
    ]
    r = pt.rast(make(tmp_path / "a.tif", 2, tags))
    assert r.units == ["m", ""]
    assert {layer.zone for layer in r._node.layers} == {"Europe/Berlin"}
    assert r.time[0] == np.datetime64("2019-01-31T00:02:03")


@pytest.mark.parametrize(
    ("tags", "side"),
    [
        ([{"DATE_TIME": "2019-01-01"}, {}], None),
        ([{"DATE_TIME": "2019-01-01"}, {"DATE_TIME": "soon"}], None),
        ([], {"time": ["2019-1-1"], "timestep": "days"}),
        ([], {"time": ["NA", "2019-1-1"], "timestep": "days"}),
    ],
)
def test_times_that_cannot_be_read_are_said(tmp_path, tags, side):
    path = make(tmp_path / "a.tif", 2, tags)
    if side is not None:
        (tmp_path / "a.tif.aux.json").write_text(json.dumps(side))
    with pytest.warns(PyterraWarning, match=r"a\.tif: the layers have no time"):
        assert pt.rast(path).time is None


@pytest.mark.parametrize("meaning", ["Area", "Point"])
@pytest.mark.parametrize("format", ["GTiff", "COG"])
def test_tags_go_with_the_values_of_a_file(tmp_path, meaning, format):
    path = make(
        tmp_path / "a.tif",
        2,
        [{"sensor": "A", "STATISTICS_MEAN": "99"}, {}],
        AREA_OR_POINT=meaning,
        project="x",
    )
    r = pt.rast(path)
    back = r[[1, 0]].write_raster(tmp_path / "b.tif", format=format, tags={"more": "y"})
    with rasterio.open(tmp_path / "b.tif") as file:
        tags = file.tags()
        assert (tags["AREA_OR_POINT"], tags["project"], tags["more"]) == (meaning, "x", "y")
        assert file.tags(2)["sensor"] == "A"
        assert "sensor" not in file.tags(1)
        assert file.tags(2)["STATISTICS_MEAN"] == "1.5"
    assert back.ext == r.ext
    (r + 1).write_raster(tmp_path / "c.tif")
    with rasterio.open(tmp_path / "c.tif") as file:
        assert "project" not in file.tags()


# Live terra, whichever version is there

SCRIPT = """
suppressMessages(library(terra)); folder <- commandArgs(TRUE)[1]
r <- rast(nrows=2, ncols=2, nlyrs=3, xmin=0, xmax=2, ymin=0, ymax=2, vals=1:12)
names(r) <- c("a", "b c", "d"); units(r) <- c("m", "kg", "")
steps <- list(days=as.Date(c("2019-01-01", "2018-12-31", "1850-01-15")),
  seconds=as.POSIXct(c("2019-01-01 00:00:00", "2019-01-31 01:02:03", "2019-12-01 23:00:00"), tz="UTC"),
  years=c(2001, 2002, 1960), months=c(1, 2, 12), raw=c(1, 2, 3),
  yearmonths=as.Date(c("2001-01-15", "2001-02-15", "2002-12-15")))
for (step in names(steps)) {
  x <- r
  if (step %in% c("days", "seconds")) time(x) <- steps[[step]] else time(x, tstep=step) <- steps[[step]]
  writeRaster(x, file.path(folder, paste0(step, ".tif")))
}
x <- rast(nrows=2, ncols=2, xmin=0, xmax=2, ymin=0, ymax=2, vals=c(1, 2, 2, 3))
levels(x) <- data.frame(id=1:3, cover=c("forest", "water", "mixed wood")); names(x) <- "lc"
writeRaster(x, file.path(folder, "classes.tif"))
"""
EXPECTED = {
    "days": np.array(["2019-01-01", "2018-12-31", "1850-01-15"], "datetime64[D]"),
    "seconds": np.array(
        ["2019-01-01T00:00:00", "2019-01-31T01:02:03", "2019-12-01T23:00:00"], "datetime64[s]"
    ),
    "years": np.array([2001.0, 2002, 1960]),
    "months": np.array([1.0, 2, 12]),
    "raw": np.array([1.0, 2, 3]),
    "yearmonths": np.array([2001, 2001 + 1 / 12, 2002 + 11 / 12]),
}
READ = """
suppressMessages(library(terra)); r <- rast(commandArgs(TRUE)[1])
cat(timeInfo(r)$step, format(time(r), digits=10), sep="|")
"""


@pytest.fixture(scope="module")
def rscript():
    found = find_terra()
    if found is None:
        pytest.skip("needs R with terra: apt-get install r-cran-terra")
    return found


@pytest.fixture(scope="module")
def of_terra(rscript, tmp_path_factory):
    """A folder of files that terra wrote."""
    folder = tmp_path_factory.mktemp("terra")
    subprocess.run([rscript, "--vanilla", "-e", SCRIPT, str(folder)], check=True, capture_output=True)
    return folder


@pytest.mark.r
@pytest.mark.parametrize("step", EXPECTED)
def test_files_of_terra_are_read_with_all_they_hold(of_terra, step):
    r = pt.rast(of_terra / f"{step}.tif")
    assert (r.names, r.units, r.time_info()) == (["a", "b c", "d"], ["m", "kg", ""], step)
    if r.time.dtype.kind == "M":
        assert (r.time == EXPECTED[step]).all()
    else:
        np.testing.assert_allclose(np.asarray(r.time, float), EXPECTED[step])


@pytest.mark.r
def test_classes_of_terra_are_read(of_terra):
    r = pt.rast(of_terra / "classes.tif")
    assert (r.names, r.is_factor()) == (["lc"], [True])
    assert r.levels[0].to_numpy().tolist() == [[1, "forest"], [2, "water"], [3, "mixed wood"]]


@pytest.mark.r
@pytest.mark.parametrize("step", ["days", "seconds", "years", "months", "yearmonths"])
def test_terra_reads_the_times_that_are_written(rscript, tmp_path, step):
    ask = "cat(as.character(packageVersion('terra')))"
    version = subprocess.run(
        [rscript, "--vanilla", "-e", ask], capture_output=True, text=True, check=True
    ).stdout
    if version.startswith("1.7"):
        pytest.skip("terra before 1.8 reads no times of GeoTIFFs but from its own side file")
    r = pt.rast(np.zeros((3, 1, 2)), extent=(0, 2, 0, 1)).set_time(list(EXPECTED[step]), step)
    r.write_raster(tmp_path / "a.tif")
    answer = subprocess.run(
        [rscript, "--vanilla", "-e", READ, str(tmp_path / "a.tif")],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("|")
    assert answer[0] == step
    if step in ("days", "seconds"):
        assert [np.datetime64(v.replace(" ", "T")) for v in answer[1:]] == list(EXPECTED[step])
    else:
        np.testing.assert_allclose([float(v) for v in answer[1:]], EXPECTED[step], atol=1e-3)
