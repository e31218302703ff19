"""Dates in names."""

import numpy as np
import pytest

from pyterra.workflows.dates import date_in_name


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("ndvi_landsat.ard1_p50_30m_s_20141202_20150320_nl_epsg.3035_v20230720", "2015-01-25"),
        ("ndvi_30m_s_20150101_20150101_go_epsg.4326_v20230720", "2015-01-01"),
        ("S2A_20200229", "2020-02-29"),
        ("ndvi-2020-02-29-final", "2020-02-29"),
        ("ndvi.2020.03.01", "2020-03-01"),
    ],
)
def test_a_day_or_the_middle_of_an_interval(name, day):
    assert date_in_name(name) == np.datetime64(day)


@pytest.mark.parametrize(
    "name", ["ndvi", "ndvi_v20230720", "tile_20201301", "id_120150101", "20210230", "2020_03-01"]
)
def test_what_is_no_date(name):
    assert date_in_name(name) is None
