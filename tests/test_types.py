"""What a type checker makes of a user's script."""

import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pyterra.generics import CLASSES, member, members

ROOT = Path(__file__).parents[1]
RESULTS = "SpatRaster SpatRaster SpatRaster SpatVector SpatRaster SpatExtent list[str] int float".split()


@pytest.fixture(scope="module")
def checked():
    """What mypy says of a user's script and of the table of cases, which calls each verb."""
    pytest.importorskip("mypy")
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--follow-imports=silent",
         "--cache-dir", ROOT / ".mypy_cache", "-p", "cases", "-m", "user_script"],
        capture_output=True, text=True, check=False, cwd=ROOT / "tests",
        env={"MYPYPATH": f"{ROOT}:{ROOT / 'tests'}", "PATH": ""},
    )  # fmt: skip
    assert re.search(r"checked \d\d source files", done.stdout), done.stdout + done.stderr
    return done.stdout


def test_verbs_have_types_as_methods_and_as_functions(checked):
    found = [name.rpartition(".")[2] for name in re.findall(r'Revealed type is "(.*)"', checked)]
    assert found == RESULTS, checked
    errors = [line for line in checked.splitlines() if line.startswith("user_script") and ": error: " in line]
    assert len(errors) == 1
    assert 'incompatible type "SpatVector"; expected "SpatRaster"' in errors[0]


def test_every_call_of_every_verb_has_the_types_that_are_claimed(checked):
    """What the lambdas of the table give is no matter here."""
    about = [line for line in checked.splitlines() if line.startswith("cases/") and ": error: " in line]
    ours = [line for line in about if not re.search(r"\[(misc|no-any-return|no-untyped-\w+)\]$", line)]
    assert not ours, "\n".join(ours)


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
