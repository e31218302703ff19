"""tapp: groups of layers, by labels and by periods."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError

STACK = np.arange(24, dtype=float).reshape(3, 2, 4)


@pytest.fixture
def r():
    return pt.rast(STACK, names=["a", "b", "c"])


def test_tapp_groups_in_order_of_first_appearance(r):
    found = r.tapp([2, 1, 2], "sum")
    assert found.names == ["X2", "X1"]
    np.testing.assert_array_equal(found.to_numpy()[0], STACK[0] + STACK[2])
    assert r.tapp(["dry", "wet", "1st"], "sum").names == ["dry", "wet", "X1st"]
    assert r.tapp([1, 1, 2], lambda v: (v[0], v[-1])).names == ["X1_1", "X1_2", "X2_1", "X2_2"]


def test_tapp_by_period_uses_the_time_of_the_layers(r):
    r.time = ["2020-01-15", "2020-02-20", "2021-01-15"]
    years = r.tapp("years", "mean")
    assert years.names == ["y_2020", "y_2021"]
    assert years.time.tolist() == [2020, 2021]
    assert r.tapp("yearmonths", "sum").names == ["ym_202001", "ym_202002", "ym_202101"]
    assert r.tapp("months", "sum").names == ["m_1", "m_2"]
    assert r.tapp("doy", "sum").names == ["doy_015", "doy_051"]
    assert r.tapp(lambda t: t.astype("datetime64[Y]").astype(int) + 1970, "sum").names == ["X2020", "X2021"]


def test_tapp_by_period_needs_time(r):
    with pytest.raises(ArgumentError, match="time"):
        r.tapp("years", "mean")
