"""The scripts that set up an environment, on machines that lack something."""

import os
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

TOOLS = Path(__file__).parents[2] / "tools"


@pytest.fixture
def bare_machine(tmp_path):
    """An environment whose PATH holds a shell's own tools and nothing else."""
    for name in ("sh", "id", "true", "sed", "cat"):
        found = shutil.which(name)
        if found:
            (tmp_path / name).symlink_to(found)
    return {**os.environ, "PATH": str(tmp_path), "PYTHON": ""}


def run(script, *arguments, **more):
    shell = shutil.which("sh")
    return subprocess.run(
        [shell, str(TOOLS / script), *arguments], capture_output=True, text=True, check=False, **more
    )


@pytest.mark.parametrize(("script", "needed"), [("setup_r.sh", "terra"), ("setup_browser.sh", "Chromium")])
def test_without_apt_the_tests_that_need_more_skip_with_a_word(bare_machine, script, needed):
    done = run(script, env=bare_machine)
    assert done.returncode == 0
    assert "will skip" in done.stdout
    assert needed in done.stdout


def test_without_permission_to_install_the_tests_that_need_terra_skip_with_a_word(bare_machine):
    folder = Path(bare_machine["PATH"])
    for name, text in {"apt-get": "exit 100", "sudo": "exit 1", "id": "echo 1000"}.items():
        (folder / name).unlink(missing_ok=True)
        (folder / name).write_text(f"#!/bin/sh\n{text}\n")
        (folder / name).chmod(0o755)
    done = run("setup_r.sh", env=bare_machine)
    assert done.returncode == 0
    assert "apt-get install r-base-core" in done.stdout
    assert "r-cran-terra" in done.stdout


def test_without_python_and_uv_the_setup_stops_and_says_what_it_needs(bare_machine, tmp_path):
    done = run("setup.sh", str(tmp_path / "env"), env=bare_machine)
    assert done.returncode == 1
    assert "Python 3.11 or newer" in done.stderr


def test_with_r_and_nearly_all_packages_the_missing_one_is_named(bare_machine):
    folder = Path(bare_machine["PATH"])
    have = "terra jsonlite reticulate sf ranger randomForest mgcv rpart testthat codetools roxygen2 strucchange knitr"
    for name, text in {
        "Rscript": f"echo ' {have} '",
        "pandoc": "",
        "apt-get": "exit 100",
        "id": "echo 1000",
    }.items():
        (folder / name).unlink(missing_ok=True)
        (folder / name).write_text(f"#!/bin/sh\n{text}\n")
        (folder / name).chmod(0o755)
    done = run("setup_r.sh", env=bare_machine)
    assert done.returncode == 0
    assert "(apt-get install r-cran-rmarkdown)" in done.stdout


def test_without_r_no_environment_for_it_is_made(bare_machine, tmp_path):
    done = run("setup_r_env.sh", str(tmp_path / "env"), env=bare_machine)
    assert done.returncode == 0
    assert "R: not found; its tests will skip (install R" in done.stdout
    assert not (tmp_path / "env-r").exists()


def test_the_source_archive_holds_what_links_lead_to():
    root = TOOLS.parent
    kept = tomllib.loads((root / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["sdist"][
        "include"
    ]
    links = [path for path in (root / "pyterra").rglob("*") if path.is_symlink()]
    assert links
    for link in links:
        assert link.resolve().is_relative_to(root)
        assert link.resolve().relative_to(root).parts[0] in kept
