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


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    """What a run without R says, and the file of its results."""
    file = tmp_path_factory.mktemp("measured") / "results.json"
    rows = "ndvi-memory,mean-file,mean-memory,codes-file,codes-memory"
    done = benchmarks("--rows", rows, "--peers", "--json", str(file), PATH="")
    assert done.returncode == 0, done.stderr
    return done.stderr, file


def test_a_workload_is_timed_without_r(measured):
    said, file = measured
    assert "is not installed" in said
    rows = {row["workload"]: row for row in json.loads(file.read_text())}
    assert sorted(rows) == ["codes-file", "codes-memory", "mean-file", "mean-memory", "ndvi-memory"]
    assert rows["ndvi-memory"]["ratio"] is None
    assert len(rows["ndvi-memory"]["samples"]["ours"]) == 1
    assert rows["mean-file"]["over_codec"] > 0


def test_a_peer_is_timed_or_said_to_be_missing(measured):
    rows = {row["workload"]: row for row in json.loads(measured[1].read_text())}
    assert rows["codes-memory"]["peer"] == "numpy"
    assert rows["codes-memory"]["peer_ratio"] > 0
    assert rows["mean-memory"]["peer"] in ("bottleneck", "bottleneck is not installed")


def test_every_title_and_every_peer_has_a_workload_and_growth_is_measured(tmp_path):
    code = (
        "import sys; from pathlib import Path\n"
        "import benchmarks.jobs; from benchmarks.job import WORKLOADS as known\n"
        "from benchmarks.page import TITLES; from benchmarks.peers import PEERS\n"
        "assert set(TITLES) <= set(known) and set(PEERS) <= set(TITLES)\n"
        "from benchmarks import data, growth\n"
        "growth.SAMPLES, made = 1, data.Data(Path(sys.argv[1]), data.TINY)\n"
        "points = [*growth._files(made), *growth._cells(made)]\n"
        "assert [point.size for point in points[:4]] == [10, 25, 50, 100] and len(points) == 12\n"
        "assert all(point.cpu > 0 and point.wall > 0 for point in points)"
    )
    words = [sys.executable, "-c", code, str(tmp_path)]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
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


POINT = ("grows", "work", "size", "cpu", "wall")
GROWTH = [
    ("cells", "focal mean 3 x 3, in memory", 1.0, 0.1, 0.05),
    ("cells", "focal mean 3 x 3, in memory", 4.0, 0.4, 0.2),
    ("layers", "mean of layers, in memory", 6, 0.1, 0.1),
    ("layers", "mean of layers, in memory", 96, 1.6, 1.2),
    ("files", "read_rasters", 10, 0.1, 0.1),
    ("files", "read_rasters", 100, 1.0, 0.8),
    ("threads", "project, file to file", 1, 1.4, 1.4),
    ("threads", "project, file to file", 2, 1.5, 0.75),
]


def test_the_page_is_made_of_what_was_kept(measured, tmp_path):
    file, page = measured[1], tmp_path / "speed.md"
    growth = tmp_path / "growth.json"  # measured before: that takes longer than all else here
    growth.write_text(json.dumps([dict(zip(POINT, each, strict=True)) for each in GROWTH]))
    done = benchmarks("--page", str(page), "--results", str(file), "--growth", str(growth))
    assert done.returncode == 0, done.stderr
    text = page.read_text()
    assert "| classify 200 codes of bytes, in memory * |" in text  # of few cells
    assert "| threads | project, file to file | 2 |" in text
    assert page.with_suffix(".svg").read_text().startswith("<?xml")
    assert benchmarks("--page", str(page)).returncode != 0
