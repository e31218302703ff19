"""extract_range: numbers of terra 1.9, and by hand."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError, LayerError

PLACES = [(0.5, 3.5), (2.5, 3.5), (4.5, 0.5), (9, 9)]
SQUARES = [
    "POLYGON ((0.1 0.1, 2.9 0.1, 2.9 1.9, 0.1 1.9, 0.1 0.1))",
    "POLYGON ((2.1 2.1, 4.9 2.1, 4.9 3.9, 2.1 3.9, 2.1 2.1))",
]


@pytest.fixture
def x():
    """`rast(nrows=4, ncols=5, nlyrs=4, vals=1:80); r[3] <- c(NA, 5, 6, 7)`."""
    values = np.arange(1.0, 81).reshape(4, 4, 5)
    values[:, 0, 2] = [np.nan, 5, 6, 7]
    return pt.rast(values, crs="", names=list("abcd"))


def test_a_table_for_each_place(x):
    """`extractRange(r, p, c(1, 2, 3, 1), c(2, 4, 3, 4))` of terra 1.9-45."""
    found = x.extract_range(pt.vect(PLACES), [0, 1, 2, 0], [1, 3, 2, 3])
    assert [row.columns.tolist() for row in found] == [["a", "b"], ["b", "c", "d"], ["c"], list("abcd")]
    assert [row.iloc[0].tolist() for row in found[:3]] == [[1, 21], [5, 6, 7], [60]]
    assert found[3].isna().all(axis=None)
    turned = x.extract_range(PLACES, "c", 0, id=True)
    assert turned[0].to_dict("records") == [{"ID": 0, "c": 41, "b": 21, "a": 1}]


def test_statistics_of_the_layers(x):
    """terra 1.9: 22 18 60 for sums; its sum of nothing is 0."""
    first, last = [0, 1, 2, 0], [1, 3, 2, 3]
    np.testing.assert_array_equal(x.extract_range(PLACES, first, last, lyr_fun="sum"), [22, 18, 60, np.nan])
    some = x.extract_range(PLACES, [0, 0, 2, 0], last, lyr_fun=np.sum, na_rm=False)
    np.testing.assert_array_equal(some, [22, np.nan, 60, np.nan])
    mean = x.extract_range(PLACES, 0, 3, lyr_fun="mean", id=True)
    assert mean.columns.tolist() == ["ID", "value"]
    np.testing.assert_allclose(mean["value"][:3], [31, 6, 50])
    both = x.extract_range(PLACES, "a", "c", lyr_fun="range")
    assert both[:3].tolist() == [[1, 41], [5, 6], [20, 60]]
    spread = x.extract_range(PLACES[:2], 0, 3, lyr_fun=lambda v: v.max() - v.min())
    assert spread.tolist() == [60, 2]


def test_cells_of_polygons_come_first(x):
    """`extractRange(r, v, 1:2, 3, geom_fun = mean, lyr_fun = sum)` of terra 1.9-45."""
    v = pt.vect(SQUARES, atts={"name": ["p", "q"]})
    found = x.extract_range(v, [0, 1], 2, geom_fun="mean")
    assert found[0].iloc[0].tolist() == [14.5, 34.5, 54.5]
    np.testing.assert_allclose(found[1].iloc[0], [23.5, 40.33333333])
    bound = x.extract_range(v, [0, 1], 2, geom_fun="mean", lyr_fun="sum", bind=True)
    assert bound.names == ["name", "value"]
    np.testing.assert_allclose(bound["value"], [103.5, 63.83333333])
    with pytest.raises(ArgumentError, match="lines and polygons need geom_fun="):
        x.extract_range(v, 0, 2)


def test_cell_numbers_and_classes(x):
    assert x.extract_range([0, 19], 1, 2, lyr_fun="max").tolist() == [41, 60]
    classes = pt.rast([[1, 2]], crs="", names=["k"])
    classes.levels = {1: "wood", 2: "field"}
    classes.names = ["k"]
    assert classes.extract_range([1], 0, 0)[0].iloc[0, 0] == "field"


def test_what_cannot_be_is_refused(x):
    with pytest.raises(LayerError):
        x.extract_range(PLACES, 0, 9)
    with pytest.raises(ArgumentError, match=r"first must be one layer, or one for each place \(4\), got 2"):
        x.extract_range(PLACES, [0, 1], 2)
    with pytest.raises(ArgumentError, match="bind needs one number for each place"):
        x.extract_range(pt.vect(PLACES), 0, 2, bind=True)
    with pytest.raises(ArgumentError, match="bind is for vectors"):
        x.extract_range(PLACES, 0, 2, lyr_fun="sum", bind=True)
    with pytest.raises(ArgumentError, match="cells are not arguments"):
        x.extract_range(PLACES, 0, 2, cells=True)
