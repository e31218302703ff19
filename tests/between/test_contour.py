"""Lines of equal value, worked out by hand; terra draws the same ones from other starting points."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError

NAN = float("nan")


def test_a_line_runs_between_the_middles_of_cells():
    z = pt.rast([[1, 1, 1, 1], [1, 3, 3, 1], [1, 3, 3, 1], [1, 1, 1, 1]], crs="EPSG:3035")
    v = z.as_contour(levels=2)
    assert v["level"].tolist() == [2]
    assert v.crs == z.crs
    corners = {(1.5, 1), (1, 1.5), (1, 2.5), (1.5, 3), (2.5, 3), (3, 2.5), (3, 1.5), (2.5, 1)}
    assert {tuple(xy) for xy in v.crds().tolist()} == corners
    assert v.perim().tolist() == pytest.approx([4 + 4 * np.sqrt(0.5)])


def test_levels_are_round_and_only_those_that_occur():
    z = pt.rast([[1, 1, 1], [1, 3, 1], [1, 1, 1]])
    assert np.allclose(z.as_contour(nlevels=3)["level"], [1, 1.5, 2, 2.5])
    assert z.as_contour(levels=[2.5, 9, 2])["level"].tolist() == [2, 2.5]
    assert len(pt.rast([[1, 1], [1, 1]]).as_contour()) == 0


def test_no_line_passes_a_missing_cell():
    z = pt.rast([[0, 0, 0, 0], [1, NAN, 1, 1], [2, 2, 2, 2]])
    v = z.as_contour(levels=0.5)
    corners = {(0.5, 2), (1, 2), (2, 2), (2.5, 2), (3.5, 2)}  # beside it the triangles of three cells
    assert {tuple(xy) for xy in v.crds().tolist()} == corners


def test_lines_are_as_long_as_those_of_terra():
    # terra 1.9-45: perim(aggregate(as.contour(rast(m), levels=c(-3.3, 0.1, 4.2)), "level")) with the numbers of m below
    row, col = np.mgrid[0:9, 0:11]
    m = (37 * row + 61 * col + 13 * row * col) % 17 - 8.0
    m[2, 3] = m[5, 5] = m[5, 6] = m[0, 0] = NAN
    z = pt.rast(m, extent=(0, 11, 0, 9), crs="EPSG:3035")
    found = z.as_contour(levels=[-3.3, 0.1, 4.2]).perim()
    assert found.tolist() == pytest.approx([38.1262283955384, 54.0619775432817, 32.5391066121874], rel=1e-12)


def test_of_many_cells_a_sample_is_looked_at():
    z = pt.rast(nrows=100, ncols=100, xmin=0, xmax=100, ymin=0, ymax=100).init("x")
    v = z.as_contour(maxcells=100, levels=50)
    assert len(v.crds()) == 10
    assert np.allclose(v.crds()[:, 0], 50, atol=0.5)  # of ten columns the one in the middle is taken


def test_as_contour_refuses_several_layers_and_single_rows():
    with pytest.raises(ArgumentError, match=r"as_contour: the raster must have one layer, got 2"):
        pt.rast(np.zeros((2, 2, 2))).as_contour()
    with pytest.raises(ArgumentError, match="as_contour: there must be two rows and two columns, got 1 x 2"):
        pt.rast([[1, 2]]).as_contour()
