"""Values at cells, and between the centres of cells."""

import pytest

import pyterra as pt

NAN = float("nan")


@pytest.fixture
def r():
    return pt.rast(nrows=3, ncols=4, xmin=0, xmax=4, ymin=0, ymax=3, crs="", vals=range(12), names="a")


def test_bilinear_leaves_missing_neighbours_out_along_x_first():
    r = pt.rast([[4.0, NAN], [7.0, 8.0]], crs="")
    assert r.extract([[1, 1]], method="bilinear").iloc[0, 0] == 5.75


def test_bilinear_takes_the_cell_itself_beyond_the_outermost_centres(r):
    assert r.extract([[0.1, 2.9]], method="bilinear")["a"].tolist() == [0]
