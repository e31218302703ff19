"""The stories with pictures run, without a warning, and make all their pictures."""

import re
import runpy
import warnings
from pathlib import Path

import pytest

STORIES = Path(__file__).parents[1] / "vignettes"


def run(name, folder, monkeypatch):
    """The text of a story, and the pictures it made: here, where all that it imports is there already."""
    monkeypatch.setenv("PYTERRA_VIGNETTE_OUT", str(folder))
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        runpy.run_path(str(STORIES / name), run_name="__main__")
    return (STORIES / name).read_text(), list(folder.glob("*.png"))


@pytest.mark.parametrize(
    ("name", "package"),
    [
        pytest.param("gallery.py", "matplotlib", id="gallery"),
        pytest.param("mapping.py", "sklearn", id="mapping"),
        pytest.param("porting.py", "matplotlib", id="porting"),
        pytest.param("time_series.py", "statsmodels", id="time_series"),
        pytest.param("terra_chapter.py", "sklearn", id="terra_chapter"),
    ],
)
def test_a_story_makes_its_pictures(tmp_path, name, package, monkeypatch):
    pytest.importorskip("matplotlib")
    pytest.importorskip(package)
    text, pictures = run(name, tmp_path, monkeypatch)
    assert len(pictures) == len(re.findall(r"(?<![.\w])save\(", text)) - text.count("def save(")
    assert all(picture.stat().st_size > 8_000 for picture in pictures)
