"""How cells of a grid of another reference system become cells of one: positions, what is read, the seam of the earth."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.grid import Window


@pytest.fixture
def europe():
    y, x = np.mgrid[0:200, 0:300]
    return pt.rast((x + 1000.0 * y), extent=(5, 8, 50, 52), crs="EPSG:4326", names="v")


def world(values, xmin=-180):
    return pt.rast(np.atleast_2d(values), extent=(xmin, xmin + 360, -90, 90), crs="EPSG:4326")


def smooth(lon, lat):
    return 100 + 50 * np.cos(np.radians(2 * lon)) * np.cos(np.radians(lat))


def smooth_raster(res, ymin=-90):
    lon, lat = np.meshgrid(np.arange(-180 + res / 2, 180, res), np.arange(90 - res / 2, ymin, -res))
    return pt.rast(smooth(lon, lat), extent=(-180, 180, ymin, 90), crs="EPSG:4326")


def test_interpolated_positions_are_good_to_a_ten_thousandth_of_a_cell(europe):
    method = europe.project("EPSG:3035")._node.method
    window = Window(0, 0, method.target.nrow, method.target.ncol)
    rows = np.arange(window.nrow)[:, None] + 0.5
    cols = np.arange(window.ncol)[None, :] + 0.5
    assert np.abs(method.positions(window) - method.exact(rows, cols)).max() < 1e-4


def test_positions_do_not_depend_on_the_window(europe):
    method = europe.project("EPSG:3035")._node.method
    whole = method.positions(Window(0, 0, 150, 150))
    part = method.positions(Window(37, 71, 50, 29))
    assert part.tobytes() == np.ascontiguousarray(whole[:, 37:87, 71:100]).tobytes()


def test_projected_there_and_back_is_close(europe):
    there = europe.project("EPSG:3035", "bilinear")
    back = there.project(europe, "bilinear")
    inner = (slice(None), slice(20, -20), slice(20, -20))
    assert np.nanmax(np.abs(back.to_numpy()[inner] - europe.to_numpy()[inner])) < 1500  # about a row
    assert there.names == ["v"]


def test_across_the_date_line():
    r = pt.rast(np.arange(360.0)[None, :].repeat(180, 0), extent=(-180, 180, -90, 90), crs="EPSG:4326")
    pacific = pt.rast(
        nrows=10, ncols=20, xmin=-1e6, xmax=1e6, ymin=-5e5, ymax=5e5, crs="+proj=laea +lat_0=0 +lon_0=180"
    )
    found = r.project(pacific, "near").to_numpy()[0]
    assert not np.isnan(found).any()
    assert found[0, 0] > 350
    assert found[0, -1] < 10


def test_a_region_over_the_seam_reads_little(tmp_path, monkeypatch):
    from pyterra.io.raster.raster_file import FileSource

    world(np.arange(36000.0).reshape(10, 3600)).write_raster(tmp_path / "w.tif")
    read, old = [], FileSource.fetched
    monkeypatch.setattr(
        FileSource,
        "fetched",
        lambda self, bands, window: (read.append(window), old(self, bands, window))[1],
    )
    fiji = pt.rast(nrows=2, ncols=2, xmin=2e5, xmax=1.4e6, ymin=7.6e6, ymax=8.8e6, crs="EPSG:32760")
    found = pt.rast(tmp_path / "w.tif").project(fiji, "near")
    assert found.to_numpy().shape == (1, 2, 2)
    assert sum(w.ncol for w in read) < 400
    assert not np.isnan(found.to_numpy()).any()


@pytest.mark.parametrize("xmin", [-190, 170])
def test_a_region_about_the_date_line_goes_to_utm(xmin):
    r = pt.rast(np.tile(np.arange(20.0), (10, 1)), extent=(xmin, xmin + 20, -10, 0), crs="EPSG:4326")
    fiji = pt.rast(nrows=4, ncols=9, xmin=0, xmax=9e5, ymin=9.5e6, ymax=9.9e6, crs="EPSG:32760")
    found = r.project(fiji, "bilinear").to_numpy()[0]
    assert not np.isnan(found).any()
    assert (np.diff(found, axis=1) > 0).all()


@pytest.mark.parametrize(
    ("source", "crs"),
    [(smooth_raster(2), "+proj=robin +lon_0=180"), (smooth_raster(1, 50), "EPSG:3413")],
    ids=["the seam in the middle", "the pole in the middle"],
)
def test_kernels_are_not_widened_by_what_is_special_in_the_middle(source, crs):
    from pyproj import Transformer

    made = source.project(crs, "bilinear")
    x, y = (
        made.xmin + (np.arange(made.ncol) + 0.5) * made.xres,
        made.ymax - (np.arange(made.nrow) + 0.5) * made.yres,
    )
    lon, lat = Transformer.from_crs(made.crs, "EPSG:4326", always_xy=True).transform(*np.meshgrid(x, y))
    found = made.to_numpy()[0]
    known = np.isfinite(found)
    off = np.abs(found[known] - smooth(lon[known], lat[known]))
    assert off.mean() < 0.05
    assert off.max() < 1  # rows end half a cell before the pole


def test_a_world_of_a_few_cells_goes_anywhere():
    assert world([[1.0, 2, 3, 4], [5, 6, 7, 8]]).project("EPSG:3413", "near").ncol >= 1
