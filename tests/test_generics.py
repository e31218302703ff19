"""Every verb as a function: one signature, one docstring, and the class of the first argument decides."""

import inspect
import pickle

import pytest

import pyterra as pt
from pyterra.generics import owners
from pyterra.verbs import METHODS


def takes_anything(name):
    """Whether a verb's first argument may be something else, of which it makes an object of its class."""
    told = str(next(iter(inspect.signature(getattr(pt, name)).parameters.values())).annotation)
    return told == "Any" or "|" in told


def test_a_verb_of_one_class_has_the_signature_and_the_words_of_its_method():
    assert pt.focal.__wrapped__ is pt.SpatRaster.focal
    assert inspect.signature(pt.focal) == inspect.signature(pt.SpatRaster.focal)
    assert pt.focal.__doc__ == pt.SpatRaster.focal.__doc__


@pytest.mark.parametrize(
    "name", [name for name in METHODS if len(owners(name)) > 1 or not takes_anything(name)]
)
def test_a_wrong_first_argument_is_refused_in_words(name):
    with pytest.raises(pt.errors.ArgumentError, match=f"^{name}: x must be a Spat.*, got float$"):
        getattr(pt, name)(1.5)


def test_functions_of_verbs_are_pickled_by_name():
    for name in METHODS:
        assert pickle.loads(pickle.dumps(getattr(pt, name))) is getattr(pt, name)


def test_a_verb_of_several_classes_is_told_apart_by_the_first_argument():
    v = pt.vect([[0.0, 0.0], [4.0, 4.0]])
    r = pt.rast(nrows=1, ncols=1, xmin=0, xmax=4, ymin=0, ymax=4, vals=1)
    e = pt.ext(0, 4, 0, 4)
    assert [type(pt.shift(x, 1)) for x in (r, e)] == [pt.SpatRaster, pt.SpatExtent]
    assert pt.values(v).shape == (2, 0)
    with pytest.raises(
        pt.errors.ArgumentError, match="values: x must be a SpatRaster or a SpatVector, got int"
    ):
        pt.values(1)


def test_properties_are_functions_too():
    r = pt.rast(nrows=1, ncols=2, vals=1, names="a")
    assert pt.names(r) == ["a"]
    assert pt.ncol(pt.vect([[0, 0]])) == 0
    with pytest.raises(
        pt.errors.ArgumentError, match=r"xmin: x must be a SpatRaster.*or a Spat[A-Za-z]*, got str"
    ):
        pt.xmin("a")
