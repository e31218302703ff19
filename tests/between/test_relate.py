"""How extents lie to geometries. The answers are those of terra 1.9."""

import pytest

import pyterra as pt
from pyterra.errors import CRSMismatchError


@pytest.fixture
def r():
    return pt.rast(nrows=2, ncols=3, xmin=0, xmax=3, ymin=0, ymax=2, crs="EPSG:4326")


def test_the_extent_of_a_raster_is_meant(r):
    assert r.relate(pt.ext(1, 2, 1, 2), "contains").tolist() == [[True]]
    points = pt.vect([[0.5, 1.5], [9, 9]], crs="EPSG:4326")
    assert r.relate(points).tolist() == [[True, False]]
    assert r.is_related(points) is True
    assert r.is_related(points[1:]) is False


def test_extents_are_related_to_rasters_and_vectors(r):
    e = pt.ext(0, 1, 0, 1)
    assert e.relate(r, "within").tolist() == [[True]]
    assert e.is_related(pt.vect([[0.5, 1.5]], crs="EPSG:4326")) is False


def test_other_reference_systems_are_refused(r):
    with pytest.raises(CRSMismatchError):
        r.relate(pt.vect([[0, 0]], crs="EPSG:3857"))
