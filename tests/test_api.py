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


def test_every_method_is_a_function_of_the_same_body():
    for name, member in vars(pt.SpatRaster).items():
        if callable(member) and not name.startswith("_"):
            assert getattr(pt, name) is member


def test_every_public_verb_has_a_docstring():
    missing = [name for name in pt.__all__ if not (getattr(pt, name).__doc__ or "").strip()]
    assert missing == []


@pytest.mark.parametrize(
    "late", ["numba", "rasterio", "geopandas", "pandas", "matplotlib", "xarray", "dask", "pyproj"]
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
