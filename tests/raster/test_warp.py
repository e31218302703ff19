"""resample and project: where values come from on another grid."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError, CRSMismatchError

NAN = np.nan


def test_factors_are_resampled_by_the_nearest_cell_and_stay_factors():
    s = pt.rast([[1, 2]], extent=(0, 2, 0, 1))
    s.levels = {1: "a", 2: "b"}
    target = pt.rast(nrows=1, ncols=4, xmin=0, xmax=2, ymin=0, ymax=1, crs="")
    found = s.resample(target)
    assert found.values(drop=True).tolist() == [1, 1, 2, 2]
    assert found.is_factor() == [True]


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


def test_the_grid_of_a_crs_can_be_steered(europe):
    made = europe.project("EPSG:3035", res=2000)
    assert made.res == pytest.approx((2000, 2000))
    anchored = europe.project("EPSG:3035", res=2000, origin=(0, 0))
    assert anchored.origin == pytest.approx((0, 0), abs=1e-6)
    grid = pt.rast(nrows=50, ncols=50, xmin=4e6, xmax=4.1e6, ymin=3e6, ymax=3.1e6, crs="EPSG:3035")
    assert europe.project(grid).shape == (1, 50, 50)
    assert europe.project(grid, align_only=True).origin == pytest.approx(grid.origin, abs=1e-6)


# Longitude is cyclic


def world(values, xmin=-180):
    return pt.rast(np.atleast_2d(values), extent=(xmin, xmin + 360, -90, 90), crs="EPSG:4326")


def row(n, xmin, xmax, crs="EPSG:4326"):
    return pt.rast(nrows=1, ncols=n, xmin=xmin, xmax=xmax, ymin=-90, ymax=90, crs=crs)


def test_cells_beyond_a_merged_world_keep_to_the_edge():
    wide = world([0, 1, 2, 3]).extend(pt.ext(-270, 270, -90, 90)).values(drop=True)
    np.testing.assert_array_equal(wide, [NAN, 0, 1, 2, 3, NAN])


# Poles, turned cells, and the middle of the map


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
