"""Meridians and parallels, against terra 1.9 and by hand."""

import numpy as np
import pytest
import shapely

import pyterra as pt
from pyterra.errors import ArgumentError


def test_lines_are_those_of_terra():
    # terra 1.9-45: graticule(90, c(-90, -60, -23.5, 0, 23.5, 60, 90))
    g = pt.graticule(90, [-90, -60, -23.5, 0, 23.5, 60, 90])
    table = g.values()
    assert list(table.columns) == ["h", "lon", "lat"]
    assert table["h"].tolist() == [False] * 5 + [True] * 7
    assert table["lon"].tolist()[:5] == [-180, -90, 0, 90, 180]
    assert table["lat"].tolist()[5:] == [-90, -60, -23.5, 0, 23.5, 60, 90]
    assert table["lon"].isna().tolist() == table["h"].tolist()
    assert g.ext == pt.ext(-180, 180, -90, 90)
    assert g.is_lonlat()


def test_lines_reach_from_the_first_to_the_last_of_the_others():
    # terra 1.9-45: graticule(200), graticule(7, 50)
    assert pt.graticule(200).values()["lon"].dropna().tolist() == [-180, 20]
    assert pt.graticule(200).ext == pt.ext(-180, 20, -90, 90)
    assert pt.graticule(7, 50).values()["lat"].dropna().tolist() == [-90, -40, 10, 60]
    assert pt.graticule(7, 50).ext == pt.ext(-180, 177, -90, 60)


def test_lines_are_curves_on_a_map_as_in_terra():
    # terra 1.9-45: the extent of graticule(60, 30, crs = "+proj=robin"), and its first corner
    g = pt.graticule(60, 30, crs="+proj=robin")
    np.testing.assert_allclose(list(g.ext), [-17005833, 17005833, -8625155, 8625155], atol=1)
    np.testing.assert_allclose(g.crds()[0], [-9050504, -8625155], atol=1)
    assert (len(g), g.nseg()[0]) == (14, 200)


def test_what_has_no_place_on_the_map_is_left_out():
    # by hand: half of the globe is seen, and so are the meridians within 90 degrees, and half of the equator
    g = pt.graticule(45, 30, crs="+proj=ortho +R=1000")
    assert g.values()["lon"].dropna().between(-90, 90).all()
    equator = g[(g["lat"] == 0).to_numpy()]
    assert shapely.length(equator.geoms)[0] == pytest.approx(2000, rel=1e-3)


def test_what_is_refused():
    for bad in (0, -10, np.nan, [5]):
        with pytest.raises(ArgumentError, match="graticule: lon must be a step above 0, or two or more"):
            pt.graticule(bad)
    with pytest.raises(ArgumentError, match="graticule: lat must be from -90 to 90, got 95"):
        pt.graticule(30, [0, 95])
    with pytest.raises(ArgumentError, match="crs must have a place on the earth"):
        pt.graticule(crs="local")
