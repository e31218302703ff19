"""Data sets and collections of rasters."""

import pickle

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError, ExtentError, GridMismatchError


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


def test_rasters_of_a_dataset_share_a_grid(r):
    with pytest.raises(GridMismatchError, match="sds"):
        pt.sds(r, r.aggregate(2))
    with pytest.raises(GridMismatchError, match="sds"):
        pt.sds(r, r.shift(1))
    with pytest.raises(ArgumentError, match="sds: must be given rasters or paths, got int"):
        pt.sds(r, 1)


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
        "dimensions  : 3, 4 (nrow, ncol)",
        "nlyr        : 2, 2",
        "resolution  : 1, 1  (x, y)",
        "extent      : 0, 4, 0, 3  (xmin, xmax, ymin, ymax)",
        "coord. ref. : lon/lat WGS 84 (CRS84)",
        "source(s)   : memory",
        "names       : t, p",
    ]


# Files


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
