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
    found = classes(COVER, np.array([5.0, NAN, 1.0]), Style())
    assert found.labels == ("wood", "town")
    assert found.colors == (qualitative(3)[0], qualitative(3)[2])
    assert classes(COVER, np.array([5.0]), Style(colors=["a", "b", "c"])).colors == ("c",)


def test_colours_are_given_by_value_or_label_or_come_from_the_table_of_the_layer():
    assert classes(COVER, np.array([1.0, 5.0]), Style(colors={1: "green", "town": "grey"})).colors == (
        "green",
        "grey",
    )
    own = Layer("a", colors=((7, (255, 0, 0, 255)),))
    assert classes(own, np.array([7.0]), Style()).colors == ((1, 0, 0, 1),)
    flags = classes(Layer("a", "bool"), np.array([0.0, 1.0]), Style())
    assert (flags.labels, flags.colors) == (("False", "True"), BOOL_COLORS)


def test_values_lead_to_their_class_and_others_to_none():
    found = Classes(np.array([1.0, 5.0]), ("a", "b"), ("x", "y")).index(np.array([5.0, 3.0, 1.0, 9.0]))
    np.testing.assert_array_equal(found, [1, NAN, 0, NAN])


def test_texts_and_numbers_are_classes_in_their_order():
    found = text_classes(np.array(["b", "a", "b"]), Style(colors={"a": "red"}))
    assert (found.labels, found.colors[0]) == (("a", "b"), "red")
    assert text_classes(np.array([2.5, 10.0]), Style(cmap="viridis")).labels == ("2.5", "10")


def test_there_are_as_many_colours_as_classes():
    assert len(qualitative(3)) == 3
    assert len(set(map(tuple, qualitative(40)))) == 40
    ends = sampled("gray", 2)
    assert (ends[0][:3], ends[1][:3]) == ((0, 0, 0), (1, 1, 1))


def test_a_range_may_be_open_at_an_end():
    values = np.array([3.0, 5.0, 9.0, NAN])
    assert Style(range=(None, 5)).limits(values) == (3, 5)
    assert Style(range=(4, None)).limits(values) == (4, 9)
    np.testing.assert_array_equal(Style(range=(4, None)).within(values), [NAN, 5, 9, NAN])


def test_values_beyond_the_range_have_its_outer_colours_where_asked_for():
    values = np.array([1.0, 5.0, 9.0])
    filled = Style(range=(2, 8), fill_range=True)
    np.testing.assert_array_equal(filled.within(values), values)
    assert ramp(values, filled, "continuous").beyond == "both"
    assert ramp(values, Style(range=(2, None), fill_range=True), "continuous").beyond == "min"
    assert ramp(values, Style(range=(2, 8)), "continuous").beyond == "neither"


def test_breaks_have_equally_many_values_between_them_or_come_from_a_function():
    # the limits that terra 1.9-45 shows in the legend of these values, breaks = 3
    values = np.array([1.0, 2, 3, 4, 100, 6, 7, 8, 9, 10])
    assert ramp(values, Style(breaks=3), "interval").edges == (1, 34, 67, 100)
    assert ramp(values, Style(breaks=3, breakby="cases"), "interval").edges == (1, 4, 8, 100)
    assert ramp(values, Style(breaks=3, breakby=lambda x: [0, x.min(), 200]), "interval").edges == (0, 1, 200)
    assert ramp(np.array([7.0, NAN]), Style(breaks=2, breakby="cases"), "interval").edges == (7, 7.5, 8)
    with pytest.raises(ArgumentError, match="breakby"):
        Style(breakby="jenks")


def test_a_legend_of_classes_is_sorted_or_turned_and_colours_stay():
    values = np.array([1.0, 2.0, 5.0])
    plain = classes(COVER, values, Style())
    by_label = classes(COVER, values, Style(sort=True))
    assert [label for label, _ in plain.told()] == ["wood", "sand", "town"]
    assert by_label.told() == [plain.told()[i] for i in (1, 2, 0)]
    assert classes(COVER, values, Style(reverse=True)).told() == plain.told()[::-1]
    assert [label for label, _ in classes(COVER, values, Style(sort=["town"])).told()] == [
        "town",
        "wood",
        "sand",
    ]


def test_classes_of_a_vector_have_colours_in_the_order_asked_for():
    # as terra 1.9-45 draws them: the first class of the legend has the first colour
    values, shades = np.array(["b", "c", "a", "c", "b"]), ["red", "green", "blue"]

    def told(**more):
        return text_classes(values, Style(colors=shades, **more)).told()

    assert told() == [("a", "red"), ("b", "green"), ("c", "blue")]
    assert told(sort=False) == [("b", "red"), ("c", "green"), ("a", "blue")]
    assert told(sort=["c", "a", "b"]) == [("c", "red"), ("a", "green"), ("b", "blue")]
    assert told(reverse=True) == [("c", "blue"), ("b", "green"), ("a", "red")]
    with pytest.raises(ArgumentError, match=r"sort must have classes, got \['z'\]"):
        told(sort=["z"])
