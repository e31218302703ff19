"""Options of GDAL's drivers, however they are written."""

import pytest

from pyterra.errors import ArgumentError
from pyterra.io.raster.creation import creation_options


def test_a_mapping_and_texts_say_the_same():
    assert creation_options({"TILED": True, "ZLEVEL": 9}, "v") == {"TILED": "True", "ZLEVEL": "9"}
    assert creation_options([" TILED = YES", "ZLEVEL=9"], "v") == {"TILED": "YES", "ZLEVEL": "9"}
    assert creation_options("X=a=b", "v") == {"X": "a=b"}
    assert creation_options(None, "v") == {}


@pytest.mark.parametrize("given", ["TILED", ["=YES"], ["A=1", "B"]])
def test_an_option_has_a_name_and_a_value(given):
    with pytest.raises(ArgumentError, match="v: options must be a mapping or texts such as"):
        creation_options(given, "v")


@pytest.mark.parametrize("given", ["A=\0", ["A=1", "B\0=1"], {"A": "\0"}])
def test_an_option_has_no_nul(given):
    with pytest.raises(ArgumentError, match="v: options must have no character NUL"):
        creation_options(given, "v")
