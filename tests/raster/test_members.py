"""Verbs of data sets and collections. Values are those of terra 1.9."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError, GridMismatchError


@pytest.fixture
def r():
    x = pt.rast(np.arange(1.0, 13).reshape(2, 2, 3), extent=(0, 3, 0, 2), crs="EPSG:32633")
    return x.set_time(["2020-01-01", "2020-01-02"])


@pytest.fixture
def q(r):
    return (r * 10).set_time(["2020-01-02", "2020-01-03"])


def test_merge_time_takes_the_mean_of_layers_of_one_time(r, q):
    m = pt.sds(q, r).merge_time()
    assert [str(day)[-2:] for day in m.time] == ["01", "02", "03"]
    assert m.values()[0].tolist() == [1, 8.5, 70]
    assert pt.sds(r, q).merge_time("max").values()[1].tolist() == [2, 20, 80]
    assert m.time_info() == "days"


def test_merge_time_needs_times_of_one_meaning(r):
    for s in (pt.sds(r, r.set_time(None)), pt.sds(), pt.sds(r, r.set_time([2001, 2002], "years"))):
        with pytest.raises(ArgumentError, match="merge_time: all layers must have times of one meaning"):
            s.merge_time()
    with pytest.raises(ArgumentError, match="merge_time: fun must give one value, got 2"):
        pt.sds(r, r).merge_time("range")


def test_times_are_those_of_each_and_set_for_all_or_each(r, q):
    s = pt.sds(r, q)
    assert [str(t[0]) for t in s.time] == ["2020-01-01", "2020-01-02"]
    assert s.time_info() == ["days", "days"]
    s.time = ["2021-01-01", "2021-01-02"]
    assert [str(t[1]) for t in s.time] == ["2021-01-02", "2021-01-02"]
    s.time = [[1, 2], [3, 4]]
    assert [t.tolist() for t in s.time] == [[1, 2], [3, 4]]
    s.time = None
    assert s.time == [None, None]
    with pytest.raises(ArgumentError, match=r"sds: time must be one sequence per sub-dataset \(2\), got 1"):
        s.time = [[1, 2]]


def test_as_array_has_an_axis_for_sub_datasets(r, q):
    found = pt.sds(r, q).as_array()
    assert found.shape == (2, 3, 2, 2)
    assert found[0, 1, 0].tolist() == [2, 20]
    with pytest.raises(
        ArgumentError, match=r"as_array: sub-datasets must have one number of layers, got \[2, 1\]"
    ):
        pt.sds(r, q[0]).as_array()


def test_compare_geom_of_a_collection(r, q):
    assert pt.sprc(r, q).compare_geom()
    assert pt.sprc().compare_geom()
    assert not pt.sprc(r, q.shift(1)).compare_geom()
    with pytest.raises(GridMismatchError):
        pt.sprc(r, q.shift(1)).compare_geom(stop_on_error=True)


def test_impose_brings_all_onto_one_grid(r, q):
    found = pt.sprc(r, q.shift(1)).impose(r)
    assert found.nlyr == 4
    assert np.array_equal(found.values()[1:3], [[2, 8, 10, 70], [3, 9, 20, 80]])
    assert np.isnan(found.values()[0, 2:]).all()
    with pytest.raises(ArgumentError, match="impose: there must be a raster, got an empty collection"):
        pt.sprc().impose(r)
