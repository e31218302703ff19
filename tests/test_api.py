"""The namespace: what stands in it, and what importing it costs."""

import builtins
import subprocess
import sys

import pytest

import pyterra as pt


def test_all_is_the_namespace():
    for name in pt.__all__:
        assert hasattr(pt, name), name
    assert len(set(pt.__all__)) == len(pt.__all__)
    assert not set(pt.__all__) & set(dir(builtins))


def test_a_verb_of_one_class_is_the_function_of_the_same_body():
    assert pt.focal is pt.SpatRaster.focal


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
        pt.errors.ArgumentError, match="names: x must be a SpatRaster or a SpatVector, got str"
    ):
        pt.names("a")


def test_every_public_verb_has_a_docstring():
    missing = [name for name in pt.__all__ if not (getattr(pt, name).__doc__ or "").strip()]
    assert missing == []


@pytest.mark.parametrize(
    "late", ["numba", "rasterio", "geopandas", "pandas", "matplotlib", "xarray", "dask", "pyproj", "shapely"]
)
def test_heavy_packages_are_imported_late(late):
    code = f"import sys, pyterra; print({late!r} in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "False"


def test_a_raster_is_neither_true_nor_false():
    with pytest.raises(pt.errors.ArgumentError, match="neither true nor false"):
        bool(pt.rast(nrows=1, ncols=1, vals=1) > 0)
