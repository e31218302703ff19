"""What a type checker makes of a user's script."""

import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pyterra.generics import CLASSES, member, members

ROOT = Path(__file__).parents[1]
SCRIPT = """
import pyterra as pt

r = pt.rast(nrows=2, ncols=2, vals=[1, 2, 3, 4])
v = pt.vect("POINT (1 2)")
e = pt.ext(0, 1, 0, 1)
r.names = ["a"]
reveal_type(r.focal(3))
reveal_type(pt.focal(r, 3))
reveal_type(pt.crop(r, e))
reveal_type(pt.crop(v, e))
reveal_type(pt.merge([r, r]))
reveal_type(pt.union(e, e))
reveal_type(pt.names(v))
reveal_type(r.nrow)
reveal_type(pt.xmin(e))
pt.focal(v, 3)
"""
RESULTS = "SpatRaster SpatRaster SpatRaster SpatVector SpatRaster SpatExtent list[str] int float".split()


def test_verbs_have_types_as_methods_and_as_functions(tmp_path):
    pytest.importorskip("mypy")
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--follow-imports=silent", "--cache-dir", tmp_path, script],
        capture_output=True, text=True, check=False, env={"MYPYPATH": str(ROOT), "PATH": ""}, cwd=tmp_path,
    )  # fmt: skip
    found = [name.rpartition(".")[2] for name in re.findall(r'Revealed type is "(.*)"', done.stdout)]
    assert found == RESULTS, done.stdout + done.stderr
    errors = [line for line in done.stdout.splitlines() if ": error: " in line]
    assert len(errors) == 1
    assert 'incompatible type "SpatVector"; expected "SpatRaster"' in errors[0]


def test_every_call_of_every_verb_has_the_types_that_are_claimed():
    """The table of cases calls each verb; what its lambdas give is no matter here."""
    pytest.importorskip("mypy")
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--follow-imports=silent",
         "--cache-dir", ROOT / ".mypy_cache", "-p", "cases"],
        capture_output=True, text=True, check=False, cwd=ROOT / "tests",
        env={"MYPYPATH": f"{ROOT}:{ROOT / 'tests'}", "PATH": ""},
    )  # fmt: skip
    about = [line for line in done.stdout.splitlines() if ": error: " in line]
    ours = [line for line in about if not re.search(r"\[(misc|no-any-return|no-untyped-\w+)\]$", line)]
    assert not ours, "\n".join(ours)
    assert re.search(r"checked \d\d source files", done.stdout), done.stdout + done.stderr


def parameters():
    """Annotations of all parameters and results of the verbs, as they are written."""
    for cls in CLASSES:
        for name in members(cls):
            body = member(cls, name)
            if not inspect.isfunction(body):
                continue
            signature = inspect.signature(body)
            yield f"{cls.__name__}.{name}", str(signature.return_annotation)
            for one in list(signature.parameters.values())[1:]:
                if one.kind is not one.VAR_KEYWORD:
                    yield f"{cls.__name__}.{name}({one.name})", str(one.annotation)


def test_few_arguments_and_results_may_be_anything():
    told = list(parameters())
    anything = [where for where, annotation in told if annotation == "Any"]
    assert len(told) > 700
    assert len(anything) <= 0.02 * len(told), anything
