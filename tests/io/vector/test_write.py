"""What a vector holds is written in every format as far as the format has it; what is wrong is said with its place."""

import geopandas as gpd
import numpy as np
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


@pytest.mark.parametrize("ending", ["gpkg", "gml", "kml"])
def test_names_that_differ_in_case_alone_are_refused(tmp_path, ending):
    with pytest.raises(WriteError, match=r"does not tell the columns 'a' and 'A' apart; rename"):
        vector(a=[1, 2, 3], A=[4, 5, 6]).write_vector(tmp_path / f"a.{ending}")
    back = there_and_back(vector(a=[1, 2, 3], A=[4, 5, 6]), tmp_path / "a.fgb")
    assert [back["a"].tolist(), back["A"].tolist()] == [[1, 2, 3], [4, 5, 6]]


def test_gml_comes_with_its_schema_and_no_traces_of_its_making(tmp_path):
    vector(x=np.array([1.0, 2.0, 3.0])).write_vector(tmp_path / "a.gml")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.gml", "a.xsd"]
    assert ".part" not in (tmp_path / "a.gml").read_text()
    assert pt.vect(tmp_path / "a.gml")["x"].dtype == float


# Errors


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


@pytest.mark.filterwarnings("ignore:.*KML changes .* as text")
@pytest.mark.parametrize("ending", [e for e in ALL if e not in ("gpx", "tab", "mif")])
@pytest.mark.parametrize(
    "wkt", ["POINT Z (1 2 3.25)", "LINESTRING Z (0 0 1, 1 1 2)", "POLYGON Z ((0 0 1, 0 1 2, 1 1 3, 0 0 1))"]
)
def test_heights_come_back(tmp_path, ending, wkt):
    shapes = shapely.from_wkt([wkt, wkt, wkt])
    back = there_and_back(vector(shapes, n=[1, 2, 3]), tmp_path / f"a.{ending}")
    assert shapely.has_z(back.geoms).all()
    one, other = (shapely.get_coordinates(shapely.normalize(g), include_z=True) for g in (back.geoms, shapes))
    assert np.array_equal(one, other)


@pytest.mark.parametrize("ending", ["tab", "mif"])
def test_formats_without_heights_say_so(tmp_path, ending):
    v = vector(shapely.from_wkt(["POINT Z (1 2 3)"]), n=[1])
    with pytest.warns(PyterraWarning, match="MapInfo File holds no heights; they are dropped"):
        v.write_vector(tmp_path / f"a.{ending}")
    assert not pt.vect(tmp_path / f"a.{ending}").has_z()


def test_a_height_that_nobody_wrote_is_an_error(tmp_path):
    flat_and_high = vector(shapely.from_wkt(["POINT Z (1 2 3)", "POINT (4 5)"]), n=[1, 2])
    with pytest.raises(WriteError, match=r"was written and .* read back"):
        flat_and_high.write_vector(tmp_path / "a.shp")
    back = there_and_back(flat_and_high, tmp_path / "a.gpkg")
    assert shapely.to_wkt(back.geoms).tolist() == ["POINT Z (1 2 3)", "POINT (4 5)"]
