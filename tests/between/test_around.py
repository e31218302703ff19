"""Windows around cells, and the points that verbs take."""

import numpy as np
import pandas as pd
import pytest

import pyterra as pt
from pyterra.between.around import Around, points_with_values, window_of
from pyterra.errors import ArgumentError, LayerError
from pyterra.grid import Grid
from pyterra.grid.extent import Extent

GRID = Grid(Extent(0, 4, 0, 4), 4, 4)


def test_windows_by_their_numbers():
    assert window_of("circle", 2, "v: r") == Around("circle", 2.0, 2.0, 0.0)
    assert window_of("ellipse", [3, 1], "v: r") == Around("ellipse", 3.0, 1.0, 0.0)
    assert window_of("ellipse", [3, 1, 30], "v: r") == Around("ellipse", 3.0, 1.0, 30.0)
    assert window_of("rectangle", [4, 2], "v: r") == Around("rectangle", 2.0, 1.0, 0.0)


@pytest.mark.parametrize(
    ("kind", "numbers"),
    [("circle", [1, 2]), ("circle", 0), ("ellipse", 3), ("rectangle", [1, 2, 3, 4]), ("buffer", np.inf)],
)
def test_other_numbers_are_refused(kind, numbers):
    with pytest.raises(ArgumentError, match=r"^v: r must be .* got"):
        window_of(kind, numbers, "v: r")


def test_points_with_columns_of_a_vector():
    v = pt.vect([[1, 2], [3, 1]], atts={"a": [5, 6], "b": [7.0, None]})
    xy, values, names = points_with_values(v, ["a", "b"], GRID, "v", "x")
    assert xy.tolist() == [[1, 2], [3, 1]]
    np.testing.assert_array_equal(values, [[5, 7], [6, np.nan]])
    assert names == ["a", "b"]


def test_points_of_several_parts_have_the_value_of_the_whole():
    v = pt.vect(["MULTIPOINT ((1 1), (2 2))", "POINT (3 3)"], atts={"a": [5, 6]})
    xy, values, _ = points_with_values(v, "a", GRID, "v", "x")
    assert xy.tolist() == [[1, 1], [2, 2], [3, 3]]
    assert values.ravel().tolist() == [5, 5, 6]


def test_values_beside_points_and_tables():
    assert points_with_values([[1, 2]], [9], GRID, "v", "x")[1].tolist() == [[9]]
    xy, values, names = points_with_values(pd.DataFrame({"x": [1], "y": [2], "k": [3]}), None, GRID, "v", "x")
    assert (xy.tolist(), values.tolist(), names) == ([[1, 2]], [[3]], ["k"])


@pytest.mark.parametrize(
    ("y", "field", "says"),
    [
        (pt.vect([[1, 2]], atts={"a": ["p"]}), "a", "field must be a column of numbers, got 'a'"),
        (pt.vect([[1, 2]], atts={"a": [1]}), None, "field must be a column of x, got None"),
        (pt.vect([[1, 2]], atts={"a": [1]}), [1, 2], "field must be a column or 1 numbers, got 2"),
        (pt.vect("LINESTRING (0 0, 1 1)"), "a", "x must be points, got lines"),
        ([[1, 2]], None, r"x must be a SpatVector of points, or an array .* got list \(1, 2\)"),
        ([[1, 2, 3]], "z", "field must be None for a table"),
        ("a.gpkg", None, "x must be a SpatVector of points, or an array .* got str$"),
    ],
)
def test_what_is_no_points_with_values_is_refused(y, field, says):
    with pytest.raises(ArgumentError, match=f"^v: {says}"):
        points_with_values(y, field, GRID, "v", "x")


def test_a_column_that_is_not_there_is_named():
    with pytest.raises(LayerError, match="field must be a column"):
        points_with_values(pt.vect([[1, 2]], atts={"a": [1]}), "b", GRID, "v", "x")
