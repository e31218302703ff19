"""One band of many tiles in one COG."""

import numpy as np
import pytest
import rasterio

import pyterra as pt
from pyterra.errors import CRSMismatchError, GridMismatchError, OutputExistsError, SourceError
from pyterra.io.raster.cog import cog_problems
from pyterra.tiles.mosaic import measured_bands, mosaic_band


def tile(folder, xmin, ymin, *, size=4, resolution=1.0, crs="EPSG:32632", nodata=255, layers=2, start=0):
    """A file of consecutive numbers."""
    values = (start + np.arange(layers * size * size, dtype="float64") % 150).reshape(layers, size, size)
    path = folder / f"{xmin}_{ymin}_{start}_{resolution}.tif"
    edge = size * resolution
    r = pt.rast(values, xmin=xmin, xmax=xmin + edge, ymin=ymin, ymax=ymin + edge, crs=crs)
    r.write_raster(path, datatype="uint8", nodata=nodata)
    return path


def test_tiles_lie_where_they_belong_and_the_rest_is_missing(tmp_path):
    a, b = tile(tmp_path, 0, 0), tile(tmp_path, 8, 4, start=100)
    path = mosaic_band([a, b], tmp_path / "all.tif", band=1, name="second")
    r = pt.rast(path)
    assert list(r.ext) == [0, 12, 0, 8]
    assert r.names == ["second"]
    expected = np.full((8, 12), np.nan)
    expected[4:, :4] = 16 + np.arange(16).reshape(4, 4)
    expected[:4, 8:] = 116 + np.arange(16).reshape(4, 4)
    np.testing.assert_array_equal(r.to_numpy()[0], expected)


def test_an_extent_cuts_and_widens_to_whole_cells(tmp_path):
    path = mosaic_band([tile(tmp_path, 0, 0)], tmp_path / "part.tif", extent=pt.ext(-1.5, 2, 1, 3.5))
    r = pt.rast(path)
    assert list(r.ext) == [-2, 2, 1, 4]
    np.testing.assert_array_equal(r.to_numpy()[0, :, 2:], [[0, 1], [4, 5], [8, 9]])
    assert np.isnan(r.to_numpy()[0, :, :2]).all()


def test_tiles_outside_of_the_extent_are_left_aside(tmp_path):
    files = [tile(tmp_path, 0, 0), tile(tmp_path, 40, 0)]
    assert list(pt.rast(mosaic_band(files, tmp_path / "m.tif", extent=pt.ext(0, 4, 0, 4))).ext) == [
        0,
        4,
        0,
        4,
    ]


def test_a_large_mosaic_is_a_sparse_cog_with_averaged_overviews(tmp_path):
    files = [tile(tmp_path, 0, 0, size=64), tile(tmp_path, 4096, 4096, size=64)]
    path = mosaic_band(
        files, tmp_path / "large.tif", tags={"TITLE": "large"}, band_tags={"DATE_TIME": "2000"}
    )
    assert cog_problems(path) == []
    assert path.stat().st_size < 100_000
    with rasterio.open(path) as dataset:
        assert dataset.overviews(1)[0] == 2
        assert dataset.tags()["TITLE"] == "large"
        assert dataset.tags(1)["DATE_TIME"] == "2000"
        full, half = dataset.read(1), dataset.read(1, out_shape=(dataset.height // 2, dataset.width // 2))
    mean = full[-64:, :64].astype(float).reshape(32, 2, 32, 2).mean(axis=(1, 3))
    assert np.abs(half[-32:, :32] - mean).max() <= 0.5
    assert (half[:-32, :32] == 255).all()


def test_the_bytes_do_not_depend_on_the_number_of_threads(tmp_path):
    files = [tile(tmp_path, 0, 0, size=300), tile(tmp_path, 300, 0, size=300)]
    one, two = [], []
    for workers, found in ((1, one), (2, two)):
        with pt.options(workers=workers):
            found.append(mosaic_band(files, tmp_path / f"w{workers}.tif").read_bytes())
    assert one == two


def test_what_does_not_fit_is_refused_by_name(tmp_path):
    a = tile(tmp_path, 0, 0)
    out = tmp_path / "m.tif"
    with pytest.raises(SourceError, match="at least one file"):
        mosaic_band([], out)
    with pytest.raises(SourceError, match="must have a band 2, counted from 0; it has 2"):
        mosaic_band([a], out, band=2)
    with pytest.raises(GridMismatchError, match=r"got .*4_0_0_0\.5\.tif"):
        mosaic_band([a, tile(tmp_path, 4, 0, resolution=0.5)], out)
    with pytest.raises(CRSMismatchError):
        mosaic_band([a, tile(tmp_path, 8, 0, crs="EPSG:32633")], out)
    with pytest.raises(SourceError, match="code for missing"):
        mosaic_band([a, tile(tmp_path, 12, 0, nodata=254)], out)
    with pytest.raises(
        GridMismatchError, match=r"must not overlap, got .*0_0_0_1\.0\.tif and .*3_3_0_1\.0\.tif"
    ):
        mosaic_band([a, tile(tmp_path, 3, 3)], out)
    assert not out.exists()
    mosaic_band([a], out)
    with pytest.raises(OutputExistsError):
        mosaic_band([a], out)


@pytest.mark.parametrize("nodata", [float("nan"), None])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_nan_is_a_code_for_missing_like_any_other(tmp_path, dtype, nodata):
    files = []
    for i, values in enumerate(([[1.5, np.nan]], [[2.5, 3.5]])):
        files.append(tmp_path / f"{i}.tif")
        profile = {"width": 2, "height": 1, "count": 1, "dtype": dtype, "nodata": nodata, "crs": "EPSG:32632"}
        place = rasterio.transform.from_origin(i * 3, 1, 1, 1)
        with rasterio.open(files[-1], "w", driver="GTiff", transform=place, **profile) as file:
            file.write(np.array([values], dtype))
    r = pt.rast(mosaic_band(files, tmp_path / "all.tif"))
    np.testing.assert_array_equal(r.to_numpy()[0], [[1.5, np.nan, np.nan, 2.5, 3.5]])


def test_gaps_between_files_without_a_code_are_refused(tmp_path):
    files = [tile(tmp_path, 0, 0, nodata=None), tile(tmp_path, 8, 0, nodata=None)]
    with pytest.raises(SourceError, match="the files leave gaps, which would read as 0"):
        mosaic_band(files, tmp_path / "all.tif")
    whole = mosaic_band([files[0], tile(tmp_path, 4, 0, nodata=None)], tmp_path / "all.tif")
    assert pt.rast(whole).to_numpy().shape == (1, 4, 8)


def test_bands_are_measured_apart(tmp_path):
    values = np.random.default_rng(1).integers(0, 99, (3, 40, 50))
    values[1] = values[0]
    pt.rast(values, crs="EPSG:32632").write_raster(tmp_path / "one.tif", datatype="uint8")
    values[2, 39, 49] = 200
    pt.rast(values, crs="EPSG:32632").write_raster(tmp_path / "other.tif", datatype="uint8")
    first, second = (measured_bands(tmp_path / name) for name in ("one.tif", "other.tif"))
    assert first.checksum != second.checksum
    assert first.parts[:2] == second.parts[:2]
    assert first.parts[0] == first.parts[1] != first.parts[2] != second.parts[2]
