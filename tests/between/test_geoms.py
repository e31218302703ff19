"""What raster verbs take as vectors."""

import numpy as np
import pandas as pd
import pytest
import shapely

import pyterra as pt
from pyterra.errors import ArgumentError


@pytest.fixture
def r():
    return pt.rast(nrows=3, ncols=4, xmin=0, xmax=4, ymin=0, ymax=3, crs="", vals=range(12), names="a")


@pytest.mark.parametrize("make", [list, lambda v: np.array(v, object), tuple])
def test_shapely_geometries_in_a_row_are_a_vector(r, make):
    given = make([shapely.box(0, 0, 2, 1), shapely.box(2, 1, 4, 3)])
    assert r.extract(given, "sum")["a"].tolist() == [17, 18]
    assert r.mask(given).global_("notNA").iloc[0, 0] == 6
    assert pt.rasterize(given, r).global_("notNA").iloc[0, 0] == 6
    assert r.crop(given).shape == (1, 3, 4)
    assert r.distance(given)[0, 1].tolist() == [0.5]


def test_what_is_no_vector_is_named(r):
    with pytest.raises(ArgumentError, match="make one with vect"):
        r.extract(["POINT (1 1)"])


def test_a_table_is_read_by_the_names_of_its_columns(r):
    swapped = pd.DataFrame({"n": ["u"], "y": [2.5], "x": [0.5]})
    assert r.extract(swapped)["a"].tolist() == [0]
    assert r.extract(pd.DataFrame({"lon": [3.5], "lat": [2.5]}))["a"].tolist() == [3]
    with pytest.raises(ArgumentError, match="columns x and y, or two columns, got lon, lat, n"):
        r.extract(pd.DataFrame({"lon": [3.5], "lat": [2.5], "n": ["u"]}))
