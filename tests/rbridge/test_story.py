"""The story of R in Python runs, without a warning, and makes its pictures."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

STORY = Path(__file__).parents[2] / "vignettes/r_in_python.py"


def test_the_story_makes_its_pictures(rsession, rpackage, tmp_path):
    pytest.importorskip("matplotlib")
    pytest.importorskip("rpy2.robjects")
    rpackage("ranger")
    done = subprocess.run(
        [sys.executable, "-W", "error::UserWarning", "-W", "error::RuntimeWarning", STORY],
        env={**os.environ, "PYTERRA_VIGNETTE_OUT": str(tmp_path), "PYTHONPATH": str(STORY.parents[1])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in tmp_path.glob("*.png")) == ["cover.png", "season.png"]
    assert "largest difference" in done.stdout
