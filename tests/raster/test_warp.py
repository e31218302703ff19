"""resample and project: where values come from on another grid."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError, CRSMismatchError
from pyterra.grid import Window

NAN = np.nan


def test_average_weighs_by_area_and_missing_drops_out():
    r = pt.rast([[1.0, 2.0, 3.0, NAN]], extent=(0, 4, 0, 1))
    target = pt.rast(nrows=1, ncols=2, xmin=0, xmax=3, ymin=0, ymax=1, crs="")
    np.testing.assert_allclose(
        r.resample(target, "average").values(drop=True), [(1 + 0.5 * 2) / 1.5, (0.5 * 2 + 3) / 1.5]
    )
    wide = pt.rast(nrows=1, ncols=1, xmin=0, xmax=4, ymin=0, ymax=1, crs="")
    assert r.resample(wide, "average").values(drop=True) == pytest.approx([2.0])
    assert r.resample(wide, "sum").values(drop=True) == pytest.approx([6.0])


def test_averages_onto_cells_that_do_not_divide_keep_the_total():
    rng = np.random.default_rng(3)
    fine = pt.rast(rng.random((100, 100)), extent=(0, 0.025, 0, 0.025))
    coarse = pt.rast(nrows=12, ncols=12, extent=(0, 0.025, 0, 0.025), crs="")
    assert fine.resample(coarse, "average").to_numpy().mean() == pytest.approx(
        fine.to_numpy().mean(), rel=1e-12
    )


def test_bilinear_is_missing_only_where_the_cell_below_is():
    r = pt.rast([[0.0, 10.0, NAN]], extent=(0, 3, 0, 1))
    target = pt.rast(nrows=1, ncols=6, xmin=0, xmax=3, ymin=0, ymax=1, crs="")
    np.testing.assert_allclose(r.resample(target).values(drop=True), [0, 2.5, 7.5, 10, NAN, NAN])


def test_factors_are_resampled_by_the_nearest_cell_and_stay_factors():
    s = pt.rast([[1, 2]], extent=(0, 2, 0, 1))
    s.levels = {1: "a", 2: "b"}
    target = pt.rast(nrows=1, ncols=4, xmin=0, xmax=2, ymin=0, ymax=1, crs="")
    found = s.resample(target)
    assert found.values(drop=True).tolist() == [1, 1, 2, 2]
    assert found.is_factor() == [True]


def test_outside_is_missing():
    r = pt.rast(np.ones((2, 2)), extent=(0, 2, 0, 2))
    target = pt.rast(nrows=2, ncols=4, xmin=-1, xmax=3, ymin=0, ymax=2, crs="")
    np.testing.assert_array_equal(r.resample(target, "near").to_numpy()[0, 0], [NAN, 1, 1, NAN])


def test_methods_and_crs_are_checked():
    r = pt.rast(np.ones((2, 2)), extent=(0, 2, 0, 2), crs="EPSG:3035")
    with pytest.raises(ArgumentError, match="'bilinear'"):
        r.resample(r, "bilinar")
    with pytest.raises(CRSMismatchError):
        r.resample(pt.rast(np.ones((2, 2)), extent=(0, 2, 0, 2), crs="EPSG:32631"))
    with pytest.raises(ArgumentError, match="SpatRaster"):
        r.resample("grid")
    with pytest.raises(ArgumentError, match="must have a CRS"):
        pt.rast(np.ones((2, 2))).project("EPSG:3035")


@pytest.fixture
def europe():
    y, x = np.mgrid[0:200, 0:300]
    return pt.rast((x + 1000.0 * y), extent=(5, 8, 50, 52), crs="EPSG:4326", names="v")


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


def test_the_grid_of_a_crs_can_be_steered(europe):
    made = europe.project("EPSG:3035", res=2000)
    assert made.res == pytest.approx((2000, 2000))
    anchored = europe.project("EPSG:3035", res=2000, origin=(0, 0))
    assert anchored.origin == pytest.approx((0, 0), abs=1e-6)
    grid = pt.rast(nrows=50, ncols=50, xmin=4e6, xmax=4.1e6, ymin=3e6, ymax=3.1e6, crs="EPSG:3035")
    assert europe.project(grid).shape == (1, 50, 50)
    assert europe.project(grid, align_only=True).origin == pytest.approx(grid.origin, abs=1e-6)


def test_across_the_date_line():
    r = pt.rast(np.arange(360.0)[None, :].repeat(180, 0), extent=(-180, 180, -90, 90), crs="EPSG:4326")
    pacific = pt.rast(
        nrows=10, ncols=20, xmin=-1e6, xmax=1e6, ymin=-5e5, ymax=5e5, crs="+proj=laea +lat_0=0 +lon_0=180"
    )
    found = r.project(pacific, "near").to_numpy()[0]
    assert not np.isnan(found).any()
    assert found[0, 0] > 350
    assert found[0, -1] < 10


# Longitude is cyclic


def world(values, xmin=-180):
    return pt.rast(np.atleast_2d(values), extent=(xmin, xmin + 360, -90, 90), crs="EPSG:4326")


def row(n, xmin, xmax, crs="EPSG:4326"):
    return pt.rast(nrows=1, ncols=n, xmin=xmin, xmax=xmax, ymin=-90, ymax=90, crs=crs)


@pytest.mark.parametrize(
    "method", ["near", "bilinear", "cubic", "average", "sum", "max", "mode", "q3", "rms"]
)
def test_0_to_360_becomes_180_west_to_180_east_and_back(method):
    r = pt.rast(nrows=1, ncols=4, xmin=0, xmax=360, ymin=-90, ymax=90, vals=[0, 1, 2, 3])
    turned = r.resample(row(4, -180, 180), method)
    assert turned.values(drop=True).tolist() == [2, 3, 0, 1]
    assert turned.resample(r, method).values(drop=True).tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("bilinear", [1.5, 0.5, 1.5, 2.5]),
        ("average", [1.5, 0.5, 1.5, 2.5]),
        ("sum", [1.5, 0.5, 1.5, 2.5]),
        ("max", [3, 1, 2, 3]),
        ("min", [0, 0, 1, 2]),
    ],
)
def test_cells_across_the_seam_hold_both_sides(method, expected):
    # By hand: the first target cell is the half of the last source cell and the half of the first.
    assert world([0, 1, 2, 3]).resample(row(4, -225, 135), method).values(drop=True).tolist() == expected


def test_a_region_is_found_on_either_convention():
    west = pt.rast(np.arange(20.0)[None], extent=(350, 370, -90, 90), crs="EPSG:4326")
    for method in ("near", "bilinear", "average", "max"):
        found = west.resample(row(20, -10, 10), method).values(drop=True)
        np.testing.assert_array_equal(found, np.arange(20.0))
        found = west.resample(row(360, 0, 360), method).values(drop=True)
        np.testing.assert_array_equal(np.r_[found[-10:], found[:10]], np.arange(20.0))
        assert np.isnan(found[10:-10]).all()


def test_a_region_that_leaves_a_gap_is_met_from_both_sides():
    # 358 of 360 columns: the target cell from 177.5 to 182.5 holds 1.5 columns on each side of the gap.
    r = pt.rast(np.ones((1, 358)), extent=(-179, 179, -90, 90), crs="EPSG:4326")
    assert r.resample(row(72, -182.5, 177.5), "sum").values(drop=True)[0] == pytest.approx(3.0)
    there = pt.rast(nrows=36, ncols=72, xmin=-182.5, xmax=177.5, ymin=-90, ymax=90, crs="EPSG:4269")
    assert r.project(there, "sum").to_numpy()[0, 3, 0] == pytest.approx(3.0 * 5 / 180)


def test_a_repeated_column_counts_once():
    # Centres from -180 to 180: the first and the last column are halves of the same places.
    r = pt.rast(np.ones((1, 361)), extent=(-180.5, 180.5, -90, 90), crs="EPSG:4326")
    for target in (row(72, -180, 180), row(72, 0, 360), row(72, -177, 183)):
        assert r.resample(target, "sum").values(drop=True).tolist() == pytest.approx([5.0] * 72)
    assert r.resample(r, "near").values(drop=True).tolist() == [1.0] * 361


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


def test_cells_beyond_a_merged_world_keep_to_the_edge():
    wide = world([0, 1, 2, 3]).extend(pt.ext(-270, 270, -90, 90)).values(drop=True)
    np.testing.assert_array_equal(wide, [NAN, 0, 1, 2, 3, NAN])


# Poles, turned cells, and the middle of the map


def smooth(lon, lat):
    return 100 + 50 * np.cos(np.radians(2 * lon)) * np.cos(np.radians(lat))


def smooth_raster(res, ymin=-90):
    lon, lat = np.meshgrid(np.arange(-180 + res / 2, 180, res), np.arange(90 - res / 2, ymin, -res))
    return pt.rast(smooth(lon, lat), extent=(-180, 180, ymin, 90), crs="EPSG:4326")


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


def test_the_total_of_turned_cells_is_conserved():
    ones = pt.rast(np.ones((10, 10)), extent=(60, 70, 50, 60), crs="EPSG:4326")
    assert np.nansum(ones.project("EPSG:3035", "sum").to_numpy()) == pytest.approx(100, rel=1e-3)


@pytest.mark.parametrize("crs", ["+proj=robin +lon_0=180", "+proj=eqc +lon_0=180", "+proj=laea +lon_0=180"])
def test_a_cell_on_the_seam_does_not_hold_the_other_side_of_the_earth(crs):
    values = np.zeros((36, 72))
    values[:, 36] = 100  # Greenwich
    half = pt.rast(nrows=9, ncols=9, xmin=-4e6, xmax=4e6, ymin=-4e6, ymax=4e6, crs=crs)
    assert world(values).project(half, "max").to_numpy().max() == 0


def test_border_cells_hold_what_they_cover():
    # Axes turned by 45 degrees: a square of two by two source cells is cut into triangles, by hand.
    turned = "+proj=omerc +lat_0=0 +lonc=0 +alpha=45 +gamma=0 +R=6371000"
    r = pt.rast(np.ones((2, 2)), extent=(-1000, 1000, -1000, 1000), crs="+proj=eqc +R=6371000")
    half = np.sqrt(2) * 1000
    target = pt.rast(nrows=2, ncols=2, xmin=-half, xmax=half, ymin=-half, ymax=half, crs=turned)
    np.testing.assert_allclose(r.project(target, "sum").to_numpy()[0], 1, rtol=1e-5)
    aside = target.shift(
        dx=half
    )  # its middle is the corner of the source to the east, so that half of it is empty
    np.testing.assert_allclose(r.project(aside, "sum").to_numpy()[0], [[1, NAN], [1, NAN]], rtol=1e-5)


def test_interpolation_computes_in_float64_and_choices_keep_their_type():
    r = pt.rast(np.arange(16, dtype=np.float32).reshape(4, 4), extent=(0, 4, 0, 4), crs="EPSG:4326")
    for method in ("bilinear", "cubic", "cubicspline", "lanczos", "average", "sum", "rms"):
        assert r.resample(r, method)._node.dtype == np.float64
        assert r.project("EPSG:3035", method)._node.dtype == np.float64
    for method in ("near", "min", "max", "mode", "med", "q1", "q3"):
        assert r.resample(r, method)._node.dtype == np.float32
        assert r.project("EPSG:3035", method)._node.dtype == np.float32


def test_a_wished_resolution_keeps_the_lower_left_corner(europe):
    grid, made = europe.project("EPSG:3035"), europe.project("EPSG:3035", res=(3000, 2000))
    assert (made.xmin, made.ymin) == (grid.xmin, grid.ymin)
    assert made.res == pytest.approx((3000, 2000))
    width, height = grid.xmax - grid.xmin, grid.ymax - grid.ymin
    assert made.shape[1:] == (round(height / 2000), round(width / 3000))
    assert europe.project("EPSG:3035", res=1e7).shape[1:] == (1, 1)


def test_a_wished_origin_moves_the_grid_to_the_nearest_match(europe):
    grid, made = (
        europe.project("EPSG:3035", res=1000),
        europe.project("EPSG:3035", res=1000, origin=(250, 400)),
    )
    assert made.shape == grid.shape
    assert made.origin == pytest.approx((250, 400), abs=1e-6)
    assert abs(made.xmin - grid.xmin) <= 500
    assert abs(made.ymin - grid.ymin) <= 500


@pytest.mark.parametrize(
    "arguments", [{"res": 0}, {"res": (1, 2, 3)}, {"res": -1}, {"origin": 5}, {"origin": (1, NAN)}]
)
def test_resolution_and_origin_are_checked(europe, arguments):
    with pytest.raises(ArgumentError, match=r"project: (res|origin) must be"):
        europe.project("EPSG:3035", **arguments)


@pytest.mark.parametrize(
    "verb",
    [
        lambda r: r.extend(pt.ext(-10, 400, -90, 90)),
        lambda r: r.crop(pt.ext(20, 140, -50, 60)),
        lambda r: r.shift(5),
        lambda r: r.project("+proj=robin", "near"),
        lambda r: r.resample(row(200, -180, 180), "average"),
    ],
    ids=["extend", "crop", "shift", "project", "resample"],
)
def test_a_preview_shows_what_the_values_are(verb):
    from pyterra.expr.coarsen import coarsen
    from pyterra.run import evaluate

    made = verb(world(np.tile(np.arange(200.0), (100, 1)), 0).focal(1, "mean"))
    small = coarsen(made._node, 4)
    found, values = evaluate(small, small.grid.window), made.to_numpy()
    assert np.isnan(found).mean() == pytest.approx(np.isnan(values).mean(), abs=0.05)
    assert np.nanmedian(found) == pytest.approx(np.nanmedian(values), abs=4)


def test_a_world_of_a_few_cells_goes_anywhere():
    assert world([[1.0, 2, 3, 4], [5, 6, 7, 8]]).project("EPSG:3413", "near").ncol >= 1
