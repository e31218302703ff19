"""What a type checker makes of a user's script."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

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
