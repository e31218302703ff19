"""Inputs and arguments of small jobs."""

import pytest
from small_glad import truth, write_glad


@pytest.fixture
def glad(tmp_path):
    """A folder of GLAD's files: four tiles, the westernmost without cropland."""
    return write_glad(tmp_path / "glad", truth())


@pytest.fixture
def job():
    """Arguments of a small job: three years, three resolutions, no waiting."""
    return {
        "years": (2000, 2005, 2022),
        "resolutions": {"30m": 40, "100m": 12, "1km": 4},
        "executor": "serial",
        "progress": False,
        "retries": 0,
    }
