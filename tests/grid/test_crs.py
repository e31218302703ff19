"""CRS are compared by meaning: how they are written, and the order of their axes, do not count."""

import pyproj
import pytest

from pyterra.grid.crs import parse_crs, same_crs


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
