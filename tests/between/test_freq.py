"""freq: zones that are polygons; of rasters: tests/raster/test_tables.py. Counts by hand, as terra 1.9-45 has them."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError

NA = float("nan")


@pytest.fixture
def r():
    """Four by four cells: numbers, and whether they are above 2."""
    values = np.array([[1, 2, 3, 4], [1, 1, 2, NA], [NA, 2, 2, 2], [3, 3, 3.4, 3.6]])
    numbers = pt.rast(values, extent=(0, 4, 0, 4), crs="", names="a")
    both = pt.c(numbers, numbers > 2)
    both.names = ["a", "b"]
    return both


@pytest.fixture
def polygons():
    """Two that share a cell, one within a cell, one beyond the raster."""
    corners = [(0, 0, 2.2), (1, 1, 3), (0.1, 0.1, 0.1), (7, 7, 1)]
    return pt.vect(
        [f"POLYGON (({x} {y}, {x + s} {y}, {x + s} {y + s}, {x} {y + s}, {x} {y}))" for x, y, s in corners],
        crs="",
    )


def test_each_polygon_is_counted(r, polygons):
    found = r.freq(zones=polygons)
    assert list(found) == ["layer", "value", "count", "zone"]
    first = [[0, 2, 1, 0], [0, 3, 2, 0], [0, 1, 1, 1], [0, 2, 5, 1], [0, 3, 1, 1], [0, 4, 1, 1]]
    assert found.values.tolist() == [*first, [1, 0, 1, 0], [1, 1, 2, 0], [1, 0, 6, 1], [1, 1, 2, 1]]


def test_all_cells_that_they_touch(r, polygons):
    found = r["a"].freq(zones=polygons, touches=True)
    assert found[found.zone != 1][["value", "count", "zone"]].values.tolist() == [
        [1, 2, 0],
        [2, 3, 0],
        [3, 3, 0],
        [3, 1, 2],
    ]


@pytest.mark.parametrize(("value", "counts"), [(2, [1, 5, 0, 0]), (NA, [1, 1, 0, 0])])
def test_one_value_is_counted_also_where_it_is_not(r, polygons, value, counts):
    assert r["a"].freq(zones=polygons, value=value)["count"].tolist() == counts


def test_one_value_in_zones_of_a_raster_where_it_is_not():
    x, z = pt.rast([[1, 2, 2, NA]], crs=""), pt.rast([[1, 1, 2, 3]], crs="")
    assert x.freq(zones=z, value=1)[["count", "zone"]].values.tolist() == [[1, 1], [0, 2], [0, 3]]
    assert x.freq(zones=z, value=NA)["count"].tolist() == [0, 0, 1]


def test_layers_together_and_a_column_per_value(r, polygons):
    assert r.freq(zones=polygons, bylayer=False).query("zone == 1 and value == 1")["count"].tolist() == [3]
    wide = r["a"].freq(zones=polygons, wide=True, usenames=True)
    assert wide.values.tolist() == [["a", 0, 1, 2, 0, 0], ["a", 1, 5, 1, 1, 1]]


def test_classes_keep_their_labels(polygons):
    x = pt.rast(np.ones((4, 4)), extent=(0, 4, 0, 4), crs="").as_factor()
    x.levels = {1: "wood"}
    assert x.freq(zones=polygons)["value"].tolist() == ["wood", "wood"]
    assert x.freq(zones=polygons, value="wood")["count"].tolist() == [4, 9, 0, 0]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"touches": True}, "touches is for zones that are polygons"),
        ({"zones": 3}, "zones must be a SpatRaster"),
    ],
)
def test_arguments_without_sense_are_refused(r, arguments, says):
    with pytest.raises(ArgumentError, match=f"^freq: {says}"):
        r.freq(**arguments)
