"""extract_along: numbers of terra 1.9."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError

LINES = [
    "LINESTRING (0.3 0.4, 7.2 4.7)",
    "LINESTRING (7.5 5.5, 3.1 5.2, 3.3 0.4, 0.2 3.3)",
    "LINESTRING (-2 3.2, 3.4 3.7)",
    "LINESTRING (20 20, 30 30)",
    "LINESTRING (1.2 1.2, 1.3 1.3)",
    "MULTILINESTRING ((0.5 0.5, 2.5 0.5), (6.5 5.5, 6.5 3.2))",
    "LINESTRING (2 0.5, 2 4)",
    "LINESTRING (3.5 2.5, 6.5 2.5, 1.5 2.5)",
]
EXPECTED = {
    0: [41, 42, 34, 35, 27, 28, 29, 21, 22, 23, 15, 16],
    1: [8, 7, 6, 5, 4, 4, 12, 20, 28, 36, 44, 44, 43, 35, 34, 26, 25, 17],
    2: [17, 18, 19, 20],
    4: [34],
    5: [41, 42, 43, 7, 15, 23],
    6: [43, 35, 27, 19],
    7: [28, 29, 30, 31, 31, 30, 29, 28, 27, 26],
}
"""`extractAlong(r, l)` of terra 1.9-45, for `rast(nrows=6, ncols=8, xmin=0, xmax=8, ymin=0, ymax=6, vals=1:48)`."""


@pytest.fixture
def x():
    return pt.rast(np.arange(1.0, 49).reshape(6, 8), crs="", names=["v"])


def test_cells_come_in_the_order_of_the_line(x):
    found = x.extract_along(pt.vect(LINES), cells=True, xy=True)
    assert {number: rows["v"].tolist() for number, rows in found.groupby("ID")} == EXPECTED
    assert found.columns.tolist() == ["ID", "cell", "x", "y", "v"]
    assert (found["cell"] + 1 == found["v"]).all()
    assert found.iloc[0].tolist() == [0, 40, 0.5, 0.5, 41]


def test_places_on_the_line(x):
    """`extractAlong(r, l[1], xy = TRUE, online = TRUE)` of terra 1.9-45."""
    found = x.extract_along(pt.vect(LINES[0]), xy=True, online=True)
    expected = [[0.4889409985, 0.5177458396, 40.858033283], [1.2092133132, 0.9666111952, 37.976323752]]
    np.testing.assert_allclose(found.iloc[:2, 1:], expected, rtol=1e-9)
    np.testing.assert_allclose(found.iloc[11, 1:].tolist(), [7.2, 4.7, 14.1], rtol=1e-9)
    plain = x.extract_along(pt.vect(LINES[0]), online=True, bilinear=False)
    assert plain["v"].tolist() == EXPECTED[0]
    both = x.extract_along(pt.vect(LINES[:2]), xy=True, online=True)
    np.testing.assert_array_equal(both[both["ID"] == 0], found)


def test_layers_missing_cells_and_no_number(x):
    x[x == 20] = np.nan
    found = pt.c(x, x * 2).extract_along(pt.vect(LINES[2:4]), id=False)
    assert found.iloc[:, 1].tolist()[:3] == [34, 36, 38]
    assert found.isna().sum().tolist() == [1, 1]
    classes = pt.rast([[1, 2]], crs="")
    classes.levels = {1: "wood", 2: "field"}
    line = pt.vect("LINESTRING (0 0.5, 2 0.5)")
    assert classes.extract_along(line).iloc[:, 1].tolist() == ["wood", "field"]


def test_lines_of_another_crs_are_projected(x):
    x.crs = "EPSG:3035"
    x.ext = (4e6, 4e6 + 8e4, 3e6, 3e6 + 6e4)
    line = pt.vect("LINESTRING (4005000 3005000, 4073000 3051000)", crs="EPSG:3035")
    with pytest.warns(pt.errors.PyterraWarning, match="extract_along: the vector is projected"):
        found = x.extract_along(line.project("EPSG:4326"), cells=True)
    np.testing.assert_array_equal(found, x.extract_along(line, cells=True))


def test_only_lines(x):
    with pytest.raises(ArgumentError, match="extract_along: y must be lines, got points"):
        x.extract_along([(1, 1)])
    assert len(x.extract_along(pt.vect(LINES)[[]])) == 0
