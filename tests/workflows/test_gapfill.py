"""Gaps of dated stacks: values by hand, what files keep, what is refused, and a real series where there is one."""

import os
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

import pyterra as pt
from pyterra.cli import main
from pyterra.errors import ArgumentError, GridMismatchError, OutputExistsError, SourceError
from pyterra.workflows.gapfill import gapfill, tune_gapfill, validate_gapfill

NAN = np.nan
SERIES = np.array(
    # cell:  a gap   at the start  at the end  never  whole
    [[10, NAN, 50, NAN, 1], [NAN, 4, NAN, NAN, 2], [40, 8, NAN, NAN, 3]],
    dtype="float64",
)[:, None, :]
DATES = ("20200101", "20200111", "20200131")


def write_stack(folder, values=SERIES, datatype="uint8", nodata=255, **options):
    """Write one file per date."""
    folder.mkdir(exist_ok=True)
    paths = []
    for layer, day in zip(values, DATES, strict=True):
        paths.append(folder / f"ndvi_{day}.tif")
        pt.rast(layer, crs="EPSG:32632").write_raster(paths[-1], datatype=datatype, nodata=nodata, **options)
    return paths


def filled_values(report):
    return np.concatenate([pt.rast(path).to_numpy() for path in report.paths])[:, 0]


def test_gaps_are_filled_by_date_and_ends_are_left(tmp_path):
    report = gapfill(write_stack(tmp_path / "in"), tmp_path / "out")
    # 20 lies a third of the way from 10 to 40. A cell with a single value keeps it at all dates, as terra does.
    expected = [[10, NAN, 50, NAN, 1], [20, 4, 50, NAN, 2], [40, 8, 50, NAN, 3]]
    np.testing.assert_array_equal(filled_values(report), expected)
    assert report.before == (2, 3, 2)
    assert report.after == (2, 1, 1)
    assert report.never == 1
    assert [str(day) for day in report.dates] == ["2020-01-01", "2020-01-11", "2020-01-31"]
    # The cell that was never observed counts three times, and lies at no end; one gap before the value of 4 is left.
    assert "7 gaps, 3 filled, 1 left at the ends of series, 3 in 1 cells without a value at any date" in str(
        report
    )


def test_rule_2_fills_the_ends(tmp_path):
    report = gapfill(write_stack(tmp_path / "in"), tmp_path / "out", rule=2)
    assert filled_values(report)[0, 1] == 4
    assert report.after == (1, 1, 1)
    assert "7 gaps, 4 filled, 0 left at the ends of series, 3 in 1 cells without a value" in str(report)


def test_steps_hold_the_earlier_value(tmp_path):
    report = gapfill(write_stack(tmp_path / "in"), tmp_path / "out", method="constant")
    assert filled_values(report)[1, 0] == 10


def test_files_keep_name_type_missing_code_scale_units_and_crs(tmp_path):
    paths = write_stack(tmp_path / "in", datatype="int16", nodata=-32768, scale=0.5)
    report = gapfill(tmp_path / "in", tmp_path / "out")
    assert [path.name for path in report.paths] == [path.name for path in paths]
    for before, after in zip(map(pt.rast, paths), map(pt.rast, report.paths), strict=True):
        assert after.names == before.names
        assert after.crs == before.crs
        assert after._node.source.bands == before._node.source.bands
        assert after._node.source.bands[0].scale == 0.5
    assert filled_values(report)[1, 0] == 20


def test_floats_without_a_code_use_nan(tmp_path):
    report = gapfill(write_stack(tmp_path / "in", datatype="float32", nodata=None), tmp_path / "out")
    assert filled_values(report)[1, 0] == 20


def test_a_file_of_many_layers_gives_one_of_as_many(tmp_path):
    source = pt.rast(SERIES, names=["a", "b", "c"], time=["2020-01-01", "2020-01-11", "2020-01-31"])
    source.write_raster(tmp_path / "stack.tif", datatype="uint8", nodata=255)
    report = gapfill(tmp_path / "stack.tif", tmp_path / "out")
    (path,) = report.paths
    r = pt.rast(path)
    assert r.names == ["a", "b", "c"]
    assert [str(t) for t in r.time] == ["2020-01-01", "2020-01-11", "2020-01-31"]
    assert r.to_numpy()[1, 0, 0] == 20


def test_the_order_of_files_does_not_matter(tmp_path):
    paths = write_stack(tmp_path / "in")
    forward = gapfill(paths, tmp_path / "a")
    backward = gapfill(paths[::-1], tmp_path / "b")
    np.testing.assert_array_equal(filled_values(forward), filled_values(backward)[::-1])


def test_dates_may_be_given(tmp_path):
    report = gapfill(
        write_stack(tmp_path / "in"), tmp_path / "out", dates=["2020-01-01", "2020-01-02", "2020-01-03"]
    )
    assert filled_values(report)[1, 0] == 25


def test_an_existing_result_is_kept_unless_told(tmp_path):
    paths = write_stack(tmp_path / "in")
    report = gapfill(paths, tmp_path / "out")
    with pytest.raises(OutputExistsError, match="pass overwrite=True"):
        gapfill(paths, tmp_path / "out")
    again = gapfill(paths, tmp_path / "out", overwrite=True)
    np.testing.assert_array_equal(filled_values(report), filled_values(again))


def test_inputs_may_be_replaced_in_place(tmp_path):
    write_stack(tmp_path / "in")
    report = gapfill(tmp_path / "in", tmp_path / "in", overwrite=True)
    assert filled_values(report)[1, 0] == 20


def test_what_cannot_be_a_series_is_refused(tmp_path):
    paths = write_stack(tmp_path / "in")
    with pytest.raises(SourceError, match="at least two layers"):
        gapfill(paths[0], tmp_path / "out")
    with pytest.raises(ArgumentError, match="different dates, all have 2020-01-01"):
        gapfill(paths, tmp_path / "out", dates=["2020-01-01"] * 3)
    with pytest.raises(ArgumentError, match=r"one per layer \(3\), got 1"):
        gapfill(paths, tmp_path / "out", dates=["2020-01-01"])
    nameless = tmp_path / "summer.tif"
    nameless.write_bytes(paths[0].read_bytes())
    with pytest.raises(ArgumentError, match=r"the date of 'summer' \(summer\.tif\) is not known"):
        gapfill([*paths, nameless], tmp_path / "out")
    other = tmp_path / "in" / "ndvi_20210101.tif"
    pt.rast(np.ones((2, 2))).write_raster(other)
    with pytest.raises(GridMismatchError):
        gapfill([*paths, other], tmp_path / "out")
    (tmp_path / "empty").mkdir()
    with pytest.raises(SourceError, match=r"no \.tif file is in"):
        gapfill(tmp_path / "empty", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_lines_between_classes_are_refused(tmp_path):
    r = pt.rast([[[1, 2]], [[2, 1]]], time=["2020-01-01", "2020-02-01"]).as_factor()
    r.write_raster(tmp_path / "classes.tif", datatype="uint8")
    with pytest.raises(SourceError, match="no line between classes; use method='constant'"):
        gapfill(tmp_path / "classes.tif", tmp_path / "out")


def test_validation_of_straight_series_finds_no_error(tmp_path):
    days = np.arange(12)
    slope = np.arange(1, 101, dtype="float64").reshape(10, 10)
    r = pt.rast(
        days[:, None, None] * slope,
        time=[np.datetime64("2020-01-01") + np.timedelta64(int(d), "D") for d in days],
    )
    r.write_raster(tmp_path / "lines.tif", datatype="float64")
    result = validate_gapfill(tmp_path / "lines.tif", share=0.2)
    assert result.hidden == pytest.approx(0.2 * 1200, rel=0.2)
    assert 0 < result.filled < result.hidden
    assert result.rmse < 1e-9
    assert result.r2 == pytest.approx(1)


def shared_series():
    """A real series of 24 dates, where it is at hand."""
    beside = Path(__file__).resolve().parents[2].parent / "shared" / "data"
    folder = Path(os.environ.get("PYTERRA_SHARED_DATA", beside)) / "landsat_ndvi"
    if not folder.is_dir():
        pytest.skip(
            "the Landsat NDVI series is not here; set PYTERRA_SHARED_DATA to the folder that holds it"
        )
    return folder


def test_no_gap_is_left_inside_a_real_series(tmp_path):
    folder = shared_series()
    report = gapfill(folder, tmp_path)
    before = np.concatenate([pt.rast(p).to_numpy() for p in sorted(folder.glob("*.tif"))])
    after = np.concatenate([pt.rast(p).to_numpy() for p in report.paths])
    valid = ~np.isnan(before)
    inside = np.logical_or.accumulate(valid, axis=0) & np.logical_or.accumulate(valid[::-1], axis=0)[::-1]
    assert (inside & ~valid).sum() > 50_000
    assert not np.isnan(after[inside]).any()
    np.testing.assert_array_equal(after[valid], before[valid])
    assert sum(report.before) == (~valid).sum()


def test_hidden_values_of_a_real_series_come_back():
    result = validate_gapfill(shared_series(), share=0.1, seed=1)
    assert result.hidden > 100_000
    # Four dates a year: straight lines miss the season's peaks, yet explain half of the variance.
    assert result.rmse < 13
    assert result.r2 > 0.5


@pytest.fixture
def seasonal(tmp_path):
    """Three years of quarters, each with a gap, in a folder."""
    folder = tmp_path / "in"
    folder.mkdir()
    rng = np.random.default_rng(1)
    for k in range(12):
        values = np.full((4, 5), 20.0 + 10 * (k % 4)) + rng.integers(0, 2, (4, 5))
        values.ravel()[k::12] = NAN
        day = np.datetime64("2020-02-15") + 91 * k
        pt.rast(values, crs="EPSG:32632").write_raster(
            folder / f"ndvi_{day}.tif", datatype="uint8", nodata=255
        )
    return folder


def test_seasons_fill_where_lines_would_cut_them(seasonal, tmp_path):
    lines, swa = (
        gapfill(seasonal, tmp_path / str(method), method=method) for method in ("linear", ["swa", "linear"])
    )
    assert sum(swa.after) == 0 < sum(lines.after)
    for k, path in enumerate(swa.paths):
        assert abs(pt.rast(path).to_numpy() - (20.5 + 10 * (k % 4))).max() <= 1.5
    errors = [validate_gapfill(seasonal, method=method, share=0.3) for method in ("linear", "swa")]
    assert errors[1].rmse < 0.6 * errors[0].rmse
    assert errors[0].filled < errors[1].filled == errors[1].hidden


def test_the_table_of_ways_begins_with_the_best(seasonal):
    table = tune_gapfill(seasonal, share=0.3)
    assert table["method"][0] in ("swa", "deseasoned", "season_median", "harmonic", "stl")
    assert "linear" in set(table["method"])


def test_the_command_knows_ways_and_tells_their_errors(seasonal, tmp_path):
    words = [
        "gapfill",
        seasonal,
        "--out",
        tmp_path / "out",
        "--method",
        "swa+linear",
        "--tune",
        "--quality",
        "--cog",
        "--resume",
        "--season-size",
        4,
    ]
    done = CliRunner().invoke(main, [str(word) for word in words])
    assert done.exit_code == 0, done.output
    assert "0 left at the ends of series" in done.output
    assert "rmse_chosen" in done.output
    assert "season_median" in done.output
    assert (tmp_path / "out" / "tuning.png").read_bytes().startswith(b"\x89PNG")
    assert len(list((tmp_path / "out" / "quality").glob("*.tif"))) == 12


LANDSAT = Path(__file__).parents[3] / "shared" / "data" / "landsat_ndvi"


@pytest.mark.skipif(not LANDSAT.is_dir(), reason="there is no real series beside the project")
def test_the_season_predicts_a_real_series_far_better_than_lines():
    table = tune_gapfill(LANDSAT, season_size=4, cells=6000)
    best, lines = table.iloc[0], table[table["method"] == "linear"].iloc[0]
    assert best["method"] == "deseasoned"
    assert best["rmse"] <= 9.5
    assert lines["rmse"] > 12
    assert best["filled"] == 1
