"""Names, units and depths: one per layer."""

import numpy as np
import pandas as pd
import pytest

import pyterra as pt
from pyterra.errors import (
    ArgumentError,
)


@pytest.fixture
def r():
    return pt.rast(
        np.arange(24.0).reshape(2, 3, 4), names=["red", "nir"], extent=(0, 4, 0, 3), crs="EPSG:3035"
    )


def test_names_units_time_are_one_per_layer(r):
    r.names = ["a", "b"]
    r.units = ["m", "s"]
    r.time = ["2020-01-31", "2020-02-29"]
    assert (r.names, r.units) == (["a", "b"], ["m", "s"])
    assert r.time_info() == "days"
    assert r.time.dtype == "datetime64[D]"
    r.time = pd.to_datetime(["2020-01-31 12:00", "2020-02-29 00:00"])
    assert r.time_info() == "seconds"
    assert r.set_time(["2020-01-31", "2020-03-01"], "yearmonths").time == pytest.approx([2020, 2020 + 2 / 12])
    r.time = None
    assert r.time is None
    for attribute in ("names", "units", "time"):
        with pytest.raises(ArgumentError, match="one per layer"):
            setattr(r, attribute, ["x"])
    with pytest.raises(ArgumentError, match="dates such as"):
        r.time = ["yesterday", "today"]
