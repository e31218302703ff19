"""Dates in names."""

import numpy as np
import pytest

from pyterra.workflows.dates import date_in_name, interval_in_name


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
        ("20220203_20220101_A2022001", "2022-01-17"),
        ("A2022017_20220203", "2022-01-25"),
        ("2015_12_2015_01", "2015-07-02"),
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
        "worldcover_2020_10m",
        "dem_2000_10km",
    ],
)
def test_what_is_no_date(name):
    assert date_in_name(name) is None


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("20220203_A2022017", "2022-01-17", "2022-02-03"),
        ("201512_201501", "2015-01-01", "2015-12-31"),
        ("201502", "2015-02-01", "2015-02-28"),
    ],
)
def test_an_interval_begins_before_it_ends(name, first, last):
    assert interval_in_name(name) == (np.datetime64(first), np.datetime64(last))
