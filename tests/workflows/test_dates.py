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
        ("ndvi_2020_03_01", "2020-03-01"),
        ("ndvi_2022_01", "2022-01-16"),
        ("ndvi-202202-mean", "2022-02-14"),
        ("ndvi_2022.01_2022.02", "2022-01-30"),
        ("tile_201203_20150101", "2015-01-01"),
        ("MOD13Q1.A2022017.h18v04.061.2022034123456", "2022-01-17"),
    ],
)
def test_a_day_or_the_middle_of_an_interval(name, day):
    assert date_in_name(name) == np.datetime64(day)


@pytest.mark.parametrize(
    "name",
    [
        "ndvi",
        "ndvi_v20230720",
        "tile_20201301",
        "id_120150101",
        "20210230",
        "2020_03-01",
        "A2021366",
        "A2021000",
        "ndvi_202213",
    ],
)
def test_what_is_no_date(name):
    assert date_in_name(name) is None
