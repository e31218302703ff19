"""crop, extend, trim, shift, flip, aggregate, disagg, merge, mosaic, vrt."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import (
    ArgumentError,
    CRSMismatchError,
    ExtentError,
    GridMismatchError,
    LayerError,
    PyterraWarning,
)

NAN = np.nan


@pytest.fixture
def r():
    return pt.rast(np.arange(12.0).reshape(1, 3, 4), extent=(0, 4, 0, 3), names="v")


def test_crop_keeps_half_covered_cells_with_near(r):
    assert r.crop(pt.ext(0.5, 2.4, 0.4, 3)).shape == (1, 3, 1)
    assert r.crop(pt.ext(0.5, 2.4, 0.4, 3), snap="out").shape == (1, 3, 3)
    assert r.crop(pt.ext(0.5, 2.4, 0.4, 3), snap="in").shape == (1, 2, 1)


def test_crop_without_overlap_is_an_error_and_extend_fills(r):
    with pytest.raises(ExtentError, match="overlap"):
        r.crop(pt.ext(10, 12, 0, 1))
    wide = r.crop(pt.ext(-1, 1, 2, 4), extend=True)
    np.testing.assert_array_equal(wide.to_numpy()[0], [[NAN, NAN], [NAN, 0]])


def test_crop_by_a_raster_of_another_crs_is_refused(r):
    r.crs = "EPSG:3035"
    with pytest.raises(CRSMismatchError):
        r.crop(pt.rast(np.ones((1, 1)), extent=(0, 1, 0, 1), crs="EPSG:32631"))


def test_crop_of_a_crop_reads_one_window(r):
    again = r.crop(pt.ext(1, 4, 0, 3)).crop(pt.ext(2, 4, 0, 2))
    np.testing.assert_array_equal(again.to_numpy()[0], [[6, 7], [10, 11]])


def test_extend_takes_counts_or_an_extent(r):
    assert r.extend(1).shape == (1, 5, 6)
    assert r.extend([1, 2]).shape == (1, 5, 8)
    assert list(r.extend([1, 0, 2, 0]).ext) == [-1, 4, -2, 3]
    filled = r.extend(pt.ext(0, 4, -1, 3), fill=9)
    np.testing.assert_array_equal(filled.to_numpy()[0, 3], [9, 9, 9, 9])
    assert r.extend(pt.ext(1, 2, 1, 2)).shape == r.shape


def test_trim_cuts_what_is_empty_in_all_layers():
    a = np.full((2, 4, 5), NAN)
    a[0, 1, 2], a[1, 2, 3] = 1, 2
    r = pt.rast(a, extent=(0, 5, 0, 4))
    assert list(r.trim().ext) == [2, 4, 1, 3]
    assert list(r.trim(padding=1).ext) == [1, 5, 0, 4]
    with pytest.raises(ExtentError, match="at least one"):
        pt.rast(np.full((2, 2), NAN)).trim()


def test_shift_moves_and_flip_mirrors(r):
    assert list(r.shift(10, -1).ext) == [10, 14, -1, 2]
    np.testing.assert_array_equal(r.flip().to_numpy(), r.to_numpy()[:, ::-1])
    np.testing.assert_array_equal(r.flip("horizontal").to_numpy(), r.to_numpy()[:, :, ::-1])


def test_aggregate_counts_cells_beyond_the_edge_as_missing(r):
    coarse = r.aggregate(2, "mean")
    assert list(coarse.ext) == [0, 4, -1, 3]
    np.testing.assert_array_equal(coarse.to_numpy()[0], [[2.5, 4.5], [NAN, NAN]])
    np.testing.assert_array_equal(r.aggregate(2, "mean", na_rm=True).to_numpy()[0], [[2.5, 4.5], [8.5, 10.5]])


def test_aggregate_by_rows_columns_layers_and_functions(r):
    two = pt.c(r, r + 100)
    assert r.aggregate([3, 2], "max").to_numpy()[0].tolist() == [[9, 11]]
    assert two.aggregate([1, 1, 2], "sum").to_numpy()[0, 0, 0] == 100
    np.testing.assert_array_equal(r.aggregate([3, 4], lambda v: v[0] + v[-1]).to_numpy(), [[[11]]])
    np.testing.assert_array_equal(
        r.aggregate([3, 4], lambda v: float(len(f"{v[-1]:.1f}"))).to_numpy(), [[[4]]]
    )  # "11.0"
    with pytest.raises(ArgumentError, match="whole numbers"):
        r.aggregate(0)


def test_modal_ties_go_to_the_lowest_value():
    r = pt.rast([[3, 1], [3, 1]])
    assert r.aggregate(2, "modal").to_numpy().item() == 1
    s = pt.rast([[2, 1], [2, 2]])
    s.levels = {1: "a", 2: "b"}
    assert s.aggregate(2, "modal").is_factor() == [True]


def test_disagg_repeats_or_interpolates(r):
    fine = r.disagg([2, 3])
    assert fine.shape == (1, 6, 12)
    np.testing.assert_array_equal(fine.to_numpy()[0, :2, :3], np.zeros((2, 3)))
    assert list(fine.ext) == list(r.ext)
    smooth = r.disagg(2, "bilinear").to_numpy()[0]
    assert smooth[2, 3] == pytest.approx(r.to_numpy()[0, 1, 1] + 0.25 - 1.0)


def test_skeletons_keep_their_geometry_through_verbs():
    empty = pt.rast(nrows=10, ncols=10, xmin=0, xmax=10, ymin=0, ymax=10, crs="")
    for made in (
        empty.aggregate(2),
        empty.crop(pt.ext(0, 4, 0, 4)),
        empty.extend(2),
        empty.disagg(2),
        empty.shift(1),
    ):
        assert not made.has_values()
    assert empty.aggregate(2).res == (2, 2)


def test_merge_shows_the_first_and_mosaic_a_statistic():
    a = pt.rast([[1.0, 1.0]], extent=(0, 2, 0, 1))
    b = pt.rast([[5.0, NAN]], extent=(1, 3, 0, 1))
    np.testing.assert_array_equal(a.merge(b).values(drop=True), [1, 1, NAN])
    np.testing.assert_array_equal(b.merge(a).values(drop=True), [1, 5, NAN])
    np.testing.assert_array_equal(a.merge(b, first=False).values(drop=True), [1, 5, NAN])
    np.testing.assert_array_equal(a.mosaic(b).values(drop=True), [1, 3, NAN])
    for fun, middle in (
        ("sum", 6),
        ("min", 1),
        ("max", 5),
        ("median", 3),
        ("first", 1),
        ("last", 5),
        ("modal", 1),
    ):
        assert a.mosaic(b, fun=fun).values(drop=True)[1] == middle
    assert pt.merge([a, b]).shape == (1, 1, 3)


def test_merge_resamples_what_does_not_fit_and_says_so():
    a = pt.rast(np.ones((2, 2)), extent=(0, 2, 0, 2))
    b = pt.rast(np.ones((2, 2)), extent=(2.5, 4.5, 0, 2))
    with pytest.warns(PyterraWarning, match="coincide"):
        joined = a.merge(b)
    assert joined.res == (1, 1)
    with pytest.raises(LayerError, match="as many layers"):
        a.merge(pt.c(a, a))


def test_vrt_reads_many_files_as_one(tmp_path, r):
    for i in range(4):
        r.crop(pt.ext(i, i + 1, 0, 3)).write_raster(tmp_path / f"part{i}.tif")
    made = pt.vrt(str(tmp_path / "part*.tif"), tmp_path / "all.vrt")
    np.testing.assert_array_equal(made.to_numpy(), r.to_numpy())
    assert made.sources() == [str(tmp_path / "all.vrt")]
    part = pt.vrt([tmp_path / "part1.tif", tmp_path / "part3.tif"])
    np.testing.assert_array_equal(part.to_numpy()[0, 0], [1, NAN, 3])
    moved = tmp_path / "moved"
    tmp_path.joinpath("parts").mkdir()
    for file in tmp_path.glob("*.*"):
        file.rename(tmp_path / "parts" / file.name)
    tmp_path.joinpath("parts").rename(moved)  # the mosaic names its files relative to itself
    np.testing.assert_array_equal(pt.rast(moved / "all.vrt").to_numpy(), r.to_numpy())


def test_vrt_refuses_files_that_do_not_fit(tmp_path, r):
    r.write_raster(tmp_path / "a.tif")
    r.aggregate(2, "max", na_rm=True).write_raster(tmp_path / "b.tif")
    with pytest.raises(GridMismatchError, match=r"b\.tif"):
        pt.vrt([tmp_path / "a.tif", tmp_path / "b.tif"])
    (r > 1).write_raster(tmp_path / "c.tif")
    with pytest.raises(pt.errors.SourceError, match=r"c\.tif"):
        pt.vrt([tmp_path / "a.tif", tmp_path / "c.tif"])


def test_a_temporary_vrt_goes_with_its_raster(tmp_path, r):
    import gc

    r.write_raster(tmp_path / "a.tif")
    folder = tmp_path / "temporary"
    folder.mkdir()
    with pt.options(tempdir=folder):
        made = pt.vrt([tmp_path / "a.tif"])
    assert len(list(folder.iterdir())) == 1
    del made
    gc.collect()
    assert list(folder.iterdir()) == []
