"""What files say of themselves, and records by query; the file is that of terra's examples, made by hand."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError, ColumnError, SourceError


@pytest.fixture(params=["gpkg", "shp", "geojson"])
def path(request, tmp_path):
    """Six squares in a row."""
    texts = [f"POLYGON (({i} 0, {i + 1} 0, {i + 1} 1, {i} 1, {i} 0))" for i in range(6)]
    atts = {"k": range(10, 16), "name": list("aabbcc"), "size": np.arange(6) / 2}
    name = tmp_path / f"squares.{request.param}"
    pt.vect(texts, crs="EPSG:4326", atts=atts).write_vector(name)
    return name


def test_a_proxy_says_what_the_vector_would(path):
    proxy, whole = pt.vect(path, proxy=True), pt.vect(path)
    assert proxy.dim == whole.dim == (6, 3)
    assert len(proxy) == 6
    assert proxy.names == whole.names
    assert proxy.ext == whole.ext
    assert proxy.crs == whole.crs
    assert proxy.geomtype() == "polygons"
    assert proxy.sources() == whole.sources()
    lines, told = repr(proxy).splitlines(), repr(whole).splitlines()
    assert lines[0] == "class       : SpatVectorProxy"
    assert lines[1:6] == told[1:6]
    assert lines[-2].split() == ["names", ":", "k", "name", "size"]
    assert lines[-1].split() == ["type", ":", "<int>", "<chr>", "<num>"]


def test_no_record_is_read_before_it_is_asked_for(path, monkeypatch):
    import pyogrio

    def read(*_, **__):
        raise AssertionError("read")

    with monkeypatch.context() as patch:
        patch.setattr(pyogrio, "read_dataframe", read)
        proxy = pt.vect(path, proxy=True)
        assert (proxy.dim, repr(proxy) > "") == ((6, 3), True)
    assert len(proxy.query()) == 6


def test_records_are_those_that_terra_reads(path):
    # terra 1.9-45 of its own example: start and n count what where and extent leave; vars need not hold what where asks
    proxy = pt.vect(path, proxy=True)
    assert proxy.query(4, 2)["k"].tolist() == [14, 15]
    assert proxy.query(5, 5)["k"].tolist() == [15]
    assert len(proxy.query(6, 5)) == len(proxy.query(n=0)) == 0
    assert proxy.query(where="name = 'b'")["k"].tolist() == [12, 13]
    some = proxy.query(1, 1, ["size", "k"], "name = 'c'")
    assert (some.names, some["k"].tolist(), some["size"].tolist()) == (["size", "k"], [15], [2.5])
    assert proxy.query(vars="name").names == ["name"]
    assert proxy.query(extent=pt.ext(1.5, 2.5, 0, 1))["k"].tolist() == [11, 12]
    assert proxy.query(1, 1, extent=pt.ext(1.5, 2.5, 0, 1))["k"].tolist() == [12]
    near = pt.vect("POLYGON ((3.2 0.2, 3.8 0.2, 3.8 0.8, 3.2 0.2))", crs="EPSG:4326")
    assert proxy.query(filter=near)["k"].tolist() == [13]
    assert proxy.query(sql="SELECT * FROM squares WHERE k < 12")["name"].tolist() == ["a", "a"]


def test_whole_numbers_stay_exact_in_a_part(tmp_path):
    path = tmp_path / "large.gpkg"
    import pandas as pd

    ids = pd.array([2**60 + 1, None, 2**60 + 3], dtype="Int64")
    pt.vect([[0, 0], [1, 1], [2, 2]], crs="EPSG:3035", atts={"id": ids, "k": [1, 2, 3]}).write_vector(path)
    found = pt.vect(path, proxy=True).query(1, where="k > 0")["id"]
    assert found.iloc[1] == 2**60 + 3
    assert found.isna().tolist() == [True, False]


def test_a_layer_can_be_named(tmp_path):
    path = tmp_path / "two.gpkg"
    pt.vect([[0, 0]], crs="EPSG:3035").write_vector(path, layer="one")
    pt.vect("LINESTRING (0 0, 1 1)", crs="EPSG:3035").write_vector(path, layer="other", insert=True)
    assert pt.vect(path, "other", proxy=True).geomtype() == "lines"
    assert pt.vect(path, "other", proxy=True).query().geomtype() == "lines"
    with pytest.raises(SourceError, match="has no layer 'third'"):
        pt.vect(path, "third", proxy=True)


def test_what_is_refused(path, tmp_path):
    proxy = pt.vect(path, proxy=True)
    with pytest.raises(ColumnError, match="query: no attribute 'nam'"):
        proxy.query(vars="nam")
    with pytest.raises(ArgumentError, match="query: start and n must be 0 or more, got -1 and None"):
        proxy.query(-1)
    with pytest.raises(ArgumentError, match="query: sql takes the place of start"):
        proxy.query(n=2, sql="SELECT * FROM squares")
    with pytest.raises(SourceError, match="with query 'zz = 1'"):
        proxy.query(where="zz = 1")
    with pytest.raises(ArgumentError, match="a proxy is of a file and its layer alone"):
        pt.vect(path, proxy=True, crs="EPSG:3035")
    with pytest.raises(ArgumentError, match="a proxy is of a file"):
        pt.vect("POINT (1 2)", proxy=True)
    with pytest.raises(SourceError, match="does not exist"):
        pt.vect(tmp_path / "none.gpkg", proxy=True)
    with pytest.raises(SourceError, match="not for GeoParquet"):
        pt.vect(tmp_path / "a.parquet", proxy=True)
