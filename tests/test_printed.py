"""Nothing that is printed or said moves the cursor of a terminal, whatever a file calls its own."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError, LayerError, PyterraWarning
from pyterra.printed import columns, printable

STRANGE = "a\x1b[2J\x07\r\x9b\nb"
"""Clears a screen, rings, goes to the start of a line, and begins another."""


def plain(text):
    return all(part.isprintable() for part in text.split("\n"))


def named_raster():
    r = pt.rast([[1, 2]], crs="EPSG:3035")
    r.names = [STRANGE]
    r.units = [STRANGE]
    return r


def named_vector():
    return pt.vect(np.zeros((1, 2)), atts={STRANGE: [STRANGE]}, crs="EPSG:3035")


@pytest.mark.parametrize(
    "made",
    [
        named_raster,
        named_vector,
        lambda: pt.sds(one=named_raster(), **{STRANGE: named_raster()}),
        lambda: pt.sprc(**{STRANGE: named_raster()}),
        lambda: pt.svc(**{STRANGE: named_vector()}),
    ],
)
def test_objects_are_printed_without_what_moves_the_cursor(made):
    text = repr(made())
    assert plain(text)
    assert "a?[2J????b" in text


def test_values_stay_as_they_are():
    assert named_raster().names == [STRANGE]
    assert named_vector().names == [STRANGE]


def test_errors_and_warnings_say_nothing_that_moves_the_cursor():
    with pytest.raises(LayerError, match=r"a\?\[2J\?\?\?") as raised:
        named_raster()["none"]
    assert plain(str(raised.value))
    assert str(ArgumentError("one\n\ttwo\x1b")) == "one\n\ttwo?"
    assert str(PyterraWarning(STRANGE)) == "a?[2J???\nb"


def test_lines_are_kept_on_demand():
    assert printable("a\tb\n") == "a?b?"
    assert printable("a\tb\n\x00", lines=True) == "a\tb\n?"


def test_values_stand_in_a_column():
    assert (
        columns([("class", "x"), ("", "more"), ("names", "")])
        == "class       : x\n              more\nnames       :"
    )
