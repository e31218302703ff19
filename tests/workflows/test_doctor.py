"""What the doctor tells."""

import numpy as np
import pytest
from click.testing import CliRunner

from pyterra.cli import main
from pyterra.rbridge import diagnosis


@pytest.fixture
def run():
    def call(*words):
        return CliRunner().invoke(main, [str(word) for word in words])

    return call


@pytest.fixture
def other_r(monkeypatch):
    """What R and rpy2 would say: asking them takes seconds, and the example of `rbridge.doctor` does."""
    monkeypatch.setattr(diagnosis, "_ask_r", lambda: diagnosis.Diagnosis({"R": "R version 4.2.2"}))
    monkeypatch.setattr(diagnosis, "_try_rpy2", diagnosis.Diagnosis)


def test_doctor_tells_versions_and_places(run, other_r, monkeypatch):
    for name in ("PROJ_LIB", "PROJ_DATA"):
        monkeypatch.delenv(name, raising=False)
    result = run("doctor")
    for name in ("numpy", "numba", "rasterio", "GDAL", "PROJ", "cores", "memory", "temporary folder", "R "):
        assert f"\n{name}" in result.output
    assert np.__version__ in result.output
    assert "R version 4.2.2" in result.output


def test_doctor_names_a_proj_variable_that_is_in_the_way(run, other_r, monkeypatch, tmp_path):
    monkeypatch.setenv("PROJ_LIB", str(tmp_path))
    result = run("doctor")
    assert result.exit_code == 1
    assert f"PROJ_LIB={tmp_path} holds no proj.db; unset PROJ_LIB" in result.output
