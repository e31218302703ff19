"""SpatExtent: numbers from terra's own arithmetic on extents."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError, ExtentError

E = pt.ext(-1.5, 10.2, 0.3, 5.7)


def test_arithmetic_grows_scales_and_aligns():
    assert list(E + 1) == pytest.approx([-2.5, 11.2, -0.7, 6.7])
    assert list(E - 1) == pytest.approx([-0.5, 9.2, 1.3, 4.7])
    assert list(E * 2) == pytest.approx([-7.35, 16.05, -2.4, 8.4])
    assert list(E / 2) == pytest.approx([1.425, 7.275, 1.65, 4.35])
    assert list(pt.ext(0, 4, 0, 2) * (1, 2, 3, 4)) == [0, 6, -2, 5]
    assert list(pt.ext(0, 4, 0, 2) / np.array([2, 1, 1, 4])) == [1, 4, 0, 1.25]
    assert list(E % 5) == [-5, 15, 0, 10]
    assert list(E + (1, 2)) == pytest.approx([-2.5, 11.2, -1.7, 7.7])


def test_two_extents_unite_and_intersect():
    other = pt.ext(5, 20, 3, 9)
    assert list(E + other) == [-1.5, 20, 0.3, 9]
    assert list(E * other) == [5, 10.2, 3, 5.7]
    assert E.intersect(pt.ext(50, 60, 0, 1)) is None


def test_rounding_goes_outward_inward_and_to_the_nearest():
    assert list(E.floor()) == [-2, 11, 0, 6]
    assert list(E.ceiling()) == [-1, 10, 1, 5]
    assert list(round(E)) == [-2, 10, 0, 6]


def test_comparison_has_a_tolerance_and_means_inside():
    assert pt.ext(-1.5 + 1e-7, 10.2, 0.3, 5.7) == E
    assert pt.ext(0, 1, 1, 2) < E
    assert not E < E
    assert E <= E
    assert hash(E) == hash(pt.ext(-1.5 + 1e-7, 10.2, 0.3, 5.7))


def test_malformed_extents_are_refused():
    with pytest.raises(ExtentError, match="xmin <= xmax"):
        pt.ext(1, 0, 0, 1)
    with pytest.raises(ExtentError, match="finite"):
        pt.ext(0, float("inf"), 0, 1)
    with pytest.raises(ExtentError, match="all of"):
        pt.ext(0, 1)
    with pytest.raises(ExtentError, match="four numbers"):
        pt.ext("here")


def test_anything_with_an_extent_gives_one():
    from types import SimpleNamespace

    import geopandas
    from shapely.geometry import box

    expected = [1, 3, 2, 4]
    assert list(pt.ext([1, 3, 2, 4])) == expected
    assert list(pt.ext(box(1, 2, 3, 4))) == expected
    assert list(pt.ext(geopandas.GeoDataFrame(geometry=[box(1, 2, 3, 4)]))) == expected
    assert list(pt.ext(SimpleNamespace(left=1, bottom=2, right=3, top=4))) == expected
    assert list(pt.ext({"xmin": 1, "xmax": 3, "ymin": 2, "ymax": 4})) == expected


def test_bounds_by_name_or_number():
    e = pt.ext(0, 10, 5, 20)
    assert (e["xmax"], e[3], e[-4]) == (10, 20, 0)
    for key in (-5, 4, "left", True):
        with pytest.raises(ExtentError, match="bounds are xmin"):
            e[key]


def test_an_extent_without_area_is_empty_as_in_terra():
    # terra 1.9-45: is.empty(ext(...))
    assert [pt.ext(*e).is_empty() for e in [(0, 1, 0, 1), (0, 0, 0, 0), (0, 0, 0, 1)]] == [False, True, True]


@pytest.mark.parametrize("factor", [np.array(2.0), np.float64(2), [2] * 4, np.full(4, 2)])
def test_factors_may_be_of_numpy(factor):
    assert list(pt.ext(0, 4, 0, 2) * factor) == [-2, 6, -1, 3]
    assert list(factor * pt.ext(0, 4, 0, 2)) == [-2, 6, -1, 3]


@pytest.mark.parametrize("factor", [(1, 2), "abcd", "2", None, [1, 2, 3, None], np.ones((4, 1)), []])
def test_factors_are_one_or_four_numbers(factor):
    with pytest.raises(ArgumentError, match=r"\*: the other side of an extent must be a number"):
        E * factor


@pytest.mark.parametrize("zero", [0, (1, 1, 0, 1)])
def test_an_extent_is_not_divided_by_0(zero):
    with pytest.raises(ArgumentError, match="/: an extent must be divided by other numbers than 0, got 0"):
        E / zero
