"""Inputs and arguments of small jobs."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from small_glad import sketch, truth, write_glad

from pyterra.workflows import cropland_catalogue
from pyterra.workflows.croplands import croplands
from pyterra.workflows.report import CroplandReport


@pytest.fixture(autouse=True)
def sketched(monkeypatch):
    """No pictures but those of the `calm` job and of the demo, which are made before: they take two thirds of a job."""
    monkeypatch.setattr(cropland_catalogue, "save_panels", sketch)


@pytest.fixture
def glad(tmp_path):
    """A folder of GLAD's files: four tiles, the westernmost without cropland."""
    return write_glad(tmp_path / "glad", truth())


def small():
    """Three years, three resolutions, no waiting."""
    return {
        "years": (2000, 2005, 2022),
        "version": "v1",
        "resolutions": {"30m": 40, "100m": 12, "1km": 4},
        "executor": "serial",
        "progress": False,
        "retries": 0,
    }


@pytest.fixture
def job():
    """Arguments of a small job."""
    return small()


@dataclass(frozen=True)
class Calm:
    """A small job that came to its end, for all to read: its inputs, results and report."""

    glad: Path
    out: Path
    report: CroplandReport


@pytest.fixture(scope="session")
def calm(tmp_path_factory):
    folder = tmp_path_factory.mktemp("calm")
    glad, out = write_glad(folder / "glad", truth()), folder / "out"
    return Calm(glad, out, croplands(glad, out, **small()))


@pytest.fixture
def finished(calm, tmp_path):
    """Results of the calm job, to go on with from its inputs."""
    return shutil.copytree(calm.out, tmp_path / "out")
