"""rasterize_geom: counts, areas and lengths, by hand; on lon/lat, what whole geometries measure is found again."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError


def grid(crs=""):
    return pt.rast(nrows=3, ncols=4, xmin=0, xmax=4, ymin=0, ymax=3, crs=crs)


def boxes(crs=""):
    return pt.vect(
        [
            "POLYGON ((0.5 0.5, 2.5 0.5, 2.5 1.5, 0.5 1.5, 0.5 0.5))",
            "POLYGON ((0.25 0.25, 0.75 0.25, 0.75 0.75, 0.25 0.75, 0.25 0.25))",
            "POLYGON ((3.1 2.1, 3.2 2.1, 3.2 2.2, 3.1 2.1))",
        ],
        crs=crs,
    )


def tracks(crs=""):
    """One across cells, one within a cell, one along the edge of cells."""
    return pt.vect(
        ["LINESTRING (0.5 0.5, 3.5 2.5)", "LINESTRING (0.1 0.1, 0.2 0.2)", "LINESTRING (0 1, 4 1)"], crs=crs
    )


def cells(r):
    return r.to_numpy()[0].round(9).tolist()


def test_counts():
    points = [[0.5, 0.5], [0.6, 0.6], [2.5, 2.5], [9, 9]]
    assert cells(pt.rasterize_geom(points, grid())) == [[0, 0, 1, 0], [0, 0, 0, 0], [2, 0, 0, 0]]
    assert cells(boxes().rasterize_geom(grid())) == [[0, 0, 0, 1], [1, 1, 1, 0], [2, 1, 1, 0]]
    assert cells(tracks()[:2].rasterize_geom(grid())) == [[0, 0, 1, 1], [0, 1, 1, 0], [2, 1, 0, 0]]


def test_areas_of_polygons_that_overlap_add_up():
    expected = [[0, 0, 0, 0.005], [0.25, 0.5, 0.25, 0], [0.5, 0.5, 0.25, 0]]
    assert cells(boxes().rasterize_geom(grid(), "area")) == expected


def test_lengths_in_the_unit_of_the_plane():
    a, b = 13**0.5 / 12, 13**0.5 / 4  # a quarter of a column, and three quarters, of a line of slope 2/3
    expected = np.array([[0, 0, a, 2 * a], [0, b, b, 0], [2 * a + 0.02**0.5 + 1, 1 + a, 1, 1]])
    np.testing.assert_allclose(tracks().rasterize_geom(grid(), "length").to_numpy()[0], expected, rtol=1e-12)
    in_km = tracks("EPSG:3035").rasterize_geom(grid("EPSG:3035"), "length", "km")
    np.testing.assert_allclose(in_km.to_numpy()[0], expected / 1000, rtol=1e-12)


def test_lines_that_lead_out_of_cells():
    assert cells(tracks().rasterize_geom(grid(), "crosses")) == [[0, 0, 1, 1], [0, 1, 1, 0], [1, 1, 0, 0]]
    both = pt.vect("MULTILINESTRING ((0.1 0.1, 0.2 0.2), (0.8 0.8, 0.9 0.9), (2.5 2.5, 2.6 2.6))")
    assert cells(both.rasterize_geom(grid(), "crosses")) == [[0, 0, 1, 0], [0, 0, 0, 0], [1, 0, 0, 0]]


def test_a_line_along_the_lower_and_right_edge_of_the_raster_counts():
    v = pt.vect(["LINESTRING (0 0, 4 0)", "LINESTRING (4 0, 4 3)"])
    assert cells(v.rasterize_geom(grid(), "length")) == [[0, 0, 0, 1], [0, 0, 0, 1], [1, 1, 1, 2]]


def test_on_the_ellipsoid_parts_add_up_to_the_whole():
    """By expanse and perim; a small polygon beside the pole's end of a cell is as large as it is."""
    found = boxes("OGC:CRS84").rasterize_geom(grid("OGC:CRS84"), "area", "km").to_numpy()
    np.testing.assert_allclose(found.sum(), boxes("OGC:CRS84").expanse(unit="km").sum(), rtol=1e-4)
    high = pt.rast(nrows=1, ncols=1, xmin=0, xmax=1, ymin=60, ymax=65, crs="OGC:CRS84")
    small = pt.vect("POLYGON ((0.4 64.5, 0.42 64.5, 0.41 64.53, 0.4 64.5))", crs="OGC:CRS84")
    np.testing.assert_allclose(
        small.rasterize_geom(high, "area").to_numpy().sum(), small.expanse()[0], rtol=1e-3
    )
    found = tracks("OGC:CRS84").rasterize_geom(grid("OGC:CRS84"), "length").to_numpy()
    np.testing.assert_allclose(found.sum(), tracks("OGC:CRS84").perim().sum(), rtol=1e-5)


def test_a_long_polygon_across_rows_is_measured_row_by_row():
    """The share of each row, of a right-angled triangle over five rows of degrees, by the area of thin strips."""
    r = pt.rast(nrows=5, ncols=1, xmin=0, xmax=2, ymin=50, ymax=55, crs="OGC:CRS84")
    v = pt.vect("POLYGON ((0 50, 1 50, 0 55, 0 50))", crs="OGC:CRS84")
    fine = pt.rast(nrows=5000, ncols=1, xmin=0, xmax=2, ymin=50, ymax=55, crs="OGC:CRS84")
    y = 55 - (np.arange(5000) + 0.5) / 1000
    strips = fine.cell_size(unit="m").to_numpy()[0, :, 0] * (55 - y) / 5 / 2
    got = v.rasterize_geom(r, "area").to_numpy()[0, :, 0]
    np.testing.assert_allclose(got, strips.reshape(5, 1000).sum(axis=1), rtol=1e-4)


def test_no_geometries():
    assert cells(pt.vect().rasterize_geom(grid())) == [[0] * 4] * 3


@pytest.mark.parametrize(
    ("v", "fun", "says"),
    [
        (boxes(), "length", "fun must be one of count, area for polygons, got 'length'"),
        (tracks(), "area", "fun must be one of count, length, crosses for lines, got 'area'"),
        ([[0, 0]], "area", "fun must be one of count for points, got 'area'"),
        (boxes(), "size", "fun: must be one of"),
    ],
)
def test_what_does_not_fit_the_geometries_is_refused(v, fun, says):
    with pytest.raises(ArgumentError, match=f"^rasterize_geom: {says}"):
        pt.rasterize_geom(v, grid(), fun)


def test_the_grid_must_be_a_raster():
    with pytest.raises(ArgumentError, match="y must be a SpatRaster, got int"):
        pt.rasterize_geom(boxes(), 3)
