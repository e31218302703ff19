"""The command line: what it takes, what it says, how it ends."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from typing import get_args

import numpy as np
import pytest
from click.testing import CliRunner
from small_glad import sketch, truth, write_glad

import pyterra as pt
from pyterra.cli import main
from pyterra.workflows import cropland_catalogue
from pyterra.workflows.croplands import _LEVELS, Codec


@pytest.fixture
def run():
    def call(*words):
        return CliRunner().invoke(main, [str(word) for word in words])

    return call


@pytest.fixture
def glad(tmp_path):
    return write_glad(tmp_path / "glad", truth())


SMALL = ("--resolutions", "30m=40,1km=4", "--years", "2003,2005:2006", "--workers", "1", "--no-progress")


def test_the_codecs_of_the_command_are_those_of_the_job():
    offered = {option.name: option for option in main.commands["croplands"].commands["run"].params}[
        "compress"
    ]
    assert tuple(offered.type.choices) == get_args(Codec) == tuple(_LEVELS)


def test_help_comes_without_the_heavy_libraries():
    code = "import sys; from pyterra.cli import main; main(['--help'], standalone_mode=False); print(sorted(sys.modules))"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    for command in ("croplands", "gapfill", "info", "doctor"):
        assert command in said
    for library in ("numba", "rasterio", "geopandas", "pandas", "matplotlib", "distributed"):
        assert f"'{library}'" not in said


def test_croplands_run_makes_maps_and_says_where(run, glad, tmp_path, monkeypatch):
    monkeypatch.setattr(cropland_catalogue, "save_panels", sketch)
    out = tmp_path / "out"
    result = run("croplands", "run", glad, "--out", out, *SMALL, "--map-version", "v7")
    assert result.exit_code == 0, result.output
    assert "2003 to 2006" in result.output
    names = sorted(path.name for path in (out / "layers1km").iterdir())
    assert [name.split("_")[5] for name in names] == ["20030101", "20050101", "20060101"]
    assert all(name.endswith("_v7.tif") for name in names)
    again = run("croplands", "run", glad, "--out", out, *SMALL, "--map-version", "v7", "--resume")
    assert "made now 0, before 4" in again.output
    fresh = run("croplands", "run", glad, "--out", out, *SMALL, "--map-version", "v7", "--fresh")
    assert "made now 4, before 0" in fresh.output


def test_an_expected_error_is_one_line(run, tmp_path):
    result = run("croplands", "run", tmp_path / "nowhere", "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert result.output.startswith("error: croplands: ")
    assert result.output.count("\n") == 1


def test_traceback_shows_where_it_came_from(run, tmp_path):
    result = run("--traceback", "info", tmp_path / "nothing.tif")
    assert result.exit_code == 1
    assert "Traceback" in result.output
    assert "SourceError" in result.output


def test_tiles_that_failed_end_with_1_and_are_named(run, glad, tmp_path):
    path = glad / "Global_cropland_NE_2011.tif"
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    result = run(
        "croplands", "run", glad, "--out", tmp_path / "out", *SMALL, "--on-error", "skip", "--retries", "0"
    )
    assert result.exit_code == 1
    assert "2 of 4 tiles failed" in result.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--years", "2022:2000"), "at least one year"),
        (("--years", "soon"), "years look like 2000:2022"),
        (("--resolutions", "30m=many"), "resolutions look like 30m,1km"),
        (("--rule", "3"), "--rule"),
        (("--on-error", "ignore"), "--on-error"),
    ],
)
def test_wrong_options_are_explained(run, tmp_path, words, said):
    result = run("croplands", "run", tmp_path, "--out", tmp_path / "out", *words)
    assert result.exit_code == 2
    assert said in result.output


def test_gapfill_writes_files_and_tells_the_gaps(run, tmp_path):
    nan = np.nan
    for day, value in (("20200101", 10), ("20200111", nan), ("20200121", 30)):
        pt.rast([[value, 1.0]]).write_raster(tmp_path / f"x_{day}.tif", datatype="uint8", nodata=255)
    result = run(
        "gapfill",
        *sorted(tmp_path.glob("*.tif")),
        "--out",
        tmp_path / "out",
        "--rule",
        "1:2",
        "--workers",
        "1",
    )
    assert result.exit_code == 0, result.output
    assert "1 gaps, 1 filled, 0 left" in result.output
    assert pt.rast(tmp_path / "out" / "x_20200111.tif").values().tolist() == [[20], [1]]


def test_info_describes_a_file(run, tmp_path):
    pt.rast([[1, 2]], crs="EPSG:4326").write_raster(tmp_path / "a.tif")
    result = run("info", tmp_path / "a.tif")
    assert result.exit_code == 0
    assert "SpatRaster" in result.output
    assert "a.tif" in result.output


def test_ctrl_c_ends_quickly_with_130_and_leaves_no_parts(glad, tmp_path):
    out = tmp_path / "out"
    words = [
        "croplands",
        "run",
        str(glad),
        "--out",
        str(out),
        "--resolutions",
        "30m=40,100m=12",
        "--workers",
        "2",
    ]
    process = subprocess.Popen(
        [sys.executable, "-m", "pyterra.cli", *words],
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    deadline = time.monotonic() + 60
    while not list(out.glob("tiles/*/*.tif")) and time.monotonic() < deadline and process.poll() is None:
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=120)
    assert process.returncode == 130
    assert "interrupted" in said
    assert "Traceback" not in said
    assert not list(out.glob("**/.*.part*"))


def test_view_serves_a_folder_until_ctrl_c(tmp_path):
    pytest.importorskip("matplotlib")
    pt.rast(np.ones((1, 2, 3))).write_raster(tmp_path / "a.tif")
    command = [sys.executable, "-m", "pyterra.cli", "view", str(tmp_path), "--no-browser"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        address = process.stdout.readline().split()[-1]
        assert process.stdout.readline() == "Ctrl-C ends it\n"
        with urllib.request.urlopen(address, timeout=30) as page:
            assert page.status == 200
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (0, "", "")


def test_view_of_nothing_is_one_line(run, tmp_path):
    result = run("view", tmp_path, "--no-browser")
    assert result.exit_code == 1
    assert result.output.startswith("error: view: there must be rasters")
