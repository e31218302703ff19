"""The last cells of a sparse raster of 60,000 x 60,000: numbers of cells beyond 2^31.

The last 4 x 4 cells hold 1 to 16 row by row, all others 0: every expected value is by hand.
"""

import numpy as np
import pytest
import rasterio

import pyterra as pt

SIDE = 60_000
LAST = SIDE**2 - 1
EDGE = SIDE - 1


@pytest.fixture(scope="module")
def vast(tmp_path_factory):
    path = tmp_path_factory.mktemp("vast") / "vast.tif"
    with rasterio.open(
        path, "w", driver="GTiff", width=SIDE, height=SIDE, count=1, dtype="uint8", tiled=True, blockxsize=256,
        blockysize=256, SPARSE_OK=True, BIGTIFF="YES", crs="EPSG:32631",
        transform=rasterio.Affine(10, 0, 0, 0, -10, 1e6),
    ) as file:  # fmt: skip
        window = rasterio.windows.Window(SIDE - 4, SIDE - 4, 4, 4)
        file.write(np.arange(1, 17, dtype="uint8").reshape(1, 4, 4), window=window)
    return pt.rast(path)


@pytest.fixture(scope="module")
def corner(vast):
    """The last 4 x 4 cells."""
    return pt.ext(vast.xmax - 40, vast.xmax, vast.ymin, vast.ymin + 40)


def test_numbers_of_cells_go_there_and_back(vast):
    assert vast.ncell == LAST + 1 > 2**31
    assert int(vast.cell_from_row_col(EDGE, EDGE)) == LAST
    assert vast.row_col_from_cell(LAST).tolist() == [[EDGE, EDGE]]
    assert int(vast.row_from_cell(LAST)) == int(vast.col_from_cell(LAST)) == EDGE
    assert vast.cell_from_row_col_combine([EDGE], [EDGE - 1, EDGE]).tolist() == [LAST - 1, LAST]
    centre = vast.xy_from_cell(LAST)
    assert centre.tolist() == [[vast.xmax - 5, vast.ymin + 5]]
    assert vast.cell_from_xy(centre).tolist() == [LAST]
    assert vast.adjacent([LAST]).tolist() == [[LAST - SIDE, LAST - 1, -1, -1]]
    assert vast.init("cell")[EDGE, EDGE][0] == LAST


def test_values_come_by_brackets_cells_and_places(vast):
    assert vast[EDGE, EDGE].tolist() == [16]
    assert vast[EDGE - 1 :, EDGE - 1 :].tolist() == [[[11, 12], [15, 16]]]
    assert vast.extract([LAST, LAST - SIDE, 0]).iloc[:, 0].tolist() == [16, 12, 0]
    place = pt.vect(vast.xy_from_cell(LAST), crs="EPSG:32631")
    assert vast.extract(place, cells=True).to_numpy().tolist() == [[0, 16, LAST]]
    assert pt.rasterize(place, vast)[EDGE, EDGE].tolist() == [1]


def test_expressions_reach_the_corner(vast, corner):
    assert vast.focal(3, "sum")[EDGE - 1, EDGE - 1].tolist() == [6 + 7 + 8 + 10 + 11 + 12 + 14 + 15 + 16]
    assert vast.crop(corner).values(drop=True).tolist() == list(range(1, 17))
    assert vast.aggregate(2, "max").crop(corner).values(drop=True).tolist() == [6, 8, 14, 16]
    assert vast.disagg(2)[2 * SIDE - 1, 2 * SIDE - 1].tolist() == [16]
    assert pt.ifel(vast > 10, vast, 0)[EDGE, EDGE - 3 :].tolist() == [[13, 14, 15, 16]]
    coarse = pt.rast(extent=corner, resolution=20, crs="EPSG:32631")
    assert vast.resample(coarse, "average").values(drop=True).tolist() == [3.5, 5.5, 11.5, 13.5]


@pytest.mark.parametrize("join", [pt.merge, pt.mosaic])
def test_rasters_join_beyond_the_corner(vast, corner, join):
    beside = vast.crop(corner).shift(40, 0)
    joined = join(vast, beside)
    assert joined.ncol == SIDE + 4
    assert joined[EDGE, EDGE:].tolist() == [[16, 13, 14, 15, 16]]


def test_what_is_written_of_the_corner_is_read_back(vast, corner, tmp_path):
    written = vast.crop(corner).write_raster(tmp_path / "corner.tif")
    assert written.values(drop=True).tolist() == list(range(1, 17))
    joined = pt.vrt([written.sources()[0], vast.sources()[0]])
    assert joined[EDGE, EDGE].tolist() == [16]
