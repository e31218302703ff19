"""COGs as the safe writer makes them, against an independent validator."""

import numpy as np
import pytest
import rasterio
import rasterio.shutil
from rio_cogeo import cog_validate

from pyterra.errors import WriteError
from pyterra.io.raster import cog, overviews
from pyterra.io.raster.cog import cog_problems
from pyterra.io.raster.overviews import Blank
from pyterra.io.safe.safe_cog import SafeCog
from pyterra.kernels.overview import halved

PROFILE = {
    "width": 1100,
    "height": 700,
    "count": 1,
    "dtype": "uint8",
    "nodata": 255,
    "crs": "EPSG:4326",
    "transform": rasterio.Affine(0.01, 0.0, 5.0, 0.0, -0.01, 50.0),
    "tiled": True,
    "compress": "zstd",
}


def make(path, values, options, resampling="average", **profile):
    with SafeCog(path, {**PROFILE, **profile}, cog=options, overviews=resampling) as raster:
        raster.write((0, 0, *values.shape[1:]), values)
        raster.commit()


@pytest.fixture
def values():
    return np.random.default_rng(1).integers(0, 100, (1, 700, 1100)).astype("uint8")


@pytest.mark.parametrize(
    "options", [{"compress": "deflate"}, {"compress": "zstd", "blocksize": 256, "num_threads": 2}]
)
def test_a_cog_is_valid_to_others_and_holds_the_values(tmp_path, values, options):
    path = tmp_path / "a.tif"
    make(path, values, options)
    assert cog_validate(path, strict=True, quiet=True) == (True, [], [])
    with rasterio.open(path) as raster:
        assert raster.compression.value.lower() == options["compress"]
        assert len(raster.overviews(1)) >= 1
        np.testing.assert_array_equal(raster.read(), values)
    assert [p.name for p in tmp_path.iterdir()] == ["a.tif"]


@pytest.mark.parametrize(
    ("resampling", "expected"), [("average", {5}), ("nearest", {0, 10}), ("mode", {0, 10})]
)
def test_overviews_are_made_as_asked(tmp_path, resampling, expected):
    checked = ((np.indices((700, 1100)).sum(axis=0) % 2) * 10).astype("uint8")[None]
    make(tmp_path / "a.tif", checked, {}, resampling)
    with rasterio.open(tmp_path / "a.tif", overview_level=0) as overview:
        assert set(np.unique(overview.read())) <= expected


def test_sparse_files_without_any_data_are_valid(tmp_path):
    path = tmp_path / "a.tif"
    with SafeCog(path, PROFILE, cog={"sparse_ok": True}, overviews="nearest") as raster:
        raster.commit()
    assert cog_problems(path) == []
    assert cog_validate(path, strict=True, quiet=True)[0]
    assert path.stat().st_size < 2000


def plain(path, values, **options):
    with rasterio.open(path, "w", driver="GTiff", **{**PROFILE, **options}) as raster:
        raster.write(values)


def strips(path, values):
    plain(path, values, tiled=False)


def tiled_only(path, values):
    plain(path, values)


def overviews_added_later(path, values):
    plain(path, values)
    with rasterio.open(path, "r+") as raster:
        raster.build_overviews([2, 4])


def overviews_outside(path, values):
    plain(path, values)
    with rasterio.Env(TIFF_USE_OVR=True), rasterio.open(path, "r+") as raster:
        raster.build_overviews([2, 4])


def changed_later(path, values):
    plain(path.with_name("plain.tif"), values)
    rasterio.shutil.copy(path.with_name("plain.tif"), path, driver="COG")
    with rasterio.open(path, "r+", IGNORE_COG_LAYOUT_BREAK="YES") as raster:
        raster.write(np.random.default_rng(2).integers(0, 256, values.shape, dtype="uint8"))


@pytest.mark.parametrize(
    "make_bad", [strips, tiled_only, overviews_added_later, overviews_outside, changed_later]
)
def test_files_that_others_refuse_have_problems(tmp_path, values, make_bad):
    make_bad(tmp_path / "bad.tif", values)
    assert not cog_validate(tmp_path / "bad.tif", strict=True, quiet=True)[0]
    assert cog_problems(tmp_path / "bad.tif") != []


def test_a_cog_with_a_problem_is_not_published(tmp_path, values, monkeypatch):
    def lay_out(levels, target, **_):
        plain(target, values)
        return []

    monkeypatch.setattr(cog, "lay_out", lay_out)
    with pytest.raises(WriteError, match=r"would not be a valid COG: .*there are no overviews"):
        make(tmp_path / "a.tif", values, {})
    assert list(tmp_path.iterdir()) == []


def test_a_cog_with_other_values_is_not_published(tmp_path, values, monkeypatch):
    def copy_something_else(source, target, *_):
        plain(tmp_path / "other.tif", values + 1)
        rasterio.shutil.copy(tmp_path / "other.tif", target, driver="COG")

    monkeypatch.setattr(cog, "copy_to_cog", copy_something_else)
    monkeypatch.setattr(cog, "needs_gdal", lambda part, how: True)
    with pytest.raises(WriteError, match=r"rows 0\.\.699, columns 0\.\.1099: what was read back differs"):
        make(tmp_path / "a.tif", values, {})
    assert [p.name for p in tmp_path.iterdir()] == ["other.tif"]


def gdals(path, values, options, resampling, **profile):
    whole = {
        **PROFILE,
        "height": values.shape[1],
        "width": values.shape[2],
        "count": values.shape[0],
        **profile,
    }
    with rasterio.open(
        path.with_name("whole.tif"), "w", driver="GTiff", photometric="MINISBLACK", **whole
    ) as raster:
        raster.write(values)
    cog.copy_to_cog(path.with_name("whole.tif"), path, options, resampling)


@pytest.mark.parametrize("resampling", ["average", "mode", "nearest"])
@pytest.mark.parametrize(
    ("dtype", "predictor", "nodata"),
    [
        ("uint8", "NO", 255),
        ("int16", "STANDARD", -9),
        ("float32", "FLOATING_POINT", float("nan")),
        ("int64", "NO", None),
    ],
)
def test_cells_of_all_levels_are_those_of_gdals_own_driver(tmp_path, resampling, dtype, predictor, nodata):
    rng = np.random.default_rng(1)
    values = rng.integers(0, 50, (2, 384, 512)).astype(dtype)
    if nodata is not None:
        values[:, rng.random(values.shape[1:]) < 0.001] = nodata
        values[:, :128, 128:] = nodata
    options = {"compress": "zstd", "blocksize": 128, "predictor": predictor}
    shape = {"height": 384, "width": 512, "count": 2, "dtype": dtype, "nodata": nodata}
    make(tmp_path / "a.tif", values, options, resampling, **shape)
    gdals(tmp_path / "b.tif", values, options, resampling, dtype=dtype, nodata=nodata)
    for level in (-1, 0, 1):
        chosen = {} if level < 0 else {"overview_level": level}
        with (
            rasterio.open(tmp_path / "a.tif", **chosen) as a,
            rasterio.open(tmp_path / "b.tif", **chosen) as b,
        ):
            ours, theirs = a.read(), b.read()
            if resampling == "mode" and nodata is not None:
                missing = np.isnan(ours) if dtype == "float32" else ours == nodata
                theirs[missing] = nodata  # of missing cells GDAL may make 0
            np.testing.assert_array_equal(ours, theirs)
    assert cog_problems(tmp_path / "b.tif") == []


@pytest.mark.parametrize("resampling", ["average", "mode", "nearest"])
def test_bands_of_a_deep_stack_lie_apart_and_are_those_of_gdals_own_driver(tmp_path, resampling, monkeypatch):
    monkeypatch.setattr(cog, "TOGETHER_BYTES", 5 * 64 * 64 * 2 - 1)
    monkeypatch.setattr(overviews, "fill_bytes", lambda: 2 * 64 * 64 * 2)
    values = np.random.default_rng(3).integers(0, 50, (5, 256, 128)).astype("int16")
    values[:, :64, 64:] = -9
    values[2, 128:] = -9
    options = {"compress": "deflate", "blocksize": 64, "predictor": "STANDARD", "overview_count": 2}
    shape = {"height": 256, "width": 128, "count": 5, "dtype": "int16", "nodata": -9}
    make(tmp_path / "a.tif", values, options, resampling, **shape)
    gdals(tmp_path / "b.tif", values, options, resampling, dtype="int16", nodata=-9)
    assert cog_validate(tmp_path / "a.tif", strict=True, quiet=True) == (True, [], [])
    with rasterio.open(tmp_path / "a.tif") as raster:
        assert raster.interleaving.value.lower() == "band"
        assert raster.overviews(5) == [2, 4]
    for chosen in ({}, {"overview_level": 0}, {"overview_level": 1}):
        with (
            rasterio.open(tmp_path / "a.tif", **chosen) as a,
            rasterio.open(tmp_path / "b.tif", **chosen) as b,
        ):
            ours, theirs = a.read(), b.read()
            theirs[ours == -9] = -9  # of missing cells GDAL may make 0
            np.testing.assert_array_equal(ours, theirs)
    make(tmp_path / "c.tif", values[:4], options, resampling, **{**shape, "count": 4})
    with rasterio.open(tmp_path / "c.tif") as raster:
        assert raster.interleaving.value.lower() == "pixel"


@pytest.mark.parametrize("shape", [(1, 1), (5, 300), (129, 513), (700, 1100)])
@pytest.mark.parametrize("interleave", ["pixel", "band"])
@pytest.mark.parametrize("bigtiff", ["YES", "NO"])
def test_ragged_and_small_rasters_of_many_bands_are_valid(tmp_path, shape, interleave, bigtiff):
    values = np.random.default_rng(1).integers(0, 9, (5, *shape)).astype("int16")
    options = {"compress": "lzw", "blocksize": 128, "interleave": interleave, "bigtiff": bigtiff}
    size = {"height": shape[0], "width": shape[1], "count": 5, "dtype": "int16", "nodata": None}
    make(tmp_path / "a.tif", values, options, **size)
    assert cog_validate(tmp_path / "a.tif", strict=True, quiet=True) == (True, [], [])
    with rasterio.open(tmp_path / "a.tif") as raster:
        assert raster.interleaving.value.lower() == interleave
        np.testing.assert_array_equal(raster.read(), values)


def test_averages_of_colours_are_left_to_gdal(tmp_path, values, monkeypatch):
    called = []
    monkeypatch.setattr(
        cog, "copy_to_cog", lambda *a, genuine=cog.copy_to_cog: called.append(a) or genuine(*a)
    )
    for resampling in ("mode", "average"):
        with SafeCog(tmp_path / f"{resampling}.tif", PROFILE, cog={}, overviews=resampling) as raster:
            with raster.editing() as dataset:
                dataset.write_colormap(1, {0: (0, 0, 0, 255), 1: (255, 0, 0, 255)})
            raster.write((0, 0, 700, 1100), values)
            raster.commit()
        with rasterio.open(tmp_path / f"{resampling}.tif") as dataset:
            assert dataset.colormap(1)[1] == (255, 0, 0, 255)
    assert len(called) == 1
    assert cog.needs_gdal(tmp_path / "mode.tif", "cubic")


@pytest.mark.parametrize(
    ("options", "creation"),
    [
        ({"COMPRESS": "DEFLATE", "LEVEL": 9}, {"compress": "DEFLATE", "zlevel": 9, "predictor": 1}),
        ({"compress": "zstd", "predictor": "YES"}, {"compress": "ZSTD", "predictor": 3}),
        ({"COMPRESS": "LZMA", "LEVEL": 3}, {"compress": "LZMA", "lzma_preset": 3}),
        ({"BLOCKSIZE": 64, "INTERLEAVE": "BAND"}, {"interleave": "band"}),
        ({"BLOCKSIZE": 64, "SPARSE_OK": "NO"}, {"blockxsize": 64, "blockysize": 64, "sparse_ok": False}),
    ],
)
def test_options_of_gdals_driver_are_followed(options, creation):
    found = cog.own_layout(options, "float32").creation
    assert creation.items() <= found.items()


@pytest.mark.parametrize(
    "options",
    [
        {"COMPRESS": "JPEG"},
        {"COMPRESS": "LERC"},
        {"TILING_SCHEME": "GoogleMapsCompatible"},
        {"BLOCKSIZE": 100},
        {"PREDICTOR": "FLOATING_POINT"},
        {"OVERVIEW_RESAMPLING": "LANCZOS"},
    ],
)
def test_what_only_gdal_does_is_left_to_it(options):
    assert cog.own_layout(options, "uint8") is None


@pytest.mark.parametrize("sparse", ["YES", "NO"])
@pytest.mark.parametrize("interleave", ["pixel", "band"])
def test_tiles_of_one_number_are_compressed_once(tmp_path, interleave, sparse):
    options = {"compress": "deflate", "blocksize": 128, "interleave": interleave, "sparse_ok": sparse}
    where = np.zeros((6, 9), bool)
    where[:, 2:] = True
    where[3, 4] = False  # it stays missing
    values = np.random.default_rng(1).integers(0, 100, (2, 700, 256)).astype("uint8")
    blank = Blank(np.array([0, 255], "uint8"), where)
    with SafeCog(tmp_path / "a.tif", {**PROFILE, "count": 2}, cog=options) as raster:
        raster.write((0, 0, 700, 256), values)
        raster.commit(blank=blank)
    assert cog_validate(tmp_path / "a.tif", strict=True, quiet=True) == (True, [], [])
    expected = np.concatenate([values, np.zeros((2, 700, 844), "uint8")], axis=2)
    expected[1, :, 256:] = expected[0, 384:512, 512:640] = 255
    with rasterio.open(tmp_path / "a.tif") as raster:
        np.testing.assert_array_equal(raster.read(), expected)
        assert (raster.get_tag_item("BLOCK_OFFSET_4_3", "TIFF", bidx=1) is None) == (sparse == "YES")
    with rasterio.open(tmp_path / "a.tif", overview_level=0) as raster:
        np.testing.assert_array_equal(raster.read(), halved(expected, "average", 255))


def test_there_need_not_be_overviews(tmp_path, values):
    make(tmp_path / "a.tif", values, {"compress": "deflate", "overviews": "none"})
    with rasterio.open(tmp_path / "a.tif") as raster:
        assert raster.overviews(1) == []
    make(tmp_path / "b.tif", values, {"compress": "deflate", "overview_count": 1})
    with rasterio.open(tmp_path / "b.tif") as raster:
        assert raster.overviews(1) == [2]


@pytest.mark.parametrize("how", ["average", "mode", "nearest"])
@pytest.mark.parametrize("interleave", ["pixel", "band"])
def test_the_first_overview_is_made_of_blocks_as_they_pass(tmp_path, how, interleave, monkeypatch):
    """Whatever blocks come, in any order: no tile of the full resolution is read for it."""
    rng = np.random.default_rng(1)
    values = rng.integers(0, 4, (2, 301, 203)).astype("int16")
    values[values == 3] = -1
    profile = {"width": 203, "height": 301, "count": 2, "dtype": "int16", "nodata": -1}
    options = {"compress": "zstd", "blocksize": 64, "interleave": interleave}
    shapes, genuine = [], overviews._read
    monkeypatch.setattr(
        overviews, "_read", lambda s, level, *a: shapes.append(level.directory.shape) or genuine(s, level, *a)
    )
    for name, (tall, wide) in {"a": (301, 203), "b": (64, 128), "c": (50, 70)}.items():
        blocks = [(row, col) for row in range(0, 301, tall) for col in range(0, 203, wide)]
        with SafeCog(tmp_path / f"{name}.tif", {**PROFILE, **profile}, cog=options, overviews=how) as raster:
            for row, col in rng.permutation(blocks).tolist():
                part = np.ascontiguousarray(values[:, row : row + tall, col : col + wide])
                raster.write((row, col, *part.shape[1:]), part)
            raster.commit()
        expected = values
        for level in range(3):
            expected = halved(expected, how, -1)
            with rasterio.open(tmp_path / f"{name}.tif", overview_level=level) as file:
                np.testing.assert_array_equal(file.read(), expected)
    assert (tmp_path / "a.tif").read_bytes() == (tmp_path / "c.tif").read_bytes()
    assert max(shapes) == (151, 102)
