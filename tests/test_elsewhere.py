"""Words of other packages, and what they lead to."""

import re

import pytest

import pyterra as pt
from pyterra.elsewhere import WORDS, advice, snake
from pyterra.verb_table import verbs


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


def test_every_name_of_terra_leads_to_what_there_is():
    objects = {
        "SpatRaster": pt.rast([[1, 2]]),
        "SpatVector": pt.vect([[1, 2]]),
        "SpatExtent": pt.ext(0, 1, 0, 1),
        ".": pt,
    }
    silent = []
    for verb in verbs():
        name = verb.terra.removesuffix("<-")
        if (
            verb.cls not in objects
            or not re.search("[A-Za-z]", name)
            or verb.kind == "group"
            or name[0] == "%"
        ):
            continue
        try:
            getattr(objects[verb.cls], name)
        except AttributeError as error:
            if not re.search("; (it is|in Python:|there (is|are)) ", str(error)):
                silent.append((verb.cls, verb.terra))
    assert silent == []


@pytest.mark.parametrize(
    ("act", "told"),
    [
        (lambda r: r.coltab, "; it is colors$"),
        (lambda r: setattr(r, "coltab", {1: "red"}), "; it is colors$"),
        (lambda r: r.NAflag, "; it is na_flag$"),
        (lambda r: r.wrap, r"; in Python: pickle.dumps\(x\)$"),
        (lambda r: pt.sds(r).length, r"; in Python: len\(x\)$"),
        (lambda r: r.as_points().area, "; there is expanse$"),
        (lambda r: r.nlayers, "; there is nlyr$"),
    ],
)
def test_names_that_are_no_other_spelling(act, told):
    with pytest.raises(AttributeError, match=told):
        act(pt.rast([[1, 2]]))
