"""A database of another PROJ in the environment does not keep pyterra from its own."""

import os
import sqlite3
import subprocess
import sys

import pytest

from pyterra.io import proj

USE = """
import threading, warnings
seen = []
def look():
    import rasterio.crs
    from rasterio.warp import transform
    seen.append(rasterio.crs.CRS.from_epsg(3035).to_epsg())
    seen.append(round(transform("EPSG:4326", "EPSG:3035", [10], [52])[0][0]))
def everywhere():
    look()
    other = threading.Thread(target=look)
    other.start()
    other.join()
    print(*seen)
"""
GOOD = "3035 4321000 3035 4321000"


@pytest.fixture
def old(tmp_path):
    """A folder with the database of an old PROJ."""
    with sqlite3.connect(tmp_path / "proj.db") as base:
        base.execute("CREATE TABLE metadata (key TEXT, value TEXT)")
        rows = [("DATABASE.LAYOUT.VERSION.MAJOR", "1"), ("DATABASE.LAYOUT.VERSION.MINOR", "2")]
        base.executemany("INSERT INTO metadata VALUES (?, ?)", rows)
    base.close()
    return str(tmp_path)


def run(code, *arguments, **variables):
    kept = {name: value for name, value in os.environ.items() if name not in proj.VARIABLES}
    words = [sys.executable, "-W", "always", "-c", USE + code, *arguments]
    return subprocess.run(words, capture_output=True, text=True, timeout=280, env=kept | variables)


def test_rasterio_alone_fails_with_an_old_database(old):
    done = run("everywhere()", PROJ_DATA=old)
    assert done.returncode != 0
    assert "EPSG code is unknown" in done.stderr


@pytest.mark.parametrize("variable", proj.VARIABLES)
def test_importing_pyterra_puts_an_old_database_aside_and_says_so(variable, old):
    done = run("import pyterra; everywhere()", **{variable: old})
    assert done.stdout.strip() == GOOD, done.stderr
    assert f"{variable}={old} holds a database of an older PROJ (layout 1.2" in done.stderr


def test_no_database_is_opened_where_no_variable_names_one(monkeypatch):
    for variable in proj.VARIABLES:
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr(proj, "_variable", os.environ.get)
    monkeypatch.setattr(proj, "layout", lambda folder: pytest.fail(f"{folder} was opened"))
    assert proj.in_the_way() is None


def test_a_folder_without_database_is_put_aside(tmp_path):
    done = run("import pyterra; everywhere()", PROJ_DATA=str(tmp_path))
    assert done.stdout.strip() == GOOD, done.stderr
    assert f"PROJ_DATA={tmp_path} holds no proj.db; unset PROJ_DATA" in done.stderr


def test_rasterio_may_have_been_imported_before(old):
    done = run("import rasterio; rasterio.Env(); import pyterra; everywhere()", PROJ_DATA=old)
    assert done.stdout.strip() == GOOD, done.stderr


SET_LATER = """
import ctypes, sys
import pyterra as pt
pt.rast([[1.0]], crs="EPSG:3035").write_raster(sys.argv[1])
ctypes.CDLL(None).setenv(b"PROJ_DATA", sys.argv[2].encode(), 1)  # as R does, behind Python's back
assert pt.rast(sys.argv[1]).crs.to_epsg() == 3035
everywhere()
"""


def test_a_variable_that_is_set_later_is_seen_when_a_file_is_opened(old, tmp_path):
    done = run(SET_LATER, str(tmp_path / "a.tif"), old)
    assert done.stdout.strip() == GOOD, done.stderr
    assert "older PROJ" in done.stderr


def test_a_newer_database_is_left_alone(tmp_path, monkeypatch):
    own = proj.layout(proj.own_folder())
    with sqlite3.connect(tmp_path / "proj.db") as base:
        base.execute("CREATE TABLE metadata (key TEXT, value TEXT)")
        for key, value in (("MAJOR", own[0]), ("MINOR", own[1] + 1)):
            base.execute("INSERT INTO metadata VALUES (?, ?)", (f"DATABASE.LAYOUT.VERSION.{key}", str(value)))
    base.close()
    monkeypatch.delenv("PROJ_LIB", raising=False)
    monkeypatch.setenv("PROJ_DATA", str(tmp_path))
    assert proj.in_the_way() is None


def test_what_is_no_database_counts_as_none(tmp_path):
    (tmp_path / "proj.db").write_text("not a database")
    assert proj.layout(str(tmp_path)) is None
    assert proj.layout(str(tmp_path / "nothing")) is None
