"""Vectors to files and back, whole or not at all."""

from __future__ import annotations

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError, OutputExistsError, PyterraWarning, SinkError, WriteError
from pyterra.io.vector import write as vector_write

ATTS = {"n": [1, 2], "size": [1.5, None], "name": ["a", None], "yes": [True, False]}


@pytest.fixture
def v():
    shapes = [
        "POLYGON ((0 0, 2 0, 2 2, 0 2, 0 0))",
        "MULTIPOLYGON (((5 5, 6 5, 6 6, 5 5)), ((7 7, 8 7, 8 8, 7 7)))",
    ]
    return pt.vect(shapes, crs="EPSG:3035", atts=ATTS)


@pytest.mark.filterwarnings("ignore:.*GeoJSON is for lon/lat")
@pytest.mark.parametrize("ending", ["gpkg", "fgb", "parquet", "shp", "geojson"])
def test_a_file_gives_back_what_was_written(v, tmp_path, ending):
    path = tmp_path / f"a.{ending}"
    v.write_vector(path)
    back = pt.vect(path)
    assert back.crs.equals(v.crs, ignore_axis_order=True)
    assert sorted(back["n"]) == [1, 2]
    order = np.argsort(back["n"].to_numpy())
    back = back[order]
    assert back.names == v.names
    assert back["size"].iloc[0] == 1.5
    assert np.isnan(back["size"].iloc[1])
    assert back["name"].isna().tolist() == [False, True]
    assert back["yes"].astype(bool).tolist() == [True, False]
    assert np.allclose([g.area for g in back.geoms], [4, 1])
    assert pt.vect(path).sources() == [str(path)]


def test_a_shapefile_has_all_its_parts_and_leaves_no_others(v, tmp_path):
    v.write_vector(tmp_path / "a.shp")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.cpg", "a.dbf", "a.prj", "a.shp", "a.shx"]


def test_names_that_a_shapefile_cuts_are_told(tmp_path):
    v = pt.vect([[0, 0]], atts={"a_very_long_name": [1]})
    with pytest.warns(PyterraWarning, match="a_very_lon"):
        v.write_vector(tmp_path / "a.shp")


def test_nothing_is_replaced_unless_told(v, tmp_path):
    path = tmp_path / "a.gpkg"
    v.write_vector(path)
    before = path.read_bytes()
    with pytest.raises(OutputExistsError):
        v[0].write_vector(path)
    assert path.read_bytes() == before
    v[0].write_vector(path, overwrite=True)
    assert len(pt.vect(path)) == 1
    assert [p.name for p in tmp_path.iterdir()] == ["a.gpkg"]


def test_a_layer_is_inserted_beside_others(v, tmp_path):
    path = tmp_path / "a.gpkg"
    v.write_vector(path, layer="one")
    v[0].write_vector(path, layer="two", insert=True)
    assert [len(pt.vect(path, layer)) for layer in ("one", "two")] == [2, 1]
    with pytest.raises(OutputExistsError, match="has a layer 'two' already"):
        v.write_vector(path, layer="two", insert=True)
    v.write_vector(path, layer="two", insert=True, overwrite=True)
    assert [len(pt.vect(path, layer)) for layer in ("one", "two")] == [2, 2]


@pytest.mark.parametrize("ending", ["gpkg", "fgb", "shp"])
def test_a_failed_write_leaves_the_old_file_and_nothing_else(v, tmp_path, ending, monkeypatch):
    path = tmp_path / f"a.{ending}"
    v.write_vector(path)
    before = {p.name: p.read_bytes() for p in tmp_path.iterdir()}
    genuine = vector_write.read_table

    def lossy(*arguments, **options):
        table, source = genuine(*arguments, **options)
        return table.iloc[:1], source

    monkeypatch.setattr(vector_write, "read_table", lossy)
    with pytest.raises(WriteError, match="2 records were written and 1 read back"):
        v.write_vector(path, overwrite=True)
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == before


@pytest.mark.filterwarnings("ignore:.*GeoJSON is for lon/lat", "ignore:.*column 'n'. is not kept")
@pytest.mark.parametrize("ending", ["gpkg", "fgb", "parquet", "shp", "geojson"])
def test_no_geometries_make_a_file_too(v, tmp_path, ending):
    path = tmp_path / f"a.{ending}"
    v[:0].write_vector(path)
    assert len(pt.vect(path)) == 0


def test_whole_numbers_with_gaps_stay_whole(tmp_path):
    big = 2**53 + 1
    v = pt.vect([[0, 0], [1, 1]], atts={"n": [big, 0]}).rbind(pt.vect([[2, 2]]))
    v.write_vector(tmp_path / "a.gpkg")
    assert v["n"].iloc[0] == big
    assert (
        pt.vect(tmp_path / "a.gpkg", query="select count(n) as k, max(n) as m, geom from a")["m"].iloc[0]
        == big
    )


def test_formats_and_folders_that_cannot_be_are_refused(v, tmp_path):
    with pytest.raises(ArgumentError, match="must end in one of"):
        v.write_vector(tmp_path / "a.xyz")
    with pytest.raises(ArgumentError, match="insert is for GPKG"):
        v.write_vector(tmp_path / "a.fgb", insert=True)
    with pytest.raises(SinkError, match="does not exist"):
        v.write_vector(tmp_path / "none" / "a.fgb")
    with pytest.raises(ArgumentError, match="must be one of GPKG"):
        v.write_vector(tmp_path / "a.bin", format="no such format")
    assert list(tmp_path.iterdir()) == []
