"""What a vector holds comes back from every format as far as the format has it; what is wrong is said with its place."""

import datetime
import decimal
import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

import pyterra as pt
from pyterra.errors import PyterraWarning, SourceError, WriteError

GOOD = ["gpkg", "fgb", "parquet"]
ALL = [*GOOD, "shp", "geojson", "geojsonl", "gml", "kml"]
POINTS = [shapely.Point(1, 2), shapely.Point(3, 4), shapely.Point(5, 6)]


def vector(shapes=POINTS, crs="EPSG:4326", **columns):
    return pt.vect(gpd.GeoDataFrame(columns, geometry=list(shapes), crs=crs))


def there_and_back(v, path, **more):
    """What is read; a FlatGeobuf has its records in the order of its index, here they are put back."""
    names = v.names
    v["row"] = np.arange(len(v))
    v.write_vector(path, **more)
    back = pt.vect(path)
    back = back[np.argsort(np.asarray(back["row"], int))]
    return back[[name for name in back.names if name in names]]


SHAPES = {
    "points": POINTS,
    "lines": [shapely.LineString([(0, 0), (1, i)]) for i in (1, 2, 3)],
    "polygons": [shapely.box(i, 0, i + 1, 1) for i in (1, 3, 5)],
    "several polygons": [
        shapely.box(0, 0, 1, 1),
        shapely.MultiPolygon([shapely.box(2, 0, 3, 1)]),
        shapely.box(5, 0, 6, 1),
    ],
}


@pytest.mark.filterwarnings("ignore:.*KML changes .* as text")
@pytest.mark.parametrize("ending", ALL)
@pytest.mark.parametrize("shapes", SHAPES)
def test_a_missing_geometry_stays_missing(tmp_path, ending, shapes):
    given = list(SHAPES[shapes])
    given[1] = None
    back = there_and_back(vector(given, n=[1, 2, 3]), tmp_path / f"a.{ending}")
    assert len(back) == 3
    assert shapely.is_empty(back.geoms).tolist() == [False, True, False]
    assert back.geoms[0].equals(given[0])
    assert back.geoms[2].equals(given[2])
    assert [str(n) for n in back["n"]] == ["1", "2", "3"]


@pytest.mark.parametrize("ending", ["gpkg", "fgb", "shp"])
def test_a_layer_without_any_geometry_keeps_its_kind(tmp_path, ending):
    v = vector([shapely.box(0, 0, 1, 1), None, None], n=[1, 2, 3])[1:]
    back = there_and_back(v, tmp_path / f"a.{ending}")
    assert (back.geomtype(), len(back)) == ("polygons", 2)


@pytest.mark.parametrize("ending", GOOD)
def test_columns_without_any_value_keep_their_type(tmp_path, ending):
    v = vector(
        n=pd.array([None] * 3, dtype="Int64"),
        b=pd.array([None] * 3, dtype="boolean"),
        s=pd.array([None] * 3, dtype="str"),
    )
    back = there_and_back(v, tmp_path / f"a.{ending}").values()
    assert [str(t) for t in back.dtypes] == ["Int64", "boolean", str(pd.Series(["a"]).dtype)]


COLUMNS = {
    "whole": pd.array([1, None, 3], dtype="Int64"),
    "small": pd.array([1, None, -3], dtype="Int32"),
    "logical": pd.array([True, None, False], dtype="boolean"),
    "date": pd.to_datetime(["2020-01-31", None, "1850-02-01"]).as_unit("us"),
    "full whole": np.array([1, 2, 3]),
    "full logical": np.array([True, False, True]),
    "number": np.array([1.5, np.nan, 3.0]),
    "text": pd.array(["a", None, "c"], dtype="str"),
}
KEPT = {"shp": COLUMNS, "geojson": COLUMNS, **dict.fromkeys(GOOD, COLUMNS)}


@pytest.mark.parametrize("ending", KEPT)
@pytest.mark.parametrize("column", COLUMNS)
def test_columns_come_back_as_they_were(tmp_path, ending, column):
    v = vector(x=COLUMNS[column])
    back = there_and_back(v, tmp_path / f"a.{ending}")
    same_type = column not in ("whole", "small", "full whole") or ending in GOOD
    pd.testing.assert_series_equal(
        back["x"] if isinstance(back["x"], pd.Series) else pd.Series(back["x"]),
        v["x"] if isinstance(v["x"], pd.Series) else pd.Series(v["x"]),
        check_dtype=same_type,
    )
    assert back.values()["x"].isna().tolist() == v.values()["x"].isna().tolist()
    assert pd.api.types.is_integer_dtype(back.values()["x"]) == pd.api.types.is_integer_dtype(v.values()["x"])


@pytest.mark.parametrize("ending", GOOD)
def test_large_whole_numbers_beside_missing_ones_are_exact(tmp_path, ending):
    back = there_and_back(
        vector(x=pd.array([2**60 + 1, None, 2**53 + 1], dtype="Int64")), tmp_path / f"a.{ending}"
    )
    assert back["x"].tolist()[::2] == [2**60 + 1, 2**53 + 1]
    assert back.values()["x"].dtype == "Int64"


@pytest.mark.parametrize("ending", [*GOOD, "shp", "geojson"])
def test_dates_of_python_are_dates(tmp_path, ending):
    v = vector(x=[datetime.date(2020, 1, 31), None, datetime.date(1850, 2, 1)])
    back = there_and_back(v, tmp_path / f"a.{ending}").values()["x"]
    assert back.dtype == "datetime64[us]"
    assert back.isna().tolist() == [False, True, False]
    assert back[0] == pd.Timestamp("2020-01-31")


@pytest.mark.parametrize("ending", GOOD)
def test_moments_with_a_zone_stay_the_same_moments(tmp_path, ending):
    v = vector(x=pd.to_datetime(["2020-01-31 12:00", None, "2020-07-01 12:00"]).tz_localize("Europe/Berlin"))
    back = there_and_back(v, tmp_path / f"a.{ending}").values()["x"]
    assert (back.dropna().dt.tz_convert("UTC") == v.values()["x"].dropna().dt.tz_convert("UTC")).all()


def test_categories_come_back_from_geoparquet(tmp_path):
    v = vector(x=pd.Categorical(["b", None, "a"], categories=["b", "a", "never"], ordered=True))
    back = there_and_back(v, tmp_path / "a.parquet").values()["x"]
    pd.testing.assert_series_equal(back, v.values()["x"])
    assert there_and_back(v, tmp_path / "a.gpkg")["x"].tolist()[::2] == ["b", "a"]


@pytest.mark.parametrize("ending", [*GOOD, "shp", "geojson"])
@pytest.mark.parametrize("name", ["fid", "FID", "ogc_fid"])
def test_a_column_called_fid_is_a_column(tmp_path, ending, name):
    back = there_and_back(vector(**{name: [7, 7, 9], "ogc": [1, 2, 3]}), tmp_path / f"a.{ending}")
    assert back[name].tolist() == [7, 7, 9]
    assert back.names == [name, "ogc"]


@pytest.mark.parametrize("ending", ["geojson", "geojsonl", "kml"])
@pytest.mark.parametrize("crs", ["EPSG:3035", None])
def test_formats_for_lon_lat_say_what_becomes_of_another_crs(tmp_path, ending, crs):
    v = vector([shapely.Point(4e6, 3e6)] if crs else [shapely.Point(1, 2)], crs, n=["a"])
    with pytest.warns(PyterraWarning, match=r"(lon/lat WGS 84; the CRS|has no CRS).*project\("):
        v.write_vector(tmp_path / f"a.{ending}")


def test_geojson_of_lon_lat_says_nothing(tmp_path):
    for crs in ("EPSG:4326", "OGC:CRS84"):
        assert len(there_and_back(vector(crs=crs, n=[1, 2, 3]), tmp_path / "a.geojson", overwrite=True)) == 3


# What a format cannot hold is refused, or told


TOLD = {
    "times": (np.array([datetime.time(12, 30), None, None], object), "gpkg fgb shp kml", "time comes back as text"),
    "lists": (np.array([[1, 2], None, [3]], object), "gpkg fgb shp gml", "list comes back as text"),
    "mappings": (np.array([{"a": 1}, None, {}], object), "gpkg parquet", "dict comes back as text"),
    "decimals": (np.array([decimal.Decimal("1.10"), None, None], object), "gpkg geojson", "Decimal comes back as text"),
    "numbers and texts": (np.array([1, "a", None], object), "gpkg parquet", "int comes back as text"),
    "microseconds": (pd.to_datetime(["2020-01-31 12:00:01.123456", None, None]), "gpkg fgb geojson", "times are rounded"),
    "moments": (pd.to_datetime(["2020-01-31 12:00:01", None, None]), "kml", "Timestamp comes back as text"),
    "empty texts": (np.array(["a", "", None], object), "shp gml", "'' comes back as missing"),
    "long texts": (np.array(["x" * 300, "a", None], object), "shp", "texts are cut"),
    "infinity": (np.array([np.inf, 1, 2]), "geojson", "inf comes back as missing"),
    "large whole numbers": (np.array([2**62 + 1, 1, 2]), "shp", "numbers are rounded: 4611686018427387905 of"),
    "whole numbers": (np.array([1, 2, 3]), "kml", "int64 comes back as text"),
    "logical": (np.array([True, False, True]), "kml", "bool comes back as int32"),
}  # fmt: skip


@pytest.mark.filterwarnings(
    "ignore:.*created as String field", "ignore:.*has been truncated", "ignore:.*Infinity value found"
)
@pytest.mark.parametrize(
    ("column", "ending"), [(name, end) for name, (_, ends, _) in TOLD.items() for end in ends.split()]
)
def test_values_that_come_back_otherwise_are_told(tmp_path, column, ending):
    values, _, said = TOLD[column]
    with pytest.warns(PyterraWarning, match=rf"a\.{ending}: .* changes column 'x': {said}"):
        vector(x=values).write_vector(tmp_path / f"a.{ending}")


REFUSED = {
    "NUL": (np.array(["a\0b", "c", None], object), "gpkg fgb shp geojson gml kml", r"record 0, column 'x': 'a\\x00b'"),
    "bytes": (np.array([b"a", None, b""], object), "gpkg fgb shp geojson", r"column 'x' .*bytes .*GeoParquet"),
    "huge": (np.array([2**70, 1, 2], object), "gpkg parquet", r"column 'x' .*record 0 has 1180591620717411303424"),
    "beyond a DBF": (np.array([1, 1e300, 2]), "shp", r"record 1, column 'x': 1e\+300 was written"),
    "control characters": (np.array(["a", "b\x01", "c"], object), "kml gml", r"record 1, column 'x': 'b\\x01' was"),
}  # fmt: skip


@pytest.mark.filterwarnings("ignore:.*not successfully written")
@pytest.mark.parametrize(
    ("column", "ending"), [(name, end) for name, (_, ends, _) in REFUSED.items() for end in ends.split()]
)
def test_values_that_would_be_lost_are_refused(tmp_path, column, ending):
    values, _, said = REFUSED[column]
    with pytest.raises(WriteError, match=rf"a\.{ending}.* {said}"):
        vector(x=values).write_vector(tmp_path / f"a.{ending}")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "values",
    [
        np.array([b"\0\xff", None, b""], object),
        np.array([decimal.Decimal("1.10"), None, decimal.Decimal(2)], object),
        np.array([datetime.time(12, 30, 1, 5), None, datetime.time(0)], object),
        pd.to_timedelta([1, None, 3], unit="s"),
    ],
)
def test_geoparquet_keeps_more_types(tmp_path, values):
    back = there_and_back(vector(x=values), tmp_path / "a.parquet")["x"]
    assert back.isna().tolist() == [False, True, False]
    assert back.tolist()[::2] == pd.Series(values).tolist()[::2]


def test_lists_come_back_from_geoparquet_and_geojson(tmp_path):
    v = vector(x=np.array([["a"], None, ["b", "c"]], object))
    for ending in ("parquet", "geojson"):
        back = there_and_back(v, tmp_path / f"a.{ending}")["x"].tolist()
        assert [list(back[0]), list(back[2])] == [["a"], ["b", "c"]]
    texts = np.array(['{"a":1}', "[1]", "null"], object)  # text stays text
    assert there_and_back(vector(x=texts), tmp_path / "b.geojson")["x"].tolist() == texts.tolist()


@pytest.mark.parametrize("ending", GOOD)
def test_categories_that_are_numbers_come_back_as_numbers(tmp_path, ending):
    back = there_and_back(vector(x=pd.Categorical([1, None, 3])), tmp_path / f"a.{ending}").values()["x"]
    assert str(back.dtype) == "Int64"
    assert back.tolist()[::2] == [1, 3]


@pytest.mark.parametrize("ending", [*GOOD, "geojson"])
def test_moments_of_old_zones_stay_the_same_moments(tmp_path, ending):
    """Berlin was 53 minutes and 28 seconds ahead; files count quarters of an hour."""
    v = vector(x=pd.to_datetime(["1880-01-31 12:00"] * 3).tz_localize("Europe/Berlin"))
    back = there_and_back(v, tmp_path / f"a.{ending}")["x"]
    assert back.dt.tz_convert("UTC").tolist() == [pd.Timestamp("1880-01-31 11:06:32", tz="UTC")] * 3


@pytest.mark.parametrize("ending", ["gpkg", "gml", "kml"])
def test_names_that_differ_in_case_alone_are_refused(tmp_path, ending):
    with pytest.raises(WriteError, match=r"does not tell the columns 'a' and 'A' apart; rename"):
        vector(a=[1, 2, 3], A=[4, 5, 6]).write_vector(tmp_path / f"a.{ending}")
    back = there_and_back(vector(a=[1, 2, 3], A=[4, 5, 6]), tmp_path / "a.fgb")
    assert [back["a"].tolist(), back["A"].tolist()] == [[1, 2, 3], [4, 5, 6]]


@pytest.mark.parametrize("ending", ["geojson", "geojsonl", *GOOD, "shp"])
def test_coordinates_come_back_to_the_last_bit(tmp_path, ending):
    xy = np.random.default_rng(1).random((50, 2)) * 360 - 180
    v = pt.vect(xy, crs="EPSG:4326", atts={"n": np.arange(50)})
    assert np.array_equal(there_and_back(v, tmp_path / f"a.{ending}").crds(), xy)


@pytest.mark.filterwarnings("ignore:.*Longitude inf", "ignore:.*Infinite or NaN")
@pytest.mark.parametrize("ending", ["geojson", "gml", "kml", "shp"])
def test_coordinates_that_a_format_cannot_hold_are_refused(tmp_path, ending):
    with pytest.raises(WriteError, match=r"geometry|non-finite"):
        vector([shapely.Point(np.inf, 1)], name=["a"]).write_vector(tmp_path / f"a.{ending}")
    assert list(tmp_path.iterdir()) == []


def test_fewer_digits_are_written_where_asked(tmp_path):
    path = tmp_path / "a.geojson"
    vector([shapely.Point(1.23456, 2)], n=[1]).write_vector(path, options={"COORDINATE_PRECISION": 2})
    assert pt.vect(path).crds().tolist() == [[1.23, 2]]


def test_lines_of_gpx_are_read(tmp_path):
    for shapes in (
        SHAPES["lines"],
        [shapely.MultiLineString([[(0, 0), (1, 1)], [(2, 2), (3, 3)]]), *SHAPES["lines"][:2]],
    ):
        vector(shapes, name=["a", "b", "c"]).write_vector(tmp_path / "a.gpx", overwrite=True)
        back = pt.vect(tmp_path / "a.gpx")
        assert (back.geomtype(), back["name"].tolist()) == ("lines", ["a", "b", "c"])


def test_gml_comes_with_its_schema_and_no_traces_of_its_making(tmp_path):
    vector(x=np.array([1.0, 2.0, 3.0])).write_vector(tmp_path / "a.gml")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.gml", "a.xsd"]
    assert ".part" not in (tmp_path / "a.gml").read_text()
    assert pt.vect(tmp_path / "a.gml")["x"].dtype == float


# Errors


def test_a_column_that_no_file_can_hold_is_named(tmp_path):
    for values, text in (
        (np.array([1, 2, 2**63 + 5], "uint64"), r"column 'x' .*record 2 has"),
        (pd.to_timedelta([1, 2, 3], unit="s"), r"column 'x' .*timedelta64.* convert"),
        (pd.period_range("2020", periods=3, freq="M"), r"column 'x' .*period.* convert"),
    ):
        with pytest.raises(WriteError, match=rf"a\.gpkg: {text}"):
            vector(x=values).write_vector(tmp_path / "a.gpkg")
    assert list(tmp_path.iterdir()) == []


def test_a_geometry_that_cannot_be_read_is_named(tmp_path):
    path = tmp_path / "a.geojson"
    good = {
        "type": "Feature",
        "properties": {},
        "geometry": {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]},
    }
    bad = {
        "type": "Feature",
        "properties": {},
        "geometry": {"type": "Polygon", "coordinates": [[[0, 0], [1, 0]]]},
    }
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [good, bad]}))
    with pytest.raises(SourceError, match=r"a\.geojson: the geometry of record 1 cannot be read"):
        pt.vect(path)


def test_kinds_that_do_not_go_together_are_told_with_the_file(tmp_path):
    path = tmp_path / "a.geojson"
    gpd.GeoDataFrame(geometry=[shapely.Point(0, 0), shapely.box(0, 0, 1, 1)], crs="EPSG:4326").to_file(path)
    with pytest.raises(SourceError, match=r"one kind, got 1 points, 1 polygons.*a\.geojson"):
        pt.vect(path)


def test_columns_with_missing_values_are_computed_with(tmp_path):
    """Whole numbers that may be missing are a type of their own in pandas."""
    v = there_and_back(
        vector(x=pd.array([1, None, 3], dtype="Int64"), g=["a", "a", "b"]), tmp_path / "a.gpkg"
    )
    grid = pt.rast(nrows=4, ncols=4, xmin=0, xmax=8, ymin=0, ymax=8, crs="EPSG:4326")
    burnt = v.rasterize(grid, "x") if hasattr(v, "rasterize") else pt.rasterize(v, grid, "x")
    assert np.nansum(burnt.to_numpy()) == 4
    assert v.aggregate("g", fun="sum", na_rm=True).values().filter(like="x").iloc[:, 0].tolist() == [1, 3]
    assert v[v["x"] > 2]["x"].tolist() == [3]


def test_a_sequence_of_one_record_is_read(tmp_path):
    """It is a document of GeoJSON too, and taken for one."""
    back = there_and_back(vector([shapely.Point(1, 2)], n=["a"]), tmp_path / "a.geojsonl")
    assert back["n"].tolist() == ["a"]


def test_no_error_of_ogrs_own_escapes(tmp_path, monkeypatch):
    import pyogrio
    from pyogrio._err import CPLE_AppDefinedError

    path = tmp_path / "a.gpkg"
    pt.vect(["POINT (1 2)"], crs="EPSG:4326").write_vector(path)

    def failing(*_, **__):
        raise CPLE_AppDefinedError(3, 1, "a disk error")

    for call in ("read_info", "read_dataframe"):
        with monkeypatch.context() as change:
            change.setattr(pyogrio, call, failing)
            with pytest.raises(SourceError, match=r"a\.gpkg cannot be read: a disk error"):
                pt.vect(path)
