"""Samples of cells and of extents, and what values are like."""

import pytest

import pyterra as pt

NA = float("nan")


@pytest.fixture
def r():
    return pt.rast(nrows=7, ncols=11, extent=(0, 11, 0, 7), crs="", vals=range(77), names="v")


# summary


def test_summary_of_numbers_and_classes():
    classes = pt.rast([[1.0, 1, 2, NA]], crs="")
    classes.levels = {1: "wood", 2: "lake"}
    found = pt.c(pt.rast([[1.0, 2, 6, NA]], names="v", crs=""), classes).summary()
    assert found["v"].dropna().to_dict() == {
        "min": 1, "25%": 1.5, "50%": 2, "mean": 3, "75%": 4, "max": 6, "missing": 1,
    }  # fmt: skip
    assert found["category"].dropna().to_dict() == {"wood": 2, "lake": 1, "missing": 1}


def test_summary_looks_at_a_sample_of_a_large_raster():
    r = pt.rast(nrows=500, ncols=500, crs="").init("cell")
    assert r.summary(size=2500)["cell"]["mean"] == pytest.approx(125_000, rel=0.02)
    assert r.summary(size=None)["cell"]["max"] == 249_999


# extents
