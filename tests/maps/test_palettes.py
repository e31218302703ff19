"""Colours for maps by name."""

import pytest

import pyterra as pt
from pyterra.errors import ArgumentError

plt = pytest.importorskip("matplotlib.pyplot")


def test_every_name_has_as_many_colours_as_asked_for():
    assert all(len(set(pt.map_pal(name, 7))) >= 5 for name in pt.map_pal())


def test_names_are_those_of_terra_and_of_matplotlib():
    assert pt.map_pal("gyr", 3) == ["#00ff00", "#ffff00", "#ff0000"]
    assert pt.map_pal("viridis", 2) == ["#440154", "#fde725"]
    assert pt.map_pal("cividis", 1) == ["#00224e"]
    with pytest.raises(ArgumentError, match="did you mean 'viridis'"):
        pt.map_pal("viridiss")
    with pytest.raises(ArgumentError, match="n must be at least 1, got 0"):
        pt.map_pal("viridis", 0)
