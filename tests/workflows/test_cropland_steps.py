"""What workers do in the croplands job: the maps of a tile, and the mosaic of a year."""

import numpy as np
import pytest
import rasterio
from small_glad import CELLS, EPOCHS, QUADRANTS, truth, write

import pyterra as pt
from pyterra.errors import ArgumentError, JobError
from pyterra.io.raster.cog import cog_problems
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


def spoil(glad, value=7):
    """Put a value into the easternmost tile that must not be there."""
    values = truth()[1]
    values[3, -5] = value
    west, east = QUADRANTS["NE"]
    write(glad / "Global_cropland_NE_2007.tif", values[:, (west + 2) * CELLS : (east + 2) * CELLS], west, 46)


def test_maps_hold_the_interpolated_percent_and_its_averages(calm, job):
    values, report = truth(), calm.report
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


def test_a_tile_without_cropland_is_not_written(calm):
    assert sorted(p.name for p in (calm.out / "tiles" / "30m").iterdir()) == [
        "000E_45N.tif",
        "001E_45N.tif",
        "001W_45N.tif",
    ]


def test_a_value_that_is_neither_0_nor_1_names_file_and_tile(glad, tmp_path, job):
    spoil(glad)
    with pytest.raises(JobError, match=r"tile 001E_45N of Global_cropland_NE_2007\.tif \(7\); reclassify"):
        croplands(glad, tmp_path / "out", **job)


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


@pytest.mark.parametrize("nodata", [None, 255])
def test_maps_of_copied_tiles_are_those_of_tiles_that_are_read(tmp_path, nodata):
    rng = np.random.default_rng(1)
    values = (rng.random((len(EPOCHS), 128, 256)) < 0.4).astype("uint8")
    values[:, :, :100] = 0
    values[:, 64:, 128:] = 0
    if nodata is not None:
        values[2, :5, 200:] = nodata
    files = [
        write(tmp_path / f"crop_{year}.tif", layer, 5, 46, cells=128, nodata=nodata)
        for year, layer in zip(EPOCHS, values, strict=True)
    ]
    how = {"resolutions": {"30m": 128, "60m": 64}, "years": (2000, 2003, 2005), "executor": "serial"}
    copied, read = (
        croplands(files, tmp_path / f"out_{side}", blocksize=side, compress="ZSTD", level=1, **how)
        for side in (64, 80)
    )
    for name, by_year in copied.paths.items():
        for year, path in by_year.items():
            for level in (-1, 0):
                chosen = {} if level < 0 else {"overview_level": level}
                if level == 0 and name == "60m":
                    continue
                with (
                    rasterio.open(path, **chosen) as one,
                    rasterio.open(read.paths[name][year], **chosen) as other,
                ):
                    assert one.compression.value == "ZSTD"
                    np.testing.assert_array_equal(one.read(), other.read())
            assert cog_problems(path) == []


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ({"compress": "JPEG"}, "compress must be one of DEFLATE, ZSTD, LZW, LZMA, NONE, got 'JPEG'"),
        ({"level": 13}, "level must be 1 to 12 with DEFLATE, got 13"),
        ({"compress": "LZW", "level": 1}, "LZW has no levels, got 1"),
        ({"blocksize": 100}, "blocksize must be a multiple of 16 from 64 to 4096, got 100"),
    ],
)
def test_options_that_no_file_can_have_are_refused(glad, tmp_path, job, how, message):
    with pytest.raises(ArgumentError, match=message):
        croplands(glad, tmp_path / "out", **job, **how)
