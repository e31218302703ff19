"""The benchmarks run, with R and without, and say what they measured."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def benchmarks(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "-m", "benchmarks", "--tiny", *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_workload_is_timed_without_r(tmp_path):
    file = tmp_path / "results.json"
    done = benchmarks("--rows", "ndvi-memory,mean-file", "--json", str(file), PATH="")
    assert done.returncode == 0, done.stderr
    assert "is not installed" in done.stderr
    memory, disk = sorted(json.loads(file.read_text()), key=lambda row: row["workload"], reverse=True)
    assert (memory["workload"], disk["workload"]) == ("ndvi-memory", "mean-file")
    assert memory["ratio"] is None
    assert len(memory["samples"]["ours"]) == 1
    assert disk["over_codec"] > 0


def test_an_unknown_workload_is_refused_with_the_names_there_are():
    done = benchmarks("--rows", "nothing")
    assert done.returncode != 0
    assert "ndvi-file" in done.stderr


@pytest.mark.r
def test_values_are_compared_with_terra(tmp_path):
    file = tmp_path / "results.json"
    done = benchmarks("--rows", "ndvi-memory", "--json", str(file))
    if "is not installed" in done.stderr:
        pytest.skip("needs R with the package terra (Debian: r-cran-terra)")
    assert done.returncode == 0, done.stderr
    (row,) = json.loads(file.read_text())
    assert row["agrees"]
    assert row["ratio"] > 0
