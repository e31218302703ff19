"""Rasters of the rows and columns of a sensor, placed by arrays: what is told of them, and how they come onto a grid."""

import pickle

import numpy as np
import pytest
from swaths import placed_by

import pyterra as pt
from pyterra.errors import (
    ArgumentError,
    CRSMismatchError,
    GridMismatchError,
    MemoryBudgetError,
    PyterraWarning,
    SourceError,
)
from pyterra.io.located import ReadArrays

NROW, NCOL = 60, 80


def places(row, col, lon=5.0):
    return lon + 0.05 * col + 0.02 * row + 0.0003 * row * col, 50 - 0.04 * row + 0.015 * col


def row_and_col(lon, lat):
    """Where points lie among the cells of `places`, by Newton's method."""
    row, col = np.zeros(lon.shape), np.zeros(lon.shape)
    for _ in range(40):
        x, y = places(row, col)
        a, b, c, d = 0.02 + 0.0003 * col, 0.05 + 0.0003 * row, -0.04, 0.015
        det = a * d - b * c
        row, col = row - ((x - lon) * d - b * (y - lat)) / det, col - (a * (y - lat) - c * (x - lon)) / det
    return row, col


@pytest.fixture
def swath():
    row, col = np.mgrid[0:NROW, 0:NCOL].astype(float)
    return placed_by(pt.rast(np.stack([row, col]), names=["row", "col"]), *places(row, col))


@pytest.fixture
def template():
    return pt.rast(extent=(4.9, 11.7, 47.5, 51.3), resolution=0.05, crs="EPSG:4326")


def truth(template):
    return row_and_col(*template.crds().T)


def test_bilinear_values_are_those_of_the_place(swath, template):
    row, col = truth(template)
    found = swath.project(template, "bilinear").values().T
    inside = (row > 0) & (row < NROW - 1) & (col > 0) & (col < NCOL - 1)
    assert inside.sum() > 4000
    assert np.abs(found[:, inside] - [row[inside], col[inside]]).max() < 1e-3
    outside = (row < -0.6) | (row > NROW - 0.4) | (col < -0.6) | (col > NCOL - 0.4)
    assert np.isnan(found[:, outside]).all()


def test_the_nearest_cell_is_the_one_in_which_a_point_lies(swath, template):
    row, col = truth(template)
    found = swath.project(template, "near").values().T
    clear = np.abs(np.mod([row, col], 1) - 0.5).min(axis=0) > 0.01
    within = clear & (row > -0.5) & (row < NROW - 0.5) & (col > -0.5) & (col < NCOL - 0.5)
    np.testing.assert_array_equal(found[:, within], np.rint([row[within], col[within]]))
    assert np.isnan(found[:, clear & ~within]).all()


def test_averages_are_by_area(swath):
    coarse = pt.rast(extent=(6, 9, 48.4, 49.9), resolution=0.5, crs="EPSG:4326")
    fine = pt.rast(extent=(6, 9, 48.4, 49.9), resolution=0.005, crs="EPSG:4326")
    found = swath.project(coarse, "average").values()
    expected = swath.project(fine, "near").aggregate(100, "mean", na_rm=True).values()
    np.testing.assert_allclose(found, expected, atol=0.05)


def test_a_crs_alone_gets_a_grid_that_holds_all_cells(swath):
    for crs in ("EPSG:4326", "EPSG:3035"):
        found = swath.project(crs, "near")
        seen = np.unique(found.values().T, axis=1)
        cells = {tuple(pair) for pair in seen.T if pair[0] == pair[0]}
        assert len(cells) > 0.6 * NROW * NCOL  # cells as large as usual: small ones fall between centres
        assert {(0, 0), (0, NCOL - 1), (NROW - 1, 0), (NROW - 1, NCOL - 1)} <= {
            (min((0, NROW - 1), key=lambda e: abs(e - r)), min((0, NCOL - 1), key=lambda e: abs(e - c)))
            for r, c in cells
        }
        assert found.xres == pytest.approx(found.yres)


@pytest.mark.parametrize("lon", [178.0, -181.5])
def test_a_strip_over_the_date_line_stays_in_one_piece(lon):
    row, col = np.mgrid[0:NROW, 0:NCOL].astype(float)
    x, y = places(row, col, lon)
    swath = placed_by(pt.rast(row), (x + 180) % 360 - 180, y)
    found = swath.project("EPSG:4326", "near")
    assert found.ext.xmax - found.ext.xmin < 8
    plain = placed_by(pt.rast(row), x - lon, y).project("EPSG:4326", "near")
    assert found.shape == plain.shape
    np.testing.assert_array_equal(found.values(), plain.values())


def test_arrays_that_are_missing_or_impossible_place_nothing(swath, template):
    row, col = np.mgrid[0:NROW, 0:NCOL].astype(float)
    lon, lat = places(row, col)
    lon[:, 40:] = -999.0
    lat[:, 40:] = -999.0
    lon[20, 20] = np.nan
    found = placed_by(pt.rast(col), lon, lat).project(template, "near").values().T
    assert np.nanmax(found) == 39
    seen = swath.project(template, "near").values().T[1]
    assert np.isnan(found[0][seen > 41]).all()


def test_coarse_arrays_stand_for_several_cells_each(swath, template):
    row, col = np.mgrid[0:NROW:4, 0:NCOL:4].astype(float)
    few = placed_by(pt.rast(np.asarray(swath[[0]])), *places(row, col), first=(0.5, 0.5), step=(4.0, 4.0))
    one, other = few.project(template).values(), swath[[0]].project(template).values()
    both = ~np.isnan(one) & ~np.isnan(other)
    assert both.sum() > 4000
    assert np.abs(one[both] - other[both]).max() < 0.02


def test_arithmetic_windows_and_coarser_cells_keep_the_arrays(swath, template):
    whole = swath.project(template, "near").values().T
    twice = ((swath * 2) + 1).project(template, "near").values().T
    np.testing.assert_array_equal(twice, whole * 2 + 1)
    part = swath.crop((10, 50, 10, 40))
    assert part.has_geoloc() == [True]
    seen = part.project(template, "near").values().T
    inside = ~np.isnan(seen)
    np.testing.assert_array_equal(seen[inside], whole[inside])
    assert inside[0].sum() == ((whole[0] >= 20) & (whole[0] < 50) & (whole[1] >= 10) & (whole[1] < 50)).sum()
    coarse = swath.aggregate(2).project(template, "near").values().T
    assert np.nanmax(np.abs(coarse - whole)) <= 1.5


def test_what_moves_cells_loses_the_arrays(swath, template):
    for moved in (swath.flip(), swath.flip("horizontal"), swath.t(), swath.disagg(2)):
        assert not any(moved.has_geoloc())
        with pytest.raises(ArgumentError, match="projected before its cells change places"):
            moved.project(template)


def test_cells_of_a_sensor_are_no_places_on_the_earth(swath, template):
    assert swath.ext == pt.ext(0, NCOL, 0, NROW)
    assert not swath.is_lonlat()
    with pytest.raises(CRSMismatchError, match="use project"):
        swath.resample(template)
    with pytest.raises(ArgumentError, match="no way is known"):
        pt.rast(template, vals=1).project(swath)
    with pytest.raises(ArgumentError, match="no way is known"), pytest.warns(PyterraWarning):
        swath.extract(pt.vect([[6.0, 50.0]], crs="EPSG:4326"))


def test_arrays_must_place_two_rows_and_columns(template):
    for shape in ((1, 5), (5, 1)):
        values = np.ones(shape)
        with pytest.raises(SourceError, match="two rows and two columns at least"):
            placed_by(pt.rast(values), values, values).project(template)
    with pytest.raises(SourceError, match="0 of them places"):
        placed_by(pt.rast(np.ones((3, 3))), np.full((3, 3), np.nan), np.ones((3, 3))).project(template)


def test_arrays_that_do_not_fit_are_refused_in_words(swath, template):
    with pt.options(memory=100_000), pytest.raises(MemoryBudgetError, match="must fit in half of the memory"):
        swath.project(template)


def test_two_passes_do_not_meet_cell_by_cell(swath):
    row, col = np.mgrid[0:NROW, 0:NCOL].astype(float)
    other = placed_by(pt.rast(np.stack([row, col])), *places(row, col, 20.0))
    for together in (
        lambda: swath + other,
        lambda: pt.c(swath, other),
        lambda: swath.merge(other),
        lambda: swath.resample(other),
        lambda: swath.mask(other[[0]]),
        lambda: pt.mosaic(swath.crop((0, 10, 0, 10)), other),
    ):
        with pytest.raises(GridMismatchError, match="cells must lie in the same places"):
            together()
    same = placed_by(
        pt.rast(np.stack([row, col])), *places(row, col)
    )  # the same places, told by other arrays
    assert (swath + same).has_geoloc() == [True]
    assert swath.crop((0, 10, 0, 10)).merge(swath).ext == swath.ext


def test_the_arrays_are_read_once(swath, monkeypatch):
    reads, plain = [], ReadArrays.values
    monkeypatch.setattr(ReadArrays, "values", lambda arrays: reads.append(1) or plain(arrays))
    swath.project("EPSG:3035").values()
    swath.project("EPSG:4326", "average").values()
    assert len(reads) == 1


def test_it_goes_to_other_processes(swath, template):
    there = pickle.loads(pickle.dumps(swath))
    np.testing.assert_array_equal(there.project(template).values(), swath.project(template).values())
    with pt.options(executor="processes", workers=2):
        np.testing.assert_array_equal(swath.project(template).values(), there.project(template).values())


def test_the_arrays_are_named(swath):
    told = swath.geoloc()
    assert list(told.columns) == ["geolocation", "gcps", "srs", "x", "y"]
    assert told.loc[0, ["geolocation", "gcps", "x", "y"]].tolist() == [True, False, "lon", "lat"]
    assert "WGS 84" in told.loc[0, "srs"]
    assert swath.has_geoloc() == [True]
    assert pt.c(swath, swath * 2).has_geoloc() == [True, True]
    plain = pt.rast([[1]]).geoloc()
    assert plain.loc[0].tolist() == [False, False, "", "", ""]


def regular(crs, scale=1.0, x=0.0):
    """12 x 20 cells, each as wide and high as `scale`, whose upper left corner is (`x`, 40)."""
    row, col = np.mgrid[0:12, 0:20] + 0.5
    return placed_by(pt.rast(np.arange(240.0).reshape(12, 20)), x + scale * col, 40 - scale * row, crs)


@pytest.mark.parametrize(("crs", "scale"), [("EPSG:32632", 1000.0), ("EPSG:4326", 0.25)])
def test_cells_in_rows_and_columns_already_get_the_grid_they_have(crs, scale):
    found = regular(crs, scale, 500.0 if scale > 1 else 0).project(crs, "near")
    assert found.shape == (1, 12, 20)
    np.testing.assert_allclose(found.res, scale, rtol=1e-9)
    np.testing.assert_allclose(tuple(found.ext)[::3], [500.0 if scale > 1 else 0, 40], atol=1e-6)
    np.testing.assert_array_equal(found.values(drop=True), np.arange(240))


def test_coarse_arrays_get_cells_of_the_size_that_they_place(swath):
    row, col = np.mgrid[0:NROW:4, 0:NCOL:4].astype(float)
    few = placed_by(pt.rast(np.asarray(swath[[0]])), *places(row, col), first=(0.5, 0.5), step=(4.0, 4.0))
    np.testing.assert_allclose(few.project("EPSG:3035").res, swath.project("EPSG:3035").res, rtol=0.02)


def test_the_last_rows_and_columns_of_long_arrays_are_looked_at():
    row, col = np.mgrid[0:3, 0:1539].astype(float)
    lon = 5 + 0.001 * col
    lon[:, -1] += 0.5
    found = placed_by(pt.rast(col), lon, 50 - 0.001 * row).project("EPSG:4326", "near")
    assert found.xmax > lon.max()
    assert np.nanmax(found.values()) == 1538


@pytest.mark.parametrize("axis", [0, 1])
@pytest.mark.parametrize("code", [-999.0, np.nan, np.inf])
def test_one_coordinate_that_is_missing_or_impossible_is_enough(template, axis, code):
    row, col = np.mgrid[0:NROW, 0:NCOL].astype(float)
    given = list(places(row, col))
    given[axis] = np.where(col >= 40, code, given[axis])
    swath = placed_by(pt.rast(col), *given)
    assert np.nanmax(swath.project(template, "near").values()) == 39
    assert swath.project("EPSG:4326").xmax < 10  # -999 degrees are a place, too


def test_longitudes_may_go_on_beyond_180(swath, template):
    row, col = np.mgrid[0:NROW, 0:NCOL].astype(float)
    lon, lat = places(row, col)
    found = placed_by(pt.rast(np.stack([row, col])), lon + 360, lat).project(template, "near")
    np.testing.assert_array_equal(found.values(), swath.project(template, "near").values())


def test_two_pairs_of_arrays_are_kept_those_that_were_asked_for_last(monkeypatch):
    reads, plain = [], ReadArrays.values
    monkeypatch.setattr(ReadArrays, "values", lambda arrays: reads.append(arrays.token) or plain(arrays))
    one, two, three = (regular("EPSG:32632", 1000.0 + i) for i in range(3))
    for x in (one, two, one, three, one, two):
        x.project("EPSG:32632", "near").values()
    tokens = [x._node.grid.geolocation.arrays.token for x in (one, two, three)]
    assert reads == [tokens[0], tokens[1], tokens[2], tokens[1]]


def test_half_of_the_memory_is_the_limit(swath):
    need = 80 * NROW * NCOL
    with pt.options(memory=int(need * 2.5)), pytest.raises(MemoryBudgetError, match=f"{need} bytes of"):
        swath.project("EPSG:4326")


def test_cells_that_the_same_arrays_place_otherwise_do_not_meet(swath):
    row, col = np.mgrid[0:NROW, 0:NCOL].astype(float)
    half = placed_by(pt.rast(np.stack([row, col])), *places(row, col), first=(0.0, 0.0))
    with pytest.raises(GridMismatchError, match="cells must lie in the same places"):
        swath + half
