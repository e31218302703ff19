"""Layer names are written and read without loss, and nothing else is taken for one."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyterra.errors import ArgumentError
from pyterra.tiles import LayerName

CROPLAND = "cropland_glad.potapov.et.al_p_30m_s_20000101_20001231_go_epsg.4326_v20240624"


def name(**changes):
    fields = {
        "variable": "cropland",
        "procedure": "glad.potapov.et.al",
        "type": "p",
        "support": "30m",
        "begin": date(2000, 1, 1),
        "end": date(2000, 12, 31),
        "version": "v20240624",
    }
    return LayerName(**{**fields, **changes})


def test_ten_fields_make_the_name():
    assert name().format() == CROPLAND
    assert name().format(".tif") == f"{CROPLAND}.tif"
    assert name(support="1km").format().split("_")[3] == "1km"


@pytest.mark.parametrize(
    "text",
    [
        CROPLAND,
        "lclu_esa.cci_c_250m_s_19920101_19921231_go_epsg.4326_v20221015",
        "gpw_grassland_rf.savgol.bthr_c_30m_20000101_20001231_go_epsg.4326_v1",
        "gpw_eii_rf_m_30m_s_20000101_20001231_go_epsg.4326_v1",
        "lst_mod11a2v061.aug_p95_1km_s_20000801_20220831_ga_epsg.3035_v20221015",
        "oc_iso.10694_m_30m_b0cm_20000101_20021231_eu_epsg.3035_v20240804",
        "oc_iso.10694_m_30m_b30t60cm_20000101_20021231_eu_epsg.3035_v1.2",
    ],
)
def test_real_names_survive_reading_and_writing(text):
    assert LayerName.parse(text).format() == text
    assert LayerName.parse(f"https://example.org/layers30m/{text}.TIF") == LayerName.parse(text)


def test_reading_gives_the_fields():
    assert LayerName.parse(f"some/folder/{CROPLAND}.tif") == name()


words = st.from_regex(r"[a-z][a-z0-9.\-]{0,20}", fullmatch=True)


@given(
    variable=words,
    procedure=words,
    type=words,
    support=st.sampled_from(["30m", "100m", "250m", "1km", "0.5deg"]),
    depth=st.sampled_from([None, "s", "a", "b30cm"]),
    prefix=st.none() | words,
    begin=st.dates(date(1000, 1, 1), date(2100, 1, 1)),
    days=st.integers(0, 4000),
)
def test_every_name_reads_back_as_itself(days, **fields):
    original = name(end=fields["begin"] + timedelta(days=days), **fields)
    assert LayerName.parse(original.format(".tif")) == original


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"variable": "crop_land"}, "variable must be of letters"),
        ({"procedure": ""}, "procedure must be of letters"),
        ({"variable": "ackerfläche"}, "letters"),
        ({"variable": "../x"}, "letters"),
        ({"variable": "x\n"}, "letters"),
        ({"crs": "4326"}, "epsg"),
        ({"version": "1"}, "version"),
        ({"support": "fine"}, "support"),
        ({"depth": "30m"}, "depth"),
        ({"end": date(1999, 1, 1)}, "before the first"),
    ],
)
def test_fields_that_would_not_read_back_are_refused(changes, word):
    with pytest.raises(ArgumentError, match=word):
        name(**changes)


def test_names_too_long_are_refused():
    with pytest.raises(ArgumentError, match="at most 256"):
        name(procedure="x" * 250).format()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a.tif",
        "a_b_c_d_e_f_g_h_i_j",
        CROPLAND.replace("epsg.4326", "epsg4326"),
        CROPLAND.replace("20000101", "20001301"),
        CROPLAND.replace("_go", ""),
        CROPLAND.replace("cropland_", ""),
        "a_b_" + CROPLAND,
    ],
)
def test_other_names_are_refused(text):
    with pytest.raises(ArgumentError, match="layer name"):
        LayerName.parse(text)
