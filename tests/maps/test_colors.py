"""Which colour a value has."""

import numpy as np
import pytest

from pyterra.errors import ArgumentError
from pyterra.expr import Layer
from pyterra.expr.layers import Categories
from pyterra.maps.colors import BOOL_COLORS, Classes, Style, classes, qualitative, ramp, sampled, text_classes

pytest.importorskip("matplotlib")
NAN = float("nan")
COVER = Layer(
    "a", "factor", categories=Categories(("value", "cover"), ((1, "wood"), (2, "sand"), (5, "town")))
)


def test_a_ramp_spans_the_values_or_what_is_asked_for():
    found = ramp(np.array([3.0, NAN, 7.0]), Style(), "continuous")
    assert (found.norm.vmin, found.norm.vmax, found.cmap.name) == (3, 7, "viridis")
    asked = ramp(np.array([3.0]), Style(range=(0, 10), cmap="magma"), "continuous")
    assert (asked.norm.vmin, asked.norm.vmax, asked.cmap.name) == (0, 10, "magma")
    assert ramp(np.array([3.0]), Style(), "continuous").norm.vmax == 4  # one value has a colour too
    assert ramp(np.array([NAN]), Style(), "continuous").norm.vmin == 0


def test_intervals_are_so_many_or_between_breaks():
    assert ramp(np.array([0.0, 10.0]), Style(breaks=2), "interval").edges == (0, 5, 10)
    between = ramp(np.array([0.0, 10.0]), Style(breaks=[4, 1, 9], colors=["red", "blue"]), "interval")
    assert between.edges == (1, 4, 9)
    assert between.cmap(between.norm(2.0))[:3] == (1, 0, 0)
    assert between.cmap(between.norm(5.0))[:3] == (0, 0, 1)


@pytest.mark.parametrize(
    ("style", "words"),
    [({"cmap": "viridian"}, "colour map of matplotlib"), ({"breaks": [1]}, "at least two numbers")],
)
def test_what_makes_no_scale_is_refused(style, words):
    with pytest.raises(ArgumentError, match=words):
        ramp(np.array([1.0]), Style(**style), "interval")


@pytest.mark.parametrize("limits", [(2, 1), (1, 2, 3), (NAN, 1)])
def test_a_range_is_two_numbers_in_order(limits):
    with pytest.raises(ArgumentError, match="range must be two numbers in order"):
        Style(range=limits)


def test_a_class_has_the_colour_of_its_place_among_all_whatever_occurs():
    found = classes(COVER, np.array([5.0, NAN, 1.0]), None)
    assert found.labels == ("wood", "town")
    assert found.colors == (qualitative(3)[0], qualitative(3)[2])
    assert classes(COVER, np.array([5.0]), ["a", "b", "c"]).colors == ("c",)


def test_colours_are_given_by_value_or_label_or_come_from_the_table_of_the_layer():
    assert classes(COVER, np.array([1.0, 5.0]), {1: "green", "town": "grey"}).colors == ("green", "grey")
    own = Layer("a", colors=((7, (255, 0, 0, 255)),))
    assert classes(own, np.array([7.0]), None).colors == ((1, 0, 0, 1),)
    flags = classes(Layer("a", "bool"), np.array([0.0, 1.0]), None)
    assert (flags.labels, flags.colors) == (("FALSE", "TRUE"), BOOL_COLORS)


def test_values_lead_to_their_class_and_others_to_none():
    found = Classes(np.array([1.0, 5.0]), ("a", "b"), ("x", "y")).index(np.array([5.0, 3.0, 1.0, 9.0]))
    np.testing.assert_array_equal(found, [1, NAN, 0, NAN])


def test_texts_and_numbers_are_classes_in_their_order():
    found = text_classes(np.array(["b", "a", "b"]), {"a": "red"})
    assert (found.labels, found.colors[0]) == (("a", "b"), "red")
    assert text_classes(np.array([2.5, 10.0]), None, "viridis").labels == ("2.5", "10")


def test_there_are_as_many_colours_as_classes():
    assert len(qualitative(3)) == 3
    assert len(set(map(tuple, qualitative(40)))) == 40
    ends = sampled("gray", 2)
    assert (ends[0][:3], ends[1][:3]) == ((0, 0, 0), (1, 1, 1))
