"""The stories with pictures run, without a warning, and make all their pictures."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

STORIES = Path(__file__).parents[1] / "vignettes"


def run(name, folder):
    """The text of a story, and the pictures it made."""
    done = subprocess.run(
        [sys.executable, "-W", "error::UserWarning", STORIES / name],
        env={**os.environ, "PYTERRA_VIGNETTE_OUT": str(folder), "PYTHONPATH": str(STORIES.parent)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return (STORIES / name).read_text(), list(folder.glob("*.png"))


@pytest.mark.parametrize(
    ("name", "package"),
    [
        pytest.param("gallery.py", "matplotlib", id="gallery"),
        pytest.param("mapping.py", "sklearn", id="mapping"),
        pytest.param("porting.py", "matplotlib", id="porting"),
        pytest.param("terra_chapter.py", "sklearn", id="terra_chapter"),
    ],
)
def test_a_story_makes_its_pictures(tmp_path, name, package):
    pytest.importorskip("matplotlib")
    pytest.importorskip(package)
    text, pictures = run(name, tmp_path)
    assert len(pictures) == text.count("save(") - text.count("def save(")
    assert all(picture.stat().st_size > 8_000 for picture in pictures)
