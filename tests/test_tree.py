"""The tests lie where the modules lie: who looks for the tests of a module finds them under its name."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ACROSS = ("bench", "cases", "faults", "laws", "live", "reference", "surface", "tools")
"""Folders of what concerns many modules, or none."""
WHOLE = {
    "rbridge/test_environment.py": "the environment of these tests",
    "rbridge/test_story.py": "a page that uses all of the bridge",
    "rbridge/test_threads.py": "every door of the bridge at once",
    "test_api.py": "the namespace",
    "test_docstrings.py": "all docstrings",
    "test_porting.py": "a page of the documentation",
    "test_stories.py": "the vignettes",
    "test_tree.py": "the tests themselves",
}
"""Test files that are of no single module, and why."""

FILES = sorted(
    str(path.relative_to(ROOT / "tests"))
    for path in (ROOT / "tests").rglob("test_*.py")
    if path.relative_to(ROOT / "tests").parts[0] not in ACROSS
)


def modules():
    """Where the tests of each module, or of a folder of them, belong."""
    for path in (ROOT / "pyterra").rglob("*.py"):
        there = path.relative_to(ROOT / "pyterra")
        if path.name == "__init__.py":
            yield str(there.parent.parent / f"test_{there.parent.name}.py")
        else:
            yield str(there.parent / f"test_{path.stem.lstrip('_')}.py")


@pytest.mark.parametrize("file", FILES)
def test_a_test_file_has_the_name_of_a_module_in_the_same_place(file):
    assert (file in set(modules())) != (file in WHOLE), f"no module of pyterra is tested by tests/{file}"


def test_what_is_of_no_module_is_there():
    assert set(WHOLE) <= set(FILES)
