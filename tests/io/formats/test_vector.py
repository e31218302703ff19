"""Every format of vectors that is written: what comes back, and what is refused."""

import re
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely

import pyterra as pt
from pyterra.errors import ArgumentError, OutputExistsError, PyterraWarning, WriteError
from pyterra.io import formats

WRITTEN = [record for record in formats.VECTOR if record.written]
SHAPES = {
    "points": [shapely.Point(1.25, 2), shapely.Point(3, 4.1)],
    "lines": [shapely.LineString([(0, 0), (1, 1.5)]), shapely.LineString([(2, 0), (3, 1)])],
    "polygons": [shapely.box(0, 0, 1, 1), shapely.box(2.5, 0, 3, 1)],
}
COLUMNS = {"n": [5, -7], "x": [1.5, 0.25], "t": ["a", "ü"]}


def vector(kind="points", columns=COLUMNS, crs="EPSG:4326"):
    return pt.vect(gpd.GeoDataFrame(columns, geometry=SHAPES[kind], crs=crs))


@pytest.mark.filterwarnings("ignore:.*(KML|GMT|GPX|Seq).*changes column:pyterra.errors.PyterraWarning")
@pytest.mark.filterwarnings("ignore:vect. Z and M:pyterra.errors.PyterraWarning")
@pytest.mark.parametrize("kind", SHAPES)
@pytest.mark.parametrize("record", WRITTEN, ids=str)
def test_what_is_written_comes_back(tmp_path, record, kind):
    if kind not in record.kinds:
        pytest.skip(f"{record} has no {kind}")
    columns = {"name": ["a", "ü"]} if record.name == "GPX" else COLUMNS
    v = vector(kind, columns)
    path = tmp_path / f"a{record.written[0]}"
    v.write_vector(path, record.name.lower())
    back = pt.vect(path)
    first = next(iter(columns))
    order = np.argsort(shapely.bounds(back.geoms)[:, 0])  # a FlatGeobuf has its own
    found = shapely.normalize(back.geoms[order])
    least = 1e-8 if record.rounding else 1e-12
    assert shapely.equals_exact(found, shapely.normalize(np.array(SHAPES[kind])), least).all()
    assert [str(value) for value in back.values()[first].iloc[order]] == [str(v) for v in columns[first]]
    assert back.crs.equals("EPSG:4326", ignore_axis_order=True)


@pytest.mark.parametrize("record", WRITTEN, ids=str)
def test_what_is_written_under_an_ending_is_read_under_it(record):
    for ending in record.written:
        assert record.name in formats.vector_drivers(f"/a/b{ending}")
        assert formats.vector_format(f"/a/b{ending}", record.name.upper(), "write_vector") is record


def test_the_page_of_formats_has_every_one_that_is_written():
    page = Path(__file__).parents[3].joinpath("docs", "trust.md").read_text()
    table = page[page.index("\n## Formats") : page.index("\n## Ctrl-C")]
    written = [record for record in (*formats.RASTER, *formats.VECTOR) if record.written]
    assert [record.name for record in written if record.name not in table] == []
    endings = set(re.findall(r"\.[a-z0-9]+", table))
    assert {ending for record in written for ending in record.written} <= endings


@pytest.mark.parametrize(
    ("ending", "columns"),
    [(".sqlite", ["n", "x", "t"]), (".csv", ["WKT", "n", "x", "t"]), (".mif", ["n", "x", "t"])],
)
def test_types_of_columns_and_the_crs_come_back(tmp_path, ending, columns):
    v = vector(crs="EPSG:32631")
    v.write_vector(tmp_path / f"a{ending}")
    back = pt.vect(tmp_path / f"a{ending}")
    assert back.names == columns
    assert [str(t) for t in back.values()[["n", "x"]].dtypes] == ["int64", "float64"]
    assert back["t"].tolist() == ["a", "ü"]
    assert back.crs.to_epsg() == 32631 or ending == ".mif"
    drivers = {".sqlite": "SQLite", ".csv": "CSV", ".mif": "MapInfo File"}
    assert pyogrio.read_info(tmp_path / f"a{ending}")["driver"] == drivers[ending]


def test_a_column_named_as_the_geometries_of_a_database_is_kept(tmp_path):
    v = vector(columns={"GEOMETRY": [7, 8]})
    v.write_vector(tmp_path / "a.sqlite")
    assert pt.vect(tmp_path / "a.sqlite").values().to_dict("list") == {"GEOMETRY": [7, 8]}


@pytest.mark.parametrize(
    ("kind", "name", "filetype", "message"),
    [
        ("points", "a.foo", None, r"must end in one of \.gpkg .*\.csv"),
        ("points", "a.gpkg", "Foo", "must be one of GPKG, .*got 'Foo'"),
        ("points", "a.gpkg", "csv", r"CSV must end in \.csv, got 'a.gpkg'"),
        ("points", "a.osm", None, "must end in one of"),
        ("polygons", "a.gpx", None, "GPX holds points and lines, got polygons"),
    ],
)
def test_what_is_no_format_or_does_not_fit_it_is_refused(
    tmp_path, monkeypatch, kind, name, filetype, message
):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ArgumentError, match=message):
        vector(kind).write_vector(name, filetype)
    assert list(tmp_path.iterdir()) == []


def test_files_beside_that_belong_to_others_are_left(tmp_path):
    vector(crs="EPSG:32631").write_vector(tmp_path / "a.shp")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(OutputExistsError, match=r"a\.prj, which would belong to a\.csv, exists"):
        vector(crs="EPSG:3035").write_vector(tmp_path / "a.csv")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_lost_value_is_an_error_and_the_old_file_stays(tmp_path):
    path = tmp_path / "a.mif"
    vector().write_vector(path)
    before = path.read_bytes()
    import pandas as pd

    missing = vector(columns={"m": pd.array([1, None], dtype="Int64")})
    with pytest.raises(WriteError, match="record 1, column 'm': missing was written and 0 read back"):
        missing.write_vector(path, overwrite=True)
    assert path.read_bytes() == before


def test_what_a_format_tells_otherwise_is_a_warning(tmp_path):
    with pytest.warns(PyterraWarning, match="OGR_GMT changes column 'n': int64 comes back as text"):
        vector().write_vector(tmp_path / "a.gmt")


def test_coordinates_of_a_tab_file_are_within_a_billionth_of_the_extent(tmp_path):
    places = np.random.default_rng(1).uniform(4e6, 4.1e6, (200, 2))
    v = pt.vect(gpd.GeoDataFrame({"n": range(200)}, geometry=shapely.points(places), crs="EPSG:32631"))
    v.write_vector(tmp_path / "a.tab")
    back = pt.vect(tmp_path / "a.tab")
    assert np.abs(shapely.get_coordinates(back.geoms) - places).max() < 2e-4
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".dat", ".id", ".map", ".tab"]
