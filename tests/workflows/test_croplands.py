"""The croplands job on four small tiles: what is skipped, what is made again, same bytes from every executor."""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import numpy as np
import pytest
from small_glad import CELLS, EPOCHS, QUADRANTS, truth, write, write_glad

import pyterra as pt
from pyterra.errors import ArgumentError, JobError, OutputLockedError
from pyterra.io.raster.cog import cog_problems
from pyterra.tiles import LayerName, manifest
from pyterra.workflows import cropland_steps
from pyterra.workflows.croplands import croplands


def annual(values, year):
    """Percent of a year by numpy, one cell at a time."""
    flat = values.reshape(len(EPOCHS), -1)
    return np.array([100 * np.interp(year, EPOCHS, series) for series in flat.T]).reshape(values.shape[1:])


def content(folder):
    """Bytes of all maps by name."""
    return {path.name: path.read_bytes() for path in sorted(folder.glob("layers*/*.tif"))}


def changed(folder):
    """When each tile and map was written."""
    return {p: p.stat().st_mtime_ns for d in ("tiles/*", "layers*") for p in folder.glob(f"{d}/*.tif")}


def test_files_are_cogs_with_openlandmap_names_and_tags(calm):
    path = calm.report.paths["100m"][2005]
    assert path.parent.name == "layers100m"
    assert path.name == "cropland_glad.potapov.et.al_p_100m_s_20050101_20051231_go_epsg.4326_v1.tif"
    assert LayerName.parse(path).begin.year == 2005
    assert cog_problems(path) == []
    r = pt.rast(path)
    assert r.names == ["cropland 2005"]
    assert [float(t) for t in r.time] == [2005]
    assert r.crs.to_epsg() == 4326


def test_a_finished_job_makes_nothing_again(calm, finished, job):
    before = changed(finished)
    report = croplands(calm.glad, finished, **job)
    assert (report.tiles.done, report.tiles.skipped, report.maps.done, report.maps.skipped) == (0, 4, 0, 9)
    assert changed(finished) == before


def test_a_finished_job_reads_no_map_again(calm, finished, job, monkeypatch):
    written = {p: p.stat().st_mtime_ns for p in [*finished.glob("stac/**/*.json"), *finished.glob("*.png")]}
    assert len(written) > 4
    monkeypatch.setattr(manifest, "checksum", None)
    monkeypatch.setattr(hashlib, "file_digest", None)
    report = croplands(calm.glad, finished, **job)
    assert report.catalogue == finished / "stac" / "catalog.json"
    assert len(report.pictures) == 2
    assert {p: p.stat().st_mtime_ns for p in written} == written


def test_one_more_year_makes_its_maps_alone_and_reads_no_other(calm, finished, job, monkeypatch):
    before, hashed = changed(finished), []
    genuine = hashlib.file_digest
    monkeypatch.setattr(
        hashlib, "file_digest", lambda file, kind: hashed.append(file.name) or genuine(file, kind)
    )
    report = croplands(calm.glad, finished, **(job | {"years": (*job["years"], 2023)}))
    assert (report.tiles.done, report.maps.done, report.maps.skipped) == (0, 3, 9)
    assert changed(finished).items() >= before.items()
    assert sorted(hashed) == sorted(str(paths[2023]) for paths in report.paths.values())
    whole = croplands(calm.glad, finished.parent / "whole", **(job | {"years": (*job["years"], 2023)}))
    assert content(finished) == content(finished.parent / "whole")
    items = [path.read_bytes() for path in sorted(finished.glob("stac/cropland/*.json"))]
    assert items == [path.read_bytes() for path in sorted(whole.out.glob("stac/cropland/*.json"))]


def test_a_changed_input_makes_its_tiles_again_and_the_maps_of_the_years_it_tells_of(glad, tmp_path, job):
    out = tmp_path / "out"
    croplands(glad, out, **job)
    values = truth()
    values[1, 0, 2 * CELLS] ^= 1
    west, east = QUADRANTS["NE"]
    write(
        glad / "Global_cropland_NE_2007.tif", values[1][:, (west + 2) * CELLS : (east + 2) * CELLS], west, 46
    )
    report = croplands(glad, out, **job)
    assert (report.tiles.done, report.tiles.skipped) == (2, 2)
    assert (report.maps.done, report.maps.skipped) == (3, 6)  # 2000 and 2022 do not follow from 2007
    found = pt.rast(report.paths["30m"][2005])[0, 2 * CELLS][0]
    assert found == np.floor(annual(values, 2005)[0, 2 * CELLS] + 0.5)


def test_one_more_epoch_makes_the_maps_of_the_years_that_it_changes(calm, glad, tmp_path, job):
    newest = sorted(glad.glob("*_2019.tif"))
    aside = tmp_path / "aside"
    aside.mkdir()
    for file in newest:
        file.rename(aside / file.name)
    out = tmp_path / "out"
    croplands(glad, out, **(job | {"epochs": (2003, 2007, 2011, 2015)}))
    for file in newest:
        (aside / file.name).rename(file)
    report = croplands(glad, out, **job)
    assert report.tiles.done == 4
    assert (report.maps.done, report.maps.skipped) == (3, 6)
    assert content(out) == content(calm.out)


def test_lost_and_damaged_results_are_made_again(calm, finished, job):
    before = content(finished)
    (finished / "tiles" / "100m" / "000E_45N.tif").unlink()
    lost, spoilt = (
        finished / calm.report.paths[name][year].relative_to(calm.out)
        for name, year in (("30m", 2000), ("1km", 2022))
    )
    lost.unlink()
    data = bytearray(spoilt.read_bytes())
    data[-1] ^= 1
    spoilt.write_bytes(data)
    report = croplands(calm.glad, finished, verify=True, **job)
    assert (report.tiles.done, report.maps.done) == (1, 2)
    assert content(finished) == before


def test_fresh_makes_everything_anew_with_the_same_bytes(calm, finished, job):
    report = croplands(calm.glad, finished, resume=False, **job)
    assert (report.tiles.done, report.maps.done) == (4, 9)
    assert content(finished) == content(calm.out)


def test_maps_of_equal_years_are_copied_and_are_as_if_they_were_not(calm, tmp_path, job, monkeypatch):
    files, genuine = {}, cropland_steps.mosaic_band

    def noted(sources, path, **more):
        files[path.parent.name, more["name"]] = [Path(source).parent for source in sources]
        return genuine(sources, path, **more)

    monkeypatch.setattr(cropland_steps, "mosaic_band", noted)
    years = (2000, 2002, 2003, 2005, 2019, 2022)
    report = croplands(calm.glad, tmp_path / "out", **(job | {"years": years}))
    assert report.maps.done == report.maps.total == 18
    for name in job["resolutions"]:
        for year in years:
            first = {2002: 2000, 2003: 2000, 2022: 2019}.get(year, year)
            copied = files[f"layers{name}", f"cropland {year}"] == [tmp_path / "out" / f"layers{name}"]
            assert copied == (first != year)
            found = pt.rast(report.paths[name][year])
            assert (found.names, [float(t) for t in found.time]) == ([f"cropland {year}"], [year])
            np.testing.assert_array_equal(found.to_numpy(), pt.rast(report.paths[name][first]).to_numpy())
            if year in job["years"]:
                assert report.paths[name][year].read_bytes() == calm.report.paths[name][year].read_bytes()


def test_the_bytes_do_not_depend_on_who_computes(calm, tmp_path, job):
    job |= {"executor": "processes", "workers": 2}
    croplands(calm.glad, tmp_path / "processes", **job)
    assert content(calm.out) == content(tmp_path / "processes")


@pytest.mark.filterwarnings("ignore")
def test_a_dask_cluster_gives_the_same_bytes(calm, tmp_path, job):
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(
            n_workers=1, threads_per_worker=2, processes=False, dashboard_address=None
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        croplands(calm.glad, tmp_path / "dask", **(job | {"executor": client}))
    assert content(calm.out) == content(tmp_path / "dask")


def spoil(glad, value=7):
    """Put a value into the easternmost tile that must not be there."""
    values = truth()[1]
    values[3, -5] = value
    west, east = QUADRANTS["NE"]
    write(glad / "Global_cropland_NE_2007.tif", values[:, (west + 2) * CELLS : (east + 2) * CELLS], west, 46)


def test_no_map_is_made_while_a_tile_is_lacking(glad, calm, tmp_path, job):
    """In a map, the cells of a tile that failed would be taken for cells without cropland."""
    spoil(glad)
    out = tmp_path / "out"
    with pytest.raises(JobError, match=r"croplands: 1 of 4 tiles failed .* so no map is made.*: 001E_45N: "):
        croplands(glad, out, on_error="skip", **job)
    assert content(out) == {}
    assert not (out / "stac").exists()
    assert sorted(p.stem for p in (out / "tiles" / "30m").iterdir()) == ["000E_45N", "001W_45N"]
    write_glad(glad, truth())
    report = croplands(glad, out, on_error="skip", **job)
    assert content(out) == content(calm.out)
    assert not report.failures


def test_maps_of_earlier_inputs_stay_as_they_are_when_a_tile_fails(glad, tmp_path, job):
    out = tmp_path / "out"
    croplands(glad, out, **job)
    before = content(out), (out / "stac" / "cropland" / "cropland-2005.json").read_bytes()
    spoil(glad)
    with pytest.raises(JobError, match="001E_45N"):
        croplands(glad, out, on_error="skip", **job)
    assert (content(out), (out / "stac" / "cropland" / "cropland-2005.json").read_bytes()) == before


def test_a_truncated_file_fails_its_tiles_only(glad, tmp_path, job):
    path = glad / "Global_cropland_NE_2011.tif"
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(JobError, match="2 of 4 tiles failed") as error:
        croplands(glad, tmp_path / "out", on_error="skip", **job)
    first, second = str(error.value).split("; ")[:2]
    assert "000E_45N: " in first
    assert "001E_45N: " in second
    assert all("Global_cropland_NE_2011.tif" in said for said in (first, second))
    assert [p.stem for p in (tmp_path / "out" / "tiles" / "30m").iterdir()] == ["001W_45N"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"years": ()}, "years must be"),
        ({"resolutions": ("30m",)}, "30m must have 1 to 40 cells per degree"),
        ({"resolutions": ("10m",)}, "resolutions must be of 30m, 100m, 250m, 1km, got 10m"),
        ({"resolutions": {}}, "at least one resolution"),
        ({"tile_size": 0}, "tile_size must be 1 to 30"),
        ({"executor": "gpu"}, "executor must be"),
    ],
)
def test_bad_arguments_are_refused_before_anything_is_computed(glad, tmp_path, job, changes, words):
    with pytest.raises(ArgumentError, match=words):
        croplands(glad, tmp_path / "out", **(job | changes))
    assert not list((tmp_path / "out").glob("**/*.tif"))


def test_inputs_without_cropland_end_with_a_clear_word(tmp_path, job):
    folder = write_glad(tmp_path / "glad", truth() * np.uint8(0))
    with pytest.raises(JobError, match="no tile with cropland"):
        croplands(folder, tmp_path / "out", **job)


SCRIPT = """
    import sys
    from pyterra.workflows.croplands import croplands
    croplands(sys.argv[1], sys.argv[2], years=(2000, 2005, 2022), version="v1",
              resolutions={"30m": 40, "100m": 12, "1km": 4}, executor="processes", workers=2, progress=False)
"""


def test_a_job_killed_at_any_moment_and_resumed_gives_the_bytes_of_a_calm_one(calm, tmp_path):
    def start(out):
        return subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(SCRIPT), str(calm.glad), str(out)], start_new_session=True
        )

    out = tmp_path / "killed"
    kills = 0
    for wanted in (2, 11):  # files that are there when the next kill comes: 9 are tiles, then there are maps
        process = start(out)
        deadline = time.monotonic() + 60
        while process.poll() is None and time.monotonic() < deadline:
            if len(list(out.glob("tiles/*/*.tif"))) + len(list(out.glob("layers*/*.tif"))) >= wanted:
                os.killpg(process.pid, signal.SIGKILL)
                kills += 1
                break
            time.sleep(0.01)
        process.wait(60)
    assert kills >= 1
    assert start(out).wait(120) == 0
    assert content(out) == content(calm.out)
    assert not list(out.glob("**/.*part*"))


def test_processes_that_share_a_job_give_the_bytes_of_a_calm_one(calm, tmp_path):
    script = textwrap.dedent(SCRIPT).replace('version="v1",', 'version="v1", share=True,')
    assert "share=True" in script
    out = tmp_path / "shared"
    both = [subprocess.Popen([sys.executable, "-c", script, str(calm.glad), str(out)]) for _ in range(2)]
    assert [process.wait(240) for process in both] == [0, 0]
    assert content(out) == content(calm.out)
    assert not list(out.glob("**/.*"))
    assert (out / "stac" / "catalog.json").exists()


def test_a_shared_job_cannot_begin_anew(calm, tmp_path, job):
    with pytest.raises(ArgumentError, match="share needs resume"):
        croplands(calm.glad, tmp_path, share=True, resume=False, **job)


def test_a_second_run_on_the_same_folder_is_refused(glad, tmp_path, job):
    from pyterra.tiles import Manifest

    out = tmp_path / "out"
    out.mkdir()
    with Manifest(out / "manifest.sqlite"), pytest.raises(OutputLockedError):
        croplands(glad, out, **job)


def test_the_results_may_be_moved_and_resumed(calm, finished, tmp_path, job):
    shutil.move(finished, tmp_path / "moved")
    report = croplands(calm.glad, tmp_path / "moved", **job)
    assert (report.tiles.done, report.tiles.skipped) == (0, 4)
