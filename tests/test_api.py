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


def test_every_public_verb_has_a_docstring():
    missing = [name for name in pt.__all__ if not (getattr(pt, name).__doc__ or "").strip()]
    assert missing == []


LATE = """
numba rasterio geopandas pandas matplotlib xarray dask distributed pyproj shapely pyogrio scipy sklearn statsmodels h5py
h5netcdf pyterra.models pyterra.tiles pyterra.workflows difflib gzip html secrets sqlite3 statistics tarfile uuid xml
zipfile zoneinfo
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
