"""What holds of every pair of CRS, wherever poles, seams and the middle of the map lie."""

from __future__ import annotations

import numpy as np
import pytest
from pyproj import Transformer
from same import assert_same_bits, by_blocks, whole
from turns import each_in_turn

import pyterra as pt

ROTATED = "+proj=ob_tran +o_proj=longlat +o_lon_p=0 +o_lat_p=39.25 +lon_0=18 +R=6371229 +type=crs"
"""Longitude and latitude about a pole in the Pacific, as of regional climate models."""


def lonlat(xmin=-180, xmax=180, ymin=-90, ymax=90, res=4, crs="EPSG:4326"):
    return pt.rast(extent=(xmin, xmax, ymin, ymax), resolution=res, crs=crs)


def square(crs, half, n, x=0.0, y=0.0):
    """A template of n by n cells about a place."""
    return pt.rast(nrows=n, ncols=n, xmin=x - half, xmax=x + half, ymin=y - half, ymax=y + half, crs=crs)


def band(crs, xmin, xmax, ymin, ymax, nrow, ncol):
    return pt.rast(nrows=nrow, ncols=ncol, xmin=xmin, xmax=xmax, ymin=ymin, ymax=ymax, crs=crs)


# Source, target that holds all of it, and the part of a total that may be lost or found at the edge of the map.
PAIRS = {
    "Robinson about the seam": (lonlat(), band("+proj=robin +lon_0=180", -17.1e6, 17.1e6, -8.7e6, 8.7e6, 46, 90), 3e-3),
    "Robinson of 0..360": (lonlat(0, 360), band("+proj=robin", -17.1e6, 17.1e6, -8.7e6, 8.7e6, 45, 91), 3e-3),
    "Mollweide anywhere": (lonlat(0, 360), band("+proj=moll +lon_0=-100", -18.1e6, 18.1e6, -9.1e6, 9.1e6, 45, 90), 3e-3),
    "Equal Earth": (lonlat(), band("EPSG:8857", -17.3e6, 17.3e6, -8.5e6, 8.5e6, 40, 80), 3e-3),
    "sinusoidal": (lonlat(), band("+proj=sinu +lon_0=30", -20.1e6, 20.1e6, -10.1e6, 10.1e6, 45, 90), 5e-3),
    "plate carree": (lonlat(), band("+proj=eqc +lon_0=180", -20037509, 20037509, -10018755, 10018755, 50, 95), 1e-6),
    "cylinder of equal area": (lonlat(0, 360), band("EPSG:6933", -17367531, 17367531, -7.4e6, 7.4e6, 60, 91), 1e-3),
    "Mercator over the seam": (lonlat(ymin=-80, ymax=80), band("EPSG:3857", 0, 40075017, -16e6, 16e6, 60, 80), 1e-4),
    "equal area, north pole a corner": (lonlat(), square("+proj=laea +lat_0=90", 1.3e7, 60), 5e-3),
    "equal area, north pole a middle": (lonlat(0, 360), square("+proj=laea +lat_0=90", 1.3e7, 61), 5e-3),
    "equal area, south pole aside": (lonlat(), square("+proj=laea +lat_0=-90 +lon_0=33", 1.3e7, 57, 2.1e4, 1.1e5), 5e-3),
    "equal area over the Pacific": (lonlat(0, 360), square("+proj=laea +lat_0=10 +lon_0=180", 1.28e7, 64), 5e-3),
    "to a rotated pole": (lonlat(), lonlat(res=5, crs=ROTATED), 1e-6),
    "from a rotated pole": (lonlat(crs=ROTATED), lonlat(res=5), 1e-6),
    "from a rotated pole to 0..360": (lonlat(crs=ROTATED), lonlat(0, 360, res=(7.2, 3)), 1e-6),
    "Arctic, pole a corner": (lonlat(ymin=60, res=(3, 1)), square("EPSG:3413", 3.5e6, 70), 1e-6),
    "Arctic, pole a middle": (lonlat(0, 360, ymin=60, res=(3, 1)), square("EPSG:3413", 3.5e6, 71), 1e-6),
    "Arctic, pole on an edge": (
        lonlat(ymin=60, res=(3, 1)),
        pt.rast(nrows=70, ncols=71, xmin=-3.5e6, xmax=3.5e6, ymin=-3.5e6, ymax=3.5e6, crs="EPSG:3413"),
        1e-6,
    ),
    "Antarctic in large cells": (lonlat(ymax=-60, res=(3, 1)), square("EPSG:3031", 4.5e6, 33, 1e5, -3e5), 1e-6),
    "out of the Arctic": (square("EPSG:3413", 2e6, 50), lonlat(-5.3, 354.7, 55, 90, (3, 1)), 1e-6),
    "out of the Arctic, once more": (square("EPSG:3413", 2e6, 51), lonlat(ymin=55, res=(2, 1)), 1e-6),
    "UTM beyond the seam": (lonlat(175, 191, -10, 10, 1), band("EPSG:32601", -8e5, 1.6e6, -1.3e6, 1.3e6, 30, 28), 1e-6),
    "UTM of 350..370": (lonlat(350, 366, 40, 60, 1), band("EPSG:32631", -8e5, 1.6e6, 4.3e6, 6.9e6, 30, 28), 1e-6),
    "Lambert far to the east": (lonlat(60, 70, 50, 60, 1), band("EPSG:3035", 6.8e6, 8.1e6, 4.1e6, 5.5e6, 25, 24), 1e-6),
    "oblique Mercator": (
        lonlat(-10, 10, 40, 60, 1),
        square("+proj=omerc +lat_0=50 +lonc=0 +alpha=45 +gamma=0", 1.5e6, 61),
        1e-6,
    ),
    "cylinder of equal area to 0..360": (
        band("EPSG:6933", -17367530.445, 17367530.445, -6.5e6, 6.5e6, 26, 90),
        lonlat(-7, 353, -80, 80, 5),
        1e-6,
    ),
}  # fmt: skip


@pytest.fixture(params=PAIRS, ids=lambda name: name.replace(" ", "-"))
def pair(request):
    return PAIRS[request.param]


def field(lon, lat):
    """Something smooth all over the earth, poles and seams too; 0 to 200."""
    a, b = np.radians(lon), np.radians(lat)
    return (
        100 + np.cos(b) * (30 * np.cos(a) + 20 * np.sin(a) + 10 * np.cos(2 * a) * np.cos(b)) + 25 * np.sin(b)
    )


def places(r):
    """Longitude and latitude of the centres of cells; missing where there is no such place."""
    x = r.xmin + (np.arange(r.ncol) + 0.5) * r.xres
    y = r.ymax - (np.arange(r.nrow) + 0.5) * r.yres
    found = Transformer.from_crs(r.crs, "EPSG:4326", always_xy=True).transform(*np.meshgrid(x, y))
    return (np.where(np.isfinite(v), v, np.nan) for v in found)


def holding(r, values):
    return pt.rast(values, extent=tuple(r.ext), crs=r.crs)


def test_a_total_is_conserved(pair):
    source, target, part = pair
    values = field(*places(source))
    found = np.nansum(holding(source, values).project(target, "sum").to_numpy())
    assert found == pytest.approx(np.nansum(values), rel=part)


@pytest.mark.parametrize(
    ("pair", "method"),
    each_in_turn(
        [(name,) for name in PAIRS],
        [(method,) for method in ["bilinear", "cubic", "lanczos", "average", "rms", "max", "med"]],
    ),
    indirect=["pair"],
)
def test_a_constant_stays_constant(pair, method):
    source, target, _ = pair
    found = holding(source, np.full(source.shape[1:], 0.3)).project(target, method).to_numpy()
    assert np.isfinite(found).any()
    np.testing.assert_allclose(found[np.isfinite(found)], 0.3, rtol=1e-12)


@pytest.mark.parametrize(
    ("pair", "method"),
    each_in_turn(
        [(name,) for name in PAIRS], [(method,) for method in ["near", "bilinear", "cubic", "average"]]
    ),
    indirect=["pair"],
)
def test_a_smooth_field_stays_what_it_is(pair, method):
    source, target, _ = pair
    found = holding(source, field(*places(source))).project(target, method).to_numpy()[0]
    truth = field(*places(target))
    known = np.isfinite(found) & np.isfinite(truth)
    assert known.sum() > 0.1 * found.size
    off = np.abs(found - truth)[known]
    assert off.mean() < {"near": 0.7, "bilinear": 0.15, "cubic": 0.1, "average": 0.3}[method]
    if method != "average":  # a cell at the edge of the map holds much of the earth
        assert off.max() < {"near": 3.5, "bilinear": 1.2, "cubic": 1.2}[method]


def test_values_are_where_the_source_is_and_nowhere_else(pair):
    source, target, _ = pair
    found = holding(source, np.ones(source.shape[1:])).project(target, "near").to_numpy()[0]
    lon, lat = places(target)
    to_source, to_target = (
        Transformer.from_crs("EPSG:4326", r.crs, always_xy=True) for r in (source, target)
    )
    x, y = (np.where(np.isfinite(v), v, np.nan) for v in to_source.transform(lon, lat))
    back = to_target.transform(lon, lat)
    # Where a projection gives a place for what lies beyond its map, the way back leads elsewhere.
    col, row = np.meshgrid(np.arange(target.ncol) + 0.5, np.arange(target.nrow) + 0.5)
    turn = 360 if target.is_lonlat() else 40075016.68557849 if target.xmax > 4e7 else np.inf
    aside = np.abs(back[0] - target.xmin - col * target.xres)
    aside = np.minimum(aside, np.abs(turn - aside)) / target.xres
    on_the_map = aside + np.abs(target.ymax - row * target.yres - back[1]) / target.yres < 1e-3
    if source.is_lonlat():
        x = (x - source.xmin) % 360 + source.xmin
    inside = (x >= source.xmin) & (x <= source.xmax) & (y >= source.ymin) & (y <= source.ymax)
    np.testing.assert_array_equal(np.isfinite(found), inside & on_the_map)


@pytest.mark.parametrize(
    ("pair", "method"),
    each_in_turn([(name,) for name in PAIRS], [(method,) for method in ["near", "cubic", "average", "mode"]]),
    indirect=["pair"],
)
def test_values_do_not_depend_on_the_blocks(pair, method):
    source, target, _ = pair
    made = holding(source, field(*places(source)).round()).project(target, method)
    assert_same_bits(by_blocks(made, 17, 13, 3, 2), whole(made), method)
