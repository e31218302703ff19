"""Attributes of vectors between tables and files: every type as far as the format has it."""

import datetime
import decimal

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

import pyterra as pt
from pyterra.errors import WriteError

GOOD = ["gpkg", "fgb", "parquet"]
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


@pytest.mark.parametrize("ending", GOOD)
def test_columns_without_any_value_keep_their_type(tmp_path, ending):
    v = vector(
        n=pd.array([None] * 3, dtype="Int64"),
        b=pd.array([None] * 3, dtype="boolean"),
        s=pd.array([None] * 3, dtype="str"),
    )
    back = there_and_back(v, tmp_path / f"a.{ending}").values()
    assert [str(t) for t in back.dtypes] == ["Int64", "boolean", str(pd.Series(["a"]).dtype)]


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


def test_a_column_that_no_file_can_hold_is_named(tmp_path):
    for values, text in (
        (np.array([1, 2, 2**63 + 5], "uint64"), r"column 'x' .*record 2 has"),
        (pd.to_timedelta([1, 2, 3], unit="s"), r"column 'x' .*timedelta64.* convert"),
        (pd.period_range("2020", periods=3, freq="M"), r"column 'x' .*period.* convert"),
    ):
        with pytest.raises(WriteError, match=rf"a\.gpkg: {text}"):
            vector(x=values).write_vector(tmp_path / "a.gpkg")
    assert list(tmp_path.iterdir()) == []


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
