"""Words of other packages, and what they lead to."""

import pytest

import pyterra as pt
from pyterra.elsewhere import WORDS, advice, snake


def test_every_verb_is_there_and_no_word_is_one_of_its_own_names():
    assert [verb for verb in WORDS if not hasattr(pt, verb)] == []
    assert all(words and len(set(words)) == len(words) and verb not in words for verb, words in WORDS.items())


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("writeRaster", "write_raster"),
        ("which.max", "which_max"),
        ("cellFromXY", "cell_from_xy"),
        ("crop", "crop"),
    ],
)
def test_names_of_r_in_pythons_spelling(theirs, ours):
    assert snake(theirs) == ours


def test_advice_names_what_is_there():
    assert advice("clip", lambda name: name == "crop") == "; there is crop"
    assert advice("clip", lambda name: False) == ""
    assert advice("global", lambda name: name == "global_") == "; it is global_"
    assert advice("band", lambda name: False, ["band"]) == "; it stands in brackets: ['band']"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("writeVector", "it is write_vector$"),
        ("open_rasterio", "there is rast$"),
        ("no_such", "attribute 'no_such'$"),
    ],
)
def test_the_package_leads_to_the_verb(name, told):
    with pytest.raises(AttributeError, match=told):
        getattr(pt, name)
