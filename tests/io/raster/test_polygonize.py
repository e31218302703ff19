"""Outlines of connected cells."""

import numpy as np
import pytest
import shapely

from pyterra.io.raster.polygonize import outlines

TRANSFORM = (2.0, 0.0, 10.0, 0.0, -1.0, 3.0)
"""Cells of 2 by 1, the first of which begins at (10, 3)."""


def drawn(codes):
    return outlines(np.array(codes, np.int32), TRANSFORM, lambda corners: None)


def test_equal_cells_that_share_an_edge_are_one_polygon_with_its_holes():
    shapes, codes = drawn([[1, 1, 1], [1, -1, 1], [1, 1, 2]])
    found = dict(zip(codes.tolist(), shapes, strict=True))
    ring = (
        shapely.box(10, 0, 16, 3).difference(shapely.box(12, 1, 14, 2)).difference(shapely.box(14, 0, 16, 1))
    )
    assert shapely.equals(found[1], ring)
    assert shapely.equals(found[2], shapely.box(14, 0, 16, 1))


def test_cells_that_share_a_corner_alone_are_two():
    shapes, codes = drawn([[0, -1], [-1, 0]])
    assert codes.tolist() == [0, 0]
    assert shapely.area(shapes).tolist() == [2, 2]


def test_without_cells_there_are_no_polygons():
    shapes, codes = drawn([[-1]])
    assert (len(shapes), len(codes)) == (0, 0)


def test_whoever_counts_the_corners_may_end_it():
    def check(corners):
        raise MemoryError(f"{corners} corners")

    with pytest.raises(MemoryError, match="5 corners"):
        outlines(np.zeros((1, 1), np.int32), TRANSFORM, check)
