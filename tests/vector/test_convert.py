"""To and from the neighbours."""

import geopandas as gpd
import pyarrow as pa
import pytest

import pyterra as pt
from pyterra.vector.convert import arrow_stream, geo_interface, to_geopandas


@pytest.fixture
def v():
    return pt.vect([[0, 0], [5, 6]], atts={"n": [1, 2]}, crs="EPSG:3035")


def test_a_table_of_geopandas_is_a_copy(v):
    frame = to_geopandas(v)
    assert isinstance(frame, gpd.GeoDataFrame)
    assert (frame.crs, frame["n"].tolist()) == (v.crs, [1, 2])
    frame["n"] = 0
    assert v["n"].tolist() == [1, 2]


def test_features_are_like_geojson(v):
    found = geo_interface(v)["features"][1]
    assert (found["properties"], found["geometry"]) == (
        {"n": 2},
        {"type": "Point", "coordinates": (5.0, 6.0)},
    )


def test_a_stream_of_arrow_comes_back(v):
    class Stream:
        def __arrow_c_stream__(self, requested_schema=None):
            return arrow_stream(v, requested_schema)

    table = pa.table(Stream())
    back = gpd.GeoDataFrame.from_arrow(table)
    assert (back["n"].tolist(), back.geometry.tolist(), back.crs) == ([1, 2], list(v.geoms), v.crs)
