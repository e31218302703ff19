"""CRS are compared by meaning: how they are written, and the order of their axes, do not count."""

import pyproj
import pytest

from pyterra.errors import ArgumentError, CRSMismatchError, PyterraWarning
from pyterra.grid import Grid
from pyterra.grid.crs import describe_crs, is_lonlat, parse_crs, same_crs
from pyterra.handles.spatextent import SpatExtent


@pytest.mark.parametrize("code", [3035, 31467, 2193, 25832, 5514, 4326, 3413])
def test_a_crs_is_the_same_in_the_text_of_a_prj_file(code):
    """The text of a ``.prj`` file has its axes in the order of x and y; EPSG:3035 and others begin with northing."""
    crs = pyproj.CRS.from_epsg(code)
    assert same_crs(parse_crs(crs), parse_crs(crs.to_wkt("WKT1_ESRI")))


@pytest.mark.parametrize(("one", "other"), [(3035, 3034), (31467, 31468), (25832, 25833), (3035, 4258)])
def test_other_zones_and_projections_differ(one, other):
    texts = [pyproj.CRS.from_epsg(code).to_wkt("WKT1_ESRI") for code in (one, other)]
    assert not same_crs(*map(parse_crs, texts))
    assert not same_crs(parse_crs(one), parse_crs(other))


GRID = Grid(SpatExtent(0, 30, 100, 120), 4, 3)


def test_crs_are_compared_by_meaning():
    assert same_crs(parse_crs("EPSG:4326"), parse_crs("OGC:CRS84"))
    assert not same_crs(parse_crs("EPSG:4326"), parse_crs(3035))
    assert parse_crs(None) == parse_crs("") == ""


def test_crs_differences_raise_and_a_missing_one_warns():
    here, there = GRID.with_crs(parse_crs(3035)), GRID.with_crs(parse_crs(32631))
    with pytest.raises(CRSMismatchError, match="ETRS89"):
        here.check_same(there, "+")
    with pytest.warns(PyterraWarning, match="no CRS"):
        assert here.check_same(GRID, "+").crs == here.crs


def test_crs_is_described_in_a_line():
    assert describe_crs(parse_crs("EPSG:4326")) == "lon/lat WGS 84 (EPSG:4326)"
    assert describe_crs(parse_crs(3035)).endswith("(EPSG:3035)")
    assert is_lonlat(parse_crs("EPSG:4326"))
    assert not is_lonlat(parse_crs("local"))


def test_an_unknown_crs_is_an_error_that_names_it():
    with pytest.raises(ArgumentError, match="EPSG:999999"):
        parse_crs("EPSG:999999")


def test_a_crs_without_a_name_is_described_by_its_parameters():
    assert (
        describe_crs(parse_crs("+proj=utm +zone=1 +datum=WGS84"))
        == "+proj=utm +zone=1 +datum=WGS84 +units=m +no_defs"
    )
