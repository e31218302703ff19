"""What came back from a vector file, compared value by value with what was written."""

import datetime
import decimal

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

import pyterra as pt
from pyterra.errors import PyterraWarning, WriteError

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
REFUSED = {
    "NUL": (np.array(["a\0b", "c", None], object), "gpkg fgb shp geojson gml kml", r"record 0, column 'x': 'a\\x00b'"),
    "bytes": (np.array([b"a", None, b""], object), "gpkg fgb shp geojson", r"column 'x' .*bytes .*GeoParquet"),
    "huge": (np.array([2**70, 1, 2], object), "gpkg parquet", r"column 'x' .*record 0 has 1180591620717411303424"),
    "beyond a DBF": (np.array([1, 1e300, 2]), "shp", r"record 1, column 'x': 1e\+300 was written"),
    "control characters": (np.array(["a", "b\x01", "c"], object), "kml gml", r"record 1, column 'x': 'b\\x01' was"),
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


@pytest.mark.filterwarnings("ignore:.*not successfully written")
@pytest.mark.parametrize(
    ("column", "ending"), [(name, end) for name, (_, ends, _) in REFUSED.items() for end in ends.split()]
)
def test_values_that_would_be_lost_are_refused(tmp_path, column, ending):
    values, _, said = REFUSED[column]
    with pytest.raises(WriteError, match=rf"a\.{ending}.* {said}"):
        vector(x=values).write_vector(tmp_path / f"a.{ending}")
    assert list(tmp_path.iterdir()) == []


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
