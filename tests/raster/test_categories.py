"""Categories and colours of layers."""

import pandas as pd
import pytest

import pyterra as pt
from pyterra.errors import (
    ArgumentError,
)


def test_categories_can_be_set_shown_and_switched():
    s = pt.rast([[1, 2], [2, 3]])
    s.levels = pd.DataFrame({"id": [1, 2, 3], "cover": ["forest", "grass", "sea"], "code": ["F", "G", "S"]})
    assert s.names == ["cover"]
    assert s.is_factor() == [True]
    assert s.cats()[0].shape == (3, 3)
    s.active_cat = "code"
    assert s.levels[0].columns.tolist() == ["id", "code"]
    assert s.names == ["code"]
    assert pt.rast([[4, 5]]).as_factor().levels[0].iloc[:, 1].tolist() == ["4", "5"]
    s.levels = None
    assert s.is_factor() == [False]
    with pytest.raises(ArgumentError, match="whole numbers"):
        s.levels = {1.5: "x"}
    with pytest.raises(ArgumentError, match="one row only"):
        s.levels = pd.DataFrame({"id": [1, 1], "x": ["a", "b"]})


def test_colours_are_checked():
    s = pt.rast([[1, 2]])
    s.colors = {1: (255, 0, 0), 2: (0, 255, 0, 128)}
    assert s.colors[0] == {1: (255, 0, 0, 255), 2: (0, 255, 0, 128)}
    s.colors = {1: "#ff0000", 2: "#00FF0080"}
    assert s.colors[0] == {1: (255, 0, 0, 255), 2: (0, 255, 0, 128)}
    with pytest.raises(
        ArgumentError, match=r"colors: a colour must be a name that matplotlib knows, .*, got '#ff000'"
    ):
        s.colors = {1: "#ff000"}
    with pytest.raises(ArgumentError, match="0 to 255"):
        s.colors = {1: (300, 0, 0)}


def test_colours_and_classes_may_be_named():
    s = pt.rast([[1, 2]])
    s.levels = {1: "forest", 2: "water"}
    s.colors = {"water": "blue", "forest": "#228833"}
    assert s.colors[0] == {1: (34, 136, 51, 255), 2: (0, 0, 255, 255)}
    s.levels = {1: "forest", 2: "water", 5: "forest"}
    s.colors = {"forest": (0, 1, 2)}
    assert s.colors[0] == {1: (0, 1, 2, 255), 5: (0, 1, 2, 255)}


@pytest.mark.parametrize(
    ("colors", "text"),
    [
        ({"lake": "blue"}, "a text must be a label of layer 'category', got 'lake'; there are forest, water"),
        ({"watr": "blue"}, "did you mean 'water'"),
        ({1.5: "blue"}, "a value must be a whole number or a label, got 1.5"),
        ({float("nan"): "blue"}, "a value must be a whole number or a label, got nan"),
        ({None: "blue"}, "a value must be a whole number or a label, got None"),
        ({1: None}, "a colour must be 3 or 4 numbers .*, got None"),
        ({1: (1, 2)}, r"a colour must be 3 or 4 numbers .*, got \(1, 2\)"),
        ("blue", "a layer must have {value or label: colour} or None, got 'blue'"),
    ],
)
def test_colours_that_are_refused(colors, text):
    s = pt.rast([[1, 2]])
    s.levels = {1: "forest", 2: "water"}
    with pytest.raises(ArgumentError, match=f"colors: .*{text}"):
        s.colors = colors


def test_plain_numbers_are_none_of_the_other_kinds():
    r = pt.rast([[1.5, 2]])
    assert pt.c(r, r.as_int(), r > 1, r.as_factor()).is_num() == [True, False, False, False]
