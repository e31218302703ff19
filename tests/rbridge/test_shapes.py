"""Vectors as a header and a matrix of vertices."""

from __future__ import annotations

import pandas as pd
import pytest

import pyterra as pt
from pyterra.rbridge import from_r, shapes


def test_a_vector_made_here_arrives(rsession):
    frame = pd.DataFrame({"whole": [1, 2], "text": ["x", None]})
    ours = pt.vect(["POLYGON ((0 0, 1 0, 1 1, 0 0))", "POLYGON EMPTY"], atts=frame, crs="EPSG:4326")
    back = from_r(ours.to_r())
    assert back.geom(wkt=True) == ours.geom(wkt=True)
    assert back.values()["whole"].tolist() == [1, 2]
    assert rsession.number(rsession.call("length", ours.to_r())) == 2


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


@pytest.mark.parametrize(
    "wkt",
    [
        ["POINT Z (1 2 3)", "POINT (4 5)"],
        ["MULTIPOINT Z ((1 2 3), (2 3 4))", "POINT EMPTY"],
        ["MULTILINESTRING Z ((0 0 1, 1 1 2), (2 2 3, 3 3 4))", "LINESTRING (5 5, 6 6)"],
        [
            "POLYGON Z ((0 0 1, 9 0 2, 9 9 3, 0 0 1), (5 1 4, 8 1 5, 8 4 6, 5 1 4))",
            "POLYGON ((20 20, 21 20, 21 21, 20 20))",
            "POLYGON EMPTY",
        ],
    ],
)
def test_heights_cross_the_bridge(wkt):
    v = pt.vect(wkt)
    header, geometry, attributes, table = shapes.vector_parts(v)
    assert header["heights"]
    assert geometry.shape[1] == 6
    back = shapes.vector_of(header, geometry.ravel(order="F"), attributes, table)
    assert back.geom(wkt=True) == v.geom(wkt=True)
