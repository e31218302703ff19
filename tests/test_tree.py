"""The tests lie where the modules lie: who looks for the tests of a module finds them under its name."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[1]
ACROSS = ("bench", "cases", "faults", "laws", "live", "reference", "surface", "tools")
"""Folders of what concerns many modules, or none."""
WHOLE = {
    "maps/test_viewer.py": "the scripts of pages, in a browser",
    "rbridge/test_environment.py": "the environment of these tests",
    "rbridge/test_threads.py": "every door of the bridge at once",
    "test_api.py": "the namespace",
    "test_book.py": "the site",
    "test_docstrings.py": "all docstrings",
    "test_pages.py": "pages of the documentation",
    "test_porting.py": "a page of the documentation",
    "test_tree.py": "the tests themselves",
    "vector/test_heights.py": "heights in all verbs",
}
"""Test files that are of no single module, and why."""

ELSEWHERE = {
    "__init__.py": ("test_api.py", "the names of the package"),
    "forks.py": ("faults/test_forked.py", "needs processes that were forked off"),
    "handles/raster_properties.py": ("surface/test_surface.py", "an index of verbs"),
    "handles/spatextent.py": ("surface/test_surface.py", "an index of verbs"),
    "handles/spatraster.py": ("surface/test_surface.py", "an index of verbs"),
    "handles/spatvector.py": ("surface/test_surface.py", "an index of verbs"),
    "maps/diagram.py": ("maps/test_explain.py", "draws what that tells"),
    "verbs.py": ("test_generics.py", "written by tools/verbs.py"),
    "workflows/demo_check.py": ("workflows/test_demo.py", "needs a finished demo, which takes long"),
    "workflows/report.py": ("workflows/test_cropland_catalogue.py", "written together with the catalogue"),
}
"""Modules without a test file of their own: where they are tested, and why there."""

FILES = sorted(
    str(path.relative_to(ROOT / "tests"))
    for path in (ROOT / "tests").rglob("test_*.py")
    if path.relative_to(ROOT / "tests").parts[0] not in ACROSS
)
MODULES = sorted(str(path.relative_to(ROOT / "pyterra")) for path in (ROOT / "pyterra").rglob("*.py"))


def file_of(module):
    """Where the tests of a module, or of what a folder of them has in common, belong."""
    path = Path(module)
    if path.name == "__init__.py":
        return str(path.parent.parent / f"test_{path.parent.name}.py")
    return str(path.parent / f"test_{path.stem.lstrip('_')}.py")


def defines_something(module):
    """Whether there are functions or classes in a module, not only names of others."""
    body = ast.parse((ROOT / "pyterra" / module).read_text("utf-8"))
    return any(isinstance(node, ast.FunctionDef | ast.ClassDef) for node in ast.walk(body))


def test_every_test_file_has_the_name_of_a_module_in_the_same_place():
    assert set(FILES) - set(map(file_of, MODULES)) == set(WHOLE)


def test_every_module_has_a_test_file_of_its_name_in_the_same_place():
    lacking = [m for m in MODULES if not (ROOT / "tests" / file_of(m)).exists() and defines_something(m)]
    assert lacking == sorted(ELSEWHERE)


def test_what_is_tested_elsewhere_has_its_tests_there():
    assert [file for file, _ in ELSEWHERE.values() if not (ROOT / "tests" / file).exists()] == []
