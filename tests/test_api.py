"""The namespace: what stands in it, and what importing it costs."""

import builtins
import inspect
import pickle
import subprocess
import sys

import pytest

import pyterra as pt
from pyterra.generics import owners
from pyterra.verbs import METHODS


def test_all_is_the_namespace():
    for name in pt.__all__:
        assert hasattr(pt, name), name
    assert len(set(pt.__all__)) == len(pt.__all__)
    assert not set(pt.__all__) & set(dir(builtins))


def test_a_verb_of_one_class_has_the_signature_and_the_words_of_its_method():
    assert pt.focal.__wrapped__ is pt.SpatRaster.focal
    assert inspect.signature(pt.focal) == inspect.signature(pt.SpatRaster.focal)
    assert pt.focal.__doc__ == pt.SpatRaster.focal.__doc__


def takes_anything(name):
    """Whether a verb's first argument may be something else, of which it makes an object of its class."""
    told = str(next(iter(inspect.signature(getattr(pt, name)).parameters.values())).annotation)
    return told == "Any" or "|" in told


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


def test_every_public_verb_has_a_docstring():
    missing = [name for name in pt.__all__ if not (getattr(pt, name).__doc__ or "").strip()]
    assert missing == []


LATE = """
numba rasterio geopandas pandas matplotlib xarray dask distributed pyproj shapely pyogrio scipy sklearn statsmodels h5py
h5netcdf pyterra.models pyterra.tiles pyterra.workflows
""".split()


@pytest.fixture(scope="module")
def imported():
    """Modules that importing pyterra imports."""
    code = "import sys, pyterra; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=280, check=True
    )
    return done.stdout.split()


@pytest.mark.parametrize("late", LATE)
def test_what_is_heavy_or_seldom_used_is_imported_late(late, imported):
    assert "pyterra" in imported
    assert late not in imported


def test_functions_that_are_imported_late_are_listed_and_found():
    assert {"tile_apply", "load_model", "north", "sbar"} <= set(dir(pt))
    assert pt.tile_apply.__module__ == "pyterra.tiles.apply"
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = pt.nothing


def test_a_raster_is_neither_true_nor_false():
    with pytest.raises(pt.errors.ArgumentError, match="neither true nor false"):
        bool(pt.rast(nrows=1, ncols=1, vals=1) > 0)
