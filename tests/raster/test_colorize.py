"""colorize: numbers of terra 1.7-3 and 1.9, and pictures that come back."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError

NAN = float("nan")
SHADES = [
    [255, 0, 0], [0, 255, 0], [255, 255, 255], [0, 0, 0], [200, 100, 50], [50, 100, 200], [NAN, 20, 30], [10, 250, 250],
]  # fmt: skip


@pytest.fixture
def x():
    values = np.array(SHADES, float).T.reshape(3, 2, 4)
    return pt.rast(values, crs="", names=["r", "g", "b"]).set_rgb([0, 1, 2])


def test_other_spaces_are_those_of_terra(x):
    """`colorize(x, to)` of terra."""
    expected = {
        "hsv": [[0, 1, 1], [0.05555555556, 0.75, 0.7843137255], [0.5, 0.96, 0.9803921569]],
        "hsl": [[0, 1, 0.5], [0.05555555556, 0.6, 0.49019607843], [0.5, 0.96, 0.50980392157]],
        "hsi": [
            [0, 1, 0.3333333333],
            [0.05307390375, 0.5714285714, 0.45751633987],
            [0.5, 0.9411764706, 0.6666666667],
        ],
    }
    for to, numbers in expected.items():
        found = x.colorize(to)
        np.testing.assert_allclose(found.values()[[0, 4, 7]], numbers, atol=1e-9)
        assert np.isnan(found.values()[6]).all()
        assert (found.rgb, found.has_rgb(), found.names[0]) == ([0, 1, 2], False, "hue")


@pytest.mark.parametrize("to", ["hsv", "hsl", "hsi"])
def test_there_and_back_and_across(x, to):
    back = x.colorize(to).colorize("rgb")
    assert (back.names, back.has_rgb()) == (["red", "green", "blue"], True)
    np.testing.assert_allclose(back.values()[:6], x.values()[:6], atol=1e-10)
    np.testing.assert_allclose(
        x.colorize(to).colorize("hsl").values(), x.colorize("hsl").values(), atol=1e-12
    )
    assert x.colorize("rgb").names == ["r", "g", "b"]


def test_few_colours_are_a_table_of_themselves(x):
    found = x.colorize("col")
    assert len(found.colors[0]) == 7
    assert found.is_int() == [True]
    np.testing.assert_array_equal(
        found.colorize("rgb").values(), x[[0, 1, 2]].values() * (x[0] * 0 + 1).values()
    )
    assert found.colorize("rgb", alpha=True).names == ["red", "green", "blue", "alpha"]
    assert found.colorize("hsv").values()[0].tolist() == [0, 1, 1]


def test_layers_are_taken_in_the_order_of_the_picture(x):
    turned = x[[2, 0, 1]].set_rgb([1, 2, 0])
    np.testing.assert_array_equal(turned.colorize("hsv").values(), x.colorize("hsv").values())


def test_missing_may_be_zero(x):
    found = x.colorize("col", na_zero=True)
    assert found.colors[0][int(found.values(drop=True)[6])] == (0, 20, 30, 255)
    assert np.isnan((x * NAN).set_rgb([0, 1, 2]).colorize("col", na_zero=True).values()).all()


def test_greys_are_how_light_colours_look(x):
    found = x.colorize("col", grays=True)
    assert found.values(drop=True)[:6].tolist() == [76, 150, 255, 0, 124, 96]
    assert found.colors[0][96] == (96, 96, 96, 255)


def test_many_colours_become_256():
    values = np.random.default_rng(1).integers(0, 256, (3, 20, 40)).astype("uint8")
    x = pt.rast(values, crs="").set_rgb([0, 1, 2])
    found = x.colorize("col")
    assert len(found.colors[0]) == 256
    off = np.abs(found.colorize("rgb").to_numpy() - values).mean()
    assert off < 12
    low, high = x.colorize("col", stretch="lin").minmax()[:, 0]
    assert 0 <= low < high < 256


def test_what_is_no_picture_is_refused():
    with pytest.raises(ArgumentError, match="colorize: the layers must make a picture"):
        pt.rast([[1, 2]]).colorize()
    with pytest.raises(ArgumentError, match="colorize: to: must be one of"):
        pt.rast([[1, 2]]).colorize("lab")
