"""write_raster: what stands in the file, and what is refused."""

import numpy as np
import pandas as pd
import pytest
import rasterio
from rasterio.windows import Window

import pyterra as pt
from pyterra.errors import ArgumentError, OutputExistsError, SinkError, ValueRangeError

NAN = np.nan


def stored(path, band=1):
    with rasterio.open(path) as f:
        return f.read(band)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "r.tif"


def test_the_default_is_tiled_zstd_with_predictor(path):
    pt.rast(np.ones((600, 700), "float32")).write_raster(path)
    with rasterio.open(path) as f:
        assert f.profile["compress"] == "zstd"
        assert f.block_shapes == [(512, 512)]
        assert f.tags(ns="IMAGE_STRUCTURE")["PREDICTOR"] == "3"
        assert np.isnan(f.nodata)


@pytest.mark.parametrize(("compress", "found"), [("LZW", "lzw"), ("DEFLATE", "deflate"), ("NONE", None)])
def test_compression_is_a_choice(path, compress, found):
    r = pt.rast(np.arange(40_000.0).reshape(200, 200))
    back = r.write_raster(path, options={"compress": compress})
    with rasterio.open(path) as f:
        assert f.profile.get("compress") == found
    np.testing.assert_array_equal(back.to_numpy(), r.to_numpy())


def changed(r, value):
    out = r.subset(slice(None))
    out[0, 0] = value
    return out


@pytest.mark.parametrize(
    ("make", "dtype", "nodata"),
    [
        (lambda r: r > 0, "uint8", 255),
        (lambda r: r, "int16", None),
        (lambda r: r.crop(pt.ext(0, 1, 0, 1)), "int16", None),
        (lambda r: r * 2, "int32", -(2**31)),
        (lambda r: r / 2, "float32", NAN),
        (lambda r: r / 10, "float32", NAN),
        (lambda r: r.classify([[1, 16_777_217]]), "float64", NAN),
        (lambda r: r.subst(1, 16_777_217), "float64", NAN),
        (lambda r: (r > 0).ifel(16_777_217, 0.5), "float64", NAN),
        (lambda r: changed(r / 2, 16_777_217), "float64", NAN),
        (lambda r: (r > 0).mask(r > 1, maskvalues=0, updatevalue=0.1), "float32", NAN),
        (lambda r: (r > 0).mask(r > 1, maskvalues=0, updatevalue=7), "int32", -(2**31)),
        (lambda r: changed(r, 0.5), "float32", NAN),
        (lambda r: r.patches(), "float64", NAN),
        (lambda r: pt.rast(np.array([[1 / 3, 2], [3, 4]])), "float64", NAN),
        (lambda r: changed(pt.rast(np.array([[1 / 3, 2], [3, 4]])), 7), "float64", NAN),
        (lambda r: pt.rast(np.array([[1 / 3, 2], [3, 4]])).sqrt(), "float32", NAN),
        (lambda r: pt.c(r / 2, pt.rast(np.array([[1 / 3, 2], [3, 4]]))), "float64", NAN),
    ],
)
def test_the_default_type_holds_what_was_kept_and_float32_what_was_computed(path, make, dtype, nodata):
    r = pt.rast(np.array([[1, 2], [3, -4]], "int16"))
    expected = make(r)
    back = expected.write_raster(path)
    with rasterio.open(path) as f:
        assert f.dtypes[0] == dtype
        assert f.nodata == nodata or (f.nodata != f.nodata and nodata != nodata)
    np.testing.assert_array_equal(back.to_numpy(), expected.to_numpy().astype(dtype))


def test_terras_type_names_are_known_and_others_refused(path):
    pt.rast([[1.0, 2.0]]).write_raster(path, datatype="INT2U")
    assert stored(path).dtype == np.uint16
    with pytest.raises(ArgumentError, match="INT1U"):
        pt.rast([[1.0]]).write_raster(path, True, datatype="complex64")


def test_integers_are_rounded_half_away_from_zero(path):
    pt.rast([[0.5, 1.5, 2.5, -0.5, -1.5, 2.4999]]).write_raster(path, datatype="int16")
    assert stored(path).tolist() == [[1, 2, 3, -1, -2, 2]]


def test_values_out_of_range_are_an_error_that_says_where(path):
    r = pt.rast(np.array([[1.0, 300.0], [-1.0, NAN]]), names="height")
    with pytest.raises(ValueRangeError, match=r"300.*2 cells.*'height'.*rows 0:2"):
        r.write_raster(path, datatype="uint8")
    assert not path.exists()
    assert list(path.parent.iterdir()) == []
    r.write_raster(path, datatype="uint8", out_of_range="clip")
    assert stored(path).tolist() == [[1, 254], [0, 255]]
    back = r.write_raster(path, True, datatype="uint8", out_of_range="na")
    np.testing.assert_array_equal(back.to_numpy()[0], [[1, NAN], [NAN, NAN]])


def test_a_value_that_means_missing_is_an_error(path):
    with pytest.raises(ValueRangeError, match="code for missing"):
        pt.rast([[255.0]]).write_raster(path, datatype="uint8")
    assert pt.rast([[255.0]]).write_raster(path, datatype="uint8", nodata=0).to_numpy().item() == 255


def test_missing_cells_need_a_code(path):
    r = pt.rast(np.array([[1, 2]], "uint8"))
    r = r.crop(r.ext + 1, extend=True)
    with pytest.raises(ValueRangeError, match="give nodata="):
        r.write_raster(path, nodata=None)
    np.testing.assert_array_equal(r.write_raster(path, nodata=255).to_numpy(), r.to_numpy())


@pytest.mark.parametrize("format", ["GTiff", "COG"])
@pytest.mark.parametrize(
    ("dtype", "code"),
    [("uint8", 255), ("int8", -128), ("uint16", 65535), ("int16", -32768), ("int32", -(2**31)), ("uint32", 2**32 - 1),
     ("int64", -(2**63)), ("uint64", 2**64 - 1)],
)  # fmt: skip
def test_whole_numbers_without_a_code_get_one_where_cells_are_missing(path, dtype, code, format):
    r = pt.rast(np.full((2, 530, 540), 7, dtype), crs="EPSG:3035")
    plain = r.write_raster(path.with_stem("plain"), format=format)
    with rasterio.open(path.with_stem("plain")) as file:
        assert file.nodata is None
    wide = plain.crop(r.ext + 1, extend=True)
    back = wide.write_raster(path, format=format)
    assert stored(path)[[0, 1], [0, 1]].tolist() == [code, 7]
    assert np.isnan(back.to_numpy()).sum() == 2 * (532 * 542 - 530 * 540)
    np.testing.assert_array_equal(back.to_numpy(), wide.to_numpy())
    if dtype[-2:] != "64":
        with rasterio.open(path) as file:
            assert file.nodata == code


def test_the_code_taken_for_missing_is_no_value_of_another_block(path):
    values = np.full((600, 600), 7, "uint8")
    values[599, 599] = 255
    r = pt.rast(values)
    assert r.write_raster(path).to_numpy()[0, 599, 599] == 255
    with pytest.raises(ValueRangeError, match="give another nodata= or a wider datatype"):
        r.crop(pt.ext(-1, 600, 0, 601), extend=True).write_raster(path, overwrite=True)
    assert stored(path)[599, 599] == 255


@pytest.mark.parametrize(
    ("dtype", "nodata"), [("uint8", 300), ("uint8", -1), ("int16", 0.5), ("float32", 1e300)]
)
def test_a_code_that_the_type_cannot_hold_is_refused(path, dtype, nodata):
    with pytest.raises(ArgumentError, match="nodata"):
        pt.rast([[1.0]]).write_raster(path, datatype=dtype, nodata=nodata)


def test_scale_and_offset_come_back(path):
    r = pt.rast(np.array([[-1.0, 0.25, NAN]]))
    back = r.write_raster(path, datatype="int16", scale=0.01, offset=1)
    assert stored(path).tolist() == [[-200, -75, -32768]]
    np.testing.assert_allclose(back.to_numpy(), r.to_numpy(), atol=1e-12)
    np.testing.assert_allclose(back.minmax().ravel(), [-1, 0.25])


@pytest.mark.parametrize("times", [1, 700])
@pytest.mark.parametrize("format", ["GTiff", "COG"])
def test_metadata_come_back(path, format, times):
    values = np.arange(8.0).reshape(2, 2, 2).repeat(times, axis=1).repeat(times, axis=2)
    r = pt.rast(values, names=["a", "b"], units=["m", "K"], crs="EPSG:3035")
    r.time = ["2020-01-31", "2021-02-28"]
    r.long_names = ["height above", "warmth"]
    back = r.write_raster(path, tags={"AUTHOR": "me"}, format=format)
    assert (back.names, back.units, back.long_names) == (r.names, r.units, r.long_names)
    assert (back.time == r.time).all()
    assert back.time_info() == "days"
    assert back.crs == r.crs
    assert back.minmax().tolist() == [[0, 4], [3, 7]]
    with rasterio.open(path) as f:
        assert f.tags()["AUTHOR"] == "me"
        assert float(f.tags(1)["STATISTICS_MEAN"]) == 1.5
        assert float(f.tags(1)["STATISTICS_STDDEV"]) == pytest.approx(np.std([0, 1, 2, 3]))


@pytest.mark.parametrize("step", ["years", "yearmonths", "seconds", "raw"])
def test_steps_of_time_come_back(path, step):
    r = pt.rast(np.ones((2, 1, 1)))
    stamps = {"seconds": ["2020-01-31T10:00:00", "2020-01-31T10:00:01"], "raw": [1.5, 2.5]}
    r = r.set_time(stamps.get(step, ["2020-01-31", "2021-02-28"]), step)
    back = r.write_raster(path)
    assert back.time_info() == step
    assert (back.time == r.time).all()


@pytest.mark.parametrize("side", [2, 1300])
@pytest.mark.parametrize("format", ["GTiff", "COG"])
def test_categories_and_colours_come_back(path, format, side):
    s = pt.rast(np.resize(np.array([1, 2, 2, 3], "uint8"), (side, side)), crs="EPSG:3035")
    s.levels = pd.DataFrame(
        {"id": [1, 2, 3], "cover": ["forest", "grass & herbs", "sea <deep>"], "ha": [1.5, 2.0, 3.0]}
    )
    s.colors = {1: (0, 100, 0), 2: (200, 200, 0), 3: (0, 0, 200)}
    back = s.write_raster(path, format=format)
    assert back.is_factor() == [True]
    assert back.cats()[0].to_dict("list") == s.cats()[0].to_dict("list")
    assert back.colors[0][3] == (0, 0, 200, 255)
    assert back.names == ["cover"]
    with rasterio.open(path) as file:
        assert file.colormap(1)[1] == (0, 100, 0, 255)
    np.testing.assert_array_equal(stored(path), s.to_numpy()[0])


def test_bool_comes_back_as_bool(path):
    assert (pt.rast([[1.0, 5.0]]) > 2).write_raster(path).is_bool() == [True]


@pytest.mark.parametrize(
    ("kind", "resampling"), [("num", "average"), ("factor", "mode"), ("bool", "nearest")]
)
def test_overviews_of_a_cog_suit_the_values(path, kind, resampling):
    from rio_cogeo import cog_validate

    rng = np.random.default_rng(4)
    values = rng.integers(1, 4, (1100, 1200)).astype("uint8")
    r = pt.rast(values, crs="EPSG:3035")
    if kind == "num":
        r = r * 1.5
    elif kind == "factor":
        r.levels = {1: "a", 2: "b", 3: "c"}
    else:
        r = r > 1
    r.write_raster(path, format="COG")
    valid, errors, warnings = cog_validate(path, strict=True)
    assert (valid, errors, warnings) == (True, [], [])
    with rasterio.open(path) as f:
        assert f.overviews(1) == [2, 4]
        assert f.profile["compress"] == "deflate"
        full = f.read(1, window=Window(0, 0, 400, 400)).astype(float)
    with rasterio.open(path, overview_level=0) as f:
        small = f.read(1, window=Window(0, 0, 200, 200)).astype(float)
    four = full.reshape(200, 2, 200, 2).transpose(0, 2, 1, 3).reshape(200, 200, 4)
    if resampling == "average":
        np.testing.assert_allclose(small, four.mean(axis=2))
    elif resampling == "nearest":
        assert np.isin(small, (0, 1)).all()
    else:
        counts = np.stack([(four == v).sum(axis=2) for v in (1, 2, 3)])
        chosen = np.take_along_axis(counts, small.astype(int)[None] - 1, axis=0)[0]
        assert (chosen == counts.max(axis=0)).all()


def test_existing_files_and_missing_folders_are_refused_at_once(tmp_path, path):
    from pyterra.run import Forbidden, use_executor

    r = pt.rast([[1.0]])
    r.write_raster(path)
    with use_executor(Forbidden()):
        with pytest.raises(OutputExistsError, match="overwrite"):
            r.write_raster(path)
        with pytest.raises(SinkError):
            r.write_raster(tmp_path / "no" / "r.tif")
        with pytest.raises(ArgumentError, match=r"\.tif"):
            r.write_raster(tmp_path / "r.png")
        with pytest.raises(ArgumentError, match=r"JPEG must end in \.jpg"):
            r.write_raster(tmp_path / "r2.tif", format="JPEG")
        with pytest.raises(ArgumentError, match="scale"):
            r.write_raster(tmp_path / "r2.tif", scale=0)


def test_the_bytes_do_not_depend_on_workers(tmp_path):
    rng = np.random.default_rng(5)
    r = pt.rast(rng.integers(0, 50, (2, 1100, 900)).astype("uint8")).write_raster(
        tmp_path / "in.tif", nodata=255
    )
    files = []
    for i, options in enumerate([{"workers": 1}, {"workers": 2}, {"workers": 2, "executor": "processes"}]):
        with pt.options(**options):
            (r.focal(3, "mean") * 2).write_raster(tmp_path / f"{i}.tif")
        files.append((tmp_path / f"{i}.tif").read_bytes())
    assert files[0] == files[1] == files[2]


def test_wide_integers_are_exact(path):
    values = np.array([[2**31 - 1, -(2**31) + 1, 16_777_217]], "int32")
    assert pt.rast(values).write_raster(path).to_numpy()[0].tolist() == values.tolist()
    assert stored(path).tolist() == values.tolist()


def test_values_merged_from_files_of_float64_stay_float64(tmp_path):
    halves = [
        pt.rast([[1 / 3, NAN]], xmin=i, xmax=i + 2, ymin=0, ymax=1, crs="EPSG:3035").write_raster(
            tmp_path / f"{i}.tif", datatype="float64"
        )
        for i in (0, 2)
    ]
    back = pt.merge(*halves).write_raster(tmp_path / "merged.tif")
    assert back.to_numpy()[0, 0, [0, 2]].tolist() == [1 / 3, 1 / 3]
