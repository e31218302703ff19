"""The grid that GDAL suggests in another CRS."""

import pytest

from pyterra.errors import ArgumentError
from pyterra.grid import Grid
from pyterra.grid.crs import parse_crs
from pyterra.grid.extent import Extent
from pyterra.io.raster.warp_grid import default_grid

LAEA, WGS84 = parse_crs("EPSG:3035"), parse_crs("EPSG:4326")


def test_cells_are_square_and_cover_the_ground():
    source = Grid(Extent(4_000_000, 4_100_000, 3_000_000, 3_200_000), 20, 10, LAEA)
    found = default_grid(source, WGS84)
    assert found.xres == pytest.approx(found.yres, rel=1e-12)
    assert (found.extent.xmin, found.extent.ymax) == pytest.approx(
        (5.3412, 51.8664), abs=0.02
    )  # corners by pyproj
    assert found.nrow * found.ncol >= 200


def test_a_raster_of_one_cell_stays_one():
    found = default_grid(Grid(Extent(4_000_000, 4_000_001, 3_000_000, 3_000_001), 1, 1, LAEA), WGS84)
    assert (found.nrow, found.ncol) == (1, 1)


def test_what_lies_nowhere_cannot_be_transformed():
    nowhere = Grid(Extent(1e30, 2e30, 1e30, 2e30), 2, 2, LAEA)
    with pytest.raises(ArgumentError, match=r"project: .*cannot be transformed"):
        default_grid(nowhere, WGS84)
