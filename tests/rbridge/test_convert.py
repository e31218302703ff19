"""Objects of terra go to Python and come back as they were; the cases are those of the R package's own tests."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError, PyterraWarning, RError
from pyterra.options import options
from pyterra.rbridge import from_r, schema, shapes, tables, to_r
from pyterra.rbridge.blocks import Rows, rows_of

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


def test_a_vector_made_here_arrives(rsession):
    frame = pd.DataFrame({"whole": [1, 2], "text": ["x", None]})
    ours = pt.vect(["POLYGON ((0 0, 1 0, 1 1, 0 0))", "POLYGON EMPTY"], atts=frame, crs="EPSG:4326")
    back = from_r(ours.to_r())
    assert back.geom(wkt=True) == ours.geom(wkt=True)
    assert back.values()["whole"].tolist() == [1, 2]
    assert rsession.number(rsession.call("length", ours.to_r())) == 2


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


def test_what_r_would_read_otherwise_travels(rsession, tmp_path):
    path = tmp_path / "small.tif"
    pt.rast(nrows=2, ncols=2, vals=[-3, 1, 2, 3]).write_raster(path, datatype="int8")
    theirs = to_r(pt.rast(path))
    assert rsession.texts(rsession.call("terra::sources", theirs)) == [""]
    assert rsession.doubles(rsession.call("terra::values", theirs))[:, 0].tolist() == [-3, 1, 2, 3]


def test_hostile_paths_and_names_are_data(rsession, tmp_path):
    name = "it's $(x) \"é\"; q('no') `a` [1] *.tif"
    path = tmp_path / name
    pt.rast(nrows=2, ncols=2, vals=[1, 2, 3, 4], names=[name]).write_raster(path, datatype="float64")
    theirs = to_r(pt.rast(path))
    assert rsession.texts(rsession.call("names", theirs)) == [name]
    assert rsession.texts(rsession.call("terra::sources", theirs)) == [str(path)]
    assert from_r(theirs).sources() == [str(path)]


def test_rasters_beyond_the_budget_go_through_a_file(rsession):
    theirs = rsession.call("terra::rast", nrows=300, ncols=400, vals=np.arange(120_000.0))
    with options(memory="2MB"):
        ours = from_r(theirs)
        assert not ours.in_memory()
        folder = Path(ours._node.source.path)
    assert folder.exists()
    with options(memory="200MB"):
        assert ours.to_numpy().ravel().tolist() == list(range(120_000))
        back = to_r(ours + 1)
    assert rsession.number(rsession.call("terra::minmax", back)) == 1
    del ours
    assert not folder.exists()


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


@pytest.mark.parametrize("rows", [1, 2, 3, 7])
def test_rows_make_the_raster_whatever_their_number(rows):
    ours = pt.rast(nrows=7, ncols=3, nlyrs=2, vals=np.arange(42.0), time=["2001-01-01", "2002-01-01"])
    header = schema.from_text(schema.to_text(schema.describe(ours)))
    taken = Rows(header)
    for row in range(0, 7, rows):
        taken.put(ours.to_numpy()[:, row : row + rows].astype(float), row, min(rows, 7 - row))
    made = taken.raster()
    np.testing.assert_array_equal(made.to_numpy(), ours.to_numpy())
    assert schema.describe(made) == header


def test_rows_out_of_order_or_missing_are_refused():
    taken = Rows(schema.describe(pt.rast(nrows=4, ncols=1, vals=[1, 2, 3, 4])))
    with pytest.raises(ArgumentError, match="row 0 is next, got 1"):
        taken.put(np.zeros(1), 1, 1)
    taken.put(np.zeros(2), 0, 2)
    with pytest.raises(ArgumentError, match="2 of 4 rows came"):
        taken.raster()


def test_rows_of_tiles_are_whole_rows(tmp_path):
    ours = pt.rast(nrows=1500, ncols=700, vals=np.arange(1_050_000.0))
    ours.write_raster(tmp_path / "tiled.tif", datatype="float64")
    stored = pt.rast(tmp_path / "tiled.tif").focal(3, "mean")
    pieces = list(rows_of(stored))
    assert [row for row, _, _ in pieces] == list(np.cumsum([0, *(n for _, n, _ in pieces)])[:-1])
    np.testing.assert_array_equal(np.concatenate([b for _, _, b in pieces], axis=1), stored.to_numpy())


def test_a_header_of_another_version_is_refused():
    header = {**schema.describe(pt.rast(nrows=1, ncols=1)), "schema": 99}
    with pytest.raises(ArgumentError, match="version 99"):
        schema.from_text(json.dumps(header))


def test_tables_keep_every_type_without_r():
    frame = pd.DataFrame(
        {
            "double": [0.1, np.nan],
            "whole": [1, 2],
            "missing": pd.array([7, None], dtype="Int64"),
            "flag": pd.array([True, None], dtype="boolean"),
            "text": ['é"', None],
            "date": pd.to_datetime(["2020-01-01", None]).as_unit("s"),
            "time": pd.to_datetime(["2020-01-01 00:00:00.25", None]).tz_localize("UTC").as_unit("us"),
            "class": pd.Categorical(["b", None], categories=["a", "b"]),
        }
    )
    header, numbers = tables.parts_of(frame)
    assert numbers.flags.f_contiguous
    back = tables.frame_of(json.loads(schema.to_text(header)), numbers)
    pd.testing.assert_frame_equal(back, frame)


def test_shapes_keep_parts_and_holes_without_r():
    texts = [
        "POLYGON ((0 0, 4 0, 4 4, 0 0), (1 0.5, 2 0.5, 2 1, 1 0.5))",
        "POLYGON EMPTY",
        "MULTIPOLYGON (((10 0, 11 0, 11 1, 10 0)), ((12 0, 13 0, 13 1, 12 0)))",
    ]
    ours = pt.vect(texts, crs="EPSG:3035")
    back = shapes.vector_of(*shapes.vector_parts(ours))
    assert back.geom(wkt=True) == ours.geom(wkt=True)
    assert back.crs == ours.crs


TABLES = {
    "matrix": (
        "{ d$m <- matrix(3:6, 2); d$z <- 7:8; d }",
        {"a": [1, 2], "m.1": [3, 4], "m.2": [5, 6], "z": [7, 8]},
    ),
    "matrix with names": (
        "{ d$m <- cbind(p = 3:4, q = 5:6); d }",
        {"a": [1, 2], "m.p": [3, 4], "m.q": [5, 6]},
    ),
    "table": ("{ d$t <- data.frame(p = 3:4, q = 5:6); d }", {"a": [1, 2], "t.p": [3, 4], "t.q": [5, 6]}),
    "array": ("{ d$v <- array(3:4); d }", {"a": [1, 2], "v": [3, 4]}),
    "a missing level": ("{ d$f <- addNA(factor(c('x', NA))); d }", {"a": [1, 2], "f": ["x", np.nan]}),
    "no names": ("unname(cbind(d, b = 3:4))", {"V1": [1, 2], "V2": [3, 4]}),
    "a missing name": ("setNames(d, NA)", {"NA": [1, 2]}),
    "as it is": ("{ d$v <- I(c(0.5, 4)); d }", {"a": [1, 2], "v": [0.5, 4]}),
}


@pytest.mark.parametrize(("code", "wanted"), TABLES.values(), ids=TABLES)
def test_columns_of_a_table_keep_their_places(rfun, code, wanted):
    found = from_r(rfun(f"{{ d <- data.frame(a = 1:2); {code} }}"))
    np.testing.assert_equal({name: found[name].tolist() for name in found.columns}, wanted)


def test_times_without_end_are_missing(rfun):
    found = from_r(
        rfun("data.frame(d = as.Date(c(Inf, 1), origin = '1970-01-01'), t = .POSIXct(c(-Inf, 1), 'UTC'))")
    )
    assert found.isna().to_numpy().tolist() == [[True, True], [False, False]]


def test_times_of_a_zone_that_is_not_known_are_told_in_utc(rfun):
    with pytest.warns(PyterraWarning, match="the time zone 'Nowhere/Land' of column 't' is not known"):
        found = from_r(rfun("data.frame(t = .POSIXct(3600, 'Nowhere/Land'))"))
    assert str(found["t"][0]) == "1970-01-01 01:00:00+00:00"


def test_integer64_arrives_as_whole_numbers(rsession, rfun):
    bits = np.array([1, 2**40 + 7, -5, -(2**63)], np.int64).view(np.float64)
    plain = rfun(
        "function(x) { d <- data.frame(n = seq_along(x)); d$v <- structure(x, class = 'integer64'); d }"
    )
    found = from_r(rsession.apply(plain, bits))["v"]
    assert found.tolist()[:3] == [1, 2**40 + 7, -5]
    assert found.isna().tolist() == [False, False, False, True]
    with pytest.raises(RError, match=r"column v: whole numbers must lie within 2\^53"):
        from_r(rsession.apply(plain, np.array([2**53 + 1], np.int64).view(np.float64)))


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("{ d$v <- structure(1:2, class = 'money'); d }", "column v: must hold numbers.* got money"),
        ("{ d$v <- as.difftime(c(1, 2), units = 'hours'); d }", "column v: must hold numbers.* got difftime"),
        ("{ d$v <- c(1i, 2i); d }", "got complex"),
        ("{ d$v <- array(1:8, c(2, 2, 2)); d }", "column v: must have 2 values as the table has rows, got 8"),
        ("{ attr(d, 'row.names') <- 1:3; d }", "column a: must have 3 values as the table has rows, got 2"),
    ],
)
def test_columns_that_would_arrive_as_something_else_are_refused(rfun, code, text):
    with pytest.raises(RError, match=text):
        from_r(rfun(f"{{ d <- data.frame(a = 1:2); {code} }}"))


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


@pytest.mark.filterwarnings("ignore:c. the times of the layers:pyterra.errors.PyterraWarning")
@pytest.mark.parametrize(
    ("other", "step", "times"),
    [
        (("seconds", "2020-01-02 06:00:00"), "seconds", [86400.0 * 18262, 86400.0 * 18263 + 21600]),
        (("years", 2021), "years", [2020.0, 2021.0]),  # as terra 1.9
        (("yearmonths", "2020-03-05"), "yearmonths", [2020.0, 2020 + 2 / 12]),
        (("months", 3), "days", [18262.0, None]),
        (None, "days", [18262.0, None]),
    ],
)
def test_times_of_different_steps_are_told_in_a_common_one(other, step, times):
    x, y = pt.rast([[1]]).set_time("2020-01-01", "days"), pt.rast([[2]])
    if other is not None:
        y = y.set_time(other[1], other[0])
    told = schema.describe(pt.c(x, y))["layers"]
    assert (told["step"], told["time"]) == (step, times)
