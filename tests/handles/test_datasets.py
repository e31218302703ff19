"""Data sets and collections of rasters."""

import pickle

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError, ExtentError, GridMismatchError, LayerError, PyterraWarning, UDFError


@pytest.fixture
def r():
    return pt.rast(
        nrows=3, ncols=4, xmin=0, xmax=4, ymin=0, ymax=3, nlyrs=2, vals=range(1, 25), names=["a", "b"]
    )


@pytest.fixture
def s(r):
    return pt.sds(t=r, p=r * 10)


# Data sets


def test_a_dataset_tells_its_grid_and_its_layers(s):
    assert (s.nrow, s.ncol, s.ncell, s.nlyr, s.res, len(s)) == (3, 4, 12, [2, 2], (1, 1), 2)
    assert s.shape == (3, 4)
    assert list(s.ext) == [0, 4, 0, 3]
    assert s.crs == s[0].crs
    assert s.names == ["t", "p"]
    assert s.sources() == [[""], [""]]


def test_rasters_without_names_have_none(r):
    assert pt.sds(r, r).names == ["", ""]
    assert pt.sds([r, r]).names == ["", ""]
    assert pt.sds({"x": r, "y": r}).names == ["x", "y"]


def test_rasters_of_a_dataset_share_a_grid(r):
    with pytest.raises(GridMismatchError, match="sds"):
        pt.sds(r, r.aggregate(2))
    with pytest.raises(GridMismatchError, match="sds"):
        pt.sds(r, r.shift(1))
    with pytest.raises(ArgumentError, match="sds: must be given rasters or paths, got int"):
        pt.sds(r, 1)


def test_members_are_got_by_number_and_by_name(s):
    assert s[1].values(drop=False)[0].tolist() == [10, 130]
    assert s["p"].names == ["a", "b"]
    assert [one.values()[-1, 0] for one in s] == [12, 120]


@pytest.mark.parametrize(
    ("key", "names"),
    [(slice(1, 2), ["p"]), ([1, 0], ["p", "t"]), (["p"], ["p"]), ([True, False], ["t"]), (slice(2, 9), [])],
)
def test_several_members_are_a_dataset(s, key, names):
    assert isinstance(s[key], pt.SpatRasterDataset)
    assert s[key].names == names
    assert s.subset(key).names == names


@pytest.mark.parametrize("key", [2, -3, "q", [True], [0, 5]])
def test_members_that_are_not_there_are_errors(s, key):
    with pytest.raises(LayerError, match="sds"):
        s[key]


def test_a_near_name_is_named(r):
    with pytest.raises(LayerError, match="did you mean 'rain'"):
        pt.sds(rain=r, temp=r)["rian"]


def test_what_is_taken_out_can_be_changed_without_changing_the_dataset(s):
    one = s[0]
    one.names = ["x", "y"]
    one[one > 5] = None
    assert s[0].names == ["a", "b"]
    assert s[0].values()[-1, 0] == 12


def test_members_are_replaced_and_added(s, r):
    s[0] = r * 3
    s["q"] = r * 4
    s["p"] = r * 5
    assert s.names == ["t", "p", "q"]
    assert [one.values()[0, 0] for one in s] == [3, 5, 4]
    with pytest.raises(GridMismatchError):
        s["w"] = r.aggregate(2)
    assert len(s) == 3
    with pytest.raises(ArgumentError, match="must be a SpatRaster, got int"):
        s["w"] = 1


def test_names_units_and_long_names_are_one_per_member(s):
    s.names = ["x", "y"]
    s.units = ["m", "s"]
    s.long_names = ["length", "duration"]
    assert (s.names, s.units, s.long_names) == (["x", "y"], ["m", "s"], ["length", "duration"])
    assert s["y"].units == ["s", "s"]
    s.units = "K"
    assert s.units == ["K", "K"]
    for attribute in ("names", "units", "long_names"):
        with pytest.raises(ArgumentError, match=f"{attribute} must be one per sub-dataset"):
            setattr(s, attribute, ["one"])
    with pytest.raises(ArgumentError, match="names must be one per sub-dataset"):
        s.names = "xy"


def test_a_unit_that_layers_do_not_share_is_not_told(r):
    r.units = ["m", "s"]
    assert pt.sds(r).units == [""]


def test_rast_joins_all_layers(s, r):
    assert pt.rast(s).names == ["t_a", "t_b", "p_a", "p_b"]
    assert pt.rast(pt.sds(r, r)).names == ["a", "b", "a", "b"]
    assert pt.rast(s).values()[0].tolist() == [1, 13, 10, 130]
    with pytest.raises(ArgumentError, match="empty"):
        pt.rast(pt.sds())


def test_c_adds_members(s, r):
    assert pt.c(s, z=r).names == ["t", "p", "z"]
    assert pt.c(s, r).names == ["t", "p", ""]
    assert pt.c(s, s).names == ["t", "p", "t", "p"]
    assert len(s) == 2
    with pytest.raises(ArgumentError, match="must be a SpatRaster"):
        pt.c(s, 5)


def test_app_goes_layer_by_layer(s, r):
    assert s.app("mean").values()[:2].tolist() == [[5.5, 71.5], [11, 77]]
    assert s.app("mean").names == ["a", "b"]
    assert pt.app(s, lambda v: v[1] - v[0]).values()[0].tolist() == [9, 117]
    assert pt.sds(r, r[0] * 10).app("sum").values()[:2].tolist() == [[11, 23], [22, 34]]
    with pytest.raises(ArgumentError, match="empty"):
        pt.sds().app("mean")


def test_lapp_gives_a_block_per_member(s):
    shapes = []

    def fun(t, p):
        shapes.append((t.shape, p.shape))
        return t.sum(axis=0) + p.sum(axis=0)

    assert s.lapp(fun).values(drop=True)[:3].tolist() == [154, 176, 198]
    assert {t[0] for t, _ in shapes} == {2}
    assert all(t == p and len(t) == 3 for t, p in shapes)


def test_lapp_by_name_with_arguments_and_recycled(s, r):
    assert s.lapp(lambda p, t, k: t * k, usenames=True, k=3).values()[0].tolist() == [3, 39]
    uneven = pt.sds(r, r[0] * 10)
    assert uneven.lapp(lambda a, b: a + b, recycle=True).values()[:2].tolist() == [[11, 23], [22, 34]]
    assert uneven.lapp(lambda a, b: (a.shape[0], b.shape[0])).values()[0].tolist() == [2, 1]
    assert uneven.lapp(lambda a, b: (a.shape[0], b.shape[0]), recycle=True).values()[0].tolist() == [2, 2]


def test_lapp_keeps_the_names_of_a_member_with_as_many_layers(s, r):
    assert s.lapp(lambda t, p: t + p).names == ["a", "b"]
    assert s.lapp(lambda t, p: np.concatenate([t, p])).names == ["lyr1", "lyr2", "lyr3", "lyr4"]
    assert s.lapp(lambda t, p: t + p, names=["x", "y"]).names == ["x", "y"]
    assert pt.sds(r[0], r).lapp(lambda a, b: b).names == ["a", "b"]


def test_lapp_says_what_does_not_fit(s, r):
    with pytest.raises(
        UDFError, match=r"tried on blocks of shape \(2, 2, 3\), \(2, 2, 3\); it needs one parameter"
    ):
        s.lapp(lambda t: t)
    with pytest.raises(ArgumentError, match="usenames needs a different name"):
        pt.sds(r, r).lapp(lambda a, b: a, usenames=True)
    with pytest.raises(ArgumentError, match="empty"):
        pt.sds().lapp(lambda: 1)


def test_crop_crops_all_members(s):
    part = s.crop(pt.ext(0, 2, 0, 2))
    assert isinstance(part, pt.SpatRasterDataset)
    assert (part.names, part.shape) == (["t", "p"], (2, 2))
    assert part["p"].values()[:, 0].tolist() == [50, 60, 90, 100]
    with pytest.raises(ExtentError):
        s.crop(pt.ext(50, 60, 0, 1))


def test_an_empty_dataset_has_no_grid():
    empty = pt.sds()
    assert (len(empty), empty.nlyr, empty.crs) == (0, [], None)
    with pytest.raises(ArgumentError, match="the data set is empty; it has no grid"):
        _ = empty.nrow
    assert repr(empty).splitlines() == ["class       : SpatRasterDataset", "subdatasets : 0"]


def test_a_dataset_looks_like_terras(s):
    assert repr(s).splitlines() == [
        "class       : SpatRasterDataset",
        "subdatasets : 2",
        "size        : 3, 4  (nrow, ncol)",
        "nlyr        : 2, 2",
        "resolution  : 1, 1  (x, y)",
        "extent      : 0, 4, 0, 3  (xmin, xmax, ymin, ymax)",
        "coord. ref. : lon/lat WGS 84 (CRS84)",
        "source(s)   : memory",
        "names       : t, p",
    ]


# Files


@pytest.fixture
def netcdf(tmp_path):
    xr = pytest.importorskip("xarray")
    pytest.importorskip("h5netcdf")
    y, x = np.array([2.5, 1.5, 0.5]), np.arange(4) + 0.5
    t = xr.DataArray(np.arange(24.0).reshape(2, 3, 4), dims=("time", "y", "x"), attrs={"units": "K"})
    p = xr.DataArray(
        np.arange(12.0).reshape(3, 4), dims=("y", "x"), attrs={"units": "mm", "long_name": "rain of a day"}
    )
    coarse = xr.DataArray(np.ones((2, 2)), dims=("v", "u"))
    data = xr.Dataset(
        {"t": t, "p": p, "w": coarse},
        coords={"x": x, "y": y, "u": [1.0, 3.0], "v": [2.0, 1.0], "time": [1, 2]},
    )
    data["u"].attrs["standard_name"] = data["x"].attrs["standard_name"] = "projection_x_coordinate"
    data["v"].attrs["standard_name"] = data["y"].attrs["standard_name"] = "projection_y_coordinate"
    path = tmp_path / "climate.nc"
    data.to_netcdf(path, engine="h5netcdf")
    return path


def test_variables_of_a_netcdf_file_are_members(netcdf):
    with pytest.warns(PyterraWarning, match="w lie on another grid than t and were left out; sprc"):
        s = pt.sds(netcdf)
    assert (s.names, s.nlyr, s.units, s.long_names) == (
        ["t", "p"],
        [2, 1],
        ["K", "mm"],
        ["", "rain of a day"],
    )
    assert s["p"].values(drop=True).tolist() == list(range(12))
    assert "climate.nc" in repr(s)
    all_of_them = pt.sprc(netcdf)
    assert (all_of_them.names, all_of_them.ncol) == (["t", "p", "w"], [4, 4, 2])


def test_data_sets_of_an_hdf_file_are_members(tmp_path):
    h5py = pytest.importorskip("h5py")
    path = tmp_path / "a.h5"
    with h5py.File(path, "w") as file:
        file["t"] = np.arange(12.0).reshape(3, 4)
        file["deep/u"] = np.arange(12.0).reshape(3, 4) * 2
    s = pt.sds(path)
    assert s.names == ["deep/u", "t"]
    assert s["deep/u"].values(drop=True)[:3].tolist() == [0, 2, 4]


def test_a_file_with_nothing_inside_is_its_only_member(r, tmp_path):
    r.write_raster(tmp_path / "a.tif")
    s = pt.sds(tmp_path / "a.tif")
    assert (s.names, s.nlyr) == (["a"], [2])
    both = pt.sds([tmp_path / "a.tif", r])
    assert both.names == ["a", ""]
    assert pt.sprc(tmp_path / "a.tif", z=tmp_path / "a.tif").names == ["a", "z"]


def test_a_file_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(pt.errors.SourceError, match="does not exist"):
        pt.sds(tmp_path / "a.tif")
    with pytest.raises(pt.errors.SourceError, match="does not exist"):
        pt.sds(tmp_path / "a.nc")


# Collections


@pytest.fixture
def tiles(r):
    other = pt.rast(nrows=2, ncols=2, xmin=3, xmax=5, ymin=1, ymax=3, nlyrs=2, vals=range(101, 109))
    return pt.sprc(a=r, b=other)


def test_a_collection_tells_the_grids_of_its_members(tiles):
    assert (tiles.nrow, tiles.ncol, tiles.nlyr, len(tiles)) == ([3, 2], [4, 2], [2, 2], 2)
    assert tiles.shape == [(2, 3, 4), (2, 2, 2)]
    assert list(tiles.ext) == [0, 5, 0, 3]
    assert tiles["b"].values()[0].tolist() == [101, 105]
    assert isinstance(tiles[1:], pt.SpatRasterCollection)


def test_merge_lays_the_first_or_the_last_on_top(tiles):
    assert tiles.merge().values()[:5, 0].tolist() == [1, 2, 3, 4, 102]
    assert pt.merge(tiles, first=False).values()[:5, 0].tolist() == [1, 2, 3, 101, 102]
    assert tiles.merge().names == ["a", "b"]


def test_mosaic_takes_a_statistic(tiles):
    assert tiles.mosaic().values()[3].tolist() == [52.5, 60.5]
    assert pt.mosaic(tiles, fun="max").values()[3].tolist() == [101, 105]
    with pytest.raises(ArgumentError, match="mosaic: fun"):
        tiles.mosaic(fun="nothing")


def test_crop_leaves_out_what_lies_elsewhere(tiles):
    assert tiles.crop(pt.ext(0, 2, 0, 1)).names == ["a"]
    assert tiles.crop(pt.ext(3, 4, 1, 3)).ncol == [1, 1]
    with pytest.raises(ExtentError, match=r"no raster of the collection \(2\) overlaps"):
        tiles.crop(pt.ext(50, 60, 0, 1))


def test_c_joins_collections(tiles, r):
    assert pt.c(tiles, tiles).names == ["a", "b", "a", "b"]
    assert pt.c(tiles, r).names == ["a", "b", ""]


def test_a_collection_looks_like_terras(tiles):
    assert repr(tiles).splitlines() == [
        "class       : SpatRasterCollection",
        "length      : 2",
        "nrow        : 3, 2",
        "ncol        : 4, 2",
        "nlyr        : 2, 2",
        "extent      : 0, 5, 0, 3  (xmin, xmax, ymin, ymax)",
        "crs (first) : lon/lat WGS 84 (CRS84)",
        "names       : a, b",
    ]


def test_an_empty_collection_has_no_extent():
    assert len(pt.sprc()) == 0
    with pytest.raises(ExtentError, match="empty"):
        _ = pt.sprc().ext


@pytest.mark.parametrize("kind", ["sds", "sprc"])
def test_they_pickle(kind, r):
    s = getattr(pt, kind)(t=r, p=r * 10)
    copy = pickle.loads(pickle.dumps(s))
    assert type(copy) is type(s)
    assert copy.names == s.names
    np.testing.assert_array_equal(copy["p"].values(), s["p"].values())


def test_nothing_is_read(r, tmp_path):
    r.write_raster(tmp_path / "a.tif")
    s = pt.sds(t=tmp_path / "a.tif", p=r)
    joined = s.lapp(lambda t, p: t + p)
    (tmp_path / "a.tif").unlink()
    assert repr(s.crop(pt.ext(0, 2, 0, 2)))
    with pytest.raises(pt.errors.SourceError):
        joined.values()


def test_collections_of_vectors_pickle():
    s = pt.svc(pt.vect([[0.0, 0.0]]), area=pt.vect(pt.ext(0, 1, 0, 1)))
    back = pickle.loads(pickle.dumps(s))
    assert (back.names, back.ext, [v.geomtype() for v in back]) == (
        ["", "area"],
        s.ext,
        ["points", "polygons"],
    )


def test_in_brackets_numbers_below_0_count_from_the_end():
    rasters = [pt.rast(nrows=1, ncols=1, vals=i) for i in range(3)]
    for held in (pt.sprc(rasters), pt.sds(rasters)):
        assert held[-1].minmax().ravel().tolist() == [2, 2]
        assert [r.minmax()[0, 0] for r in held[:-1]] == [0, 1]
        with pytest.raises(pt.errors.LayerError, match="never from the end"):
            held.subset(slice(-1, None))
    vectors = pt.svc([pt.vect([[0.0, float(i)]]) for i in range(3)])
    assert vectors[-1].crds().tolist() == [[0, 2]]
    assert len(vectors[:-1]) == 2
    assert pt.ext(0, 1, 2, 3)[-1] == 3
