"""Verbs of rasters that are held together: the same for each, or one function across them."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError, ExtentError, UDFError


@pytest.fixture
def r():
    return pt.rast(
        nrows=3, ncols=4, xmin=0, xmax=4, ymin=0, ymax=3, nlyrs=2, vals=range(1, 25), names=["a", "b"]
    )


@pytest.fixture
def s(r):
    return pt.sds(t=r, p=r * 10)


@pytest.fixture
def tiles(r):
    other = pt.rast(nrows=2, ncols=2, xmin=3, xmax=5, ymin=1, ymax=3, nlyrs=2, vals=range(101, 109))
    return pt.sprc(a=r, b=other)


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


def test_sapp_takes_one_sub_dataset_after_the_other():
    """The names are those of terra 1.9."""
    r = pt.rast(nrows=1, ncols=2, nlyrs=2, vals=[1, 2, 3, 4])
    found = pt.sds(u=r, v=r * 2).sapp(lambda x: x * 2)
    assert found.names == ["u_1", "u_2", "v_1", "v_2"]
    assert found.values().tolist() == [[2, 6, 4, 12], [4, 8, 8, 16]]
    assert pt.sds(u=r, v=r * 2).sapp(pt.mean).names == ["u", "v"]
    assert pt.sds(r, r).sapp(pt.mean).names == ["mean", "mean"]
    assert r.names == ["lyr.1", "lyr.2"]


def test_app_keeps_the_times_of_the_first_where_it_is_the_longest():
    """As terra 1.9."""
    r = pt.rast(np.ones((2, 1, 1)), names=["a", "b"]).set_time([2001, 2002], "years")
    found = pt.sds(r, r[0]).app("sum")
    assert (found.names, list(found.time)) == (["a", "b"], [2001, 2002])
    assert not pt.sds(r[0], r).app("sum").has_time()
