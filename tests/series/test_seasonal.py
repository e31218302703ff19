"""Seasons: what users rely on beyond the mathematics of the kernels."""

import numpy as np
import pytest

import pyterra as pt
from pyterra.errors import ArgumentError

NAN = np.nan
WHEN = np.arange(48)


def stack(missing=0.2, cells=6, months=True):
    rng = np.random.default_rng(1)
    values = (3 + np.cos(2 * np.pi * WHEN / 12) * 2 + WHEN / 24)[:, None] + rng.normal(0, 0.05, (48, cells))
    values[rng.random(values.shape) < missing] = NAN
    r = pt.rast(values[:, None, :])
    first = np.datetime64("2001-01", "M")
    return r.set_time((first + WHEN).astype("datetime64[D]") + 14) if months else r


def test_waves_fill_gaps_and_their_coefficients_describe_them():
    r = stack()
    found = r.harmonic(1).to_numpy()[:, 0, :]
    assert not np.isnan(found).any()
    told = r.harmonic(1, what="coefficients")
    assert told.names == ["intercept", "slope", "cos1", "sin1"]
    table = told.to_numpy()[:, 0, :].mean(axis=1)
    np.testing.assert_allclose(table[1], 0.5, atol=0.02)
    np.testing.assert_allclose(np.hypot(table[2], table[3]), 2, atol=0.03)
    kept = r.harmonic(1, keep_original=True).to_numpy()
    there = ~np.isnan(r.to_numpy())
    np.testing.assert_array_equal(kept[there], r.to_numpy()[there])


def test_frames_in_a_year_stand_for_times():
    dated, plain = stack().harmonic(2).to_numpy(), stack(months=False).harmonic(2, season_size=12).to_numpy()
    np.testing.assert_allclose(dated, plain, atol=0.02)


def test_season_trend_and_remainder_are_the_series():
    r = stack(0.1, 4)
    found = r.stl()
    assert len(found) == 3 * 48
    assert found.names[0] == "seasonal_lyr.1"
    season, trend, rest = np.split(found.to_numpy(), 3)
    there = ~np.isnan(r.to_numpy())
    np.testing.assert_allclose((season + trend + rest)[there], r.to_numpy()[there])
    assert np.isnan(rest[~there]).all()
    fitted = r.stl(what="fitted").to_numpy()
    np.testing.assert_allclose(fitted, season + trend)
    truth = 3 + WHEN / 24
    assert abs(trend[:, 0, :] - truth[:, None]).max() < 0.2


@pytest.mark.parametrize("degree", [[1, 0, 1], np.array([1.0, 0.0, 1.0])], ids=["list", "array"])
def test_degrees_are_any_sequence(degree):
    r = stack(0.1, 2)
    np.testing.assert_array_equal(r.stl(degree=degree).to_numpy(), r.stl(degree=(1, 0, 1)).to_numpy())


def test_medians_tell_where_they_are_from():
    r = pt.rast([[[1]], [[5]], [[NAN]], [[6]], [[3]], [[NAN]]])
    found = r.season_median(2, flags=True)
    assert found.values().tolist() == [[1, 5, 2, 6, 3, 6, 0, 0, 1, 0, 0, 1]]
    assert found.names[6:8] == ["lyr.1_flag", "lyr.2_flag"]
    past = r.season_median(2, future=False, beside=0, annual=0).values()[0]
    assert past[[2, 5]].tolist() == [1, 6]


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda r: r.harmonic(6), "harmonic: 6 waves must have at least 14 layers, and 13 frames in a year"),
        (lambda r: r.harmonic(-1), "harmonic: waves must be a whole number"),
        (lambda r: r.subset(range(20)).stl(), "stl: layers must span at least two years"),
        (lambda r: r.stl(seasonal=6), "stl: seasonal, trend and low_pass must be odd"),
        (lambda r: r.stl(degree=1), "stl: degree must be three numbers, 0 or 1, got 1"),
        (lambda r: r.stl(what="noise"), "stl: what: must be one of"),
        (lambda r: r.season_median(same=-1), "season_median: same, beside and annual must be"),
    ],
)
def test_what_is_refused(call, text):
    with pytest.raises(ArgumentError, match=text):
        call(stack())
