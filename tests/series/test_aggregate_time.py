"""Statistics of periods, and what departs from the usual ones."""

import numpy as np
import pandas as pd
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError

DAYS = np.datetime64("2019-11-20") + 9 * np.arange(110)


def stack(seed=0):
    rng = np.random.default_rng(seed)
    values = rng.integers(0, 100, (DAYS.size, 2, 3)).astype(float)
    values[rng.random(values.shape) < 0.2] = np.nan
    return pt.rast(values).set_time(list(DAYS))


def series(r):
    return pd.DataFrame(r.to_numpy().reshape(len(r), -1), index=pd.DatetimeIndex(DAYS))


@pytest.mark.parametrize(
    ("by", "rule", "first"),
    [
        ("years", "YS", "y2019"),
        ("quarters", "QS", "y2019q4"),
        ("months", "MS", "y2019m11"),
        ("seasons", "QS-DEC", "y2019SON"),
    ],
)
def test_periods_of_the_calendar_equal_pandas(by, rule, first):
    r = stack()
    found = r.aggregate_time(by, "mean")
    expected = series(r).resample(rule).mean()
    np.testing.assert_allclose(found.to_numpy().reshape(len(found), -1), expected.to_numpy())
    assert found.time.tolist() == [day.date() for day in expected.index]
    assert found.names[0] == first


def test_bimonths_and_dekads():
    r = stack()
    two = series(r).groupby([pd.DatetimeIndex(DAYS).year, (pd.DatetimeIndex(DAYS).month - 1) // 2]).max()
    found = r.aggregate_time("bimonths", "max")
    np.testing.assert_array_equal(found.to_numpy().reshape(len(found), -1), two.to_numpy())
    dekads = r.aggregate_time("dekads", "max")
    assert dekads.names[:3] == ["y2019d32", "y2019d33", "y2019d34"]
    assert [str(day) for day in dekads.time[:3]] == ["2019-11-11", "2019-11-21", "2019-12-01"]


def test_long_term_and_quantiles():
    r = stack()
    found = r.aggregate_time("months", "p90", long_term=True)
    expected = series(r).groupby(pd.DatetimeIndex(DAYS).month).quantile(0.9)
    np.testing.assert_allclose(found.to_numpy().reshape(12, -1), expected.to_numpy())
    assert found.names[0] == "m01"
    assert found.time_info() == "months"
    np.testing.assert_array_equal(
        found.to_numpy(), r.aggregate_time("months", 0.9, long_term=True).to_numpy()
    )


def test_days_more_on_each_side():
    r = stack()
    found = r.aggregate_time("months", "sum", days=15)
    table = series(r)
    for layer, day in zip(found.to_numpy(), found.time, strict=True):
        start = pd.Timestamp(day)
        inside = (table.index >= start - pd.Timedelta(days=15)) & (
            table.index < start + pd.offsets.MonthBegin(1) + pd.Timedelta(days=15)
        )
        np.testing.assert_array_equal(layer.ravel(), table[inside].sum(min_count=1).to_numpy())


def test_weights_numbers_of_layers_and_functions():
    r = pt.rast([[[1]], [[3]], [[np.nan]], [[8]], [[4]]])
    assert r.aggregate_time(2, "max").values().tolist() == [[3, 8, 4]]
    weighted = r.aggregate_time(2, weights=[3, 1, 5, 1, 1])
    assert weighted.values().tolist() == [[1.5, 8, 4]]
    strict = r.aggregate_time(2, weights=[3, 1, 5, 1, 1], na_rm=False).values()[0]
    assert np.isnan(strict).tolist() == [False, True, False]
    dated = r.set_time(["2020-01-01", "2020-01-02", "2020-02-01", "2020-02-02", "2021-01-01"])
    own = dated.aggregate_time("months", lambda v: np.nansum(v) * 10)
    assert own.values().tolist() == [[40, 80, 40]]
    assert own.names == ["y2020m01", "y2020m02", "y2021m01"]


@pytest.mark.parametrize("kind", ["difference", "z", "percent"])
def test_anomalies_are_beside_the_long_term_month(kind):
    r = stack()
    table = series(r)
    groups = table.groupby(table.index.month)
    mean, sd = groups.transform("mean"), groups.transform("std")
    expected = {"difference": table - mean, "z": (table - mean) / sd, "percent": 100 * (table - mean) / mean}[
        kind
    ]
    np.testing.assert_allclose(r.anomaly(kind).to_numpy().reshape(len(r), -1), expected.to_numpy(), atol=1e-9)


def test_what_is_usual_may_be_that_of_some_years():
    r = pt.rast([[[1]], [[5]], [[30]]]).set_time(["2020-01-05", "2021-01-05", "2022-01-05"])
    assert r.anomaly(base=("2020-01-01", "2021-12-31")).values().tolist() == [[-2, 2, 27]]


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (
            lambda r: pt.rast(np.ones((2, 1, 1))).aggregate_time(),
            "aggregate_time: each layer must have a date",
        ),
        (lambda r: r.aggregate_time("weeks"), "aggregate_time: by: must be one of"),
        (lambda r: r.aggregate_time(0), "aggregate_time: a number of layers must be above 0"),
        (lambda r: r.aggregate_time(fun=1.5), "aggregate_time: a quantile must lie between 0 and 1"),
        (lambda r: r.aggregate_time(weights=[1, 2]), "aggregate_time: weights must be numbers"),
        (lambda r: r.anomaly("ratio"), "anomaly: kind: must be one of"),
        (lambda r: r.anomaly(base=("1990-01-01", "1991-01-01")), "anomaly: some layers must lie within base"),
    ],
)
def test_what_is_refused(call, text):
    with pytest.raises(ArgumentError, match=text):
        call(stack())


def test_months_of_years_and_years_stand_for_their_first_day():
    r = pt.rast(np.arange(28.0).reshape(28, 1, 1) ** 1.5)
    dated = r.set_time(np.datetime64("2019-11", "M") + np.arange(28))
    monthly = dated.tapp("yearmonths", "mean")
    assert monthly.time_info() == "yearmonths"
    np.testing.assert_array_equal(monthly.anomaly(), dated.anomaly())
    for by in ("years", "seasons", "months"):
        found, expected = monthly.aggregate_time(by), dated.aggregate_time(by)
        assert (found.names, found.time.tolist()) == (expected.names, expected.time.tolist())
        np.testing.assert_array_equal(found, expected)
    yearly = dated.tapp("years", "mean")
    np.testing.assert_allclose(yearly.anomaly(), yearly.to_numpy() - yearly.to_numpy().mean(0))
    assert yearly.aggregate_time("years").names == ["y2019", "y2020", "y2021", "y2022"]
    for raster, by in ((monthly, "dekads"), (yearly, "months")):
        with pytest.raises(
            ArgumentError, match="aggregate_time: by must not be finer than what layers stand for"
        ):
            raster.aggregate_time(by)
