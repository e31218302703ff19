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


def test_a_peer_is_timed_or_said_to_be_missing(tmp_path):
    file = tmp_path / "results.json"
    done = benchmarks("--rows", "codes-memory,mean-memory", "--peers", "--json", str(file), PATH="")
    assert done.returncode == 0, done.stderr
    codes, mean = sorted(json.loads(file.read_text()), key=lambda row: row["workload"])
    assert codes["peer"] == "numpy"
    assert codes["peer_ratio"] > 0
    assert mean["peer"] in ("bottleneck", "bottleneck is not installed")


def test_every_title_and_every_peer_has_a_workload():
    code = (
        "import benchmarks.jobs; from benchmarks.job import WORKLOADS as known\n"
        "from benchmarks.page import TITLES; from benchmarks.peers import PEERS\n"
        "assert set(TITLES) <= set(known) and set(PEERS) <= set(TITLES)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


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


def test_the_page_is_made_of_what_was_kept(tmp_path):
    file, page = tmp_path / "results.json", tmp_path / "speed.md"
    assert benchmarks("--rows", "codes-file,codes-memory", "--json", str(file), PATH="").returncode == 0
    done = benchmarks("--page", str(page), "--results", str(file))
    assert done.returncode == 0, done.stderr
    text = page.read_text()
    assert "| classify 200 codes of bytes, in memory * |" in text  # of few cells
    assert "| threads | project, file to file | 2 |" in text
    assert page.with_suffix(".svg").read_text().startswith("<?xml")
    assert benchmarks("--page", str(page)).returncode != 0
