"""The gallery makes all its pictures, without a warning."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

GALLERY = Path(__file__).parents[1] / "vignettes" / "gallery.py"


def test_the_gallery_makes_its_pictures(tmp_path):
    pytest.importorskip("matplotlib")
    done = subprocess.run(
        [sys.executable, "-W", "error::UserWarning", GALLERY],
        env={**os.environ, "PYTERRA_VIGNETTE_OUT": str(tmp_path), "PYTHONPATH": str(GALLERY.parents[1])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    text = GALLERY.read_text()
    named = text.count("save(") - 1
    assert len(list(tmp_path.glob("*.png"))) == named
    assert all(picture.stat().st_size > 8_000 for picture in tmp_path.glob("*.png"))
