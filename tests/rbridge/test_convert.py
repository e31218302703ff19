"""Objects of terra go to Python and come back as they were; the cases are those of the R package's own tests."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError, RError
from pyterra.rbridge import from_r, to_r

HELPER = Path(__file__).parents[2] / "r/tests/testthat/helper-round_trip.R"
SEED = int(os.environ.get("PYTERRA_SEED", 20240501))
RANDOM = 30


@pytest.fixture(scope="module")
def r(rsession):
    """Functions of the file with the cases, by name."""
    environment = rsession.call("new.env", parent=rsession.environment)
    rsession.call("sys.source", str(HELPER), envir=environment)
    rsession.call("set.seed", SEED)
    return lambda name, *given, **named: rsession.apply(environment[name], *given, **named)


@pytest.fixture(scope="module")
def rasters(rsession, r, tmp_path_factory):
    """Rasters of R by name."""
    found = r("round_trip_rasters", str(tmp_path_factory.mktemp("files")))
    return dict(zip(rsession.texts(found.names), found, strict=True))


RASTERS = """plain integer logical described days seconds zone years months yearmonths raw_time levels levels_and_numbers
colors rgb empty empty_layers no_crs kinds file band bands file_renamed na_flag window files file_and_memory scale
levels_file""".split()
VECTORS = "polygons attributes points multipoints lines none one_column".split()
MIXED = {"levels_and_numbers", "kinds", "files", "file_and_memory"}
MEASURED = {"window", "file_and_memory"}
"""Range: that of the whole file, or as the file states it, becomes that of the values."""
LAZY = {"file", "band", "bands", "file_renamed", "files", "scale", "levels_file"}


def test_the_lists_of_cases_are_those_of_r(rsession, r, rasters):
    assert list(rasters) == RASTERS
    assert rsession.texts(r("round_trip_vectors").names) == VECTORS


@pytest.mark.parametrize("name", RASTERS)
def test_a_raster_comes_back_as_it_was(rsession, r, rasters, name):
    back = to_r(from_r(rasters[name]))
    found = r("raster_differences", rasters[name], back, mixed=name in MIXED, statistics=name in MEASURED)
    assert rsession.texts(found) == []


@pytest.mark.parametrize("name", sorted(set(RASTERS) - {"empty", "empty_layers"}))
def test_values_here_are_those_of_r(rsession, rasters, name):
    ours = from_r(rasters[name])
    theirs = rsession.doubles(rsession.call("terra::values", rasters[name]))
    np.testing.assert_array_equal(ours.values(), theirs)


@pytest.mark.parametrize("name", RASTERS)
def test_a_raster_of_files_is_not_read(rasters, name):
    ours = from_r(rasters[name])
    assert (ours.has_values() and not ours.in_memory()) == (name in LAZY)


def test_missing_values_of_r_are_silent_here_and_na_there(rsession):
    theirs = rsession.call("terra::rast", nrows=1, ncols=3, vals=rsession.rinterface.evalr("c(NA, -0, 1.5)"))
    ours = from_r(theirs)
    with np.errstate(all="raise"):
        np.testing.assert_array_equal((ours.to_numpy() - 1).ravel(), [np.nan, -1, 0.5])
    assert np.signbit(ours.to_numpy().ravel()).tolist()[1]
    back = rsession.call("terra::values", to_r(ours))
    assert rsession.call("is.nan", back)[0] is False
    table = from_r(to_r(pd.DataFrame({"x": [1.0, np.nan]})))
    with np.errstate(all="raise"):
        assert (table["x"] + 1).tolist()[0] == 2


def test_what_is_known_of_layers_arrives(rasters):
    described, days, zone = (from_r(rasters[name]) for name in ("described", "days", "zone"))
    assert described.names == ["a é", "a é"]
    assert described.units == ["m", "°C"]
    assert described.depth == [1.0, 2.5]
    assert days.time.tolist() == pd.to_datetime(["2001-02-03", "1907-12-31"]).date.tolist()
    assert str(zone.time[0]) == "2001-02-03T03:05:06"
    assert from_r(rasters["years"]).time.tolist() == [1999, 2020]
    levels = from_r(rasters["levels"])
    assert levels.is_factor() == [True]
    assert levels.active_cat == [1]
    assert levels.cats()[0]["name"].tolist()[:2] == ["ä", "b"]
    assert from_r(rasters["colors"]).colors[0][1] == (255, 0, 0, 128)
    assert from_r(rasters["kinds"]).is_bool() == [False, False, True]


def test_names_set_here_arrive_and_a_file_stays_a_file(rsession, rasters):
    ours = from_r(rasters["file"])
    ours.names = ["one", "two"]
    back = to_r(ours)
    assert rsession.texts(rsession.call("names", back)) == ["one", "two"]
    assert all(
        str(path).endswith("stored.tif") for path in rsession.texts(rsession.call("terra::sources", back))
    )


def test_a_changed_window_travels_as_values(rsession, rasters):
    ours = from_r(rasters["window"])
    doubled = rsession.doubles(rsession.call("terra::values", to_r(ours * 2)))
    np.testing.assert_array_equal(doubled, ours.values() * 2)


def test_random_rasters_come_back(rsession, r):
    for i in range(RANDOM):
        theirs = r("random_raster")
        found = rsession.texts(r("raster_differences", theirs, to_r(from_r(theirs))))
        assert found == [], f"raster {i} of seed {SEED}"


@pytest.mark.parametrize("name", VECTORS)
def test_a_vector_comes_back_as_it_was(rsession, r, name):
    theirs = r("round_trip_vectors")[VECTORS.index(name)]
    assert rsession.texts(r("vector_differences", theirs, to_r(from_r(theirs)))) == []


def test_random_vectors_come_back(rsession, r):
    for i in range(RANDOM):
        theirs = r("random_vector")
        found = rsession.texts(r("vector_differences", theirs, to_r(from_r(theirs))))
        assert found == [], f"vector {i} of seed {SEED}"


def test_attributes_have_the_types_of_python(r):
    table = from_r(r("round_trip_vectors")[VECTORS.index("attributes")]).values()
    assert table["f"].dtype == pd.CategoricalDtype(["b", "a"])
    assert table["l"].dtype == "boolean"
    assert table["i"].dtype == "Int64"
    assert str(table["t"].dtype) == "datetime64[us, UTC]"
    assert table["s"].tolist()[0] == 'é\n"\\'
    assert all(pd.isna(table[name].iloc[1]) for name in table)


def test_an_extent_and_a_table_go_both_ways():
    assert from_r(pt.ext(1, 2, 3, 4.5).to_r()) == pt.ext(1, 2, 3, 4.5)
    frame = pd.DataFrame(
        {
            "x": [0.1 + 0.2, np.nan],
            "when": pd.to_datetime(["2020-01-01 10:00", None]).tz_localize("Asia/Tokyo"),
            "kind": pd.Categorical(["u", None], categories=["v", "u"], ordered=True),
        }
    )
    pd.testing.assert_frame_equal(from_r(to_r(frame)), frame, check_dtype=False)


def test_an_object_of_sf_arrives(rsession, rpackage, r):
    rpackage("sf")
    theirs = r("round_trip_vectors")[0]
    ours = from_r(rsession.call("sf::st_as_sf", theirs))
    assert ours.geom(wkt=True) == from_r(theirs).geom(wkt=True)


def test_collections_go_both_ways(rsession, r, rasters):
    plain, integer = from_r(rasters["plain"]), from_r(rasters["integer"])
    for made, name in (
        (pt.sds(a=plain, b=integer), "a b"),
        (pt.sprc(plain, integer.crop(pt.ext(0, 2, 0, 3))), " "),
    ):
        back = from_r(to_r(made))
        assert type(back) is type(made)
        assert back.names == name.split(" ")
        for one, other in zip(back, made, strict=True):
            np.testing.assert_array_equal(one.to_numpy(), other.to_numpy())
    vectors = r("round_trip_vectors")
    held = rsession.call("terra::svc", rsession.rinterface.ListSexpVector([vectors[0], vectors[2]]))
    ours = from_r(held)
    assert [v.geomtype() for v in ours] == ["polygons", "points"]
    assert rsession.number(rsession.call("length", to_r(ours))) == 2


def test_other_things_are_refused(rsession):
    with pytest.raises(ArgumentError, match="must be an R object, got int"):
        from_r(3)
    with pytest.raises(ArgumentError, match="got R's function"):
        from_r(rsession.rinterface.baseenv["sum"])
    with pytest.raises(ArgumentError, match="to_r: must be"):
        to_r("text")
    with pytest.raises(ArgumentError, match="within 2\\^53"):
        to_r(pd.DataFrame({"id": [2**60]}))


def test_hostile_paths_and_names_are_data(rsession, tmp_path):
    name = "it's $(x) \"é\"; q('no') `a` [1] *.tif"
    path = tmp_path / name
    pt.rast(nrows=2, ncols=2, vals=[1, 2, 3, 4], names=[name]).write_raster(path, datatype="float64")
    theirs = to_r(pt.rast(path))
    assert rsession.texts(rsession.call("names", theirs)) == [name]
    assert rsession.texts(rsession.call("terra::sources", theirs)) == [str(path)]
    assert from_r(theirs).sources() == [str(path)]


def test_the_converter_of_rpy2_works_in_its_block(rsession):
    robjects = pytest.importorskip("rpy2.robjects")
    from pyterra.rbridge import converter

    with (robjects.default_converter + converter).context():
        x = robjects.r("terra::rast(nrows = 2, ncols = 2, vals = 1:4)")
        assert isinstance(x, pt.SpatRaster)
        assert robjects.r("function(x) terra::global(x, 'sum')[1, 1]")(x * 10)[0] == 100
        assert robjects.r("methods::new('numeric')") is not None
    assert not isinstance(robjects.r("terra::rast(nrows = 2, ncols = 2)"), pt.SpatRaster)


# Without R: the headers.


@pytest.mark.parametrize("kind", ["POINT (0 0)", "LINESTRING (0 0, 1 1)", "POLYGON ((0 0, 1 0, 1 1, 0 0))"])
def test_a_vector_without_records_keeps_its_columns(rsession, rfun, kind):
    full = pt.vect([kind], crs="EPSG:4326").set_values(
        pd.DataFrame({"n": [1.5], "text": ["a"], "flag": [True]})
    )
    there = to_r(full[:0])
    assert rsession.number(rsession.call("nrow", there)) == 0
    assert rsession.texts(rsession.call("names", there)) == ["n", "text", "flag"]
    back = from_r(there)
    assert (len(back), back.names) == (0, ["n", "text", "flag"])
    assert "4326" in back.wkt
    empty = from_r(rfun("{ v <- terra::vect('POINT (1 1)'); v$k <- 1L; v[0, ] }"))
    assert (len(empty), empty.names) == (0, ["k"])


def test_nothing_of_r_is_none(rfun):
    assert from_r(rfun("NULL")) is None
    assert from_r(rfun("invisible(NULL)")) is None


def test_tables_of_geopandas_go_as_vectors(rsession):
    import geopandas as gpd

    table = gpd.GeoDataFrame({"n": [1, 2]}, geometry=gpd.points_from_xy([1, 2], [3, 4]), crs="EPSG:4326")
    for given in (table, table.geometry):
        there = to_r(given)
        assert rsession.doubles(rsession.call("terra::crds", there)).tolist() == [[1, 3], [2, 4]]
    assert rsession.texts(rsession.call("names", to_r(table))) == ["n"]


def test_an_object_of_a_session_that_has_ended_says_so(rsession, rfun, terra, tmp_path):
    path = str(tmp_path / "dead.rds")
    rsession.call("saveRDS", terra(pt.rast(np.ones((1, 2, 2)))), path)
    with pytest.raises(RError, match="of a session of R that has ended, and empty now; save objects"):
        from_r(rsession.call("readRDS", path))


def test_a_package_that_r_lacks_is_told_with_the_cure(rsession):
    with pytest.raises(
        RError,
        match=r"the package nowhere is needed, and not installed in R; use install.packages\('nowhere'\)",
    ):
        rsession.call("nowhere::f")
