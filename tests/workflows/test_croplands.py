"""The croplands job on four small tiles: values, what is skipped, what is made again, same bytes from every executor."""

import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time

import numpy as np
import pytest
from small_glad import CELLS, EPOCHS, QUADRANTS, truth, write, write_glad

import pyterra as pt
from pyterra.errors import ArgumentError, JobError, OutputLockedError
from pyterra.io.raster.cog import cog_problems
from pyterra.tiles import LayerName
from pyterra.workflows.croplands import croplands


def annual(values, year):
    """Percent of a year by numpy, one cell at a time."""
    flat = values.reshape(len(EPOCHS), -1)
    return np.array([100 * np.interp(year, EPOCHS, series) for series in flat.T]).reshape(values.shape[1:])


def averaged(values, cells):
    """Means over coarser cells, by the area of each fine cell inside."""
    return weights(values.shape[0], cells) @ values @ weights(values.shape[1], cells).T


def weights(size, cells):
    edges = np.arange(0, size * cells // CELLS + 1) * CELLS / cells
    inside = np.clip(np.arange(size + 1)[None], edges[:-1, None], edges[1:, None])
    share = np.diff(inside, axis=1)
    return share / share.sum(axis=1, keepdims=True)


def content(folder):
    """Bytes of all maps by name."""
    return {path.name: path.read_bytes() for path in sorted(folder.glob("layers*/*.tif"))}


def changed(folder):
    """When each tile and map was written."""
    return {p: p.stat().st_mtime_ns for d in ("tiles/*", "layers*") for p in folder.glob(f"{d}/*.tif")}


def test_maps_hold_the_interpolated_percent_and_its_averages(glad, tmp_path, job):
    values = truth()
    report = croplands(glad, tmp_path / "out", **job)
    assert (report.tiles.total, report.with_cropland, report.maps.done) == (4, 3, 9)
    for year in job["years"]:
        expected = annual(values, year)
        expected[:, :CELLS] = np.nan  # the tile without cropland
        found = pt.rast(report.paths["30m"][year]).to_numpy()[0]
        np.testing.assert_array_equal(found, np.floor(expected + 0.5))
        for name, cells in (("100m", 12), ("1km", 4)):
            coarse = pt.rast(report.paths[name][year])
            assert coarse.shape == (1, cells, 4 * cells)
            np.testing.assert_allclose(list(coarse.ext), (-2, 2, 45, 46))
            mean = averaged(annual(values, year), cells)
            mean[:, :cells] = np.nan
            np.testing.assert_allclose(coarse.to_numpy()[0], mean, atol=0.5 + 1e-9)


def test_files_are_cogs_with_openlandmap_names_and_tags(glad, tmp_path, job):
    report = croplands(glad, tmp_path / "out", version="v1", **job)
    path = report.paths["100m"][2005]
    assert path.parent.name == "layers100m"
    assert path.name == "cropland_glad.potapov.et.al_p_100m_s_20050101_20051231_go_epsg.4326_v1.tif"
    assert LayerName.parse(path).begin.year == 2005
    assert cog_problems(path) == []
    r = pt.rast(path)
    assert r.names == ["cropland 2005"]
    assert [float(t) for t in r.time] == [2005]
    assert r.crs.to_epsg() == 4326


def test_a_tile_without_cropland_is_not_written(glad, tmp_path, job):
    croplands(glad, tmp_path / "out", **job)
    assert sorted(p.name for p in (tmp_path / "out" / "tiles" / "30m").iterdir()) == [
        "000E_45N.tif",
        "001E_45N.tif",
        "001W_45N.tif",
    ]


def test_a_finished_job_makes_nothing_again(glad, tmp_path, job):
    out = tmp_path / "out"
    croplands(glad, out, **job)
    before = changed(out)
    report = croplands(glad, out, **job)
    assert (report.tiles.done, report.tiles.skipped, report.maps.done, report.maps.skipped) == (0, 4, 0, 9)
    assert changed(out) == before


def test_a_changed_input_makes_its_tiles_again_and_all_maps_with_the_new_values(glad, tmp_path, job):
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
    assert report.maps.done == 9
    found = pt.rast(report.paths["30m"][2005])[0, 2 * CELLS][0]
    assert found == np.floor(annual(values, 2005)[0, 2 * CELLS] + 0.5)


def test_lost_and_damaged_results_are_made_again(glad, tmp_path, job):
    out = tmp_path / "out"
    report = croplands(glad, out, **job)
    before = content(out)
    (out / "tiles" / "100m" / "000E_45N.tif").unlink()
    lost = report.paths["30m"][2000]
    lost.unlink()
    spoilt = report.paths["1km"][2022]
    data = bytearray(spoilt.read_bytes())
    data[-1] ^= 1
    spoilt.write_bytes(data)
    report = croplands(glad, out, verify=True, **job)
    assert (report.tiles.done, report.maps.done) == (1, 2)
    assert content(out) == before


def test_fresh_makes_everything_anew_with_the_same_bytes(glad, tmp_path, job):
    out = tmp_path / "out"
    croplands(glad, out, **job)
    before = content(out)
    report = croplands(glad, out, resume=False, **job)
    assert (report.tiles.done, report.maps.done) == (4, 9)
    assert content(out) == before


def test_the_bytes_do_not_depend_on_who_computes(glad, tmp_path, job):
    croplands(glad, tmp_path / "serial", **job)
    job |= {"executor": "processes", "workers": 2}
    croplands(glad, tmp_path / "processes", **job)
    assert content(tmp_path / "serial") == content(tmp_path / "processes")


@pytest.mark.filterwarnings("ignore")
def test_a_dask_cluster_gives_the_same_bytes(glad, tmp_path, job):
    distributed = pytest.importorskip("distributed")
    croplands(glad, tmp_path / "serial", **job)
    with (
        distributed.LocalCluster(
            n_workers=1, threads_per_worker=2, processes=False, dashboard_address=None
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        croplands(glad, tmp_path / "dask", **(job | {"executor": client}))
    assert content(tmp_path / "serial") == content(tmp_path / "dask")


def spoil(glad, value=7):
    """Put a value into the easternmost tile that must not be there."""
    values = truth()[1]
    values[3, -5] = value
    west, east = QUADRANTS["NE"]
    write(glad / "Global_cropland_NE_2007.tif", values[:, (west + 2) * CELLS : (east + 2) * CELLS], west, 46)


def test_a_value_that_is_neither_0_nor_1_names_file_and_tile(glad, tmp_path, job):
    spoil(glad)
    with pytest.raises(JobError, match=r"tile 001E_45N of Global_cropland_NE_2007\.tif \(7\); reclassify"):
        croplands(glad, tmp_path / "out", **job)


def test_no_map_is_made_while_a_tile_is_lacking(glad, tmp_path, job):
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
    croplands(write_glad(tmp_path / "again", truth()), tmp_path / "calm", **job)
    assert content(out) == content(tmp_path / "calm")
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


def test_missing_cells_are_interpolated_and_left_out_of_averages(tmp_path, job):
    values = np.full((len(EPOCHS), CELLS, CELLS), 0, np.uint8)
    values[:, :20] = 1
    values[2, 0, 0] = 255  # a gap between two ones
    values[:, 0, 1] = 255  # never observed
    files = [
        write(tmp_path / f"crop_{year}.tif", layer, 5, 46, nodata=255)
        for year, layer in zip(EPOCHS, values, strict=True)
    ]
    report = croplands(files, tmp_path / "out", **job)
    fine = pt.rast(report.paths["30m"][2005]).to_numpy()[0]
    assert fine[0, 0] == 100
    assert np.isnan(fine[0, 1])
    assert pt.rast(report.paths["1km"][2005]).to_numpy()[0, 0, 0] == 100


def test_files_that_call_0_missing_count_it_as_no_cropland(tmp_path, job):
    values = truth()[:, :, CELLS : 2 * CELLS]
    plain, coded = [
        croplands(
            [
                write(tmp_path / name / f"crop_{year}.tif", layer, 5, 46, nodata=code)
                for year, layer in zip(EPOCHS, values, strict=True)
            ],
            tmp_path / f"out_{name}",
            **job,
        )
        for name, code in (("plain", None), ("coded", 0))
    ]
    for name, by_year in plain.paths.items():
        for year, path in by_year.items():
            np.testing.assert_array_equal(
                pt.rast(path).to_numpy(), pt.rast(coded.paths[name][year]).to_numpy()
            )


def test_years_outside_the_epochs_are_missing_with_rule_1(glad, tmp_path, job):
    report = croplands(glad, tmp_path / "out", rule=1, **job)
    assert np.isnan(pt.rast(report.paths["30m"][2000]).to_numpy()).all()
    assert not np.isnan(pt.rast(report.paths["30m"][2005]).to_numpy()[0, :, CELLS:]).any()


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
    croplands(sys.argv[1], sys.argv[2], years=range(2000, 2004), resolutions={"30m": 40, "100m": 12},
              executor="processes", workers=2, progress=False)
"""


def test_a_job_killed_at_any_moment_and_resumed_gives_the_bytes_of_a_calm_one(glad, tmp_path):
    def start(out):
        return subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(SCRIPT), str(glad), str(out)], start_new_session=True
        )

    assert start(tmp_path / "calm").wait(120) == 0
    out = tmp_path / "killed"
    kills = 0
    for wanted in (2, 9):  # files that are there when the next kill comes
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
    assert content(out) == content(tmp_path / "calm")
    assert not list(out.glob("**/.*part*"))


def test_a_second_run_on_the_same_folder_is_refused(glad, tmp_path, job):
    from pyterra.tiles import Manifest

    out = tmp_path / "out"
    out.mkdir()
    with Manifest(out / "manifest.sqlite"), pytest.raises(OutputLockedError):
        croplands(glad, out, **job)


def test_the_results_may_be_moved_and_resumed(glad, tmp_path, job):
    croplands(glad, tmp_path / "out", **job)
    shutil.move(tmp_path / "out", tmp_path / "moved")
    report = croplands(glad, tmp_path / "moved", **job)
    assert (report.tiles.done, report.tiles.skipped) == (0, 4)
