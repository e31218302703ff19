"""Values of data sets and collections where geometries lie. They are those of terra 1.9."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError


@pytest.fixture
def r():
    return pt.rast(np.arange(1.0, 13).reshape(2, 2, 3), extent=(0, 3, 0, 2), crs="EPSG:32633")


def test_extract_asks_every_member(r):
    a, b = pt.sds(r, r * 10).extract([[0.5, 0.5]])
    assert a.iloc[0, -2:].tolist() == [4, 10]
    assert b.iloc[0, -2:].tolist() == [40, 100]


def test_members_of_a_collection_need_not_lie_there(r):
    here, elsewhere = pt.sprc(r, r.shift(9)).extract([[0.5, 0.5]])
    assert here.iloc[0, -2:].tolist() == [4, 10]
    assert elsewhere.iloc[0, -2:].isna().all()


def test_options_are_those_of_the_verb_for_one_raster(r):
    v = pt.vect(pt.ext(0, 1, 0, 2), crs=r.crs)
    (found,) = pt.sds(r).extract(v, fun="sum", id=False)
    assert found.iloc[0].tolist() == [5, 17]
    with pytest.raises(ArgumentError):
        pt.sds(r).extract(v, fun="nothing")
