"""What a vector looks like in a console and in a notebook."""

from __future__ import annotations

import json

import pytest
import shapely

import pyterra as pt

SQUARE = "POLYGON ((0 0, 2 0, 2 2, 0 2, 0 0))"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A file with three points, and one with two layers."""
    folder = tmp_path_factory.mktemp("files")
    v = pt.vect([[0, 0], [5, 5], [9, 9]], crs="EPSG:3035", atts={"n": [1, 2, 3]})
    v.write_vector(folder / "points.gpkg", layer="first")
    pt.vect(SQUARE, crs="EPSG:3035").write_vector(folder / "points.gpkg", layer="second", insert=True)
    v.write_vector(folder / "points.parquet")
    (folder / "text.gpkg").write_text("nothing")
    (folder / "table.csv").write_text("a,b\n1,2\n")
    two = [shapely.Point(0, 0), shapely.LineString([[0, 0], [1, 1]])]
    features = [{"type": "Feature", "properties": {}, "geometry": shape.__geo_interface__} for shape in two]
    mixed = json.dumps({"type": "FeatureCollection", "features": features})
    (folder / "mixed.geojson").write_text(mixed)
    return folder


def test_what_is_shown_is_terras_summary(folder):
    v = pt.vect(folder / "points.gpkg")
    assert str(v).splitlines() == [
        "class       : SpatVector",
        "geometry    : points",
        "dimensions  : 3, 1  (geometries, attributes)",
        "extent      : 0, 9, 0, 9  (xmin, xmax, ymin, ymax)",
        "source      : points.gpkg",
        "coord. ref. : ETRS89-extended / LAEA Europe (EPSG:3035)",
        "names       :     n",
        "type        : <int>",
        "values      :     1",
        "                  2",
        "                  3",
    ]
    assert str(v.rbind(v)).splitlines()[-1] == "              ..."
    assert "<td" in v._repr_html_()
    assert "SpatVector" in repr(pt.vect())
