"""Numbers of the attributes in a few words."""

from __future__ import annotations

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError


@pytest.fixture
def v():
    atts = {"n": [3, 1, 2], "name": ["c", "a", None], "size": [1.5, np.nan, 3.0]}
    return pt.vect([[0, 0], [1, 1], [2, 2]], crs="EPSG:3035", atts=atts)


def test_numbers_of_columns(v):
    numbers = v[["n", "size"]]
    assert numbers.mean().isna().tolist() == [False, True]
    assert numbers.mean(na_rm=True).tolist() == [2, 2.25]
    assert numbers.range(na_rm=True).to_numpy().tolist() == [[1, 1.5], [3, 3]]
    assert v[["n"]].quantile([0.5])["n"].tolist() == [2]
    with pytest.raises(ArgumentError, match="must be numbers, got text in name"):
        v.sum()
    with pytest.raises(ArgumentError, match="must not be missing, got some in size"):
        numbers.quantile()
