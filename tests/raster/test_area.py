"""Areas of cells."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError, CRSMismatchError
from pyterra.grid.geodesic import areas_of_cells

EARTH = 510_065_621_724_088.0  # square metres of the ellipsoid WGS 84


@pytest.mark.parametrize("ncol", [1, 2, 4, 36])
def test_cells_of_the_earth_cover_the_earth(ncol):
    areas = pt.rast(nrows=18, ncols=ncol).cell_size()
    assert areas.names == ["area"]
    assert areas.to_numpy().sum() == pytest.approx(EARTH, rel=1e-9)


def test_areas_of_a_plane_that_keeps_areas_are_those_of_the_plane():
    r = pt.rast(nrows=3, ncols=4, extent=(4e6, 4.0004e6, 3e6, 3.0003e6), crs="EPSG:3035")
    assert r.cell_size().to_numpy() == pytest.approx(10_000, rel=1e-8)
    assert r.cell_size(unit="ha", transform=False).to_numpy().tolist() == [[[1.0] * 4] * 3]


def test_large_planar_grids_are_interpolated_closely():
    r = pt.rast(nrows=900, ncols=700, extent=(-2e7, 2e7, -1.8e7, 1.8e7), crs="EPSG:3857")
    exact = areas_of_cells(r._node.grid, np.arange(900), np.arange(3, 4))[:, 0]
    assert r.cell_size().to_numpy()[0, :, 3] == pytest.approx(exact, rel=1e-5)


def test_cells_without_a_place_on_earth_have_no_area():
    r = pt.rast(nrows=2, ncols=300, extent=(-3e7, 3e7, -1e6, 1e6), crs="ESRI:54009")
    found = r.cell_size().to_numpy()[0]
    assert np.isnan(found[:, 0]).all()
    assert np.isfinite(found[:, 150]).all()


def test_mask_follows_the_first_layer_or_each():
    values = np.array([[[np.nan, 1.0]], [[1.0, np.nan]]])
    r = pt.rast(values, extent=(0, 2, 0, 1), crs="EPSG:4326")
    assert np.isnan(r.cell_size(mask=True).to_numpy()).tolist() == [[[True, False]]]
    both = r.cell_size(mask=True, lyrs=True)
    assert both.names == ["area_1", "area_2"]
    assert np.isnan(both.to_numpy()).tolist() == [[[True, False]], [[False, True]]]


def test_units_of_feet_count_in_metres():
    r = pt.rast(nrows=1, ncols=1, extent=(0, 1000, 0, 1000), crs="EPSG:2263")
    assert r.cell_size(transform=False).to_numpy().item() == pytest.approx(1e6 * 0.3048006096**2)


def test_a_crs_is_needed():
    r = pt.rast(nrows=1, ncols=1, extent=(0, 1, 0, 1), crs="")
    with pytest.raises(CRSMismatchError, match="must be known"):
        r.cell_size()
    assert r.cell_size(transform=False).to_numpy().item() == 1
    with pytest.raises(ArgumentError, match="unit: must be one of m, km, ha, got 'miles'"):
        r.cell_size(unit="miles")
