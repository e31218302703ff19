"""Vectors as a header and a matrix of vertices."""

from __future__ import annotations

import pandas as pd

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
