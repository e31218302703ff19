"""What the doctor of the bridge finds, and the cures it names."""

import shutil
import subprocess
import sys
import sysconfig

import pytest

import pyterra as pt
from pyterra.io import proj
from pyterra.rbridge import diagnosis
from pyterra.rbridge.diagnosis import Diagnosis

SAYS = {
    "R": "R version 4.2.2",
    "libR": "/r/lib/libR.so",
    "terra": "1.7.3",
    "jsonlite": "1.8.4",
    "reticulate": "1.28",
}


@pytest.fixture(autouse=True)
def clean(monkeypatch):
    for name in ("LD_LIBRARY_PATH", "RETICULATE_PYTHON", "R_HOME", *proj.VARIABLES):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(diagnosis, "_try_rpy2", Diagnosis)
    monkeypatch.setattr(proj, "replaced", {})


@pytest.fixture
def fake_r(tmp_path, monkeypatch):
    """An R that says what it is told to."""

    def make(changes=(), code=0):
        says = SAYS | dict(changes)
        lines = "\n".join(f"printf '%s\\t%s\\n' '{name}' '{value}'" for name, value in says.items())
        (tmp_path / "bin").mkdir()
        (tmp_path / "bin" / "Rscript").write_text(
            f"#!/bin/sh\n{lines}\necho 'Error: broken' >&2\nexit {code}\n"
        )
        (tmp_path / "bin" / "Rscript").chmod(0o755)
        monkeypatch.setenv("R_HOME", str(tmp_path))

    return make


def numpy_of(monkeypatch, version):
    monkeypatch.setattr(diagnosis, "_version", lambda name: version if name == "numpy" else "not installed")


def test_it_tells_what_r_says(fake_r):
    fake_r()
    found = pt.rbridge.doctor()
    assert found.findings["terra"] == "1.7.3"
    assert found.findings["R"] == "R version 4.2.2"
    assert found.problems == ()
    assert "\nreticulate" in str(found)


def test_without_r_that_is_said_and_no_problem(monkeypatch):
    monkeypatch.setattr(diagnosis, "r_is_there", lambda: False)
    found = pt.rbridge.doctor()
    assert found.findings["R"].startswith("not found")
    assert found.problems == ()


def test_an_r_that_fails_is_a_problem(fake_r):
    fake_r(code=1)
    assert pt.rbridge.doctor().problems == ("R fails: Error: broken",)


def test_an_r_home_of_nothing_is_a_problem_with_its_cure(monkeypatch, tmp_path):
    monkeypatch.setenv("R_HOME", str(tmp_path))
    (problem,) = pt.rbridge.doctor().problems
    assert "R does not run" in problem
    assert "unset R_HOME" in problem


@pytest.mark.parametrize(
    ("says", "word"),
    [
        ({"libR": "not found"}, "--enable-R-shlib"),
        ({"terra knows EPSG": "no"}, "unset PROJ_DATA and PROJ_LIB"),
    ],
)
def test_what_is_wrong_with_r_is_a_problem(fake_r, says, word):
    fake_r(says)
    (problem,) = pt.rbridge.doctor().problems
    assert word in problem


def test_packages_that_r_lacks_are_named_as_r_wants_them(fake_r):
    fake_r({"terra": "not installed", "jsonlite": "not installed"})
    (note,) = [note for note in pt.rbridge.doctor().notes if "lacks" in note]
    assert "install.packages(c('terra', 'jsonlite'))" in note


@pytest.mark.parametrize(
    ("reticulate", "numpy", "fits"),
    [
        ("1.28", "2.4.6", False),
        ("1.28", "1.26.4", sys.version_info < (3, 12)),
        ("1.46.0.9000", "2.4.6", True),
    ],
)
def test_reticulate_and_numpy_that_do_not_fit_are_noted(fake_r, monkeypatch, reticulate, numpy, fits):
    fake_r({"reticulate": reticulate})
    numpy_of(monkeypatch, numpy)
    notes = [note for note in pt.rbridge.doctor().notes if "reticulate" in note]
    assert [f"reticulate {reticulate} fits Python 3.11 with numpy 1" in note for note in notes] == [True] * (
        not fits
    )


def test_a_python_for_reticulate_that_is_not_there_is_a_problem(fake_r, monkeypatch):
    fake_r()
    monkeypatch.setenv("RETICULATE_PYTHON", "/nowhere/python")
    (problem,) = pt.rbridge.doctor().problems
    assert "RETICULATE_PYTHON=/nowhere/python does not exist" in problem


def test_a_folder_of_libraries_with_another_python_is_a_problem(fake_r, monkeypatch, tmp_path):
    fake_r()
    name = sysconfig.get_config_var("INSTSONAME")
    if not name or not sysconfig.get_config_var("LIBDIR"):
        pytest.skip("this Python has no library of its own")
    (tmp_path / name).touch()
    monkeypatch.setenv("LD_LIBRARY_PATH", f"/nothing:{tmp_path}")
    (problem,) = pt.rbridge.doctor().problems
    assert f"load {tmp_path / name}" in problem
    assert "unset LD_LIBRARY_PATH" in problem


def test_a_folder_of_libraries_that_r_added_is_noted(fake_r, monkeypatch, tmp_path):
    fake_r({"R_HOME": str(tmp_path)})
    monkeypatch.setenv("LD_LIBRARY_PATH", str(tmp_path / "lib"))
    found = pt.rbridge.doctor()
    assert any("R put LD_LIBRARY_PATH" in note for note in found.notes)
    assert found.problems == ()


def test_a_database_that_was_put_aside_is_still_told(fake_r, monkeypatch):
    fake_r()
    old = proj.OldDatabase("PROJ_LIB", "/old", (1, 2), "/own", (1, 6))
    monkeypatch.setattr(proj, "replaced", {"PROJ_LIB": old})
    monkeypatch.setenv("PROJ_LIB", proj.own_folder() or "")
    assert pt.rbridge.doctor().problems == (str(old),)


@pytest.mark.r
def test_versions_are_those_of_r_itself(monkeypatch):
    if shutil.which("Rscript") is None:
        pytest.skip("needs R: tools/setup_r.sh tells what to install")
    monkeypatch.undo()
    code = "cat(R.version.string, as.character(packageVersion('terra')), R.home(), sep = '\\n')"
    said = subprocess.run(["Rscript", "-e", code], capture_output=True, text=True, timeout=280, check=True)
    found = pt.rbridge.doctor().findings
    assert [found[name] for name in ("R", "terra", "R_HOME")] == said.stdout.splitlines()
    assert "GDAL" in found["terra uses"]
    if found["rpy2-rinterface"] != "not installed":
        assert found["R"] in found["rpy2 starts"]
